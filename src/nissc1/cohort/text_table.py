"""A table as text, each distinct cell of a column held once.

A registry's columns repeat themselves: a million ages are a few dozen texts. So a column is the
list of its distinct texts and, for each row, the number of the one that stands there. Whatever is
asked of a cell is asked once of each text.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

_BATCH = 500
"""Records that are held as lists of cells at a time: few, so that they stay in a fast cache."""


@dataclass(frozen=True, eq=False)
class TextColumn:
    """The cells of a column.

    Parameters
    ----------
    distinct : list of str
        Texts, each of which stands in some row (a missing code may not).
    codes : ndarray of int32, shape (rows,)
        Place in ``distinct`` of the text of each row.
    """

    distinct: list[str]
    codes: NDArray[np.int32]

    def cells(self) -> NDArray[np.object_]:
        """Return the text of each row.

        Returns
        -------
        ndarray of object, shape (rows,)
            Texts; rows with the same one share it.
        """
        return np.array(self.distinct, dtype=object)[self.codes]

    def cell(self, row: int) -> str:
        """Return the text of a row.

        Parameters
        ----------
        row : int
            Its place, from 0.

        Returns
        -------
        str
            As it stands in the file.
        """
        return self.distinct[int(self.codes[row])]

    def rows_where(self, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Tell in which rows the text meets a condition.

        Parameters
        ----------
        test : callable
            From a text to whether it does; asked once of each.

        Returns
        -------
        ndarray of bool, shape (rows,)
            Whether it does.
        """
        return np.array([test(text) for text in self.distinct], dtype=np.bool_)[self.codes]

    def with_cell(self, row: int, text: str) -> TextColumn:
        """Replace one cell.

        Parameters
        ----------
        row : int
            Place of the row, from 0.
        text : str
            What shall stand there.

        Returns
        -------
        TextColumn
            A new column.
        """
        before = int(self.codes[row])
        if np.count_nonzero(self.codes == before) == 1:  # its text leaves the column
            texts = [text if at == before else each for at, each in enumerate(self.distinct)]
            return TextColumn(texts, self.codes)
        codes = self.codes.copy()
        codes[row] = len(self.distinct)
        return TextColumn([*self.distinct, text], codes)


@dataclass(frozen=True, eq=False)
class TextTable:
    """A file as text.

    Parameters
    ----------
    header : list of str
        Column names as they stand in the file.
    columns : list of TextColumn
        A column for each of them.
    lines : ndarray of int64, shape (rows,)
        Line of the file on which each record begins, the header being line 1.
    uneven : mapping of int to list of str
        Records with another number of cells than the header, by line; none for a blank line. They
        are not among the rows.
    """

    header: list[str]
    columns: list[TextColumn]
    lines: NDArray[np.int64]
    uneven: Mapping[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, header: Sequence[str], records: Iterable[tuple[int, Sequence[str]]]) -> TextTable:
        """Collect records.

        Parameters
        ----------
        header : sequence of str
            Column names.
        records : iterable of (int, sequence of str)
            Line and cells of each record; read in batches, and not kept.

        Returns
        -------
        TextTable
            The table.
        """
        gathered = [_Gathered() for _ in header]
        lines = array("q")
        uneven: dict[int, list[str]] = {}
        stream = iter(records)
        while batch := list(islice(stream, _BATCH)):
            even = []
            for line, record in batch:
                if len(record) == len(gathered):
                    lines.append(line)
                    even.append(record)
                else:
                    uneven[line] = list(record)
            for column, cells in zip(gathered, zip(*even, strict=True), strict=False):
                column.extend(cells)
        columns = [column.finished() for column in gathered]
        return cls(list(header), columns, np.array(lines, dtype=np.int64), uneven)

    def column(self, name: str) -> TextColumn:
        """Return the first column of a name.

        Parameters
        ----------
        name : str
            One of the header.

        Returns
        -------
        TextColumn
            Its cells.
        """
        return self.columns[self.header.index(name)]

    def blank_rows(self) -> NDArray[np.bool_]:
        """Tell in which rows no cell holds anything.

        Returns
        -------
        ndarray of bool, shape (rows,)
            Whether all cells are empty.
        """
        blank = np.ones(len(self.lines), dtype=np.bool_)
        for column in self.columns:
            blank &= ~column.rows_where(bool)
        return blank

    def with_cell(self, row: int, name: str, text: str) -> TextTable:
        """Replace one cell.

        Parameters
        ----------
        row : int
            Place of the row, from 0.
        name : str
            Column.
        text : str
            What shall stand there.

        Returns
        -------
        TextTable
            A new table, which shares the other columns with this one.
        """
        place = self.header.index(name)
        columns = list(self.columns)
        columns[place] = columns[place].with_cell(row, text)
        return replace(self, columns=columns)

    def records(self) -> Iterator[tuple[str, ...]]:
        """Walk over the rows.

        Yields
        ------
        tuple of str
            Cells of a row.
        """
        yield from zip(*(column.cells() for column in self.columns), strict=True)


class _Gathered:
    """A column while it is read."""

    def __init__(self) -> None:
        self.places: defaultdict[str, int] = defaultdict()
        self.places.default_factory = self.places.__len__  # a new text gets the next number
        self.codes = array("i")

    def extend(self, cells: Iterable[str]) -> None:
        self.codes.extend(map(self.places.__getitem__, cells))

    def finished(self) -> TextColumn:
        return TextColumn(list(self.places), np.array(self.codes, dtype=np.int32))
