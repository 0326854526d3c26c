"""Publication tables: a figure a row, with the printed one beside it, or any frame."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
from great_tables import GT

from nissc1.report.agreement import MARKS, Verdict
from nissc1.report.formatting import EN_DASH, number
from nissc1.report.record import Record

#: Great Tables' own style sheet reaches beyond its table (bare ``tr`` and ``td`` selectors) and
#: fixes black on white; this one stays inside, and takes its colours from the page.
STYLE = """
.nissc1-table{overflow-x:auto;max-width:100%;margin:1rem 0;color:inherit;background:transparent}
.nissc1-table table{border-collapse:collapse;display:table;width:auto;min-width:min(100%,30rem);
margin:0;font-size:.9rem;line-height:1.4;color:inherit;background:transparent;
border-top:2px solid;border-bottom:2px solid;border-color:currentColor}
.nissc1-table :is(thead,tbody,tfoot,tr,td,th){background:transparent;color:inherit;border:0}
.nissc1-table :is(td,th){padding:.3rem .7rem;text-align:left;vertical-align:top;
font-weight:normal}
.nissc1-table .gt_title{font-weight:600;font-size:1rem;padding-top:.5rem}
.nissc1-table .gt_col_heading{font-weight:600;vertical-align:bottom;border-bottom:1px solid}
.nissc1-table tbody tr+tr>*{border-top:1px solid rgba(128,128,128,.35)}
.nissc1-table .gt_group_heading{font-weight:600;padding-top:.7rem}
.nissc1-table .gt_stub{min-width:9rem}
.nissc1-table .gt_group_heading_row~tr:not(.gt_group_heading_row)>.gt_stub{padding-left:1.4rem}
.nissc1-table td{font-variant-numeric:tabular-nums}
.nissc1-table .gt_right{text-align:right}
.nissc1-table tfoot tr:first-child>td{border-top:1px solid}
.nissc1-table .gt_sourcenote{font-size:.82rem;padding:.2rem .7rem}
.nissc1-table :is(.nissc1-mark,.nissc1-line){white-space:nowrap}
.nissc1-table .nissc1-mark b{display:inline-block;width:1.3em;text-align:center}
"""
_WORDS = {
    Verdict.AGREES: "agrees",
    Verdict.DIFFERS: "differs",
    Verdict.CONTRADICTION: "contradiction",
    Verdict.NOT_COMPUTED: "not computed",
}
_GROUP = "_group"
#: Cells up to this many characters are kept on one line.
_SHORT = 26
_IMPLIED_UNITS = ("", "patients", "events")
Printed = Mapping[str, tuple[str, Verdict | None, str]]


def record_table(
    name: str,
    title: str,
    groups: Mapping[str, Sequence[Record]],
    printed: Printed,
    *,
    release: str,
    printed_heading: str,
    footnotes: Sequence[str] = (),
) -> tuple[str, pd.DataFrame]:
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

    Returns
    -------
    html : str
        The table, everything escaped, in a region that scrolls by itself.
    frame : pandas.DataFrame
        ``group, id, label, computed, printed, verdict`` for the CSV file.
    """
    rows = []
    for group, records in groups.items():
        for record in records:
            text, verdict, detail = printed.get(record.id, ("", None, ""))
            rows.append(
                {
                    "group": group,
                    "id": record.id,
                    "label": _below(group, label_of(record)),
                    "computed": _shown(record),
                    "printed": text,
                    "verdict": verdict.value if verdict else "",
                    "mark": _mark(verdict, detail),
                }
            )
    frame = pd.DataFrame(rows)
    columns = ["label", "computed", "printed"]
    headings = {"label": "", "computed": release, "printed": printed_heading}
    if frame["mark"].ne("").any():
        columns.append("mark")
        headings["mark"] = "Agreement"
    shown = frame[["group", *columns]].assign(printed=frame["printed"].replace("", EN_DASH))
    shown = shown.rename(columns={"group": _GROUP})
    raw = ("mark",) if "mark" in columns else ()
    table = _great_table(name, title, shown, headings, "label", raw=raw)
    return _finish(name, title, table, footnotes), frame.drop(columns="mark")


