"""The columns of a data release, and the descriptor that every release carries.

The template ``datapackage.yml`` beside this module is the one source of the columns. A release's
``datapackage.json`` is the template completed with what is particular to that release: its
identity, its data cut-off, and the size, row count and SHA-256 digest of each file.
"""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from nissc1.cohort.table_files import as_stored, file_of, rows_of

DESCRIPTOR = "datapackage.json"
RELEASE_ID = re.compile(r"\d{4}\.(0[1-9]|1[0-2])")

_TYPE_NAMES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no",
    "date": "date",
}


@cache
def _template() -> dict[str, Any]:
    text = resources.files("nissc1.cohort").joinpath("datapackage.yml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def template() -> dict[str, Any]:
    """Return the schema template of a data release.

    Returns
    -------
    dict
        Frictionless Data Package descriptor without what is particular to one release. The caller
        may change it: each call returns a new copy.
    """
    return copy.deepcopy(_template())


def resource_names() -> tuple[str, ...]:
    """Name the tables of a release, in the order of the template.

    Returns
    -------
    tuple of str
        ``("patients", "transplants", "outcomes", "visits", "adverse_events")``.
    """
    return tuple(resource["name"] for resource in _template()["resources"])


def fields(resource: str) -> list[dict[str, Any]]:
    """Return the columns of one table as the template describes them.

    Parameters
    ----------
    resource : str
        Name of the table, for example ``"patients"``.

    Returns
    -------
    list of dict
        Table Schema field descriptors in the order of the columns.

    Raises
    ------
    ValueError
        When no table has that name.
    """
    for found in _template()["resources"]:
        if found["name"] == resource:
            described: list[dict[str, Any]] = copy.deepcopy(found["schema"]["fields"])
            return described
    raise ValueError(
        f"No table is named {resource!r}. Must be one of {', '.join(resource_names())}."
    )


def columns(resource: str) -> list[str]:
    """Name the columns of one table, in their order.

    Parameters
    ----------
    resource : str
        Name of the table.

    Returns
    -------
    list of str
        Column names.
    """
    return [field["name"] for field in fields(resource)]


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


def allowed_values(field: Mapping[str, Any]) -> str:
    """Put into words which values a column admits.

    Parameters
    ----------
    field : mapping
        Table Schema field descriptor.

    Returns
    -------
    str
        The listed values, the range or the pattern; empty where anything of the type goes.
    """
    limits = field.get("constraints", {})
    if field["type"] == "boolean":
        return ", ".join([*field.get("trueValues", []), *field.get("falseValues", [])])
    if "enum" in limits:
        return ", ".join(str(value) for value in limits["enum"])
    low, high = limits.get("minimum"), limits.get("maximum")
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"from {low}"
    if high is not None:
        return f"up to {high}"
    return f"matches {limits['pattern']}" if "pattern" in limits else ""


def dictionary(descriptor: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Lay a descriptor out as a data dictionary.

    Parameters
    ----------
    descriptor : mapping
        Content of ``datapackage.json``, or the template.

    Returns
    -------
    dict of str to DataFrame
        One frame a table, in order: ``column``, ``title``, ``type`` (in words), ``unit``,
        ``allowed``, ``missing`` (how a missing value is written, or that none may be missing) and
        ``description``; all text.
    """
    frames = {}
    for resource in descriptor["resources"]:
        schema = resource["schema"]
        codes = ["empty cell" if code == "" else code for code in schema.get("missingValues", [""])]
        lines = []
        for field in schema["fields"]:
            required = field.get("constraints", {}).get("required", False)
            lines.append(
                {
                    "column": field["name"],
                    "title": field.get("title", field["name"]),
                    "type": _TYPE_NAMES.get(field["type"], field["type"]),
                    "unit": field.get("unit", ""),
                    "allowed": allowed_values(field),
                    "missing": "never missing" if required else ", ".join(codes),
                    "description": field.get("description", ""),
                }
            )
        frames[resource["name"]] = pd.DataFrame(lines, dtype="string")
    return frames
