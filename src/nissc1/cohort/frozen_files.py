"""Reading the files of a registered release, once they are proven to be those registered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from nissc1.cohort.corrections import (
    CORRECTIONS,
    Correction,
    apply_corrections,
    integrity_faults,
    read_corrections,
)
from nissc1.cohort.descriptor_checks import structure_faults
from nissc1.cohort.file_content import ReadError
from nissc1.cohort.reading import read_table, typed_table
from nissc1.cohort.schema import DESCRIPTOR, digest


class ReleaseError(ValueError):
    """A data release is absent, incomplete, edited or unreadable."""


@dataclass(frozen=True)
class FrozenFiles:
    """What the files of a release hold.

    Parameters
    ----------
    descriptor : dict
        Content of ``datapackage.json``.
    hashes : dict of str to str
        SHA-256 digest by file name.
    frames : dict of str to DataFrame
        Tables by resource name, confirmed corrections applied.
    corrections : sequence of Correction
        What ``corrections.yml`` lists.
    """

    descriptor: dict[str, Any]
    hashes: dict[str, str]
    frames: dict[str, pd.DataFrame]
    corrections: Sequence[Correction]


def read_frozen(folder: Path, release: str) -> FrozenFiles:
    """Read the files of a release.

    Parameters
    ----------
    folder : Path
        Folder of the release.
    release : str
        Identity that its descriptor must bear.

    Returns
    -------
    FrozenFiles
        Descriptor, tables, digests and corrections.

    Raises
    ------
    ReleaseError
        When a file was edited since it was registered, is missing, cannot be read by the schema,
        repeats a patient, or a correction does not fit. The message names the file.
    """
    descriptor = _descriptor(folder, release)
    hashes, texts, frames = {}, {}, {}
    schemas = {resource["name"]: resource["schema"] for resource in descriptor["resources"]}
    files = {resource["name"]: str(resource["path"]) for resource in descriptor["resources"]}
    for resource in descriptor["resources"]:
        name, path = resource["name"], folder / files[resource["name"]]
        hashes[path.name] = _verified(path, resource, release)
        with _named(release, path.name):
            texts[name] = read_table(path, schemas[name])
    faults = integrity_faults(folder, descriptor)
    corrections, wrong = read_corrections(folder)
    texts, unmet = apply_corrections(corrections, texts, schemas)
    if found := [*faults, *wrong, *unmet]:
        raise ReleaseError(f"Release {release}, {found[0]}")
    if corrections:
        hashes[CORRECTIONS] = digest(folder / CORRECTIONS)[1]
    for name, file in files.items():
        with _named(release, file):
            frames[name] = typed_table(texts.pop(name), schemas[name])
    for name in ("patients", "transplants", "outcomes"):
        repeated = frames[name]["patient_id"].duplicated()
        if repeated.any():
            raise ReleaseError(
                f"Release {release}, {files[name]}: patient "
                f"{frames[name].loc[repeated, 'patient_id'].iloc[0]!r} has more than one row. Run "
                "the checks on the release."
            )
    return FrozenFiles(descriptor, hashes, frames, corrections)


@contextmanager
def _named(release: str, file: str) -> Iterator[None]:
    """Name release and file in front of what cannot be read."""
    try:
        yield
    except ReadError as error:
        where = f"{file}, row {error.row}" if error.row else file
        raise ReleaseError(f"Release {release}, {where}: {error}") from error


def _descriptor(folder: Path, release: str) -> dict[str, Any]:
    path = folder / DESCRIPTOR
    try:
        descriptor = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(
            f"Release {release}: {DESCRIPTOR} is not readable JSON in UTF-8 ({error}). Restore it."
        ) from error
    if not isinstance(descriptor, dict):
        raise ReleaseError(f"Release {release}: {DESCRIPTOR} holds no JSON object. Restore it.")
    faults = structure_faults(descriptor)
    if faults:
        raise ReleaseError(f"Release {release}, {faults[0]}")
    if descriptor["version"] != release:
        raise ReleaseError(
            f"The folder of release {release} holds release {descriptor['version']!r}, says its "
            f"{DESCRIPTOR}. Rename the folder or restore the file."
        )
    return descriptor


def _verified(path: Path, resource: Mapping[str, Any], release: str) -> str:
    try:
        size, sha256 = digest(path)
    except OSError as error:
        raise ReleaseError(
            f"Release {release}: {path.name} cannot be opened ({error.strerror}). Restore the file."
        ) from error
    if size != resource.get("bytes") or f"sha256:{sha256}" != resource.get("hash"):
        raise ReleaseError(
            f"Release {release}: {path.name} is not the file that was registered. It has {size} "
            f"bytes and SHA-256 {sha256}; {DESCRIPTOR} says {resource.get('bytes')} bytes and "
            f"{resource.get('hash')}. Restore it, or register the new data as another release."
        )
    return sha256