def frame_table(
    name: str,
    title: str,
    frame: pd.DataFrame,
    *,
    decimals: Mapping[str, int] | int = 1,
    group: str | None = None,
    footnotes: Sequence[str] = (),
) -> str:
    """Lay out a data frame; its first column (after `group`) heads the rows.

    Parameters
    ----------
    name, title : str
        Stable name and title of the table.
    frame : pandas.DataFrame
        Cells may be text, numbers, booleans, dates, `Record`, or missing.
    decimals : mapping of str to int, or int
        Digits shown of floats, by column or for all.
    group : str, optional
        Column that names the row groups.
    footnotes : sequence of str
        Notes below the table.

    Returns
    -------
    str
        HTML, everything escaped.
    """
    shown = pd.DataFrame(index=frame.index)
    right = []
    for column in frame.columns:
        digits = decimals if isinstance(decimals, int) else decimals.get(str(column), 1)
        shown[str(column)] = [cell_text(value, digits) for value in frame[column]]
        if pd.api.types.is_numeric_dtype(frame[column]) and column != group:
            right.append(str(column))
    shown = shown.reset_index(drop=True)
    if group is None:
        shown.insert(0, _GROUP, "")
    else:
        shown = shown.rename(columns={group: _GROUP})
    stub = next(column for column in shown.columns if column != _GROUP)
    table = _great_table(name, title, shown, {}, stub, right=[c for c in right if c != stub])
    return _finish(name, title, table, footnotes)


def _below(group: str, label: str) -> str:
    """Leave out of a label what the heading of its group says."""
    rest = label.removeprefix(f"{group} ")
    return label if not group or rest == label else rest[:1].upper() + rest[1:]


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


def _shown(record: Record) -> str:
    missing = record.text.startswith("not estimable")
    return f"{EN_DASH} {record.text}" if missing else record.text


def _mark(verdict: Verdict | None, detail: str) -> str:
    if verdict is None:
        return f'<span class="nissc1-note">{escape(detail)}</span>' if detail else ""
    word = _WORDS[verdict]
    title = escape(f"{word}: {detail}" if detail else word)
    return (
        f'<span class="nissc1-mark nissc1-{verdict.name.lower().replace("_", "-")}" '
        f'title="{title}"><b aria-hidden="true">{MARKS[verdict]}</b> {word}</span>'
    )


def _cell_html(text: str) -> str:
    """Escape a cell's text, and keep a short one on one line."""
    safe = escape(text)
    return f'<span class="nissc1-line">{safe}</span>' if len(text) <= _SHORT else safe


def _great_table(
    name: str,
    title: str,
    frame: pd.DataFrame,
    headings: Mapping[str, str],
    stub: str,
    *,
    raw: Sequence[str] = (),
    right: Sequence[str] = (),
) -> GT:
    grouped = bool(frame[_GROUP].ne("").any())
    data = frame if grouped else frame.drop(columns=_GROUP)
    table = GT(
        data,
        rowname_col=stub,
        groupname_col=_GROUP if grouped else None,
        auto_align=False,
        id=f"table-{name}",
    )
    table = table.tab_header(title).tab_stubhead(headings.get(stub, stub))
    labels: dict[str, Any] = {column: text for column, text in headings.items() if column != stub}
    if labels:
        table = table.cols_label(labels)
    if right:
        table = table.cols_align("right", columns=list(right))
    cells = [column for column in data.columns if column not in (stub, _GROUP, *raw)]
    if cells:
        table = table.fmt(_cell_html, columns=cells)  # a formatter's result is taken as HTML
    if raw:
        table = table.fmt(str, columns=list(raw))
    return table


def _finish(name: str, title: str, table: GT, notes: Sequence[str]) -> str:
    for note in notes:
        table = table.tab_source_note(note)
    markup = re.sub(r"<style>.*?</style>\s*", "", table.as_raw_html(), flags=re.DOTALL)
    inner = re.sub(r' style="padding-left:0px[^"]*"', "", markup, count=1)
    return (
        f"<style>{STYLE}</style>\n"
        f'<div class="nissc1-table" role="region" tabindex="0" aria-label="{escape(title)}">\n'
        f"{inner.strip()}\n</div>"
    )
