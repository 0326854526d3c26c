"""Reporting checklists as tables whose pages are links."""

from __future__ import annotations

import re
from html import escape

import pandas as pd

from nissc1.checklists import CHECKLISTS, PAGE, STATUSES
from nissc1.report.chapters import page_titles
from nissc1.report.display import Html
from nissc1.report.session import Report

_ON_ONE_LINE = re.compile(rf'<span class="nissc1-line">([^<]*{PAGE.pattern}[^<]*)</span>')


def checklist_table(report: Report, name: str, rows: pd.DataFrame) -> Html:
    """Record how many items are answered, and show the checklist with links to the pages.

    Parameters
    ----------
    report : Report
        Session of a notebook; it takes the records and keeps the table.
    name : str
        One of `nissc1.checklists.CHECKLISTS`.
    rows : pandas.DataFrame
        Result of `nissc1.checklists.load_checklist`.

    Returns
    -------
    Html
        The table; the build of the book fails where a link leads nowhere.
    """
    report.count(f"checklist.{name}.items", f"Items, {CHECKLISTS[name]}", len(rows), unit="items")
    for status in STATUSES:
        number = int(rows["status"].eq(status).sum())
        key = status.replace(" ", "_")
        label = f"Items {status}, {CHECKLISTS[name]}"
        report.count(f"checklist.{name}.{key}", label, number, unit="items")
    shown = pd.DataFrame(
        {
            "Section": rows["section"],
            "Item": rows["item"] + " " + rows["topic"] + ": " + rows["asks"].map(_lowered),
            "Answer": [_answer(row) for _, row in rows.iterrows()],
        }
    )
    table = report.frame_table(f"checklist-{name}", CHECKLISTS[name], shown, group="Section")
    titles = page_titles()
    names_only = _ON_ONE_LINE.sub(r"\1", table.html)  # titles are longer than names
    return Html(re.sub(PAGE, lambda found: _link(found[0], titles), names_only))


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _answer(row: pd.Series[str]) -> str:
    """Write status, what is there and where in one cell, so that a phone shows whole rows."""
    pages = ", ".join(row["where"].split())
    parts = [row["status"].capitalize(), row["how"], f"See {pages}" if pages else ""]
    return " ".join(f"{part}." for part in parts if part)


def _link(page: str, titles: dict[str, str]) -> str:
    return f'<a href="../{page}.html">{escape(titles.get(page, page))}</a>'
