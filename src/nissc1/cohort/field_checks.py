"""Checks of each table against its schema: types, allowed values, keys.

The cells are read and their types tested by `nissc1.cohort.reading`, as the loader does; the
constraints and keys are Frictionless's. Its errors are translated into faults that name the line of
the file and the column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nissc1.cohort.checked_table import CheckedTable
from nissc1.cohort.faults import Fault, quoted
from nissc1.cohort.reading import EXPECTED, is_missing, is_of_type
from nissc1.cohort.schema import allowed_values

_ALL_ERRORS = 10**9
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
    import frictionless  # heavy, and only needed for checks

    resources = []
    known = _known_patients(tables.get("patients"))
    for table in tables.values():
        if not len(table.text) or not len(table.text.columns):
            continue
        schema = dict(table.schema)
        keys = schema.pop("foreignKeys", [])
        if known is not None and keys:
            reference = {"resource": known["name"], "fields": ["patient_id"]}
            schema["foreignKeys"] = [{"fields": ["patient_id"], "reference": reference}]
        data = [list(table.text.columns), *_cells_without_fault(table)]
        resources.append({"name": table.name, "data": data, "schema": schema})
    if not resources:
        return []
    package = {"name": "release", "resources": [*resources, *([known] if known else [])]}
    report = frictionless.validate(package, limit_errors=_ALL_ERRORS)
    faults = [
        Fault("datapackage.json", None, None, None, "schema", f"{error.message}.", "Correct it.")
        for error in report.errors
    ]
    for task in report.tasks:
        for error in task.errors:
            if task.name in tables:
                faults += _translated(tables[task.name], error)
    return faults


def _cells_without_fault(table: CheckedTable) -> list[list[str]]:
    return [
        ["" if (line, name) in table.bad else cell for name, cell in row.items()]
        for line, row in table.text.to_dict("index").items()
    ]


def _known_patients(patients: CheckedTable | None) -> dict[str, Any] | None:
    """Make the table that references are looked up in: much smaller than patients itself."""
    if patients is None or not len(patients.text) or "patient_id" not in patients.text:
        return None
    return {
        "name": "known-patients",
        "data": [["patient_id"], *([cell] for cell in patients.text["patient_id"])],
        "schema": {"fields": [{"name": "patient_id", "type": "string"}]},
    }


def _translated(table: CheckedTable, error: Any) -> Iterator[Fault]:
    position = getattr(error, "row_number", None)
    if position is None:
        yield table.fault(None, None, "schema", f"{error.note}.", "Correct the file.")
        return
    lines = table.text.index
    line = int(lines[position - 2])
    if error.type in ("unique-error", "primary-key"):
        yield from _repeated(table, error, line)
    elif error.type == "foreign-key":
        if (line, "patient_id") not in table.bad:
            message = f"Patient {quoted(error.field_cells[0])} has no row in patients.csv."
            action = "Restore the patient there, or remove this row if the patient left the study."
            yield table.fault(line, "patient_id", "unknown-patient", message, action)
            table.bad.add((line, "patient_id"))
    elif (name := getattr(error, "field_name", None)) and (line, name) not in table.bad:
        described = next(entry for entry in table.schema["fields"] if entry["name"] == name)
        yield _constraint(table, line, described, error.note)
        table.bad.add((line, name))


def _repeated(table: CheckedTable, error: Any, line: int) -> Iterator[Fault]:
    key = [error.field_name] if error.type == "unique-error" else table.schema["primaryKey"]
    earlier = re.search(r"\d+$", error.note)
    if earlier is None or any((line, name) in table.bad for name in key):
        return
    if error.type == "primary-key" and len(key) == 1:
        return  # its only column is also declared unique, which names the column
    first = int(table.text.index[int(earlier.group()) - 2])
    found = " and ".join(f"{name} {quoted(table.cell(line, name))}" for name in key)
    message = f"{found} stands in row {first} and again in row {line}."
    action = "Keep the right one of the two rows, or correct the identity of one."
    yield table.fault(line, key[-1], "duplicate", message, action)


def _constraint(table: CheckedTable, line: int, described: Mapping[str, Any], note: str) -> Fault:
    name = described["name"]
    cell = table.cell(line, name)
    limits = described.get("constraints", {})
    unit = f" {described['unit']}" if "unit" in described else ""
    if '"required"' in note:
        message = f"{name} is empty; it must be given for every record."
        return table.fault(line, name, "required", message, "Fill the cell at its source.")
    if '"enum"' in note:
        message = f"{quoted(cell)} is not allowed. Must be one of {allowed_values(described)}."
        return table.fault(line, name, "enum", message, _CORRECT)
    if '"pattern"' in note:
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
