"""Checking a data release before it is registered or analysed.

`check` collects every fault that it can find; none of them stops the others, except that a file
which cannot be read is not looked into.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nissc1.cohort import baseline_rules, course_rules
from nissc1.cohort.checked_table import CheckedTable, tabulate
from nissc1.cohort.corrections import (
    CORRECTIONS,
    apply_corrections,
    integrity_faults,
    read_corrections,
)
from nissc1.cohort.descriptor import digest
from nissc1.cohort.descriptor_checks import (
    check_descriptor,
    data_cutoff,
    described_schemas,
    read_descriptor,
)
from nissc1.cohort.faults import Fault
from nissc1.cohort.field_checks import schema_faults, type_faults
from nissc1.cohort.file_content import ReadError
from nissc1.cohort.reading import read_table
from nissc1.cohort.rules import coverage_faults, rule_faults
from nissc1.cohort.schema import DESCRIPTOR, resource_names
from nissc1.cohort.table_files import FORMS, file_of
from nissc1.cohort.text_table import TextTable

__all__ = ["Fault", "check", "checked_release", "table_faults"]


def check(folder: Path) -> list[Fault]:
    """Check a folder against the rules of a data release.

    Looked at are, in this order: the descriptor; the files, their digests and encoding; header and
    records; types, allowed values and keys by the schema; what cannot be clinically, such as a
    visit after death. The tables are looked at as ``corrections.yml`` corrects them.

    Parameters
    ----------
    folder : Path
        Folder with the tables and ``datapackage.json``. Nothing in it is changed.

    Returns
    -------
    list of Fault
        Every fault found, by file in the order of the schema (the descriptor first), row, column
        and rule. Empty for a sound release.
    """
    return checked_release(folder)[0]


def checked_release(
    folder: Path,
) -> tuple[list[Fault], dict[str, CheckedTable], dict[str, Any] | None]:
    """Check a release folder and keep what was read.

    Parameters
    ----------
    folder : Path
        As for `check`.

    Returns
    -------
    tuple of (list of Fault, dict of str to CheckedTable, dict or None)
        The faults; the corrected tables that could be read, by resource name; the descriptor.
    """
    if not folder.is_dir():
        message = "It is not a folder." if folder.exists() else "There is no such folder."
        action = f"Name the folder that holds the tables and {DESCRIPTOR}."
        name = folder.name or str(folder)
        return [Fault(name, None, None, None, "folder", message, action)], {}, None
    descriptor, faults = read_descriptor(folder)
    if descriptor is not None:
        faults += check_descriptor(descriptor)
    schemas = described_schemas(descriptor, faults)
    texts: dict[str, TextTable] = {}
    files = {name: file_of(folder, name, _entry(descriptor, name).get("path")) for name in schemas}
    for name, path in files.items():
        file = path.name
        if not path.is_file():
            message = "The file is missing from the folder."
            action = "Export the table; a table without records still has its header."
            faults.append(Fault(file, None, None, None, "file-missing", message, action))
            continue
        faults += _integrity_faults(path, _entry(descriptor, name))
        try:
            texts[name] = read_table(path, schemas[name])
        except ReadError as error:
            where = (file, error.row, error.column, None)
            faults.append(Fault(*where, error.rule, error.message, error.action))
    faults += integrity_faults(folder, descriptor)
    corrections, wrong = read_corrections(folder)
    texts, unmet = apply_corrections(corrections, texts, schemas)
    faults += [*wrong, *unmet]
    tables: dict[str, CheckedTable] = {}
    for name, text in texts.items():
        table, found = tabulate(name, files[name].name, text, schemas[name])
        faults += found
        faults += _count_faults(table, _entry(descriptor, name))
        tables[name] = table
    faults += _stray_files(folder, {path.name for path in files.values()})
    faults += table_faults(tables, data_cutoff(descriptor))
    return sorted(faults, key=_order), tables, descriptor


def table_faults(tables: Mapping[str, CheckedTable], cutoff: dt.date | None) -> list[Fault]:
    """Check tables against their schemas, each other and what can be clinically.

    Parameters
    ----------
    tables : mapping of str to CheckedTable
        Tables that could be read; their ``bad`` cells are extended.
    cutoff : datetime.date or None
        Data cut-off; what needs it is passed over where it is unknown.

    Returns
    -------
    list of Fault
        In no particular order.
    """
    faults = [fault for table in tables.values() for fault in type_faults(table)]
    faults += schema_faults(tables)
    faults += coverage_faults(tables)
    rules = baseline_rules.RULES + course_rules.RULES
    return faults + rule_faults(rules, tables, cutoff)


def _order(fault: Fault) -> tuple[int, str, int, str, str, str]:
    tables = [f"{name}{ending}" for name in resource_names() for ending in FORMS]
    files = [DESCRIPTOR, CORRECTIONS, *tables]
    position = files.index(fault.file) if fault.file in files else len(files)
    where = (position, fault.file, fault.row or 0, fault.column or "")
    return (*where, fault.rule, fault.message)


def _entry(descriptor: Mapping[str, Any] | None, name: str) -> Mapping[str, Any]:
    """Find what the descriptor says of one table; nothing where it is not usable."""
    listed = descriptor.get("resources") if descriptor else None
    for resource in listed if isinstance(listed, list) else []:
        if isinstance(resource, dict) and resource.get("name") == name:
            return resource
    return {}


def _integrity_faults(path: Path, entry: Mapping[str, Any]) -> list[Fault]:
    try:
        size, sha256 = digest(path)
    except OSError:
        return []  # reading the table reports it
    promised = entry.get("bytes"), entry.get("hash")
    if not entry or promised == (size, f"sha256:{sha256}"):
        return []
    action = "Restore the file, or register the folder as another release."
    if None in promised:
        message = f"{DESCRIPTOR} gives no bytes or hash of the file."
        return [Fault(path.name, None, None, None, "hash", message, action)]
    message = (
        f"The file is not the one that was registered: {size} bytes, sha256:{sha256}; "
        f"{DESCRIPTOR} says {promised[0]!s:.20} bytes, {promised[1]!s:.80}."
    )
    return [Fault(path.name, None, None, None, "hash", message, action)]


def _count_faults(table: CheckedTable, entry: Mapping[str, Any]) -> list[Fault]:
    found, promised = len(table.text), entry.get("rows")
    if table.name == "patients" and not found:
        message = "There is no patient in the table."
        return [table.fault(None, None, "rows", message, "Export the table again.")]
    if not isinstance(promised, int) or promised == found:
        return []
    difference = abs(promised - found)
    message = (
        f"The table has {found} records; {DESCRIPTOR} counts {promised}: {difference} "
        f"{'lost' if found < promised else 'too many'}."
    )
    action = "Restore the file, or register the folder as another release."
    return [table.fault(None, None, "rows", message, action)]


def _stray_files(folder: Path, known: set[str]) -> list[Fault]:
    stray = sorted(path.name for path in folder.iterdir() if path.suffix.lower() in FORMS)
    action = "Remove it: nobody reads it, and it may hold what must not be shared."
    return [
        Fault(name, None, None, None, "file-unknown", "The table is not of the release.", action)
        for name in stray
        if name not in known
    ]
