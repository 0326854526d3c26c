"""The files in which a release keeps its tables: CSV or Parquet, each table in one of the two."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nissc1.cohort.parquet import PARQUET, count_records

CSV = ".csv"
FORMS: dict[str, dict[str, str]] = {
    CSV: {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"},
    PARQUET: {"format": "parquet", "mediatype": "application/vnd.apache.parquet"},
}
"""What a resource says of itself besides its path, by the ending of the file's name."""


def as_stored(resource: Mapping[str, Any], path: object) -> dict[str, Any]:
    """Say of a resource of the template in which file it is kept.

    Parameters
    ----------
    resource : mapping
        Resource of the template.
    path : object
        Name of the file as a descriptor gives it.

    Returns
    -------
    dict
        The resource with the path and what belongs to its form; as in the template where the path
        is not one that a release may use.
    """
    allowed = {f"{resource['name']}{ending}": form for ending, form in FORMS.items()}
    if not isinstance(path, str) or path not in allowed:
        return dict(resource)
    rest = {name: value for name, value in resource.items() if name not in FORMS[CSV]}
    rest.pop("schema", None)
    body = {"schema": resource["schema"]} if "schema" in resource else {}
    return rest | {"path": path} | allowed[path] | body


def file_of(folder: Path, name: str, described: object = None) -> Path:
    """Find the file that holds a table.

    Parameters
    ----------
    folder : Path
        Folder of a release.
    name : str
        Name of the table.
    described : object
        What the descriptor says is its file; the files present decide where that is not possible.

    Returns
    -------
    Path
        Of the CSV file where there is none.
    """
    possible = [folder / f"{name}{ending}" for ending in FORMS]
    for path in possible:
        if path.name == described:
            return path
    return next((path for path in possible if path.is_file()), possible[0])


def rows_of(path: Path) -> int:
    """Count the records of a file.

    Parameters
    ----------
    path : Path
        CSV or Parquet file.

    Returns
    -------
    int
        Records below the header, blank lines left out.
    """
    if path.suffix == PARQUET:
        return count_records(path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return max(sum(1 for record in csv.reader(stream) if record) - 1, 0)
