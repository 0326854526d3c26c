"""A table while it is checked: its cells as text, by line of the file, and which are at fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nissc1.cohort.faults import Fault, quoted
from nissc1.cohort.reading import typed
from nissc1.cohort.text_table import TextColumn, TextTable


@dataclass
class CheckedTable:
    """A table while it is checked.

    Parameters
    ----------
    name : str
        Name of the resource.
    file : str
        Name of the file.
    schema : dict
        Table Schema, reduced to the columns that the file has.
    text : DataFrame
        Cells as text, indexed by line of the file; blank lines left out.
    bad : set of (int, str)
        Line and column of the cells with a fault, which further rules leave alone.
    """

    name: str
    file: str
    schema: dict[str, Any]
    text: pd.DataFrame
    bad: set[tuple[int, str]] = field(default_factory=set)

    def sound(self, column: str) -> NDArray[np.bool_]:
        """Tell which cells of a column have no fault so far.

        Parameters
        ----------
        column : str
            Name of the column.

        Returns
        -------
        ndarray of bool, shape (rows,)
            Whether the cell has none.
        """
        return ~self.text.index.isin([line for line, name in self.bad if name == column])

    def typed(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Convert the cells, those at fault to missing.

        Parameters
        ----------
        columns : sequence of str, optional
            Columns to convert; all by default.

        Returns
        -------
        DataFrame
            In pandas' nullable types, indexed by line of the file.
        """
        missing = self.schema.get("missingValues", [""])
        converted = {}
        for described in self.schema["fields"]:
            name = described["name"]
            if columns is None or name in columns:
                cells = self.text[name].where(self.sound(name), missing[0])
                codes, distinct = pd.factorize(cells)
                column = TextColumn(list(distinct), codes.astype(np.int32))
                converted[name] = typed(column, described, missing).set_axis(self.text.index)
        return pd.DataFrame(converted, index=self.text.index)

    def as_text(self) -> TextTable:
        """Return the cells without judgement.

        Returns
        -------
        TextTable
            Same columns and lines.
        """
        records = self.text.itertuples(index=True, name=None)
        header = [str(column) for column in self.text.columns]
        return TextTable.of(header, ((int(line), cells) for line, *cells in records))

    def cell(self, line: int, column: str) -> str:
        """Return the text of a cell.

        Parameters
        ----------
        line : int
            Line of the file.
        column : str
            Name of the column.

        Returns
        -------
        str
            As it stands in the file.
        """
        return str(self.text.at[line, column])

    def fault(
        self, row: int | None, column: str | None, rule: str, message: str, action: str
    ) -> Fault:
        """Make a fault of this table.

        Parameters
        ----------
        row, column : int and str, or None
            Where.
        rule, message, action : str
            As in `Fault`.

        Returns
        -------
        Fault
            With the value found in the cell.
        """
        value = None
        if row is not None and column is not None and column in self.text:
            value = quoted(self.cell(row, column))
        return Fault(self.file, row, column, value, rule, message, action)


def tabulate(
    name: str, file: str, table: TextTable, schema: Mapping[str, Any]
) -> tuple[CheckedTable, list[Fault]]:
    """Bring the records of a file below the columns of its schema.

    Parameters
    ----------
    name, file : str
        Names of the resource and of the file.
    table : TextTable
        Text of the file.
    schema : mapping
        Table Schema.

    Returns
    -------
    tuple of (CheckedTable, list of Fault)
        The table, with the columns that header and schema share, and the faults of header, blank
        lines and records of another length.
    """
    names = [described["name"] for described in schema["fields"]]
    faults = list(_header_faults(file, table.header, names))
    shared = [described for described in schema["fields"] if described["name"] in table.header]
    reduced = {**schema, "fields": shared}
    if not set(schema["primaryKey"]) <= set(table.header):
        reduced.pop("primaryKey")
    if "patient_id" not in table.header:
        reduced.pop("foreignKeys", None)
    columns = {each["name"]: table.column(each["name"]).cells() for each in shared}
    text = pd.DataFrame(columns, index=table.lines, dtype=object)
    blank = {*table.lines[table.blank_rows()].tolist()}
    blank |= {line for line, cells in table.uneven.items() if not any(cells)}
    for line in sorted(blank):
        faults.append(
            Fault(file, line, None, None, "blank-row", "The line is blank.", "Remove it.")
        )
    bad: set[tuple[int, str]] = set()
    first = table.header[0]
    for line, cells in table.uneven.items():
        if line in blank:
            continue
        message = f"The record has {len(cells)} cells; the header has {len(table.header)}."
        action = "Look for a comma that belongs to a text and put that text in double quotes."
        faults.append(Fault(file, line, None, None, "cells", message, action))
        bad.update((line, name) for name in columns if name != first)
        text.loc[line] = {name: cells[0] if name == first else "" for name in columns}
    text = text.loc[~text.index.isin(blank)].sort_index()
    return CheckedTable(name, file, reduced, text, bad), faults


def _header_faults(file: str, header: list[str], names: list[str]) -> Iterator[Fault]:
    def fault(column: str | None, message: str, action: str) -> Fault:
        value = quoted(column) if column is not None else None
        shown = value[1:-1] if value is not None else None  # fit for one line, as the value is
        return Fault(file, 1, shown, value, "header", message, action)

    if len(header) == 1 and re.search(r"[;\t|]", header[0]):
        message = f"The header {quoted(header[0])} is not separated by commas."
        yield fault(None, message, "Save the table as CSV separated by commas.")
        return
    if not set(header) & set(names):
        message = f"None of the columns is in the schema; the first is {quoted(header[0])}."
        yield fault(None, message, f"Export the table with the header {', '.join(names)}.")
        return
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            yield fault(name, f"The column {quoted(name)} stands twice.", "Keep one of the two.")
        if name not in names:
            message = f"The column {quoted(name)} is not in the schema."
            yield fault(name, message, "Remove or rename it; a release holds no other columns.")
    lacking = [name for name in names if name not in header]
    for name in lacking:
        message = f"The column {name} is missing."
        yield Fault(file, 1, name, None, "header", message, "Export it; empty cells are allowed.")
    known = [name for name in dict.fromkeys(header) if name in names]
    if known != [name for name in names if name in header]:
        message = f"The columns are in another order than the schema's: {', '.join(names)}."
        yield fault(None, message, "Export them in that order.")
