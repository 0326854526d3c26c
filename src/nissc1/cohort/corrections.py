"""Corrections of source errors, kept as data beside the tables that they correct.

``corrections.yml`` is a list. Each entry names one cell, the value expected there, the right value,
the reason and a status: only ``confirmed`` ones are applied, ``open`` ones wait for an answer and
``withdrawn`` ones are kept for the record. The files of the tables themselves are never edited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nissc1.cohort.admissible import objection, same_value
from nissc1.cohort.descriptor import digest
from nissc1.cohort.faults import Fault, quoted
from nissc1.cohort.located_yaml import Located, YamlError, read_yaml
from nissc1.cohort.schema import DESCRIPTOR, columns, resource_names
from nissc1.cohort.text_table import TextTable

CORRECTIONS = "corrections.yml"
STATUSES = ("open", "confirmed", "withdrawn")
ROW_KEYS = {"visits": "month", "adverse_events": "event_id"}
"""What names a row besides the patient, in the tables with several rows a patient."""
_KEYS = ("patient_id", "event_id", "month")
_REQUIRED = ("table", "patient", "column", "expected", "value", "reason", "status")
FRAME_COLUMNS = ("table", "patient", "month", "event_id", *_REQUIRED[2:])


@dataclass(frozen=True)
class Correction:
    """One cell that the source has wrong.

    Parameters
    ----------
    table, patient : str
        Resource and pseudonym.
    month, event_id : str
        Row of ``visits`` or ``adverse_events``; empty for the other tables.
    column : str
        Name of the column.
    expected, value : str
        Cell as it stands in the file, and as it should be; empty for missing.
    reason : str
        Why, for people.
    status : str
        ``open``, ``confirmed`` or ``withdrawn``.
    line : int
        Line of the file on which the entry begins.
    """

    table: str
    patient: str
    month: str
    event_id: str
    column: str
    expected: str
    value: str
    reason: str
    status: str
    line: int

    def cell(self) -> tuple[str, str, str, str, str]:
        """Name the cell.

        Returns
        -------
        tuple of str
            Table, patient, month, event and column.
        """
        return self.table, self.patient, self.month, self.event_id, self.column


def corrections_frame(corrections: Sequence[Correction] = ()) -> pd.DataFrame:
    """Lay corrections out as a table.

    Parameters
    ----------
    corrections : sequence of Correction, optional
        What to lay out.

    Returns
    -------
    DataFrame
        ``table``, ``patient``, ``month``, ``event_id``, ``column``, ``expected``, ``value``,
        ``reason``, ``status``; all text, one row a correction of any status, in the file's order.
    """
    rows = [[getattr(each, name) for name in FRAME_COLUMNS] for each in corrections]
    return pd.DataFrame(rows, columns=list(FRAME_COLUMNS), dtype="string")


def read_corrections(folder: Path) -> tuple[list[Correction], list[Fault]]:
    """Read the corrections of a folder.

    Parameters
    ----------
    folder : Path
        Folder of a release or of an export; without ``corrections.yml`` there are none.

    Returns
    -------
    tuple of (list of Correction, list of Fault)
        The entries that are sound in form, and what is wrong with the others.
    """
    path = folder / CORRECTIONS
    if not path.exists():
        return [], []
    try:
        entries = read_yaml(path).sequence
    except YamlError as error:
        return [], [_fault(error.line, None, error.message, "Correct the file.")]
    if entries is None:
        return [], [_fault(1, None, "The file must be a list of corrections.", "Begin with '-'.")]
    corrections: list[Correction] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, ...], int] = {}
    for entry in entries:
        wrong = list(_form_faults(entry))
        faults += wrong
        if wrong:
            continue
        given = {name: each.text or "" for name, each in (entry.mapping or {}).items()}
        blank = dict.fromkeys(("month", "event_id"), "")
        correction = Correction(**{**blank, **given}, line=entry.line)
        if correction.status != "withdrawn":
            first = seen.setdefault(correction.cell(), entry.line)
            if first != entry.line:
                message = f"The cell is corrected on line {first} already."
                faults.append(_fault(entry.line, correction.column, message, "Keep one entry."))
                continue
        corrections.append(correction)
    return corrections, faults


def apply_corrections(
    corrections: Sequence[Correction],
    tables: Mapping[str, TextTable],
    schemas: Mapping[str, Mapping[str, Any]],
) -> tuple[dict[str, TextTable], list[Fault]]:
    """Apply the confirmed corrections; verify the open ones without applying them.

    Parameters
    ----------
    corrections : sequence of Correction
        As `read_corrections` returns them.
    tables : mapping of str to TextTable
        Text of the files by resource name; corrections of a table that is not there are passed
        over, as its absence is a fault of its own.
    schemas : mapping of str to mapping
        Table Schema by resource name.

    Returns
    -------
    tuple of (dict of str to TextTable, list of Fault)
        New tables, and one fault for each correction whose row, expected value or new value does
        not fit; such a correction is not applied.
    """
    corrected = dict(tables)
    faults = []
    for correction in corrections:
        if correction.status == "withdrawn" or correction.table not in tables:
            continue
        fields = schemas[correction.table]["fields"]
        field = next(each for each in fields if each["name"] == correction.column)
        table = corrected[correction.table]
        if correction.column not in table.header:
            continue
        found = _rows_of(table, correction)
        if len(found) != 1:
            message = f"{_where(correction)} has {len(found)} rows instead of one."
            action = "Correct the entry, or set its status to withdrawn."
            faults.append(_fault(correction.line, "patient", message, action))
            continue
        row = int(found[0])
        cell = table.column(correction.column).cell(row)
        if not same_value(cell, correction.expected, field):
            message = (
                f"{_where(correction)}, {correction.column} is {quoted(cell)} and no longer "
                f"the expected {quoted(correction.expected)}."
            )
            action = "Look whether the source was mended; then set the status to withdrawn."
            faults.append(_fault(correction.line, correction.column, message, action, cell))
            continue
        against = objection(correction.value, field)
        if against:
            message = f"{_where(correction)}, {correction.column} {against}."
            action = "Correct the value of the entry."
            value = correction.value
            faults.append(_fault(correction.line, correction.column, message, action, value))
            continue
        if correction.status == "confirmed":
            corrected[correction.table] = table.with_cell(row, correction.column, correction.value)
    return corrected, faults


def integrity_faults(folder: Path, descriptor: Mapping[str, Any] | None) -> list[Fault]:
    """Compare ``corrections.yml`` with what was registered.

    Parameters
    ----------
    folder : Path
        Folder of the release.
    descriptor : mapping or None
        Content of ``datapackage.json``; None where it could not be read.

    Returns
    -------
    list of Fault
        One where the file was edited, added or removed since the release was registered.
    """
    path = folder / CORRECTIONS
    if descriptor is None:
        return []
    entry = descriptor.get("corrections")
    promised = (entry.get("bytes"), entry.get("hash")) if isinstance(entry, dict) else None
    try:
        size, sha256 = digest(path)
        present = (size, f"sha256:{sha256}")
    except OSError:
        present = None
    if present == promised and (entry is None or promised is not None):
        return []
    what = {
        (True, False): f"The file was added since the release was registered: {DESCRIPTOR} does "
        "not list it.",
        (False, True): "The file was registered with the release and is missing.",
    }.get(
        (present is not None, promised is not None),
        "The file is not the one that was registered.",
    )
    action = "Restore what was registered, or register the corrected data as another release."
    return [Fault(CORRECTIONS, None, None, None, "hash", what, action)]


def _fault(
    line: int | None, column: str | None, message: str, action: str, value: str | None = None
) -> Fault:
    shown = None if value is None else quoted(value)
    return Fault(CORRECTIONS, line, column, shown, "correction", message, action)


def _where(correction: Correction) -> str:
    more = f", month {correction.month}" if correction.month else ""
    more += f", event {correction.event_id}" if correction.event_id else ""
    return f"Patient {quoted(correction.patient)}{more} of {correction.table}"


def _rows_of(table: TextTable, correction: Correction) -> NDArray[np.int64]:
    """Find the rows of a table that a correction names."""
    wanted = {"patient_id": correction.patient}
    if correction.table in ROW_KEYS:
        key = ROW_KEYS[correction.table]
        wanted[key] = getattr(correction, key)
    if not set(wanted) <= set(table.header):
        return np.zeros(0, dtype=np.int64)
    matches = [table.column(name).rows_where(text.__eq__) for name, text in wanted.items()]
    return np.flatnonzero(np.logical_and.reduce(matches))


def _form_faults(entry: Located) -> Iterator[Fault]:
    """Find what is wrong with an entry before any table is looked at."""
    given = entry.mapping
    if not given:
        yield _fault(entry.line, None, "An entry must give keys and values.", "Correct it.")
        return
    table = given["table"].text if "table" in given else None
    if table not in resource_names():
        message = f"table must be one of {', '.join(resource_names())}; it is {quoted(table)}."
        yield _fault(entry.line, "table", message, "Name the table.", table)
        return
    key = ROW_KEYS.get(str(table))
    required = (*_REQUIRED, key) if key else _REQUIRED
    for name, each in given.items():
        if name not in required:
            message = f"The key {quoted(name)} is unknown. Must be one of {', '.join(required)}."
            yield _fault(each.line, name, message, "Remove it.")
        elif each.text is None:
            yield _fault(each.line, name, f"{name} must be a single text.", "Write one value.")
    for name in required:
        if name not in given:
            yield _fault(entry.line, name, f"The entry lacks {name}.", "Add it.")
        elif not given[name].text and name not in ("expected", "value"):
            yield _fault(given[name].line, name, f"{name} is empty.", "Give it a text.")
    column = given["column"].text if "column" in given else None
    possible = [name for name in columns(str(table)) if name not in _KEYS]
    if column and column not in possible:
        message = f"{quoted(column)} cannot be corrected. Must be one of {', '.join(possible)}."
        action = "Name a column of the table; keys are mended at the source."
        yield _fault(given["column"].line, "column", message, action, column)
    status = given["status"].text if "status" in given else None
    if status and status not in STATUSES:
        message = f"status must be one of {', '.join(STATUSES)}; it is {quoted(status)}."
        yield _fault(given["status"].line, "status", message, "Correct it.", status)
