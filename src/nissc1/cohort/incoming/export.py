"""An incoming export: a folder without ``datapackage.json``, read as the tables of a release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from nissc1.cohort.checked_table import CheckedTable
from nissc1.cohort.checks import table_faults
from nissc1.cohort.corrections import CORRECTIONS, apply_corrections, read_corrections
from nissc1.cohort.faults import Fault
from nissc1.cohort.incoming.claims import unclaimed_rows, unknown_columns
from nissc1.cohort.incoming.conversion import Converted, convert
from nissc1.cohort.incoming.identity import IDENTITY, Identity, read_identity
from nissc1.cohort.incoming.mapping import ExportMapping
from nissc1.cohort.incoming.mapping_file import MAPPING, read_mapping
from nissc1.cohort.incoming.raw_table import note
from nissc1.cohort.incoming.sources import Sources, read_sources
from nissc1.cohort.reading import is_of_type
from nissc1.cohort.schema import columns, resource_names, template


@dataclass
class Export:
    """An export that was read and checked.

    Parameters
    ----------
    converted : dict of str to Converted
        Tables as the release writes them, not corrected, and where their cells come from.
    corrected : dict of str to CheckedTable
        The same with the confirmed corrections; each bears the name of its file in the release.
    identity : Identity
        What ``release.yml`` and the options say.
    faults : list of Fault
        Errors and notes, by file and row.
    files : list of Path
        Files that were read, the mapping and ``release.yml`` included.
    """

    converted: dict[str, Converted] = field(default_factory=dict)
    corrected: dict[str, CheckedTable] = field(default_factory=dict)
    identity: Identity = field(default_factory=Identity)
    faults: list[Fault] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    @property
    def tables(self) -> dict[str, CheckedTable]:
        """The tables as the release writes them, not corrected."""
        return {name: each.table for name, each in self.converted.items()}

    def located(self, fault: Fault) -> Fault:
        """Move a fault of a table of the release to the file of the export.

        Parameters
        ----------
        fault : Fault
            With the name of a file of the release, such as ``patients.csv``.

        Returns
        -------
        Fault
            With file, column and value as they are in the export.
        """
        owner = self.converted.get(fault.file.removesuffix(".csv"))
        return owner.located(fault) if owner else fault


def read_export(
    folder: Path,
    mapping: Path | None = None,
    options: Mapping[str, str | None] | None = None,
    *,
    registering: bool = False,
) -> Export:
    """Read and check an export.

    Parameters
    ----------
    folder : Path
        Folder with CSV files or workbooks, and perhaps ``release.yml``, ``mapping.yml`` and
        ``corrections.yml``. Nothing in it is changed.
    mapping : Path, optional
        Mapping file; ``mapping.yml`` of the folder where it is there.
    options : mapping of str to str or None, optional
        As for `nissc1.cohort.incoming.identity.read_identity`.
    registering : bool
        Whether the identity must be complete.

    Returns
    -------
    Export
        With every fault that could be found.
    """
    export = Export()
    export.identity, faults = read_identity(folder, options or {}, registering=registering)
    declared, found = _mapping(folder, mapping)
    faults += found
    sources = read_sources(folder, declared)
    faults += sources.faults
    export.files = [*sources.files, *_beside(folder, mapping)]
    converted = _converted(sources, declared, faults)
    export.converted = converted
    export.corrected, found = _corrected(folder, export.tables)
    faults += found
    for fault in table_faults(export.corrected, export.identity.data_cutoff):
        faults.append(export.located(fault))
    files = [IDENTITY, MAPPING, CORRECTIONS, *(each.table.file for each in converted.values())]
    order = list(dict.fromkeys([*files, *(fault.file for fault in faults)]))
    export.faults = sorted(
        faults,
        key=lambda fault: (order.index(fault.file), fault.row or 0, fault.column or "", fault.rule),
    )
    return export


def _mapping(folder: Path, given: Path | None) -> tuple[ExportMapping, list[Fault]]:
    path = given or folder / MAPPING
    if given is None and not path.exists():
        return ExportMapping(), []
    declared, faults = read_mapping(path)
    if given is None:
        faults.append(note(path.name, "mapping", "The export is read by its own mapping.yml."))
    return declared, faults


def _beside(folder: Path, mapping: Path | None) -> list[Path]:
    beside = [folder / IDENTITY, mapping or folder / MAPPING]
    return [path for path in beside if path.is_file()]


def _converted(
    sources: Sources, declared: ExportMapping, faults: list[Fault]
) -> dict[str, Converted]:
    """Convert the tables, transplants first: day 0 is taken from there."""
    schemas = {resource["name"]: resource["schema"] for resource in template()["resources"]}
    mappings = {
        name: replace(
            mapping,
            columns={
                column: mapping.column(column)
                for column in columns(name)
                if column not in mapping.absent
            },
        )
        for name, mapping in sources.mappings.items()
    }
    for place in dict.fromkeys(sources.tables.values()):
        readers = {name: mappings[name] for name, at in sources.tables.items() if at == place}
        faults += sources.raw[place].faults
        faults += unknown_columns(sources.raw[place], readers)
        faults += unclaimed_rows(sources.raw[place], readers)
    converted: dict[str, Converted] = {}
    day_0: dict[str, dt.date] = {}
    for name in sorted(sources.tables, key=lambda name: name != "transplants"):
        raw = sources.raw[sources.tables[name]]
        mapping = sources.mappings[name]
        converted[name] = convert(raw, name, schemas[name], mapping, declared.missing, day_0)
        faults += [each for each in converted[name].faults if each not in faults]
        if name == "transplants":
            day_0 |= _day_0(converted[name].table)
    return {name: converted[name] for name in resource_names() if name in converted}


def _day_0(table: CheckedTable) -> dict[str, dt.date]:
    """Take the transplant dates that are dates; the others are faults of their own."""
    if not {"patient_id", "transplant_date"} <= set(table.text.columns):
        return {}
    pairs = zip(table.text["patient_id"], table.text["transplant_date"], strict=True)
    return {
        patient: dt.date.fromisoformat(date)
        for patient, date in pairs
        if is_of_type(date, {"type": "date"})
    }


def _corrected(
    folder: Path, tables: Mapping[str, CheckedTable]
) -> tuple[dict[str, CheckedTable], list[Fault]]:
    corrections, faults = read_corrections(folder)
    texts = {name: table.as_text() for name, table in tables.items()}
    schemas = {resource["name"]: resource["schema"] for resource in template()["resources"]}
    texts, unmet = apply_corrections(corrections, texts, schemas)
    result = {}
    for name, table in tables.items():
        cells = {column: texts[name].column(str(column)).cells() for column in table.text.columns}
        text = pd.DataFrame(cells, index=table.text.index, dtype=object)
        result[name] = replace(table, file=f"{name}.csv", text=text, bad=set(table.bad))
    if corrections:
        confirmed = sum(each.status == "confirmed" for each in corrections)
        message = f"{len(corrections)} corrections, of which {confirmed} are confirmed and applied."
        faults.append(note(CORRECTIONS, "corrections", message))
    return result, [*faults, *unmet]
