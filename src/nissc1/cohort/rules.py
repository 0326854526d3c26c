"""How a clinical rule is written down and applied to a release.

A rule looks at one table, to which the patient's day 0, last contact and vital status have been
added, and marks the rows that cannot be. It passes over rows in which a cell that it needs is
already at fault, and over tables that lack one of its columns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nissc1.cohort.checked_table import CheckedTable
from nissc1.cohort.faults import Fault, quoted

_OF_THE_PATIENT = {
    "transplants": ("transplant_date",),
    "outcomes": ("last_contact_day", "vital_status"),
}
DAYS_TO_CUTOFF = "days_to_cutoff"
"""Days from day 0 to the data cut-off; added where both are known."""


@dataclass(frozen=True)
class Rule:
    """A statement about rows that cannot be.

    Parameters
    ----------
    slug : str
        Short name, in which several rules may share.
    table : str
        Resource that it looks at.
    column : str
        Column that is named as at fault.
    needs : tuple of str
        Further columns that it reads, those of the patient included.
    wrong : callable
        From the typed table to a boolean column: true where the row cannot be; NA counts as false.
    message : str
        What is wrong, with ``{column}`` for values of the row.
    action : str
        What to do.
    """

    slug: str
    table: str
    column: str
    needs: tuple[str, ...]
    wrong: Callable[[pd.DataFrame], pd.Series[Any]]
    message: str
    action: str


def rule_faults(
    rules: tuple[Rule, ...], tables: Mapping[str, CheckedTable], cutoff: dt.date | None
) -> list[Fault]:
    """Apply rules to the tables of a release.

    Parameters
    ----------
    rules : tuple of Rule
        What to apply.
    tables : mapping of str to CheckedTable
        Tables that could be read.
    cutoff : datetime.date or None
        Data cut-off of the release; rules that need it are passed over where it is unknown.

    Returns
    -------
    list of Fault
        In the order of the rules, then of the rows.
    """
    frames = _frames_with_patient_columns(tables, cutoff)
    faults: list[Fault] = []
    for rule in rules:
        frame = frames.get(rule.table)
        columns = (rule.column, *rule.needs)
        if frame is None or not {"patient_id", *columns} <= set(frame.columns):
            continue
        table = tables[rule.table]
        for line in frame.index[rule.wrong(frame).fillna(False).astype(bool)]:
            if not any((line, column) in table.bad for column in columns):
                faults.append(_fault(rule, table, frame.loc[line], int(line)))
    return faults


def coverage_faults(tables: Mapping[str, CheckedTable]) -> Iterator[Fault]:
    """Find the patients who lack a row that each patient must have.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        Tables that could be read.

    Yields
    ------
    Fault
        On the patient's row in ``patients.csv``.
    """
    patients = tables.get("patients")
    if patients is None or "patient_id" not in patients.text:
        return
    identities = patients.typed()["patient_id"].dropna().drop_duplicates()
    for name, slug, what in (
        ("transplants", "transplant-missing", "transplant"),
        ("outcomes", "outcome-missing", "outcome"),
        ("visits", "baseline-visit-missing", "baseline visit (month 0)"),
    ):
        table = tables.get(name)
        if table is None or "patient_id" not in table.text:
            continue
        present = table.text["patient_id"]
        if name == "visits":
            if "month" not in table.text:
                continue
            at_fault = {line for line, column in table.bad if column == "month"}
            present = present[(table.text["month"] == "0") | table.text.index.isin(at_fault)]
        for line, patient in identities[~identities.isin(present)].items():
            message = f"Patient {quoted(patient)} has no {what} in {table.file}."
            action = "Export it, or remove the patient from every table if it left the study."
            yield patients.fault(int(str(line)), "patient_id", slug, message, action)


def _frames_with_patient_columns(
    tables: Mapping[str, CheckedTable], cutoff: dt.date | None
) -> dict[str, pd.DataFrame]:
    frames = {name: table.typed() for name, table in tables.items()}
    known: dict[str, pd.Series[Any]] = {}
    for name, columns in _OF_THE_PATIENT.items():
        frame = frames.get(name)
        if frame is None or "patient_id" not in frame:
            continue
        single = frame.dropna(subset="patient_id").drop_duplicates("patient_id")
        for column in columns:
            if column in single:
                known[column] = single.set_index("patient_id")[column]
    for name, frame in frames.items():
        if "patient_id" not in frame:
            continue
        for column, values in known.items():
            if column not in frame:
                mapped = values.reindex(frame["patient_id"].array)
                frames[name][column] = mapped.set_axis(frame.index)
        if cutoff is not None and "transplant_date" in frame:
            remaining = (pd.Timestamp(cutoff) - frame["transplant_date"]).dt.days
            frames[name][DAYS_TO_CUTOFF] = remaining.astype("Int64")
    return frames


def _fault(rule: Rule, table: CheckedTable, row: pd.Series[Any], line: int) -> Fault:
    values = {}
    for name, value in row.items():
        if isinstance(value, pd.Timestamp):
            values[str(name)] = value.date().isoformat()
        else:
            values[str(name)] = quoted(value) if isinstance(value, str) else str(value)
    message = f"Patient {values['patient_id']}: {rule.message.format_map(values)}"
    return table.fault(line, rule.column, rule.slug, message, rule.action)
