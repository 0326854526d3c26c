"""Turning a table as it came into a table of a release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from nissc1.cohort.checked_table import CheckedTable, tabulate
from nissc1.cohort.faults import Fault, quoted
from nissc1.cohort.incoming.cells import CellError, has_decimal_comma, read_cell
from nissc1.cohort.incoming.claims import belongs
from nissc1.cohort.incoming.mapping import TableMapping
from nissc1.cohort.incoming.raw_table import Decimals, RawTable, note
from nissc1.cohort.text_table import TextTable

_TRUTH = {"TRUE": 0, "FALSE": 1}
_CORRECT = "Correct the cell at its source and export again."


@dataclass
class Converted:
    """A table of a release, and where its cells come from.

    Parameters
    ----------
    table : CheckedTable
        Cells as the release writes them.
    faults : list of Fault
        What could not be read.
    sources : dict of str to str
        Column of the export by column of the release.
    came_as : dict of (int, str) to str
        Cells that stand otherwise in the export, by line and column of the release.
    """

    table: CheckedTable
    faults: list[Fault]
    sources: dict[str, str]
    came_as: dict[tuple[int, str], str]

    def located(self, fault: Fault) -> Fault:
        """Move a fault from the converted cell to the cell of the export.

        Parameters
        ----------
        fault : Fault
            Of the converted table.

        Returns
        -------
        Fault
            With the column and the value as they stand in the export, and with what they were read
            as where that differs.
        """
        fault = replace(fault, file=self.table.file)
        name = fault.column
        if name is None or fault.row is None or name not in self.sources:
            return fault
        source, came = self.sources[name], self.came_as.get((fault.row, name))
        if source == name and came is None:
            return fault
        value = fault.value if came is None else quoted(came)
        read_as = name if fault.value is None else f"{name} {fault.value}"
        message = f"{fault.message} It was read as {read_as}."
        return replace(fault, column=source, value=value, message=message)


def convert(
    raw: RawTable,
    name: str,
    schema: Mapping[str, Any],
    mapping: TableMapping,
    missing: Sequence[str] = (),
    day_0: Mapping[str, dt.date] | None = None,
) -> Converted:
    """Convert a table.

    Parameters
    ----------
    raw : RawTable
        As it came.
    name : str
        Resource of the release.
    schema : mapping
        Table Schema of the resource.
    mapping : TableMapping
        How its columns are to be read.
    missing : sequence of str
        Texts that stand for a missing value, besides the empty cell.
    day_0 : mapping of str to datetime.date, optional
        Transplant date by patient, for columns of days that hold dates in the export.

    Returns
    -------
    Converted
        With the columns in the schema's order; a column that the export lacks is a fault.
    """
    wanted = [each for each in schema["fields"] if each["name"] not in mapping.absent]
    sources = {each["name"]: mapping.column(each["name"]).source for each in wanted}
    faults = [] if not raw.header else list(_lacking(raw, sources))
    present = [each for each in wanted if sources[each["name"]] in raw.header]
    if not present:
        return _nothing(raw, name, schema, sources)
    rows, lines, wrong = _records(raw, mapping)
    faults += wrong
    numeric = [each for each in present if each["type"] in ("integer", "number")]
    places = {each["name"]: raw.header.index(sources[each["name"]]) for each in present}
    decimals = raw.decimals
    if decimals is Decimals.undecided and any(
        has_decimal_comma(row[places[each["name"]]])
        for each in numeric
        if mapping.column(each["name"]).codes is None
        for row in rows
    ):
        decimals = Decimals.comma
        message = f"Numbers of {name} are read with a decimal comma."
        faults.append(note(raw.file, "decimal-comma", message))
    header = [each["name"] for each in schema["fields"]]
    header = [each for each in header if each in places or each in mapping.absent]
    bad: set[tuple[int, str]] = set()
    came_as: dict[tuple[int, str], str] = {}
    records = []
    for line, row in zip(lines, rows, strict=True):
        record = dict.fromkeys(header, "")
        for field in present:
            column = field["name"]
            text = row[places[column]]
            uneven = (line, -1) in raw.bad and places[column] > 0
            if uneven or (line, places[column]) in raw.bad:
                bad.add((line, column))
                continue
            try:
                record[column] = _cell(text, field, raw, mapping, decimals, missing)
                if _is_date_of_day(field, mapping) and record[column]:
                    record[column] = _day(record, record[column], day_0)
            except CellError as error:
                place = (raw.file, line, sources[column], quoted(text))
                faults.append(Fault(*place, error.rule, error.message, error.action))
                bad.add((line, column))
                record[column] = ""
            if record[column] != text:
                came_as[line, column] = text
        records.append([record[column] for column in header])
    text_table = TextTable.of(header, zip(lines, records, strict=True))
    table, found = tabulate(name, raw.file, text_table, schema)
    table.bad |= bad
    uneven_lines = {line for line, place in raw.bad if place == -1}
    faults += [
        fault
        for fault in found
        if fault.rule != "header" and not (fault.row in uneven_lines and fault.rule == "blank-row")
    ]
    return Converted(table, faults, sources, came_as)


def _nothing(
    raw: RawTable, name: str, schema: Mapping[str, Any], sources: dict[str, str]
) -> Converted:
    """Say once that the file is another one, instead of once a column."""
    message = f"None of the columns of {name} is in the header."
    action = "Look whether it is the right file; name its columns in mapping.yml."
    fault = Fault(raw.file, 1, None, None, "header", message, action)
    kept = {key: value for key, value in schema.items() if key == "missingValues"}
    table = CheckedTable(name, raw.file, {**kept, "fields": []}, pd.DataFrame())
    return Converted(table, [fault], sources, {})


def _lacking(raw: RawTable, sources: Mapping[str, str]) -> Iterator[Fault]:
    for name, source in sources.items():
        if source not in raw.header:
            as_what = "" if source == name else f", which mapping.yml names for {name},"
            message = f"The column {source}{as_what} is missing."
            action = "Export it, empty cells are allowed; or list it in mapping.yml under absent."
            yield Fault(raw.file, 1, source, None, "header", message, action)


def _records(
    raw: RawTable, mapping: TableMapping
) -> tuple[list[list[str]], list[int], list[Fault]]:
    rows, lines, faults = [], [], []
    for name in mapping.where:
        if name not in raw.header:
            message = f"The column {name}, by which mapping.yml selects rows, is missing."
            action = "Export it, or correct where."
            faults.append(Fault(raw.file, 1, name, None, "header", message, action))
    for line, row in zip(raw.lines, raw.rows, strict=True):
        if not any(row):
            message = "The line is blank."
            faults.append(Fault(raw.file, line, None, None, "blank-row", message, "Remove it."))
            continue
        if len(row) != len(raw.header):
            message = f"The record has {len(row)} cells; the header has {len(raw.header)}."
            action = "Look for a separator that belongs to a text; put that text in double quotes."
            faults.append(Fault(raw.file, line, None, None, "cells", message, action))
            raw.bad.add((line, -1))
            row = [row[0], *[""] * (len(raw.header) - 1)]
        elif not belongs(row, raw, mapping):
            continue
        rows.append(row)
        lines.append(line)
    if mapping.where and len(rows) < len(raw.rows):
        message = f"{len(rows)} of {len(raw.rows)} rows are read, as mapping.yml selects them."
        faults.append(note(raw.file, "rows-selected", message))
    return rows, lines, faults


def _is_date_of_day(field: Mapping[str, Any], mapping: TableMapping) -> bool:
    return field["type"] != "date" and mapping.column(field["name"]).date_format is not None


def _cell(
    text: str,
    field: Mapping[str, Any],
    raw: RawTable,
    mapping: TableMapping,
    decimals: Decimals,
    missing: Sequence[str],
) -> str:
    if text == "" or text in missing:
        return ""
    column = mapping.column(field["name"])
    if raw.workbook and field["type"] == "boolean" and column.codes is None and text in _TRUTH:
        return str(field[("trueValues", "falseValues")[_TRUTH[text]]][0])
    date_format = column.date_format
    if field["type"] == "date":
        date_format = date_format or mapping.date_format
    if raw.workbook and date_format is not None and _is_iso(text):
        date_format = "YYYY-MM-DD"  # a date of the workbook, whose look does not matter
    return read_cell(text, field, column, decimals, date_format)


def _is_iso(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _day(record: Mapping[str, str], date: str, day_0: Mapping[str, dt.date] | None) -> str:
    patient = record.get("patient_id", "")
    start = (day_0 or {}).get(patient)
    if start is None:
        message = f"{date} cannot be counted from day 0: patient {quoted(patient)} has none."
        raise CellError("day-0-unknown", message, "Give the patient's transplant_date.")
    return str((dt.date.fromisoformat(date) - start).days)
