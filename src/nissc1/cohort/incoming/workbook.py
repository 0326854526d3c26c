"""Excel workbooks, each sheet as a table of text."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from nissc1.cohort.faults import Fault, quoted
from nissc1.cohort.file_content import ReadError
from nissc1.cohort.incoming.raw_table import Decimals, RawTable, note

_PASTE = "Replace it with its value (copy, paste special, values)."


def read_workbook(path: Path, decimals: Decimals | None = None) -> dict[str, RawTable]:
    """Read every sheet of a workbook that holds anything.

    Numbers are written with a decimal point and as many digits as Excel stores, dates as
    YYYY-MM-DD, truth values as TRUE and FALSE. Formulas, errors, percentages, merged cells and
    times of day are faults, as the shown and the stored value may differ.

    Parameters
    ----------
    path : Path
        File ``.xlsx``.
    decimals : Decimals, optional
        Declared way of writing those numbers that stand in cells of text.

    Returns
    -------
    dict of str to RawTable
        By name of the sheet, in the order of the workbook, hidden sheets included.

    Raises
    ------
    ReadError
        When the file cannot be opened or is no such workbook.
    """
    import openpyxl  # heavy, and only needed for workbooks
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError)
    try:
        with warnings.catch_warnings(record=True) as met:
            warnings.simplefilter("always")
            book = openpyxl.load_workbook(path)
    except OSError as error:
        message = f"The file cannot be opened: {error.strerror or type(error).__name__}."
        raise ReadError("unreadable", message, "Check its path and rights.") from error
    except broken as error:
        message = "The file is no Excel workbook that can be read."
        action = "Open it in Excel and save it as .xlsx without a password, or as CSV in UTF-8."
        raise ReadError("workbook", message, action) from error
    notes = [note(path.name, "workbook", f"{warning.message}.") for warning in met]
    tables = {}
    for sheet in book.worksheets:
        label = path.name if len(book.worksheets) == 1 else f"{path.name}[{sheet.title}]"
        table = _table(label, sheet)
        if table is not None:
            table.decimals = decimals or Decimals.point
            table.faults += notes
            notes = []
            tables[sheet.title] = table
    return tables


def _table(label: str, sheet: Any) -> RawTable | None:
    rows = [list(row) for row in sheet.iter_rows()]
    while rows and all(cell.value is None for cell in rows[-1]):
        rows.pop()
    if not rows:
        return None
    width = max(
        (position + 1 for row in rows for position, cell in enumerate(row) if _holds(cell)),
        default=0,
    )
    table = RawTable(label, [], [], [], workbook=True)
    for merged in sheet.merged_cells.ranges:
        message = f"The cells {merged.coord} are merged, so that all but the first are lost."
        action = "Unmerge them and fill each one."
        fault = Fault(label, merged.min_row, None, None, "merged-cells", message, action)
        table.faults.append(fault)
    for number, row in enumerate(rows, start=1):
        texts = []
        for position, cell in enumerate(row[:width]):
            text, message, action = _text(cell)
            if message:
                name = table.header[position] if number > 1 else None
                fault = Fault(label, number, name, quoted(text), "cell", message, action)
                table.faults.append(fault)
                table.bad.add((number, position))
            texts.append("" if message else text)
        if number == 1:
            table.header = texts
            table.faults += _header_faults(label, texts)
        else:
            table.rows.append(texts)
            table.lines.append(number)
    return table


def _holds(cell: Any) -> bool:
    return cell.value is not None and cell.value != ""


def _header_faults(label: str, header: list[str]) -> Iterator[Fault]:
    for position, name in enumerate(header, start=1):
        if name == "":
            message = f"Column {position} of the sheet has no name in its first row."
            yield Fault(label, 1, None, None, "header", message, "Name it, or clear its cells.")


def _text(cell: Any) -> tuple[str, str, str]:
    """Write a cell as text; with a message and an action where that is not safe."""
    value = cell.value
    if value is None:
        return "", "", ""
    if cell.data_type == "f":
        text = str(getattr(value, "text", value))
        return text, "The cell holds a formula, whose value is not part of the file.", _PASTE
    if cell.data_type == "e":
        return str(value), "The cell holds an error of Excel.", _PASTE
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), "", ""
    if isinstance(value, int | float):
        if "%" in str(cell.number_format):
            message = f"The cell is shown as a percentage, but {value} is stored."
            return str(value), message, "Store the number itself, 72.5 for 72.5 %."
        whole = isinstance(value, int) or value.is_integer()
        return (str(int(value)) if whole else format(_plain(value), "f")), "", ""
    if isinstance(value, dt.datetime):
        if value.time() == dt.time():
            return value.date().isoformat(), "", ""
        message = "The cell holds a time of day beside its date."
        return value.isoformat(" "), message, "Store the date alone."
    if isinstance(value, dt.date):
        return value.isoformat(), "", ""
    if isinstance(value, dt.time | dt.timedelta):
        return str(value), "The cell holds a time, which no column takes.", "Store a number."
    return str(value), "", ""


def _plain(value: float) -> Any:
    from decimal import Decimal

    return Decimal(repr(value))
