"""Merge the records of all notebooks into the results of an edition."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nissc1.publish.errors import BuildError
from nissc1.report.records import DuplicateRecordError, RecordBook

CSV = "results.csv"
JSON = "results.json"


def merge(records: Path, notebooks: Sequence[str]) -> RecordBook:
    """Collect the records that the notebooks wrote.

    Parameters
    ----------
    records : Path
        Folder with one JSON file a notebook.
    notebooks : sequence of str
        Names of the notebooks in reading order.

    Returns
    -------
    RecordBook
        All records in reading order.

    Raises
    ------
    BuildError
        If a notebook wrote no file, a record is malformed, or two records share an id.
    """
    merged = RecordBook()
    faults: list[str] = []
    for notebook in notebooks:
        path = records / f"{notebook}.json"
        if not path.is_file():
            faults.append(f"notebook {notebook} wrote no records: end it with report.publish()")
            continue
        try:
            book = RecordBook.from_json(path.read_text("utf-8"))
        except ValueError as fault:
            faults.append(f"notebook {notebook}: {fault}")
            continue
        for record in book:
            try:
                merged.add(record)
            except DuplicateRecordError as fault:
                faults.append(str(fault))
    if faults:
        raise BuildError("the notebooks' records do not fit together", faults)
    return merged


def write(results: RecordBook, folder: Path) -> None:
    """Write ``results.csv`` and ``results.json``.

    Parameters
    ----------
    results : RecordBook
        All records of an edition.
    folder : Path
        Where to write.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CSV).write_text(results.to_csv(), "utf-8")
    (folder / JSON).write_text(results.to_json(), "utf-8")
