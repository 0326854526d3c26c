"""Registering an export as a data release: whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nissc1.cohort.acceptance import kept
from nissc1.cohort.checks import check
from nissc1.cohort.corrections import CORRECTIONS
from nissc1.cohort.csv_text import read_csv
from nissc1.cohort.descriptor import build_descriptor, digest, write_descriptor
from nissc1.cohort.descriptor_checks import SIMULATED_AFTER
from nissc1.cohort.faults import Fault
from nissc1.cohort.frozen_files import ReleaseError
from nissc1.cohort.inspection import Inspection, inspect
from nissc1.cohort.location import present_releases, releases_root
from nissc1.cohort.parquet import PARQUET
from nissc1.cohort.release import load_release
from nissc1.cohort.schema import DESCRIPTOR, RELEASE_ID, resource_names
from nissc1.cohort.table_files import file_of


class RegistrationError(ReleaseError):
    """An export cannot be registered.

    Parameters
    ----------
    message : str
        Why not, and what to do.
    faults : sequence of Fault, optional
        What was found in the export.
    """

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class ReleaseNameError(ValueError):
    """The identity of a release is not a year and a month."""


@dataclass(frozen=True)
class Registered:
    """A release that was registered.

    Parameters
    ----------
    folder : Path
        Where it is.
    faults : tuple of Fault
        Notes and accepted warnings.
    against : str or None
        Release that it was compared with.
    """

    folder: Path
    faults: tuple[Fault, ...]
    against: str | None


def add(
    folder: Path,
    release: str,
    *,
    data: Path | None = None,
    against: str | None = None,
    mapping: Path | None = None,
    options: Mapping[str, str | None] | None = None,
    accepted: Mapping[str, str] | None = None,
    notes: str = "",
) -> Registered:
    """Check an export and register it as a release.

    Parameters
    ----------
    folder : Path
        Export, or the folder of a release that is registered under another name. Nothing in it is
        changed.
    release : str
        New identity, ``YYYY.MM``, later than every release that is present.
    data : Path, optional
        Folder of the releases, as for `nissc1.cohort.release.load_release`.
    against : str, optional
        Release to compare with; by default the latest that is present, if any.
    mapping : Path, optional
        As for `nissc1.cohort.inspection.inspect`.
    options, accepted : mapping, optional
        As for `nissc1.cohort.inspection.inspect`.
    notes : str
        What the release should say of itself.

    Returns
    -------
    Registered
        Where the release is now.

    Raises
    ------
    ReleaseNameError
        When the identity is not ``YYYY.MM``.
    RegistrationError
        When the identity is taken or not the latest, or something stops the data. The folder of the
        releases is then as it was.
    """
    if not RELEASE_ID.fullmatch(release):
        raise ReleaseNameError(
            f"A release is named by year and month, YYYY.MM such as 2026.02; found {release!r}."
        )
    root = releases_root(data)
    present = present_releases(root)
    target = root / release
    if target.exists() or target.is_symlink():
        raise RegistrationError(
            f"Release {release} is registered already, and a release is never overwritten. Choose "
            "a later month."
        )
    if present and release < present[-1]:
        raise RegistrationError(
            f"Release {release} is not later than {present[-1]}, the latest present. Choose a "
            "later month."
        )
    if against is None and present:
        against = present[-1]
    found = inspect(
        folder,
        against=against,
        data=root,
        mapping=mapping,
        options=options,
        accepted=accepted,
        registering=True,
    )
    stopping = [fault for fault in found.faults if fault.stops]
    if stopping:
        raise RegistrationError(
            f"{folder.name} is not registered: {len(stopping)} "
            f"fault{'s' * (len(stopping) > 1)} to mend or accept. Nothing was changed.",
            found.faults,
        )
    with _prepared(root, release) as prepared:
        _write(folder, prepared, release, found, notes)
        _verify(prepared, release)
        _publish(prepared, target)
    return Registered(target, tuple(found.faults), against)


@contextmanager
def _prepared(root: Path, release: str) -> Iterator[Path]:
    """Give a folder beside the releases that is gone afterwards, whatever happens."""
    missing = [each for each in (root, *root.parents) if not each.exists()]
    root.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".adding-{release}-", dir=root))
    try:
        prepared = beside / release
        prepared.mkdir()
        yield prepared
    finally:
        shutil.rmtree(beside)
        if not (root / release).exists():
            for each in missing:
                each.rmdir()


def _write(folder: Path, prepared: Path, release: str, found: Inspection, notes: str) -> None:
    for name in resource_names():
        _write_table(folder, prepared, name, found)
    identity = found.identity
    further: dict[str, Any] = dict(identity.further)
    simulated_after = further.pop(SIMULATED_AFTER, None)
    notice = further.pop("synthetic_notice", None)
    descriptor = build_descriptor(
        release_id=release,
        data_cutoff=identity.data_cutoff or dt.date.min,
        synthetic=bool(identity.synthetic),
        disclosure=identity.disclosure or "",
        title=identity.title or "",
        folder=prepared,
        **further,
    )
    about: dict[str, Any] = {
        SIMULATED_AFTER: simulated_after,
        "synthetic_notice": notice,
        "notes": notes.strip(),
        "compared_with": found.against,
        "accepted": kept(found.faults),
        "source_files": _source_files(folder, found),
    }
    if (folder / CORRECTIONS).is_file():
        shutil.copyfile(folder / CORRECTIONS, prepared / CORRECTIONS)
        about["corrections"] = _described(prepared / CORRECTIONS)
    resources = descriptor.pop("resources")
    descriptor |= {name: value for name, value in about.items() if value}
    write_descriptor({**descriptor, "resources": resources}, prepared)


def _write_table(folder: Path, prepared: Path, name: str, found: Inspection) -> None:
    """Write a table without corrections, as CSV unless it comes from a release in Parquet."""
    if found.files:
        table = found.tables[name].as_text()
    else:  # the folder of a release, whose files are canonical but for the line ends of CSV
        path = file_of(folder, name)
        if path.suffix == PARQUET:
            shutil.copyfile(path, prepared / path.name)
            return
        table = read_csv(path)
    with (prepared / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(table.header)
        writer.writerows(table.records())


def _source_files(folder: Path, found: Inspection) -> list[dict[str, str | int]]:
    if not found.files:
        return [_described(folder / DESCRIPTOR)]
    return [_described(path) for path in found.files]


def _described(path: Path) -> dict[str, str | int]:
    size, sha256 = digest(path)
    return {"path": path.name, "bytes": size, "hash": f"sha256:{sha256}"}


def _verify(prepared: Path, release: str) -> None:
    """Hold what was written to the same rules as any release."""
    faults = check(prepared)
    if faults:
        raise RegistrationError(
            f"Release {release} was not registered: what was written for it is not sound. "
            "Nothing was changed.",
            faults,
        )
    load_release(release, prepared.parent)


def _publish(prepared: Path, target: Path) -> None:
    """Let the release appear whole; a folder that came in between is not replaced."""
    if target.exists():
        raise RegistrationError(
            f"Release {target.name} was registered by somebody else meanwhile. Nothing was changed."
        )
    prepared.rename(target)
