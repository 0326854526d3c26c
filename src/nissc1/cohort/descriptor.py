"""The descriptor that every data release carries.

A release's ``datapackage.json`` is the template of `nissc1.cohort.schema` completed with what is
particular to that release: its identity, its data cut-off, and the size, row count and SHA-256
digest of each file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nissc1.cohort.schema import DESCRIPTOR, RELEASE_ID, resource_names, template
from nissc1.cohort.table_files import as_stored, file_of, rows_of


def digest(path: Path) -> tuple[int, str]:
    """Measure a file and compute its SHA-256 digest.

    Parameters
    ----------
    path : Path
        File to read.

    Returns
    -------
    tuple of (int, str)
        Size in bytes and the digest in lower-case hexadecimal digits.
    """
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
        return stream.tell(), found


def build_descriptor(
    *,
    release_id: str,
    data_cutoff: dt.date,
    synthetic: bool,
    disclosure: str,
    title: str,
    folder: Path,
    description: str | None = None,
    licenses: Sequence[Mapping[str, str]] = (),
    sources: Sequence[Mapping[str, str]] = (),
    contributors: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Describe a folder of CSV or Parquet files as a data release.

    The files are measured and hashed as they are; their content is not checked here, which is the
    task of `nissc1.cohort.checks.check`.

    Parameters
    ----------
    release_id : str
        Identity of the release, ``YYYY.MM``.
    data_cutoff : datetime.date
        Last calendar day that the data cover.
    synthetic : bool
        Whether the patients are made up.
    disclosure : str
        Disclosure control under which the release may be shown; ``"none"`` where counts may be
        printed as they are.
    title : str
        One line for people.
    folder : Path
        Folder that holds a file for each table of the template: CSV, or Parquet.
    description : str, optional
        What the release is and where it comes from.
    licenses, sources, contributors : sequence of mapping, optional
        As in the Data Package standard.

    Returns
    -------
    dict
        Content of ``datapackage.json``. Each resource carries ``bytes``, ``hash`` and ``rows``, the
        number of records below the header.

    Raises
    ------
    ValueError
        When the identity is not ``YYYY.MM``, or the title or the disclosure is blank.
    FileNotFoundError
        When the folder lacks a file of the template.
    """
    if not RELEASE_ID.fullmatch(release_id):
        raise ValueError(
            f"A release is named by year and month, YYYY.MM such as 2021.02; found {release_id!r}."
        )
    for name, text in (("title", title), ("disclosure", disclosure)):
        if not text.strip():
            raise ValueError(f"The {name} of release {release_id} is blank. Give it a text.")
    schema = template()
    described = []
    for resource in schema["resources"]:
        path = file_of(folder, resource["name"])
        if not path.is_file():
            raise FileNotFoundError(
                f"{path.name} is missing from the folder {folder}. A release has one CSV or "
                f"Parquet file for each of {', '.join(resource_names())}."
            )
        size, sha256 = digest(path)
        identity = {"bytes": size, "hash": f"sha256:{sha256}", "rows": rows_of(path)}
        stored = as_stored(resource, path.name)
        body = stored.pop("schema")
        described.append(stored | identity | {"schema": body})
    optional = {
        "description": description,
        "licenses": [dict(entry) for entry in licenses],
        "sources": [dict(entry) for entry in sources],
        "contributors": [dict(entry) for entry in contributors],
    }
    return {
        "$schema": schema["$schema"],
        "name": f"nissc1-{release_id}",
        "title": title,
        "version": release_id,
        "data_cutoff": data_cutoff.isoformat(),
        "synthetic": synthetic,
        "disclosure": disclosure,
        **{name: value for name, value in optional.items() if value},
        "resources": described,
    }


def write_descriptor(descriptor: Mapping[str, Any], folder: Path) -> Path:
    """Write ``datapackage.json`` into a release folder.

    Parameters
    ----------
    descriptor : mapping
        As `build_descriptor` returns it.
    folder : Path
        Folder of the release.

    Returns
    -------
    Path
        The file written: UTF-8, two blanks of indentation, Unix line ends, so that the same
        descriptor always gives the same bytes.
    """
    path = folder / DESCRIPTOR
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    path.write_bytes(text.encode("utf-8"))
    return path
