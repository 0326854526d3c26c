"""Tables of a release as Parquet files.

A Parquet file is read as the text that a CSV file of the table would hold, so that it is checked,
corrected and converted by the same rules. A column that Parquet stores as another type than the
schema's, such as fractions where whole numbers are wanted, is refused as a whole.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from nissc1.cohort.file_content import ReadError, file_content
from nissc1.cohort.text_table import TextColumn, TextTable

PARQUET = ".parquet"
STORED = {
    "string": "text (string)",
    "integer": "whole numbers (int8 to int64)",
    "number": "numbers (double or int8 to int64)",
    "boolean": "truth values (bool)",
    "date": "dates (date32, or timestamp without time zone)",
}
"""How Parquet is to store the types of the schema."""
_UNKNOWN: dict[str, Any] = {"trueValues": ["TRUE"], "falseValues": ["FALSE"]}


def read_parquet(path: Path, schema: Mapping[str, Any]) -> TextTable:
    """Read a Parquet file as text.

    Parameters
    ----------
    path : Path
        File with the columns of the schema; a missing value is null.
    schema : mapping
        Table Schema of the resource. A column that it lacks is written as it is stored, truth
        values as TRUE and FALSE.

    Returns
    -------
    TextTable
        Header and records, numbered as the lines of a CSV file would be: the first record is 2.

    Raises
    ------
    ReadError
        When the file cannot be opened, is no Parquet file, or stores a column of the schema as
        another type.
    """
    import pyarrow  # heavy, and only needed for Parquet
    from pyarrow import parquet

    content = file_content(path)
    try:
        table = parquet.read_table(pyarrow.BufferReader(content))
    except (pyarrow.ArrowException, OSError) as error:
        message = "The file is not Parquet that can be read."
        raise ReadError("malformed", message, "Write the table again.") from error
    fields = {field["name"]: field for field in schema["fields"]}
    missing = schema.get("missingValues", [""])[0]
    columns = []
    for name, stored in zip(table.column_names, table.columns, strict=True):
        field = fields.get(name, _UNKNOWN)
        wanted = STORED[field["type"]] if name in fields else "single values"
        if not _fits(stored.type, field.get("type")):
            message = f"{name} is stored as {stored.type}, not as {wanted}."
            raise ReadError("storage", message, "Convert the column and write it again.", 1, name)
        columns.append(_text(stored, field, missing))
    lines = np.arange(table.num_rows, dtype=np.int64) + 2
    return TextTable(list(table.column_names), columns, lines)


def count_records(path: Path) -> int:
    """Count the records of a Parquet file without reading them.

    Parameters
    ----------
    path : Path
        File.

    Returns
    -------
    int
        As its footer says.
    """
    from pyarrow import parquet

    return int(parquet.read_metadata(path).num_rows)


def _fits(stored: Any, kind: str | None) -> bool:
    """Tell whether a type of Arrow holds the values of a type of the schema and no others."""
    from pyarrow import types

    if types.is_dictionary(stored):
        stored = stored.value_type
    tests: dict[str | None, tuple[Callable[[Any], bool], ...]] = {
        None: (lambda given: not types.is_nested(given),),
        "string": (types.is_string, types.is_large_string, types.is_string_view),
        "integer": (types.is_integer,),
        "number": (types.is_float64, types.is_integer),
        "boolean": (types.is_boolean,),
        "date": (types.is_date, lambda given: types.is_timestamp(given) and given.tz is None),
    }
    return types.is_null(stored) or any(test(stored) for test in tests[kind])


def _text(stored: Any, field: Mapping[str, Any], missing: str) -> TextColumn:
    """Write each distinct value of a column as text."""
    from pyarrow import types

    if types.is_null(stored.type):
        return TextColumn([missing], np.zeros(len(stored), dtype=np.int32))
    if types.is_dictionary(stored.type):
        stored = stored.cast(stored.type.value_type)
    encoded = stored.combine_chunks().dictionary_encode()
    distinct = [_written(value, field) for value in encoded.dictionary.to_pylist()]
    codes = encoded.indices.fill_null(len(distinct)).to_numpy().astype(np.int32)
    return TextColumn([*distinct, missing], codes)


def _written(value: Any, field: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return str(field["trueValues" if value else "falseValues"][0])
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, float) and math.isfinite(value):
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return str(value)
