"""Parts of a release on which results may depend: finer than its descriptor, which names them all.

A descriptor changes with every table. What a notebook depends on is only the tables that it reads,
and what the release says of itself; each of these has a digest here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nissc1.cohort.schema import DESCRIPTOR
from nissc1.tracing import ABSENT, digest_of

TABLE = "release table"
IDENTITY = "release identity"
SCHEMAS = "release schemas"
HASHES = "release hashes"
RELEASE_PARTS = (TABLE, IDENTITY, SCHEMAS, HASHES)
_OF_FILES = ("bytes", "hash", "rows")


def table_digest(descriptor: Mapping[str, Any], name: str) -> str:
    """Compute the digest of a table with its schema and the corrections that may touch it.

    Parameters
    ----------
    descriptor : mapping
        Content of ``datapackage.json``.
    name : str
        Name of the table.

    Returns
    -------
    str
        Digest.
    """
    resource = next(each for each in descriptor["resources"] if each["name"] == name)
    return _digest([resource, descriptor.get("corrections")])


def identity_digest(descriptor: Mapping[str, Any]) -> str:
    """Compute the digest of what a release says of itself, its tables aside.

    Parameters
    ----------
    descriptor : mapping
        Content of ``datapackage.json``.

    Returns
    -------
    str
        Digest.
    """
    about = ("version", "title", "data_cutoff", "synthetic", "simulated_after", "disclosure")
    return _digest([{name: descriptor.get(name) for name in about}, descriptor.get("corrections")])


def schemas_digest(descriptor: Mapping[str, Any]) -> str:
    """Compute the digest of a descriptor without what follows from the content of the files.

    Parameters
    ----------
    descriptor : mapping
        Content of ``datapackage.json``.

    Returns
    -------
    str
        Digest.
    """
    resources = [
        {name: value for name, value in each.items() if name not in _OF_FILES}
        for each in descriptor["resources"]
    ]
    return _digest(resources)


def hashes_digest(descriptor: Mapping[str, Any]) -> str:
    """Compute the digest of the digests of all files.

    Parameters
    ----------
    descriptor : mapping
        Content of ``datapackage.json``.

    Returns
    -------
    str
        Digest.
    """
    return _digest([descriptor["resources"], descriptor.get("corrections")])


def part_digest(releases: Path, kind: str, name: str) -> str:
    """Compute the digest of a part of a release as it is now.

    Parameters
    ----------
    releases : Path
        Folder of the releases.
    kind : str
        One of `RELEASE_PARTS`.
    name : str
        The release, and for a table ``release/table``.

    Returns
    -------
    str
        Digest; `ABSENT` where there is no such release or table.
    """
    release, _, table = name.partition("/")
    try:
        descriptor = json.loads((releases / release / DESCRIPTOR).read_text("utf-8"))
        if kind == TABLE:
            return table_digest(descriptor, table)
        compute = {IDENTITY: identity_digest, SCHEMAS: schemas_digest, HASHES: hashes_digest}[kind]
        return compute(descriptor)
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        return ABSENT


def _digest(parts: object) -> str:
    return digest_of(json.dumps(parts, sort_keys=True, ensure_ascii=False))
