"""The produced site: no third parties, no dead links, no path of the machine."""

from __future__ import annotations

import pytest

from nissc1.publish.site import faults

PAGE = '<!DOCTYPE html><html lang="en"><head>{head}</head><body id="top">{body}</body></html>'


@pytest.fixture
def site(tmp_path):
    def write(head="", body="", **files):
        (tmp_path / "book").mkdir(exist_ok=True)
        (tmp_path / "book" / "index.html").write_text(PAGE.format(head=head, body=body))
        (tmp_path / "book" / "other.html").write_text(PAGE.format(head="", body='<p id="a">x</p>'))
        for name, text in files.items():
            (tmp_path / name.replace("__", ".")).write_text(text)
        return tmp_path

    return write


@pytest.mark.parametrize(
    "head",
    [
        '<script src="https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-mml-chtml.js"></script>',
        '<script src="//unpkg.com/thebe"></script>',
        '<link rel="stylesheet" href="https://fonts.googleapis.com/css?family=Lato">',
        '<link rel="preload" as="font" href="http://example.org/a.woff2">',
        '<link rel="preconnect" href="https://example.org">',
        "<style>@import 'https://example.org/a.css';</style>",
        "<style>p {background: url(https://example.org/a.png)}</style>",
        '<script>const js = "https://unpkg.com/thebe@0.8.2/lib/index.js"</script>',
    ],
)
def test_a_planted_request_to_a_third_party_is_found(site, head):
    found = faults(site(head=head))
    assert len(found) == 1
    assert found[0].startswith("book/index.html: loads ")


@pytest.mark.parametrize(
    "body",
    [
        '<img src="https://example.org/a.png">',
        '<img srcset="https://example.org/a.png 2x">',
        '<iframe src="https://example.org/"></iframe>',
        '<p style="background: url(https://example.org/a.png)">x</p>',
        '<video poster="https://example.org/a.png"></video>',
    ],
)
def test_a_planted_image_or_frame_of_a_third_party_is_found(site, body):
    assert any("third party" in fault for fault in faults(site(body=body)))


def test_style_sheets_and_drawings_are_read_too(site):
    folder = site(
        style__css="@font-face {src: url('https://example.org/a.woff2')}",
        figure__svg='<svg><image href="https://example.org/a.png"/></svg>',
    )
    assert sorted(fault.split(":")[0] for fault in faults(folder)) == ["figure.svg", "style.css"]


def test_a_link_that_the_reader_follows_is_allowed(site):
    body = '<a href="https://doi.org/10.3324/haematol.2019.230128">article</a>'
    head = '<link rel="canonical" href="https://example.org/">'
    assert faults(site(head=head, body=body)) == []


def test_links_inside_the_site_are_followed(site):
    body = '<a href="other.html#a">a</a> <a href="#top">top</a> <a href="../book/">folder</a>'
    assert faults(site(body=body)) == []


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("none.html", "leads nowhere"),
        ("../../outside.html", "leads nowhere"),
        ("other.html#b", "names a place"),
        ("#nowhere", "names a place"),
        ("/book/other.html", "works on this machine only"),
        ("file:///book/other.html", "works on this machine only"),
    ],
)
def test_a_dead_link_is_named_with_its_page(site, address, message):
    found = faults(site(body=f'<a href="{address}">x</a>'))
    assert len(found) == 1
    assert message in found[0]
    assert found[0].startswith("book/index.html: ")


def test_a_folder_of_the_machine_is_found_in_any_text(site, tmp_path):
    folder = site(results__json='{"path": "/srv/project/data"}')
    found = faults(folder, [tmp_path.__class__("/srv/project")])
    assert found == [
        "results.json: names the folder /srv/project of this machine; "
        "show a path relative to the project"
    ]
