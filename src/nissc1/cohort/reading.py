"""Reading a table of a release as text, and turning the text into typed columns by the schema.

Nothing is guessed: a cell is missing when it is one of the schema's missing codes, and the words
``NA`` and ``None`` are text like any other. Numbers are plain decimals with a point, in ASCII
digits.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nissc1.cohort.csv_text import read_csv
from nissc1.cohort.file_content import ReadError
from nissc1.cohort.parquet import PARQUET, read_parquet
from nissc1.cohort.text_table import TextColumn, TextTable

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


def read_table(path: Path, schema: Mapping[str, Any]) -> TextTable:
    """Read a table of a release as text.

    Parameters
    ----------
    path : Path
        CSV or Parquet file, as its name ends.
    schema : mapping
        Table Schema of the resource.

    Returns
    -------
    TextTable
        Header, records and their lines.

    Raises
    ------
    ReadError
        As `nissc1.cohort.csv_text.read_csv` and `nissc1.cohort.parquet.read_parquet` say.
    """
    return read_parquet(path, schema) if path.suffix == PARQUET else read_csv(path)


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


def typed(column: TextColumn, field: Mapping[str, Any], missing: Sequence[str]) -> pd.Series[Any]:
    """Convert the cells of one column by its field descriptor.

    Parameters
    ----------
    column : TextColumn
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
    for text in column.distinct:
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
    distinct: pd.Series[Any] = pd.Series(values, dtype=DTYPES[kind])
    return pd.Series(distinct.array.take(column.codes), name=field["name"])


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
    for line, record in table.uneven.items():
        message = f"The record has {len(record)} cells instead of {len(names)}."
        raise ReadError("cells", message, check, line)
    converted = {}
    for field, column in zip(schema["fields"], table.columns, strict=True):
        admitted = [
            is_missing(text, missing) or is_of_type(text, field) for text in column.distinct
        ]
        if not all(admitted):
            row = int(np.argmin(np.array(admitted)[column.codes]))
            message = (
                f"{field['name']} is {column.cell(row)[:60]!r}, not {EXPECTED[field['type']]}."
            )
            raise ReadError("type", message, check, int(table.lines[row]))
        converted[field["name"]] = typed(column, field, missing)
    return pd.DataFrame(converted, copy=False)
