"""Reading a CSV file strictly as text, and turning the text into typed columns by the schema.

Nothing is guessed: a cell is missing when it is one of the schema's missing codes, and the words
``NA`` and ``None`` are text like any other. Numbers are plain decimals with a point, in ASCII
digits.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

_INTEGER = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_DATE = re.compile(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")

EXPECTED = {
    "string": "text",
    "integer": "a whole number without blanks or separators, such as 12",
    "number": "a number with a decimal point, such as 12.5",
    "boolean": "yes or no",
    "date": "a date written YYYY-MM-DD that exists in the calendar",
}
DTYPES = {
    "string": "string",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[ns]",
}


class ReadError(ValueError):
    """A file cannot be read as CSV text.

    Parameters
    ----------
    rule : str
        Slug of what is wrong.
    message : str
        What was found.
    action : str
        What to do about it.
    row : int, optional
        Line of the file, the header being line 1.
    """

    def __init__(self, rule: str, message: str, action: str, row: int | None = None) -> None:
        super().__init__(f"{message} {action}")
        self.rule = rule
        self.message = message
        self.action = action
        self.row = row


@dataclass(frozen=True)
class TextTable:
    """A CSV file as text.

    Parameters
    ----------
    header : list of str
        Column names as they stand in the file.
    rows : list of list of str
        Cells of each record; an empty list for a blank line.
    lines : list of int
        Line of the file on which each record begins, the header being line 1.
    """

    header: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_table(path: Path) -> TextTable:
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
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ReadError(
            "unreadable", f"The file cannot be opened: {reason}.", "Check its path and rights."
        ) from error
    save = "Save the table as CSV in UTF-8, separated by commas."
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        byte = f"0x{content[error.start]:02x}"
        raise ReadError(
            "encoding", f"The file is not UTF-8: byte {byte} on this line.", save, line
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ReadError("encoding", "The file holds a NUL character: it is no text.", save, line)
    return parse_csv(text)


def parse_csv(text: str, delimiter: str = ",") -> TextTable:
    """Take CSV text apart.

    Parameters
    ----------
    text : str
        Content of a file, quoted with double quotes.
    delimiter : str
        What separates the cells.

    Returns
    -------
    TextTable
        Header, records and their lines.

    Raises
    ------
    ReadError
        When there is no header or the text is not well-formed CSV.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    records: list[list[str]] = []
    lines: list[int] = []
    begins = 1
    try:
        for record in reader:
            records.append(record)
            lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ReadError(
            "malformed",
            f"The record that begins on this line is not CSV: {error}.",
            "Look for a quotation mark that is not closed or not doubled.",
            begins,
        ) from error
    if not records or not any(cell.strip() for cell in records[0]):
        raise ReadError(
            "empty", "The file has no header line.", "Export the table again, with its header.", 1
        )
    return TextTable(records[0], records[1:], lines[1:])


def is_missing(text: str, missing: Sequence[str]) -> bool:
    """Tell whether a cell holds a missing code.

    Parameters
    ----------
    text : str
        Cell.
    missing : sequence of str
        Missing codes of the schema.

    Returns
    -------
    bool
        Whether the value is missing.
    """
    return text in missing


def is_of_type(text: str, field: Mapping[str, Any]) -> bool:
    """Tell whether a cell is written as its column's type asks.

    Parameters
    ----------
    text : str
        Cell that is not missing.
    field : mapping
        Table Schema field descriptor.

    Returns
    -------
    bool
        Whether `typed` can convert the cell.
    """
    kind = field["type"]
    if kind == "integer":
        return _INTEGER.fullmatch(text) is not None
    if kind == "number":
        return _NUMBER.fullmatch(text) is not None
    if kind == "boolean":
        return text in field["trueValues"] or text in field["falseValues"]
    if kind == "date":
        if not _DATE.fullmatch(text):
            return False
        try:
            dt.date.fromisoformat(text)
        except ValueError:
            return False
    return True


def typed(texts: Sequence[str], field: Mapping[str, Any], missing: Sequence[str]) -> pd.Series[Any]:
    """Convert the cells of one column by its field descriptor.

    Parameters
    ----------
    texts : sequence of str
        Cells, each missing or of the column's type (see `is_of_type`).
    field : mapping
        Table Schema field descriptor.
    missing : sequence of str
        Missing codes of the schema.

    Returns
    -------
    Series
        Of pandas type string, Int64, Float64, boolean or datetime64[ns]; missing values are NA.
    """
    kind = field["type"]
    values: list[Any] = []
    for text in texts:
        if is_missing(text, missing):
            values.append(pd.NaT if kind == "date" else None)
        elif kind == "integer":
            values.append(int(text))
        elif kind == "number":
            values.append(float(text))
        elif kind == "boolean":
            values.append(text in field["trueValues"])
        elif kind == "date":
            values.append(pd.Timestamp(text))
        else:
            values.append(text)
    return pd.Series(values, dtype=DTYPES[kind], name=field["name"])


def typed_table(table: TextTable, schema: Mapping[str, Any]) -> pd.DataFrame:
    """Convert a whole table by its Table Schema.

    Parameters
    ----------
    table : TextTable
        Text of the file.
    schema : mapping
        Table Schema of the resource.

    Returns
    -------
    DataFrame
        Columns and rows in the order of the file.

    Raises
    ------
    ReadError
        When the header is not the schema's, a record has another number of cells, or a cell is not
        of its column's type.
    """
    names = [field["name"] for field in schema["fields"]]
    missing = schema.get("missingValues", [""])
    check = "Run the checks on the release."
    if table.header != names:
        message = f"The header is not the one that the schema lists: {', '.join(names)}."
        raise ReadError("header", message, check, 1)
    for line, row in zip(table.lines, table.rows, strict=True):
        if len(row) != len(names):
            message = f"The record has {len(row)} cells instead of {len(names)}."
            raise ReadError("cells", message, check, line)
    converted = {}
    for position, field in enumerate(schema["fields"]):
        texts = [row[position] for row in table.rows]
        for line, text in zip(table.lines, texts, strict=True):
            if not is_missing(text, missing) and not is_of_type(text, field):
                message = f"{field['name']} is {text[:60]!r}, not {EXPECTED[field['type']]}."
                raise ReadError("type", message, check, line)
        converted[field["name"]] = typed(texts, field, missing)
    return pd.DataFrame(converted)
