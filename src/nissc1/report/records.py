"""The results record: one computed figure, and the book of all of them."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from nissc1.report.formatting import decimals_of, number

STATISTICS = (
    "count",
    "proportion",
    "median_range",
    "median",
    "mean",
    "sd",
    "survival",
    "cumulative_incidence",
    "hazard_ratio",
    "p_value",
    "correlation",
    "value",
    "text",
)
PARTS = ("text", "estimate", "lower", "upper", "n", "events", "denominator", "unit", "p")
_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")


@dataclass(frozen=True)
class Record:
    """Hold one computed figure; the fields are the columns of ``results.csv``, in this order.

    Attributes
    ----------
    id : str
        Quantity-based name: ``topic.item`` or ``topic.item.detail``, lower case, digits, ``_``.
    label : str
        What a table calls it.
    statistic : str
        One of `STATISTICS`; it fixes the meaning of the numbers, see Notes.
    estimate, lower, upper : float or None
        Unrounded. None where undefined; `text` then says why.
    n, events, denominator : int or None
        See Notes.
    unit : str
        Unit of `estimate`; ``%`` for proportions and rates.
    text : str
        The figure as shown: rounded half up, laid out as in the article, without its unit.
    notebook, release : str
        Where it was computed, and from which data release.

    Notes
    -----
    ====================== ====================== ============================================
    statistic              estimate               n, events, denominator
    ====================== ====================== ============================================
    count                  the number             n: the patients it refers to, if any
    proportion             percent                n and denominator: patients with a known
                                                  value; events: those with the feature
    median_range           median; limits are the n: patients with a known value
                           minimum and maximum
    median, mean, sd       the number             n: patients with a known value
    survival,              percent; limits are    n: patients analysed; events: events of
    cumulative_incidence   confidence limits      interest up to the time; denominator:
                                                  patients at risk at it
    hazard_ratio           ratio; confidence      n: patients; events: events of interest
                           limits
    p_value, correlation   the number             n: patients, where given
    value                  the number             n: the patients it refers to, where given
    text                   none                   as for value
    ====================== ====================== ============================================

    Raises
    ------
    ValueError
        If the id or the statistic is not as above, or a number is NaN or infinite.
    """

    id: str
    label: str
    statistic: str
    estimate: float | None
    lower: float | None
    upper: float | None
    n: int | None
    events: int | None
    denominator: int | None
    unit: str
    text: str
    notebook: str
    release: str

    def __post_init__(self) -> None:
        """Check what every reader of the records relies on."""
        if not _ID.fullmatch(self.id):
            raise ValueError(
                f"record id {self.id!r}: two or more parts of lower-case letters, digits and _ "
                "joined by dots are allowed, such as 'pfs.24m'. Rename it."
            )
        if self.statistic not in STATISTICS:
            raise ValueError(
                f"record {self.id}: statistic {self.statistic!r} is unknown; allowed: "
                f"{', '.join(STATISTICS)}."
            )
        for name in ("estimate", "lower", "upper"):
            value = getattr(self, name)
            if value is not None and not math.isfinite(value):
                raise ValueError(
                    f"record {self.id}: {name} is {value}; a finite number or None is allowed. "
                    "Leave it None and say in the text why it is undefined."
                )

    def part(self, name: str = "text") -> str:
        """Write one part of the record for a sentence.

        Parameters
        ----------
        name : str
            ``text``, ``estimate``, ``lower``, ``upper``, ``n``, ``events``, ``denominator``,
            ``unit``, or ``p``: "P = 0.44", "P < 0.001".

        Returns
        -------
        str
            Estimates and limits rounded as in `text`; an en dash where the part is undefined.

        Raises
        ------
        ValueError
            If there is no such part.
        """
        if name not in PARTS:
            raise ValueError(f"record {self.id} has no part {name!r}; allowed: {', '.join(PARTS)}.")
        if name == "p":
            return f"P\u00a0{self.text}" if self.text[:1] in "<>" else f"P\u00a0=\u00a0{self.text}"
        if name in ("estimate", "lower", "upper"):
            return number(getattr(self, name), decimals_of(self.text))
        value = getattr(self, name)
        return number(value) if value is None else str(value)


COLUMNS = tuple(field.name for field in fields(Record))
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
