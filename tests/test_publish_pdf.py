"""The printed edition: one long page, one PDF beside the editions, and no link to what is not."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from nissc1.publish import facts, pdf
from nissc1.publish.editions import Outcome, list_editions, publish
from nissc1.publish.errors import BuildError
from nissc1.publish.one_page import one_page
from nissc1.publish.pdf import print_edition

ROOT = Path(__file__).parents[1]
FIRST = """<html><head><link rel="stylesheet" href="../_static/a.css" /></head><body>
<article class="bd-article"><h1 id="first">First<a class="headerlink" href="#first">#</a></h1>
<p id="x"><a href="#x">here</a> <a href="../notebooks/second.html#y">there</a>
<a href="https://doi.org/10.1/z">away</a> <a href="../results.csv" download>figures</a></p>
<img src="../figures/f.svg" alt=""><script>alert(1)</script></article></body></html>"""
SECOND = """<html><body><article class="bd-article"><h1>Second</h1><table aria-labelledby="y">
<tr><td id="y">cell</td></tr></table></article></body></html>"""


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    """A finished edition of two pages."""
    folder = tmp_path / "candidate"
    for name in ("book", "notebooks", "figures", "_static"):
        (folder / name).mkdir(parents=True)
    (folder / "book" / "index.html").write_text(FIRST)
    (folder / "notebooks" / "second.html").write_text(SECOND)
    shutil.copy(ROOT / "book" / "_static" / "print.css", folder / "_static" / "a.css")
    (folder / "figures" / "f.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>'
    )
    known: dict[str, Any] = dict.fromkeys(facts.Facts.__dataclass_fields__, "none")
    known |= {
        "edition": "2021.02",
        "release": "2021.02",
        "built": "2026-11-25",
        "notice": "Synthetic",
        "values": {},
        "pages": ["book/index", "notebooks/second", "search"],
    }
    (folder / facts.FILE).write_text(facts.text(facts.Facts(**known)))
    return folder


@pytest.fixture
def site(candidate: Path, tmp_path: Path) -> Path:
    publish(candidate, tmp_path / "site", "2021.02", replace=False)
    return tmp_path / "site"


@pytest.fixture
def chromium() -> None:
    if not any(map(shutil.which, pdf.PROGRAMS)):
        pytest.skip("needs Chromium: install your system's chromium package")


def test_links_between_chapters_lead_to_places_of_the_long_page(site: Path) -> None:
    page = one_page(site / "2021.02")
    places = set(re.findall(r'\bid="([^"]+)"', page))
    wanted = re.findall(r'href="#([^"]+)"', page)
    assert len(wanted) > 4
    assert [each for each in wanted if each not in places] == []
    assert 'href="#notebooks-second--y"' in page
    assert 'href="https://doi.org/10.1/z"' in page
    assert 'aria-labelledby="notebooks-second--y"' in page


def test_files_are_found_from_the_long_page_and_no_script_of_a_page_comes_with_it(
    site: Path,
) -> None:
    page = one_page(site / "2021.02")
    assert 'src="figures/f.svg"' in page
    assert 'href="_static/a.css"' in page
    assert "alert(1)" not in page
    assert re.findall(r'<a [^>]*href="(?!#|https:)', page) == []


def test_each_sheet_says_what_the_data_are(site: Path) -> None:
    head = re.search(r'@top-left \{ content: "([^"]*)"', one_page(site / "2021.02"))
    assert head is not None
    assert "edition 2021.02 · Synthetic" in head[1]


def listed(site: Path) -> tuple[str | None, str]:
    (entry,) = json.loads((site / "switcher.json").read_text("utf-8"))
    return entry["pdf"], (site / "editions.html").read_text("utf-8")


def test_no_page_names_a_pdf_that_is_not_there(site: Path) -> None:
    pdf_of, page = listed(site)
    assert pdf_of is None
    assert ".pdf" not in page
    assert "not printed" in page


def test_a_pdf_goes_with_the_edition_that_it_shows(site: Path, candidate: Path) -> None:
    (site / "pdf").mkdir()
    printed = site / "pdf" / "2021.02.pdf"
    printed.write_bytes(b"%PDF")
    list_editions(site)
    assert listed(site)[0] == "pdf/2021.02.pdf"
    assert 'href="pdf/2021.02.pdf"' in listed(site)[1]
    assert publish(candidate, site, "2021.02", replace=False) is Outcome.IDENTICAL
    assert printed.is_file()
    (candidate / "_static" / "a.css").write_text("p {color: navy}")
    assert publish(candidate, site, "2021.02", replace=True) is Outcome.REPLACED
    assert not printed.exists()
    assert listed(site)[0] is None


@pytest.mark.slow
@pytest.mark.usefixtures("chromium")
def test_an_edition_is_printed_beside_the_editions_and_the_same_each_time(site: Path) -> None:
    before = {path: path.read_bytes() for path in (site / "2021.02").rglob("*") if path.is_file()}
    first = print_edition(site, "2021.02")
    content = first.path.read_bytes()
    assert content.startswith(b"%PDF")
    assert first.pages == 4, "cover, contents and two chapters"
    assert b"/CreationDate (D:20261125000000" in content
    assert b"file:" not in content
    assert print_edition(site, "2021.02").path.read_bytes() == content
    assert listed(site)[0] == "pdf/2021.02.pdf"
    after = {path: path.read_bytes() for path in (site / "2021.02").rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize("name", ["2026.02", "latest"])
def test_what_is_not_built_cannot_be_printed(site: Path, name: str) -> None:
    with pytest.raises(BuildError, match=f"edition {name} is not built"):
        print_edition(site, name)


def test_without_chromium_the_way_to_it_is_told(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    with pytest.raises(BuildError, match="apt-get install chromium"):
        print_edition(site, "2021.02")
