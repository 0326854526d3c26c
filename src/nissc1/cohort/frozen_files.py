"""Reading the files of a registered release, once they are proven to be those registered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from nissc1 import tracing
from nissc1.cohort.corrections import (
    CORRECTIONS,
    apply_corrections,
    integrity_faults,
    read_corrections,
)
from nissc1.cohort.descriptor import digest
from nissc1.cohort.descriptor_checks import structure_faults
from nissc1.cohort.file_content import ReadError
from nissc1.cohort.reading import read_table, typed_table
from nissc1.cohort.release_parts import TABLE, table_digest
from nissc1.cohort.schema import DESCRIPTOR

ONE_ROW_A_PATIENT = ("patients", "transplants", "outcomes")


class ReleaseError(ValueError):
    """A data release is absent, incomplete, edited or unreadable."""


class FrozenFiles:
    """The files of a release; each is read, and proven to be unedited, when it is asked for.

    Parameters
    ----------
    folder : Path
        Folder of the release.
    release : str
        Identity that its descriptor must bear.

    Attributes
    ----------
    descriptor : dict
        Content of ``datapackage.json``.
    corrections : list of Correction
        What ``corrections.yml`` lists.
    names : tuple of str
        The tables.

    Raises
    ------
    ReleaseError
        When descriptor or corrections are missing, malformed or not those registered. The message
        names the file.
    """

    def __init__(self, folder: Path, release: str) -> None:
        self._folder = folder
        self._release = release
        self.descriptor = _descriptor(folder, release)
        self._resources = {each["name"]: each for each in self.descriptor["resources"]}
        self.names = tuple(self._resources)
        self.corrections, wrong = read_corrections(folder)
        if found := [*integrity_faults(folder, self.descriptor), *wrong]:
            raise ReleaseError(f"Release {release}, {found[0]}")

    def hashes(self) -> dict[str, str]:
        """Return the digests that the descriptor promises.

        Returns
        -------
        dict of str to str
            SHA-256 by file name, that of ``corrections.yml`` among them where there is one.
        """
        promised = {
            str(each["path"]): str(each["hash"]).removeprefix("sha256:")
            for each in self._resources.values()
        }
        if self.corrections:
            promised[CORRECTIONS] = digest(self._folder / CORRECTIONS)[1]
        return promised

    def table(self, name: str) -> pd.DataFrame:
        """Read a table.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        DataFrame
            Typed, confirmed corrections applied.

        Raises
        ------
        ReleaseError
            When the file was edited since it was registered, is missing, cannot be read by the
            schema, repeats a patient, or a correction does not fit. The message names the file.
        """
        resource, release = self._resources[name], self._release
        file, schema = str(resource["path"]), resource["schema"]
        tracing.note(TABLE, f"{release}/{name}", table_digest(self.descriptor, name))
        with tracing.untraced():
            path = self._folder / file
            _verify(path, resource, release)
            with _named(release, file):
                text = read_table(path, schema)
        texts, unmet = apply_corrections(self.corrections, {name: text}, {name: schema})
        if unmet:
            raise ReleaseError(f"Release {release}, {unmet[0]}")
        with _named(release, file):
            frame = typed_table(texts.pop(name), schema)
        if name in ONE_ROW_A_PATIENT:
            repeated = frame["patient_id"].duplicated()
            if repeated.any():
                raise ReleaseError(
                    f"Release {release}, {file}: patient "
                    f"{frame.loc[repeated, 'patient_id'].iloc[0]!r} has more than one row. Run the "
                    "checks on the release."
                )
        return frame


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


def _verify(path: Path, resource: Mapping[str, Any], release: str) -> None:
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
