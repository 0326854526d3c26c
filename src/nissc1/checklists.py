"""Reporting checklists: what each item asks, and where the book answers it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from nissc1.cohort.location import project_root

COLUMNS = ("item", "section", "topic", "asks", "status", "where", "how")
STATUSES = ("answered", "partly", "not applicable", "not reported")
CHECKLISTS = {"strobe": "STROBE, cohort studies", "record": "RECORD"}
"""Files in ``data/checklists`` and what they are called."""
PAGE = re.compile(r"(book|notebooks)/[a-z0-9]+(-[a-z0-9]+)*")
"""A page of the book as the checklists name it."""
_WITH_PAGES = ("answered", "partly")


class ChecklistError(ValueError):
    """Say which rows of a checklist are at fault."""


def load_checklist(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Read a checklist, once every row is found sound.

    Parameters
    ----------
    name : str
        One of `CHECKLISTS`.
    folder : Path, optional
        Folder of the file; by default the project's ``data/checklists``.

    Returns
    -------
    pandas.DataFrame
        One row an item, all text: ``item``, ``section``, ``topic``, ``asks`` (in words of our own),
        ``status``, ``where`` (pages, separated by spaces), ``how`` (what is there, or why nothing
        is). Whether the pages exist, the check for dead links tells when the book is built.

    Raises
    ------
    ChecklistError
        If rows are at fault; the message has a line for each.
    """
    path = (folder or project_root() / "data" / "checklists") / f"{name}.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    if tuple(rows.columns) != COLUMNS:
        raise ChecklistError(
            f"{path.name}: columns {', '.join(map(str, rows.columns))}; needed are, in this order, "
            f"{', '.join(COLUMNS)}. Correct the first line."
        )
    faults = []
    for line, row in enumerate(rows.to_dict("records"), start=2):
        at = f"{path.name}, line {line}"
        faults += [
            f"{at}, {column}: empty. Fill it in."
            for column in ("item", "section", "topic", "asks")
            if not row[column]
        ]
        if row["status"] not in STATUSES:
            faults.append(
                f"{at}, status: {row['status']!r}; allowed are {', '.join(STATUSES)}. Take one."
            )
        pages = row["where"].split()
        faults += [
            f"{at}, where: {page!r} is no page such as book/methods or notebooks/flow. Correct it."
            for page in pages
            if not PAGE.fullmatch(page)
        ]
        if (row["status"] in _WITH_PAGES) != bool(pages):
            faults.append(
                f"{at}, where: {row['where']!r} with status {row['status']!r}; pages are named if, "
                f"and only if, the item is {' or '.join(_WITH_PAGES)}. Make them agree."
            )
        if row["status"] != "answered" and not row["how"]:
            faults.append(f"{at}, how: empty; say why the item is {row['status']}.")
    faults += [
        f"{path.name}: item {item} comes twice. Leave one out."
        for item in sorted(set(rows.loc[rows["item"].duplicated(), "item"]))
    ]
    if faults:
        raise ChecklistError("\n".join(faults))
    return rows
