"""Reading a CSV file strictly as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from nissc1.cohort.file_content import ReadError, file_content
from nissc1.cohort.text_table import TextTable

_SAVE = "Save the table as CSV in UTF-8, separated by commas."


def read_csv(path: Path) -> TextTable:
    """Read a CSV file as text.

    Parameters
    ----------
    path : Path
        File in UTF-8, comma separated, quoted with double quotes; a byte-order mark is allowed.

    Returns
    -------
    TextTable
        Header, records and their lines.

    Raises
    ------
    ReadError
        When the file cannot be opened, is empty, is not UTF-8 text or is not well-formed CSV.
    """
    content = file_content(path)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        byte = f"0x{content[error.start]:02x}"
        message = f"The file is not UTF-8: byte {byte} on this line."
        raise ReadError("encoding", message, _SAVE, line) from error
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise ReadError("encoding", "The file holds a NUL character: it is no text.", _SAVE, line)
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    header, records = headed_records(text)
    return TextTable.of(header, records)


def headed_records(
    text: Iterable[str], delimiter: str = ","
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Take CSV text apart.

    Parameters
    ----------
    text : iterable of str
        Lines with their ends, quoted with double quotes.
    delimiter : str
        What separates the cells.

    Returns
    -------
    tuple of (list of str, iterator of (int, list of str))
        The header; the line on which each record begins, the header being line 1, and its cells,
        none for a blank line.

    Raises
    ------
    ReadError
        When there is no header or, while the records are walked over, the text is not well-formed
        CSV.
    """
    records = _records(text, delimiter)
    _, header = next(records, (1, []))
    if not any(cell.strip() for cell in header):
        raise ReadError(
            "empty", "The file has no header line.", "Export the table again, with its header.", 1
        )
    return header, records


def _records(text: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, strict=True, delimiter=delimiter)
    begins = 1
    try:
        for record in reader:
            yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ReadError(
            "malformed",
            f"The record that begins on this line is not CSV: {error}.",
            "Look for a quotation mark that is not closed or not doubled.",
            begins,
        ) from error
