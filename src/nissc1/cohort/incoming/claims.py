"""Whether each column and each row of an export is read by some table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from nissc1.cohort.faults import Fault, quoted
from nissc1.cohort.incoming.mapping import TableMapping
from nissc1.cohort.incoming.raw_table import RawTable, note


def unknown_columns(raw: RawTable, mappings: Mapping[str, TableMapping]) -> Iterator[Fault]:
    """Find the columns that no table reads and nobody declared to be left out.

    Parameters
    ----------
    raw : RawTable
        A file or sheet.
    mappings : mapping of str to TableMapping
        The tables that are read from it, by name; their ``columns`` list every column.

    Yields
    ------
    Fault
        One a column; and a note on the columns left out as declared.
    """
    read = {column.source for each in mappings.values() for column in each.columns.values()}
    read |= {column for each in mappings.values() for column in each.where}
    patterns = [pattern for each in mappings.values() for pattern in each.ignore]
    left_out = []
    for name in dict.fromkeys(raw.header):
        shown = quoted(name)[1:-1]
        if name == "" and raw.workbook:
            continue  # named by the reader of workbooks
        if raw.header.count(name) > 1:
            message = f"The column {quoted(name)} stands twice."
            yield Fault(raw.file, 1, shown, quoted(name), "header", message, "Keep one of the two.")
        if name in read:
            continue
        if any(fnmatchcase(name, pattern) for pattern in patterns):
            left_out.append(shown)
            continue
        message = f"The column {quoted(name)} is not of the table{'s' * (len(mappings) > 1)} "
        message += f"{', '.join(mappings)}."
        action = "Remove it, map it in mapping.yml, or list it there under ignore."
        yield Fault(raw.file, 1, shown, quoted(name), "header", message, action)
    if left_out:
        message = f"Left out, as mapping.yml says: {', '.join(left_out)}."
        yield note(raw.file, "columns-ignored", message)


def unclaimed_rows(raw: RawTable, mappings: Mapping[str, TableMapping]) -> Iterator[Fault]:
    """Find the rows of a file that belong to none of the tables read from it.

    Parameters
    ----------
    raw : RawTable
        A file or sheet.
    mappings : mapping of str to TableMapping
        The tables that are read from it, by name.

    Yields
    ------
    Fault
        One a row.
    """
    tables = list(mappings.values())
    for line, row in zip(raw.lines, raw.rows, strict=True):
        sized = len(row) == len(raw.header)
        if any(row) and sized and not any(belongs(row, raw, each) for each in tables):
            action = "Widen a where in mapping.yml, or leave the row out of the export."
            message = f"The row belongs to none of the tables {', '.join(mappings)}."
            yield Fault(raw.file, line, None, None, "row-unmapped", message, action)


def belongs(row: list[str], raw: RawTable, mapping: TableMapping) -> bool:
    """Tell whether a row of a file is one of a table.

    Parameters
    ----------
    row : list of str
        Cells, as many as the header has.
    raw : RawTable
        The file or sheet.
    mapping : TableMapping
        The table.

    Returns
    -------
    bool
        Whether the row has the values that ``where`` asks for.
    """
    return all(
        name in raw.header and row[raw.header.index(name)] in values
        for name, values in mapping.where.items()
    )
