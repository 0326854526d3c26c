"""The index page of editions that belong together."""

from __future__ import annotations

from pathlib import Path

from nissc1.publish import facts
from nissc1.publish.beside import page_beside
from nissc1.publish.many import Series
from nissc1.publish.results import JSON
from nissc1.report.records import RecordBook

SHOWN = {
    "cohort.n": "Patients",
    "os.24m": "Alive at 2 years, %",
    "pfs.24m": "Alive without progression at 2 years, %",
    "progression.24m": "Progressed by 2 years, %",
    "response.24m": "Responded by 2 years, %",
}
"""Records that the page shows of each edition, and their headings."""


def write_series_page(series: Series, site: Path) -> Path:
    """Write the page that lists the editions of a series with their main figures.

    Parameters
    ----------
    series : Series
        The editions, all published.
    site : Path
        Folder of all editions.

    Returns
    -------
    Path
        The page, beside the editions.
    """
    rows = []
    for planned in series.plans:
        records = RecordBook.from_json((site / planned.edition / JSON).read_text("utf-8"))
        known = facts.read(site / planned.edition / facts.FILE)
        rows.append(
            {
                "edition": planned.edition,
                "name": known.parameters,
                "cells": [records[name].text if name in records else "–" for name in SHOWN],
            }
        )
    first = facts.read(site / series.plans[0].edition / facts.FILE)
    text = page_beside(
        "series.html",
        title=series.title,
        notice=first.notice,
        release=first.release,
        cutoff=first.release_cutoff,
        headings=list(SHOWN.values()),
        rows=rows,
    )
    path = site / f"{series.name}.html"
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, "utf-8")
    beside.replace(path)
    return path
