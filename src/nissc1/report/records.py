"""The book of results records, and its JSON and CSV forms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pandas as pd

from nissc1.report.record import COLUMNS, Record

_FLOATS = ("estimate", "lower", "upper")
_INTS = ("n", "events", "denominator")


class DuplicateRecordError(ValueError):
    """Say that two figures claim the same id."""


class RecordBook:
    """Collect records in the order in which they were made, each id once.

    Parameters
    ----------
    records : iterable of Record
        First entries.

    Raises
    ------
    DuplicateRecordError
        If two records bear the same id.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._records: dict[str, Record] = {}
        for record in records:
            self.add(record)

    def __len__(self) -> int:
        """Count the records."""
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        """Run through the records in order."""
        return iter(self._records.values())

    def __contains__(self, record_id: object) -> bool:
        """Tell whether there is a record of this id."""
        return record_id in self._records

    def __getitem__(self, record_id: str) -> Record:
        """Look a record up by its id; raise KeyError with near ids if it is absent."""
        try:
            return self._records[record_id]
        except KeyError:
            topic = record_id.split(".")[0]
            near = [known for known in self._records if known.split(".")[0] == topic]
            hint = f"; of this topic there are: {', '.join(near)}" if near else ""
            raise KeyError(f"no record {record_id!r}{hint}") from None

    def get(self, record_id: str) -> Record | None:
        """Look a record up by its id, if there is one.

        Parameters
        ----------
        record_id : str
            Id.

        Returns
        -------
        Record or None
            None where no record has it.
        """
        return self._records.get(record_id)

    def named(self, *patterns: str) -> list[Record]:
        """Choose records by their ids.

        Parameters
        ----------
        *patterns : str
            Ids in which ``*`` stands for anything, such as ``course.*.mean.24m``.

        Returns
        -------
        list of Record
            Those that match any pattern, in the order in which they were made.
        """
        return [
            record
            for record in self
            if any(fnmatchcase(record.id, pattern) for pattern in patterns)
        ]

    def add(self, record: Record) -> Record:
        """Take a record in.

        Parameters
        ----------
        record : Record
            New record.

        Returns
        -------
        Record
            The same record.

        Raises
        ------
        DuplicateRecordError
            If its id is taken; the message names both labels and notebooks.
        """
        other = self._records.get(record.id)
        if other is not None:
            raise DuplicateRecordError(
                f"record id {record.id!r} is used twice: for {other.label!r} (notebook "
                f"{other.notebook}) and for {record.label!r} (notebook {record.notebook}). "
                "Each figure is computed in one place: rename or drop one of them."
            )
        self._records[record.id] = record
        return record

    def within(self, groups: Mapping[str, str]) -> RecordBook:
        """Put in front of each label the group of the table in which the record stands.

        Parameters
        ----------
        groups : mapping of str to str
            Group by record id; records without one, and labels that begin with theirs, stay.

        Returns
        -------
        RecordBook
            New records: apart from its table, too, "Mean at 12 months" must say of what.
        """

        def labelled(record: Record) -> Record:
            group = groups.get(record.id, "")
            alone = record.label.startswith(group)
            return record if alone else replace(record, label=f"{group}: {record.label}")

        return RecordBook(labelled(record) for record in self)

    def to_frame(self) -> pd.DataFrame:
        """Return the records as a frame.

        Returns
        -------
        pandas.DataFrame
            One row a record, the columns of `Record`; Float64, Int64 and string.
        """
        frame = pd.DataFrame([asdict(record) for record in self], columns=list(COLUMNS))
        types = dict.fromkeys(COLUMNS, "string")
        types |= dict.fromkeys(_FLOATS, "Float64") | dict.fromkeys(_INTS, "Int64")
        return frame.astype(types)

    def to_json(self) -> str:
        """Return the records as JSON text.

        Returns
        -------
        str
            A list with one object a record, keys in the order of the columns, null where empty.
        """
        rows = [asdict(record) for record in self]
        return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def to_csv(self) -> str:
        """Return the records as CSV text.

        Returns
        -------
        str
            Header and one line a record, line feeds, full precision, empty where undefined.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for record in self:
            writer.writerow(["" if (v := getattr(record, c)) is None else v for c in COLUMNS])
        return out.getvalue()

    @classmethod
    def from_json(cls, text: str) -> RecordBook:
        """Read what `to_json` wrote.

        Parameters
        ----------
        text : str
            JSON text.

        Returns
        -------
        RecordBook
            The records.

        Raises
        ------
        ValueError
            If an object lacks a column or has one too many, or an id comes twice.
        """
        return cls(_record(row, f"entry {i}") for i, row in enumerate(json.loads(text), start=1))

    @classmethod
    def from_csv(cls, text: str) -> RecordBook:
        """Read what `to_csv` wrote.

        Parameters
        ----------
        text : str
            CSV text.

        Returns
        -------
        RecordBook
            The records.

        Raises
        ------
        ValueError
            If a line lacks a column or has one too many, or an id comes twice.
        """
        rows = csv.DictReader(io.StringIO(text))
        return cls(_record(_typed(row), f"line {i}") for i, row in enumerate(rows, start=2))

    @classmethod
    def read(cls, folder: Path) -> RecordBook:
        """Read the records of every notebook of an edition.

        Parameters
        ----------
        folder : Path
            Folder with one ``<notebook>.json`` a notebook.

        Returns
        -------
        RecordBook
            All records, notebooks in alphabetical order.

        Raises
        ------
        DuplicateRecordError
            If two notebooks computed the same id.
        """
        book = cls()
        for path in sorted(folder.glob("*.json")):
            for record in cls.from_json(path.read_text(encoding="utf-8")):
                book.add(record)
        return book


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    typed = dict(row)
    for names, kind in ((_FLOATS, float), (_INTS, int)):
        for name in names:
            typed[name] = kind(row[name]) if row.get(name) else None
    return typed


def _record(row: dict[str, Any], where: str) -> Record:
    if set(row) != set(COLUMNS):
        raise ValueError(
            f"results record, {where}: columns {sorted(map(str, row))}; needed are exactly "
            f"{', '.join(COLUMNS)}. Rebuild the edition."
        )
    return Record(**row)
