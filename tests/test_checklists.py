"""Reporting checklists: complete, without an empty row, and with pages that exist."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from nissc1.checklists import CHECKLISTS, COLUMNS, ChecklistError, load_checklist
from nissc1.cohort.location import project_root
from nissc1.publish.project import Project, toc_pages
from nissc1.report import Report
from nissc1.report.chapters import page_titles
from nissc1.report.checklists import checklist_table

FOLDER = project_root() / "data" / "checklists"
#: Items and their parts: von Elm et al. 2007, Table 1, cohort studies; Benchimol et al. 2015,
#: Table 1.
ITEMS = {
    "strobe": "1a 1b 2 3 4 5 6a 6b 7 8 9 10 11 12a 12b 12c 12d 12e 13a 13b 13c 14a 14b 14c 15 "
    "16a 16b 16c 17 18 19 20 21 22",
    "record": "1.1 1.2 1.3 6.1 6.2 6.3 7.1 12.1 12.2 12.3 13.1 19.1 22.1",
}
PARTS = ("answered", "partly", "not_applicable", "not_reported")


@pytest.mark.parametrize("name", CHECKLISTS)
def test_every_item_is_there_in_the_order_of_the_statement(name: str) -> None:
    assert load_checklist(name)["item"].tolist() == ITEMS[name].split()


@pytest.mark.parametrize("name", CHECKLISTS)
def test_no_row_is_empty(name: str) -> None:
    rows = load_checklist(name)
    assert (rows[["section", "topic", "asks", "status"]] != "").all(axis=None)
    assert ((rows["where"] != "") | (rows["how"] != "")).all()


@pytest.mark.parametrize("name", CHECKLISTS)
def test_every_page_is_in_the_book(name: str) -> None:
    pages = toc_pages(Project(project_root()))
    named = {page for where in load_checklist(name)["where"] for page in where.split()}
    assert named <= set(pages), f"not in _toc.yml: {sorted(named - set(pages))}"


def changed(folder: Path, **cells: str) -> Path:
    """STROBE with cells of item 2 changed."""
    with (FOLDER / "strobe.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    next(row for row in rows if row["item"] == "2").update(cells)
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(folder / "strobe.csv", index=False)
    return folder


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"asks": ""}, "line 4, asks: empty"),
        ({"status": "done"}, "line 4, status: 'done'; allowed are answered, partly"),
        ({"where": "elsewhere"}, "line 4, where: 'elsewhere' is no page"),
        ({"where": ""}, "pages are named if, and only if"),
        ({"status": "not applicable"}, "pages are named if, and only if"),
        ({"status": "partly", "how": ""}, "line 4, how: empty; say why the item is partly"),
        ({"item": "3"}, "item 3 comes twice"),
    ],
)
def test_a_row_at_fault_is_named(cells: dict[str, str], told: str, tmp_path: Path) -> None:
    with pytest.raises(ChecklistError) as fault:
        load_checklist("strobe", changed(tmp_path, **cells))
    assert told in str(fault.value)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    load_checklist("strobe").drop(columns="how").to_csv(tmp_path / "strobe.csv", index=False)
    with pytest.raises(ChecklistError, match="needed are, in this order, item, section"):
        load_checklist("strobe", tmp_path)


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.setenv("NISSC1_OUTPUT", str(tmp_path))
    return Report.open(
        notebook="reporting-checklists",
        release="2021.02",
        cutoff=None,
        horizon_months=None,
        population=None,
        conf_level=0.95,
        disclosure="none",
    )


def test_pages_become_links_that_carry_their_titles(report: Report, tmp_path: Path) -> None:
    rows = load_checklist("strobe", changed(tmp_path, where="book/limits notebooks/flow"))
    html = checklist_table(report, "strobe", rows).html
    titles = page_titles()
    assert titles["notebooks/flow"] == "The patients' way through the study"
    assert titles["book/limits"] == "What this book can and cannot tell"
    for page in ("book/limits", "notebooks/flow"):
        assert f'<a href="../{page}.html">' in html
    links = re.findall(r'<a href="\.\./([^"]+)\.html">([^<]+)</a>', html)
    named = [page for where in rows["where"] for page in where.split()]
    assert sorted(page for page, _ in links) == sorted(named)
    assert not any(text in named for _, text in links)


def test_the_numbers_of_items_add_up(report: Report) -> None:
    checklist_table(report, "record", load_checklist("record"))
    at = {part: report.records[f"checklist.record.{part}"].estimate for part in PARTS}
    assert report.records["checklist.record.items"].estimate == 13
    assert sum(at.values()) == 13
