"""Tables as workbooks."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from nissc1.report.archive import packed
from nissc1.report.layout import Cell, Layout
from nissc1.report.record import COLUMNS, Record

_BOLD, _FAINT = Font(bold=True), Font(italic=True, color="555555")
_RULE = Border(bottom=Side(style="thin"))
_WIDEST, _NARROWEST = 60, 8
_MOMENT = re.compile(r"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


def workbook(layout: Layout, records: Sequence[Record] = ()) -> bytes:
    """Write a table as an Excel workbook.

    Parameters
    ----------
    layout : Layout
        The table.
    records : sequence of Record
        The records that it shows; if there are any, they get a sheet of their own.

    Returns
    -------
    bytes
        The workbook, the same bytes each time: the table as on the page, with plain numbers as
        numbers and everything else as text, never as a formula; footnotes and source below.
    """
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError(f"a new workbook has {sheet!r} where its first sheet should be")
    sheet.title = "Table"
    _fill(sheet, layout)
    if records:
        _records(book.create_sheet("Records"), records)
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _fill(sheet: Worksheet, layout: Layout) -> None:
    _write(sheet, 1, 1, Cell(layout.title), _BOLD)
    headings = [layout.stub, *(column.heading for column in layout.columns)]
    for place, heading in enumerate(headings, start=1):
        _write(sheet, 3, place, Cell(heading), _BOLD)
        sheet.cell(3, place).border = _RULE
    row = 4
    for group in layout.groups:
        if group.name:
            _write(sheet, row, 1, Cell(group.name), _BOLD)
            row += 1
        for line in group.rows:
            _write(sheet, row, 1, Cell(line.head))
            sheet.cell(row, 1).alignment = Alignment(indent=int(bool(group.name)), wrap_text=True)
            for place, cell in enumerate(line.cells, start=2):
                _write(sheet, row, place, cell)
                if layout.columns[place - 2].right:
                    sheet.cell(row, place).alignment = Alignment(horizontal="right")
            row += 1
    for note in layout.below:
        row += 1
        _write(sheet, row, 1, Cell(note), _FAINT)
    texts = [
        [line.head, *(cell.text for cell in line.cells)] for g in layout.groups for line in g.rows
    ]
    for place, heading in enumerate(headings):
        longest = max(map(len, [heading, *(text[place] for text in texts)]))
        letter = get_column_letter(place + 1)
        sheet.column_dimensions[letter].width = min(max(longest + 2, _NARROWEST), _WIDEST)
    sheet.freeze_panes = "B4"


def _records(sheet: Worksheet, records: Sequence[Record]) -> None:
    for place, name in enumerate(COLUMNS, start=1):
        _write(sheet, 1, place, Cell(name), _BOLD)
    for row, record in enumerate(records, start=2):
        for place, name in enumerate(COLUMNS, start=1):
            value = getattr(record, name)
            number = None if isinstance(value, str) else value
            _write(sheet, row, place, Cell("" if value is None else str(value), number=number))
    sheet.freeze_panes = "C2"


def _write(sheet: Worksheet, row: int, place: int, cell: Cell, font: Font | None = None) -> None:
    target = sheet.cell(row, place)
    if cell.number is not None:
        target.value = cell.number
        decimals = len(cell.text.partition(".")[2])
        target.number_format = "0." + "0" * decimals if decimals else "General"
    elif cell.text:
        target.value = cell.text
        target.data_type = "s"  # what begins with "=" is text, too
    if font is not None:
        target.font = font


def _timeless(content: bytes) -> bytes:
    """Pack the parts of a workbook again, without the moment at which it was made."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    parts[core] = _MOMENT.sub("", parts[core].decode("utf-8")).encode("utf-8")
    return packed(parts)
