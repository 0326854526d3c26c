"""A table as it came, before it is understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from nissc1.cohort.faults import NOTE, Fault


class Decimals(StrEnum):
    """How the numbers of a table are written."""

    point = "point"
    comma = "comma"
    undecided = "undecided"
    """Separated by semicolons, no decimal comma met: 1.234 may be either number."""


@dataclass
class RawTable:
    """A table as it came.

    Parameters
    ----------
    file : str
        Name of the file, with its sheet in brackets for a workbook of several.
    header : list of str
        Names of the columns.
    rows : list of list of str
        Cells as text, empty for none.
    lines : list of int
        Line of the file, or row of the sheet, of each record.
    decimals : Decimals
        How numbers are written.
    workbook : bool
        Whether it comes from a spreadsheet or from Parquet, with TRUE and FALSE for truth values
        and dates as YYYY-MM-DD whatever their format.
    faults : list of Fault
        What was met in reading, notes included.
    bad : set of (int, int)
        Line and position of the cells that a fault names already.
    """

    file: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    decimals: Decimals = Decimals.point
    workbook: bool = False
    faults: list[Fault] = field(default_factory=list)
    bad: set[tuple[int, int]] = field(default_factory=set)


def note(file: str, rule: str, message: str) -> Fault:
    """Make a note: something that a person should know and that stops nothing.

    Parameters
    ----------
    file, rule, message : str
        As in `Fault`.

    Returns
    -------
    Fault
        Of severity ``note``.
    """
    return Fault(file, None, None, None, rule, message, "", NOTE)
