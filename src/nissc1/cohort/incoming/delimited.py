"""CSV files as spreadsheets and registries write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from nissc1.cohort.csv_text import headed_records
from nissc1.cohort.faults import Fault
from nissc1.cohort.file_content import ReadError, file_content
from nissc1.cohort.incoming.raw_table import Decimals, RawTable, note

UTF_8, WINDOWS_1252 = "utf-8", "windows-1252"
ENCODINGS = (UTF_8, WINDOWS_1252)
DELIMITERS = {"comma": ",", "semicolon": ";"}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_delimited(
    path: Path,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimals: Decimals | None = None,
) -> RawTable:
    """Read a CSV file of unknown origin.

    UTF-8 is tried first, with or without a byte-order mark; text that is not UTF-8 is read as
    Windows-1252, of whose printable characters Latin-1 is a part, and a note says so. The separator
    is the one of comma and semicolon that the header has.

    Parameters
    ----------
    path : Path
        File to read.
    encoding : {"utf-8", "windows-1252"}, optional
        Declared encoding.
    delimiter : {",", ";"}, optional
        Declared separator.
    decimals : Decimals, optional
        Declared way of writing numbers.

    Returns
    -------
    RawTable
        The records, with notes on what was chosen.

    Raises
    ------
    ReadError
        When the file cannot be opened, is no text, leaves open what separates its cells, or is not
        well-formed.
    """
    content = file_content(path)
    text, notes = _decoded(path.name, content, encoding)
    if delimiter is None:
        delimiter = _delimiter(text)
    header, records = headed_records(io.StringIO(text, newline=""), delimiter)
    met = list(records)
    if decimals is None:
        decimals = Decimals.point if delimiter == "," else Decimals.undecided
    if delimiter == ";":
        message = "The cells are read as separated by semicolons."
        notes.append(note(path.name, "separator", message))
    lines, rows = [line for line, _ in met], [row for _, row in met]
    return RawTable(path.name, header, rows, lines, decimals, faults=notes)


def _decoded(file: str, content: bytes, encoding: str | None) -> tuple[str, list[Fault]]:
    save = "Save the table as CSV in UTF-8."
    if content.startswith(_UTF_16):
        raise ReadError("encoding", "The file is UTF-16 (Unicode text of Excel).", save)
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise ReadError("encoding", "The file holds a NUL character: it is no text.", save, line)
    if encoding != WINDOWS_1252:
        try:
            return content.decode("utf-8-sig"), []
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            met = f"byte 0x{content[error.start]:02x} on line {line}"
            if encoding == UTF_8:
                message = f"The file is not UTF-8, which mapping.yml declares: {met}."
                raise ReadError("encoding", message, save, line) from error
    else:
        met = "as mapping.yml declares"
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = (
            f"The file is neither UTF-8 nor Windows-1252: byte 0x{content[error.start]:02x} on "
            "this line is no character of either."
        )
        raise ReadError("encoding", message, save, line) from error
    message = f"The file is read as Windows-1252 (Latin-1), not UTF-8: {met}."
    return text, [note(file, "encoding", message)]


def _delimiter(text: str) -> str:
    """Choose what separates the header, and never between two possible ones."""
    found = [
        delimiter
        for delimiter in DELIMITERS.values()
        if len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])) > 1
    ]
    if len(found) > 1:
        message = "The header holds commas and semicolons: either may separate the cells."
        action = "Say which one in mapping.yml: delimiter: comma, or delimiter: semicolon."
        raise ReadError("separator", message, action, 1)
    return found[0] if found else ","
