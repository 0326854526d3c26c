"""Publication tables: a figure a row, with the printed one beside it, or any frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

import pandas as pd

from nissc1.report.agreement import MARKS, Verdict
from nissc1.report.formatting import EN_DASH, number
from nissc1.report.layout import Cell, Column, Group, Layout, Row, Sourced
from nissc1.report.record import RATES, Record

_WORDS = {
    Verdict.AGREES: "agrees",
    Verdict.DIFFERS: "differs",
    Verdict.CONTRADICTION: "contradiction",
    Verdict.NOT_COMPUTED: "not computed",
}
_IMPLIED_UNITS = ("", "patients", "events")
_OF_KNOWN = ("proportion", "median_range", "median", "mean", "sd")
"""Statistics whose n is the number of patients with a known value."""
_NUMBERS = ("estimate", "lower", "upper", "n", "events", "denominator", "unit")
Printed = Mapping[str, tuple[str, Verdict | None, str]]


def record_layout(
    name: str,
    title: str,
    groups: Mapping[str, Sequence[Record]],
    printed: Printed,
    *,
    release: str,
    printed_heading: str,
    footnotes: Sequence[str] = (),
    printed_notes: Sequence[str] = (),
    source: str = "",
) -> Layout:
    """Lay out records as the article does, with the printed figure beside each.

    Parameters
    ----------
    name : str
        Stable name of the table; becomes part of the ids in the HTML.
    title : str
        Title.
    groups : mapping of str to sequence of Record
        Row groups; an empty name has no heading.
    printed : mapping of str to (str, Verdict or None, str)
        By record id, the printed text, the verdict (None to show none) and its detail.
    release : str
        Heading of the column of computed figures.
    printed_heading : str
        Heading of the column of printed figures.
    footnotes : sequence of str
        Notes below the table.
    printed_notes : sequence of str
        Notes on the printed figures.
    source : str
        Which data it shows.

    Returns
    -------
    Layout
        Computed figure; for rates also events and patients at risk, for descriptions the patients
        with a known value where not all are known; then what the article prints, if it prints any
        of them.
    """
    records = [record for group in groups.values() for record in group]
    details = _details(records)
    beside = any(text or detail for text, _, detail in printed.values())
    judged = any(verdict or detail for _, verdict, detail in printed.values())
    columns = [Column(release), *(Column(heading, right=True) for heading in details)]
    if beside:
        columns.append(Column(printed_heading, printed=True))
    if judged:
        columns.append(Column("Agreement", printed=True))

    def row(group: str, record: Record) -> Row:
        text, verdict, detail = printed.get(record.id, ("", None, ""))
        cells = [Cell(_shown(record), record.id)]
        for field in details.values():
            count = getattr(record, field) if _counted(record, field) else None
            cells.append(Cell("" if count is None else str(count), number=count))
        if beside:
            cells.append(Cell(text or EN_DASH))
        if judged:
            cells.append(_mark(verdict, detail))
        return Row(_below(group, label_of(record)), tuple(cells))

    return Layout(
        name,
        title,
        "",
        tuple(columns),
        tuple(
            Group(group, tuple(row(group, record) for record in rows))
            for group, rows in groups.items()
        ),
        tuple(footnotes),
        source,
        tuple(printed_notes),
    )


def record_frame(groups: Mapping[str, Sequence[Record]], printed: Printed) -> pd.DataFrame:
    """Lay out records for the CSV file of a table.

    Parameters
    ----------
    groups : mapping of str to sequence of Record
        Row groups.
    printed : mapping of str to (str, Verdict or None, str)
        As for `record_layout`.

    Returns
    -------
    pandas.DataFrame
        ``group, id, label, computed, printed, verdict`` as the table shows them, and the numbers
        behind them: ``estimate, lower, upper, n, events, denominator, unit``.
    """
    rows = []
    for group, records in groups.items():
        for record in records:
            text, verdict, _ = printed.get(record.id, ("", None, ""))
            rows.append(
                {
                    "group": group,
                    "id": record.id,
                    "label": _below(group, label_of(record)),
                    "computed": _shown(record),
                    "printed": text,
                    "verdict": verdict.value if verdict else "",
                    **{name: getattr(record, name) for name in _NUMBERS},
                }
            )
    frame = pd.DataFrame(rows)
    return frame.astype(dict.fromkeys(("n", "events", "denominator"), "Int64"))


def frame_layout(
    name: str,
    title: str,
    frame: pd.DataFrame,
    *,
    decimals: Mapping[str, int] | int = 1,
    group: str | None = None,
    footnotes: Sequence[str] = (),
    source: str = "",
) -> Layout:
    """Lay out a data frame; its first column (after `group`) heads the rows.

    Parameters
    ----------
    name, title : str
        Stable name and title of the table.
    frame : pandas.DataFrame
        Cells may be text, `Sourced` text, numbers, booleans, dates, `Record`, or missing.
    decimals : mapping of str to int, or int
        Digits shown of floats, by column or for all.
    group : str, optional
        Column that names the row groups.
    footnotes : sequence of str
        Notes below the table.
    source : str
        Which data it shows.

    Returns
    -------
    Layout
        The table.
    """
    shown = [str(column) for column in frame.columns if column != group]
    columns = tuple(
        Column(column, right=pd.api.types.is_numeric_dtype(frame[column])) for column in shown[1:]
    )
    digits = {
        column: decimals if isinstance(decimals, int) else decimals.get(column, 1)
        for column in shown
    }
    rows = []
    for entry in frame.to_dict("records"):
        head, *cells = (_cell(entry[column], digits[column]) for column in shown)
        name_of_group = "" if group is None else cell_text(entry[group])
        rows.append((name_of_group, Row(head.text, tuple(cells))))
    groups = tuple(
        Group(heading, tuple(row for _, row in members))
        for heading, members in groupby(rows, key=lambda item: item[0])
    )
    return Layout(name, title, shown[0], columns, groups, tuple(footnotes), source)


def label_of(record: Record) -> str:
    """Write a record's label with its unit.

    Parameters
    ----------
    record : Record
        The record.

    Returns
    -------
    str
        Label, followed by the unit unless the layout of the text implies it.
    """
    implied = record.unit in _IMPLIED_UNITS or (
        record.unit == "%" and record.statistic == "proportion"
    )
    if implied or record.label.endswith(record.unit):
        return record.label
    return f"{record.label}, {record.unit}"


def cell_text(value: Any, decimals: int = 1) -> str:
    """Write one cell of a frame.

    Parameters
    ----------
    value : object
        Text, number, boolean, date, `Record` or missing.
    decimals : int
        Digits shown of a float.

    Returns
    -------
    str
        Text; yes or no for booleans; an en dash where missing.
    """
    if isinstance(value, Record):
        return _shown(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return EN_DASH
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp | dt.datetime):
        return value.date().isoformat()
    if pd.api.types.is_integer(value):
        return number(int(value))
    if pd.api.types.is_float(value):
        return number(float(value), decimals)
    return str(value)


def _cell(value: Any, decimals: int) -> Cell:
    text = cell_text(value, decimals)
    if isinstance(value, Record):
        return Cell(text, value.id)
    if isinstance(value, Sourced):
        return Cell(text, value.record)
    plain = pd.api.types.is_number(value) and text != EN_DASH and text not in ("yes", "no")
    if not plain:
        return Cell(text)
    return Cell(text, number=int(value) if pd.api.types.is_integer(value) else float(value))


def _details(records: Sequence[Record]) -> dict[str, str]:
    """Choose the further numbers that a table of these records shows, by heading."""
    numeric = [record for record in records if record.statistic != "text"]
    if numeric and all(record.statistic in RATES for record in numeric):
        return {"Events": "events", "At risk": "denominator"}
    of_known = [record for record in records if record.statistic in _OF_KNOWN]
    differ = len({record.n for record in of_known}) > 1
    return {"Known": "n"} if differ and 2 * len(of_known) >= len(records) else {}


def _counted(record: Record, field: str) -> bool:
    return record.statistic in (RATES if field != "n" else _OF_KNOWN)


def _below(group: str, label: str) -> str:
    """Leave out of a label what the heading of its group says."""
    rest = label.removeprefix(f"{group} ")
    return label if not group or rest == label else rest[:1].upper() + rest[1:]


def _shown(record: Record) -> str:
    missing = record.text.startswith("not estimable")
    return f"{EN_DASH} {record.text}" if missing else record.text


def _mark(verdict: Verdict | None, detail: str) -> Cell:
    if verdict is None:
        note = f'<span class="nissc1-note">{escape(detail)}</span>' if detail else ""
        return Cell(detail, markup=note)
    word = _WORDS[verdict]
    told = f"{word}: {detail}" if detail else word
    return Cell(
        told,
        markup=f'<span class="nissc1-mark nissc1-{verdict.name.lower().replace("_", "-")}" '
        f'title="{escape(told)}"><b aria-hidden="true">{MARKS[verdict]}</b> {word}</span>',
    )
