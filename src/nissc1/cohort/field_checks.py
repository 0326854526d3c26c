"""Checks of each table against its schema: types, allowed values, keys.

The cells are read and their types tested by `nissc1.cohort.reading`, as the loader does. Each
distinct text of a column is tested once, so that a registry takes little longer than a study.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nissc1.cohort.admissible import broken_constraint
from nissc1.cohort.checked_table import CheckedTable
from nissc1.cohort.faults import Fault, quoted
from nissc1.cohort.reading import EXPECTED, is_missing, is_of_type
from nissc1.cohort.schema import allowed_values

_CORRECT = "Correct the cell at its source and export again."


def type_faults(table: CheckedTable) -> list[Fault]:
    """Find the cells that are not written as their type asks.

    Parameters
    ----------
    table : CheckedTable
        Table; its ``bad`` cells are extended.

    Returns
    -------
    list of Fault
        One a cell.
    """
    missing = table.schema.get("missingValues", [""])
    faults = []
    for described in table.schema["fields"]:
        name, kind = described["name"], described["type"]
        cells = table.text[name]
        wrong = [
            cell
            for cell in cells.unique()
            if not (is_missing(cell, missing) or is_of_type(cell, described))
        ]
        for line, cell in cells[cells.isin(wrong)].items():
            if (line, name) in table.bad:
                continue
            message = f"{quoted(cell)} is not {EXPECTED[kind]}."
            faults.append(table.fault(line, name, "type", message, _CORRECT))
            table.bad.add((line, name))
    return faults


def schema_faults(tables: Mapping[str, CheckedTable]) -> list[Fault]:
    """Find what breaks the constraints and keys of the schemas.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        Tables by resource name; their ``bad`` cells are extended. A table that could not be read is
        left out, and references to it are not tested.

    Returns
    -------
    list of Fault
        One a cell, or one a record where a key is repeated.
    """
    faults = [fault for table in tables.values() for fault in _constraint_faults(table)]
    patients = _known_patients(tables.get("patients"))
    for table in tables.values():
        faults += _repeated(table)
        if patients is not None and "foreignKeys" in table.schema:
            faults += _unknown_patients(table, patients)
    return faults


def _constraint_faults(table: CheckedTable) -> Iterator[Fault]:
    missing = table.schema.get("missingValues", [""])
    for described in table.schema["fields"]:
        name, cells = described["name"], table.text[described["name"]]
        cells = cells[table.sound(name)]
        required = described.get("constraints", {}).get("required", False)
        broken: dict[str, str] = {}
        for cell in cells.unique():
            if is_missing(cell, missing):
                rule = "required" if required else None
            else:
                rule = broken_constraint(cell, described)
            if rule is not None:
                broken[cell] = rule
        for line, cell in cells[cells.isin(broken)].items():
            yield _constraint(table, int(str(line)), described, broken[cell])
            table.bad.add((int(str(line)), name))


def _known_patients(patients: CheckedTable | None) -> set[str] | None:
    if patients is None or "patient_id" not in patients.text or not len(patients.text):
        return None
    return set(patients.text["patient_id"])


def _unknown_patients(table: CheckedTable, known: set[str]) -> Iterator[Fault]:
    cells = table.text["patient_id"][table.sound("patient_id")]
    for line, patient in cells[~cells.isin(known)].items():
        message = f"Patient {quoted(patient)} has no row in patients."
        action = "Restore the patient there, or remove this row if the patient left the study."
        yield table.fault(int(str(line)), "patient_id", "unknown-patient", message, action)
        table.bad.add((int(str(line)), "patient_id"))


def _repeated(table: CheckedTable) -> Iterator[Fault]:
    """Find the rows whose key stands in an earlier row."""
    fields = table.schema["fields"]
    keys = [[each["name"]] for each in fields if each.get("constraints", {}).get("unique")]
    primary = table.schema.get("primaryKey", [])
    for key in [*keys, *([primary] if primary and primary not in keys else [])]:
        typed = table.typed(key).dropna()
        first = typed.drop_duplicates().reset_index(names="first")
        later = typed[typed.duplicated()].reset_index(names="again").merge(first, on=key)
        for line, earlier in zip(later["again"], later["first"], strict=True):
            found = " and ".join(f"{name} {quoted(table.cell(line, name))}" for name in key)
            message = f"{found} stands in row {earlier} and again in row {line}."
            action = "Keep the right one of the two rows, or correct the identity of one."
            yield table.fault(line, key[-1], "duplicate", message, action)


def _constraint(table: CheckedTable, line: int, described: Mapping[str, Any], broken: str) -> Fault:
    name = described["name"]
    cell = table.cell(line, name)
    limits = described.get("constraints", {})
    unit = f" {described['unit']}" if "unit" in described else ""
    if broken == "required":
        message = f"{name} is empty; it must be given for every record."
        return table.fault(line, name, "required", message, "Fill the cell at its source.")
    if broken == "enum":
        message = f"{quoted(cell)} is not allowed. Must be one of {allowed_values(described)}."
        return table.fault(line, name, "enum", message, _CORRECT)
    if broken == "pattern":
        message = f"{quoted(cell)} does not have the form {limits['pattern']}."
        return table.fault(line, name, "pattern", message, _CORRECT)
    before_day_0 = described.get("unit") == "day" and limits.get("minimum") == 0
    if before_day_0 and cell.startswith("-"):
        message = (
            f"{name} is {quoted(cell)}: before day 0, the day of transplantation, which cannot be. "
            f"Must be {allowed_values(described)}."
        )
        return table.fault(line, name, "before-transplantation", message, _CORRECT)
    message = f"{quoted(cell)} is out of range. Must be {allowed_values(described)}{unit}."
    return table.fault(line, name, "range", message, _CORRECT)
