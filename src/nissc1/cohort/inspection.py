"""One look at a folder, be it a release or an export, alone or against the release before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nissc1.cohort.acceptance import accept
from nissc1.cohort.checked_table import CheckedTable
from nissc1.cohort.checks import checked_release
from nissc1.cohort.comparison import compare
from nissc1.cohort.descriptor_checks import data_cutoff
from nissc1.cohort.faults import Fault
from nissc1.cohort.incoming.export import read_export
from nissc1.cohort.incoming.identity import Identity, described_identity
from nissc1.cohort.release import load_release
from nissc1.cohort.schema import DESCRIPTOR, resource_names


class InspectionError(ValueError):
    """A folder cannot be looked at in this way."""


@dataclass(frozen=True)
class Inspection:
    """What a look at a folder brought.

    Parameters
    ----------
    faults : list of Fault
        Errors, warnings (those accepted marked) and notes.
    tables : dict of str to CheckedTable
        Tables as a release writes them, not corrected.
    identity : Identity
        What the folder says of itself as a whole.
    files : list of Path
        Files of an export that were read; none for a release.
    against : str or None
        Release that it was compared with.
    """

    faults: list[Fault]
    tables: dict[str, CheckedTable] = field(default_factory=dict)
    identity: Identity = field(default_factory=Identity)
    files: list[Path] = field(default_factory=list)
    against: str | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing keeps it from being registered."""
        return not any(fault.stops for fault in self.faults)


def inspect(
    folder: Path,
    *,
    against: str | None = None,
    data: Path | None = None,
    mapping: Path | None = None,
    options: Mapping[str, str | None] | None = None,
    accepted: Mapping[str, str] | None = None,
    registering: bool = False,
) -> Inspection:
    """Check a folder.

    A folder with ``datapackage.json`` is a release, any other one an export.

    Parameters
    ----------
    folder : Path
        What to check. Nothing in it is changed.
    against : str, optional
        Release to compare with.
    data : Path, optional
        Folder of the releases, as for `nissc1.cohort.release.load_release`.
    mapping : Path, optional
        Mapping file of an export.
    options : mapping of str to str or None, optional
        As for `nissc1.cohort.incoming.identity.read_identity`.
    accepted : mapping of str to str, optional
        Reason by rule for the warnings that are accepted.
    registering : bool
        Whether the identity of an export must be complete.

    Returns
    -------
    Inspection
        With every fault that could be found.

    Raises
    ------
    InspectionError
        When a mapping or an option is given for a release, which needs neither.
    ReleaseError
        When the release to compare with cannot be loaded.
    """
    previous = load_release(against, data) if against is not None else None
    if not folder.is_dir() or (folder / DESCRIPTOR).exists():
        given = [name for name, value in (options or {}).items() if value is not None]
        if folder.is_dir() and (mapping is not None or given):
            raise InspectionError(
                f"{folder.name} has a {DESCRIPTOR}, which says all of itself: leave out "
                f"{'--mapping' if mapping is not None else given[0]}, or remove that file if the "
                "folder is an export."
            )
        faults, corrected, descriptor = checked_release(folder)
        if previous is not None and corrected:
            faults += compare(previous, corrected, data_cutoff(descriptor))
        found = described_identity(descriptor or {})
        return Inspection(accept(faults, accepted or {}), corrected, found, [], against)
    export = read_export(folder, mapping, options, registering=registering)
    faults = export.faults
    if previous is not None:
        cutoff: dt.date | None = export.identity.data_cutoff
        compared = compare(previous, export.corrected, cutoff)
        faults = faults + [export.located(fault) for fault in compared]
    tables = {name: export.tables[name] for name in resource_names() if name in export.tables}
    marked = accept(faults, accepted or {})
    return Inspection(marked, tables, export.identity, export.files, against)


def unmet(faults: Sequence[Fault], accepted: Mapping[str, str]) -> list[str]:
    """List the rules that were accepted without having been found.

    Parameters
    ----------
    faults : sequence of Fault
        What was found.
    accepted : mapping of str to str
        Reason by rule.

    Returns
    -------
    list of str
        Names of the rules.
    """
    met = {fault.rule for fault in faults}
    return [rule for rule in accepted if rule not in met]
