"""How pages are cited, what they tell programs, and where their figures and tables are found."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import nissc1
from nissc1.publish import citation as citations
from nissc1.publish.addresses import addresses_page, exhibits
from nissc1.publish.citation import PLACEHOLDER, Citation
from nissc1.publish.cite import cite_box
from nissc1.publish.facts import Facts
from nissc1.publish.page_metadata import LICENCE, PageMetadata
from nissc1.publish.theme import mended

ROOT = Path(__file__).parents[1]
FACTS = Facts(
    edition="2021.02",
    release="2021.02",
    title="NISSC1, made up",
    release_cutoff="2018-02-28",
    cutoff="2018-02-28",
    synthetic="yes",
    reconstructed="yes",
    simulated="no",
    comparable="yes",
    simulated_after="none",
    longer="no",
    compared="no",
    notice="Synthetic reconstruction, not patient data",
    previous="none",
    parameters="none",
    horizon_months="24",
    horizon="24 months",
    population="all patients",
    confidence="95 %",
    disclosure="none",
    version="0.1.0",
    commit="0123456789abcdef",
    built="2026-11-25",
    values={},
    pages=["notebooks/figure-1"],
)
PAGE = Citation("Risk & survival, 95 % limits", "notebooks/figure-1", FACTS)
HTML = """<article class="bd-article"><h1>Survival<a class="headerlink" href="#s">#</a></h1>
<figure class="align-default" id="figure-1"><img alt=""><figcaption><p><span class="caption-text">
Survival with <span>95 %</span> limits. Ticks mark …</span></p></figcaption></figure>
<div id="table-figure1"><table><td id="table-figure1-title">Rates &amp; limits</td></table></div>
<a href="https://doi.org/10.1/x" class="reference">x</a></article>"""


def test_a_citation_names_page_edition_cut_off_and_what_the_data_are() -> None:
    text = PAGE.text()
    for part in (PAGE.title, "edition 2021.02", "2026", "2018-02-28", FACTS.notice, PLACEHOLDER):
        assert part in text
    assert "placeholder" in text


def test_an_assigned_doi_takes_the_place_of_the_placeholder() -> None:
    cited = replace(PAGE, doi="10.5281/zenodo.42")
    for text in (cited.text(), cited.bibtex(), cited.ris()):
        assert "10.5281/zenodo.42" in text
        assert "placeholder" not in text


def test_bibtex_is_read_by_a_bibtex_parser() -> None:
    """Read by pybtex, which the book's own bibliography goes through."""
    from pybtex.database import parse_string

    (entry,) = parse_string(PAGE.bibtex(), "bibtex").entries.values()
    assert entry.type == "inbook"
    assert entry.fields["title"] == r"Risk \& survival, 95 \% limits"
    assert entry.fields["edition"] == "2021.02"
    assert [str(person) for person in entry.persons["author"]] == [
        "{NISSC1 living report contributors}"
    ]


def test_ris_has_a_tag_a_line_and_an_end() -> None:
    lines = PAGE.ris().splitlines()
    assert lines[0] == "TY  - CHAP"
    assert lines[-1] == "ER  - "
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)


def test_an_edition_of_an_unknown_commit_has_no_year() -> None:
    assert replace(PAGE, edition=replace(FACTS, built="unknown")).year == "n.d."


def linked(citation: Citation) -> tuple[str, dict[str, dict[str, object]]]:
    head = PageMetadata(citation, "At two years </script> most were alive.", "../").head()
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', head)
    return head, {each["@type"]: each for each in json.loads(data)["@graph"]}


def test_programs_learn_of_an_article_and_its_data() -> None:
    head, graph = linked(PAGE)
    assert graph["ScholarlyArticle"]["headline"] == PAGE.title
    assert graph["Dataset"]["license"] == LICENCE
    assert FACTS.notice in str(graph["Dataset"]["description"])
    assert 'property="og:title" content="Risk &amp; survival' in head
    assert "og:url" not in head


def test_absolute_addresses_are_told_where_the_sites_is_known() -> None:
    page = "https://example.org/report/2021.02/notebooks/figure-1.html"
    head, graph = linked(replace(PAGE, address=page))
    assert f'property="og:url" content="{page}"' in head
    assert graph["ScholarlyArticle"]["url"] == page
    (first, _) = graph["Dataset"]["distribution"]
    assert first["contentUrl"] == "https://example.org/report/2021.02/results.csv"


def test_no_licence_is_given_to_what_the_registry_owns() -> None:
    _, graph = linked(replace(PAGE, edition=replace(FACTS, synthetic="no")))
    assert all("license" not in each for each in graph.values())


def test_figures_and_tables_are_found_with_their_titles() -> None:
    assert [(each.anchor, each.title) for each in exhibits(HTML)] == [
        ("figure-1", "Survival with 95 % limits"),
        ("table-figure1", "Rates & limits"),
    ]


def test_all_addresses_and_all_links_that_leave_are_listed() -> None:
    page = addresses_page({"notebooks/figure-1": HTML}, "2021.02")
    assert "2021.02/notebooks/figure-1.html#figure-1" in page
    assert 'href="notebooks/figure-1.html#table-figure1"' in page
    assert '<a href="https://doi.org/10.1/x">' in page


def test_the_box_offers_what_it_shows() -> None:
    from urllib.parse import unquote

    box = cite_box(PAGE, exhibits(HTML), "../addresses.html")
    saved = [unquote(each) for each in re.findall(r'href="data:[^,]*,([^"]*)"', box)]
    assert saved == [PAGE.bibtex(), PAGE.ris()]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<a class="reference external" href="https://a.org">A</a>',
            '<a class="nissc1-external reference external" href="https://a.org" rel="external">A'
            '<span class="nissc1-unseen"> (another site)</span></a>',
        ),
        ('<a href="b.html">B</a>', '<a href="b.html">B</a>'),
        (
            '<th scope="col"></th>',
            '<th scope="col"><span class="nissc1-unseen">Item</span></th>',
        ),
    ],
)
def test_links_that_leave_and_empty_headings_get_words(html: str, shown: str) -> None:
    assert mended(html) == shown


def test_the_citation_file_agrees_with_the_project_and_with_what_pages_say() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    known = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert known["version"] == project["version"] == nissc1.__version__
    assert known["license"] == project["license"]
    assert known["title"] == config["title"] == citations.BOOK
    assert [each["name"] for each in known["authors"]] == [config["author"]] == [citations.AUTHOR]
    assert [each["name"] for each in project["authors"]] == [citations.AUTHOR]
