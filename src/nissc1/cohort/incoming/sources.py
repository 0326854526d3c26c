"""Which file or sheet of an export holds which table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nissc1.cohort.corrections import CORRECTIONS
from nissc1.cohort.faults import Fault, quoted
from nissc1.cohort.file_content import ReadError
from nissc1.cohort.incoming.delimited import read_delimited
from nissc1.cohort.incoming.identity import IDENTITY
from nissc1.cohort.incoming.mapping import ExportMapping, TableMapping
from nissc1.cohort.incoming.mapping_file import MAPPING
from nissc1.cohort.incoming.raw_table import RawTable, note
from nissc1.cohort.incoming.workbook import read_workbook
from nissc1.cohort.parquet import PARQUET, read_parquet
from nissc1.cohort.schema import resource_names

DELIMITED, WORKBOOK = ".csv", ".xlsx"
_UNREADABLE = (".tsv", ".txt", ".xls", ".xlsm", ".xlsb", ".ods", ".sav", ".dta", ".sas7bdat")
_APART = (IDENTITY, CORRECTIONS, MAPPING)


@dataclass
class Sources:
    """The tables of an export as they came.

    Parameters
    ----------
    raw : dict of str to RawTable
        By name of the file and sheet.
    tables : dict of str to str
        Which of them holds each table of the release.
    mappings : dict of str to TableMapping
        How each table is read, the default one where nothing is declared.
    faults : list of Fault
        Files that are missing, cannot be read or belong to nothing.
    files : list of Path
        Files that were read.
    contested : set of tuple of (str, str)
        Files and sheets of which several could be one table.
    """

    raw: dict[tuple[str, str], RawTable] = field(default_factory=dict)
    tables: dict[str, tuple[str, str]] = field(default_factory=dict)
    mappings: dict[str, TableMapping] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    contested: set[tuple[str, str]] = field(default_factory=set)


def read_sources(folder: Path, mapping: ExportMapping) -> Sources:
    """Read the files of an export and say which of them is which table.

    Parameters
    ----------
    folder : Path
        Folder of the export.
    mapping : ExportMapping
        What is declared; a table of which nothing is said is looked for by its name, as a CSV or
        Parquet file, a workbook of one sheet, or a sheet.

    Returns
    -------
    Sources
        What was found, and what was not.
    """
    sources = Sources()
    unread = set()
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.name in _APART:
            continue
        kind = path.suffix.lower()
        if path.is_dir() or kind not in (DELIMITED, WORKBOOK, PARQUET, *_UNREADABLE):
            sources.faults.append(note(path.name, "not-read", "Not a table: it is not looked at."))
        elif kind in _UNREADABLE:
            message = f"Files of the kind {kind} are not read."
            action = "Save it as .csv in UTF-8, .xlsx or .parquet, or remove it."
            sources.faults.append(_whole(path.name, "file-unknown", message, action))
        elif not _read(path, mapping, sources):
            unread.add(path.name)
    for name in resource_names():
        declared = mapping.tables.get(name)
        place = _place(name, declared, sources, unread)
        if place is not None:
            sources.tables[name] = place
            sources.mappings[name] = declared or TableMapping(place[0])
    _complain_of_unused(sources)
    return sources


def _read(path: Path, mapping: ExportMapping, sources: Sources) -> bool:
    try:
        if path.suffix.lower() == WORKBOOK:
            sheets = read_workbook(path, mapping.decimals)
        elif path.suffix.lower() == PARQUET:
            sheets = {"": _read_parquet(path)}
        else:
            given = (mapping.encoding, mapping.delimiter, mapping.decimals)
            sheets = {"": read_delimited(path, *given)}
    except ReadError as error:
        place = (path.name, error.row, None, None)
        sources.faults.append(Fault(*place, error.rule, error.message, error.action))
        return False
    sources.files.append(path)
    sources.raw.update({(path.name, sheet): table for sheet, table in sheets.items()})
    return True


def _read_parquet(path: Path) -> RawTable:
    """Read a Parquet file as text, truth values as a workbook has them."""
    table = read_parquet(path, {"fields": []})
    rows = [list(record) for record in table.records()]
    return RawTable(path.name, table.header, rows, table.lines.tolist(), workbook=True)


def _place(
    name: str, declared: TableMapping | None, sources: Sources, unread: set[str]
) -> tuple[str, str] | None:
    sheets: Mapping[str, list[str]] = {
        file: [sheet for each, sheet in sources.raw if each == file] for file, _ in sources.raw
    }
    if declared is not None:
        if declared.file in unread:
            return None
        found = sheets.get(declared.file)
        if found is None:
            message = f"The file, which mapping.yml names for {name}, is not in the folder."
            action = f"Add it. Files that could be read: {', '.join(sheets) or 'none'}."
            sources.faults.append(_whole(declared.file, "file-missing", message, action))
            return None
        if declared.sheet is None and len(found) == 1:
            return declared.file, found[0]
        if declared.sheet in found and declared.sheet is not None:
            return declared.file, declared.sheet
        listed = ", ".join(quoted(sheet) for sheet in found if sheet) or "none"
        message = f"mapping.yml must name the sheet of {name}; it says {quoted(declared.sheet)}."
        action = f"Sheets that hold anything: {listed}."
        sources.faults.append(_whole(declared.file, "sheet", message, action))
        return None
    places = [
        (file, sheet)
        for file, found in sheets.items()
        for sheet in found
        if sheet == name or (file.rpartition(".")[0] == name and len(found) == 1)
    ]
    if len(places) == 1:
        return places[0]
    if places:
        listed = ", ".join(sources.raw[place].file for place in places)
        message = f"The table {name} is found more than once: {listed}."
        action = "Keep one of them, or say which in mapping.yml."
        sources.faults.append(_whole(places[0][0], "file-ambiguous", message, action))
        sources.contested |= set(places)
    elif not any(file.rpartition(".")[0] == name for file in unread):
        message = f"No file or sheet holds the table {name}."
        action = f"Add {name}.csv or a sheet {name}, or say in mapping.yml where it is."
        sources.faults.append(_whole(f"{name}.csv", "file-missing", message, action))
    return None


def _complain_of_unused(sources: Sources) -> None:
    used = set(sources.tables.values()) | sources.contested
    named = {fault.file for fault in sources.faults if fault.rule == "sheet"}
    for place, table in sources.raw.items():
        if place not in used and place[0] not in named:
            what = f"sheet {place[1]}" if place[1] else "file"
            message = f"The {what} is none of the tables {', '.join(resource_names())}."
            action = "Remove it, or say in mapping.yml which table it is."
            sources.faults.append(_whole(table.file, "file-unknown", message, action))


def _whole(file: str, rule: str, message: str, action: str) -> Fault:
    return Fault(file, None, None, None, rule, message, action)
