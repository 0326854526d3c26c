"""Reading one cell of an export as a cell of a release."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from nissc1.cohort.faults import quoted
from nissc1.cohort.incoming.mapping import ColumnMapping
from nissc1.cohort.incoming.raw_table import Decimals
from nissc1.cohort.reading import is_of_type

_COMMA = re.compile(r"-?\d+,\d+", re.ASCII)
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", re.ASCII)
_MOST_PLACES = 15
_TOKENS = {
    "YYYY": r"(?P<Y>\d{4})",
    "MM": r"(?P<M>\d{2})",
    "DD": r"(?P<D>\d{2})",
    "M": r"(?P<M>\d{1,2})",
    "D": r"(?P<D>\d{1,2})",
}


class CellError(ValueError):
    """A cell cannot be read without guessing.

    Parameters
    ----------
    rule, message, action : str
        As in `nissc1.cohort.faults.Fault`.
    """

    def __init__(self, rule: str, message: str, action: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.action = action


def has_decimal_comma(text: str) -> bool:
    """Tell whether a cell is a number with a decimal comma.

    Parameters
    ----------
    text : str
        Cell.

    Returns
    -------
    bool
        True for ``72,5``.
    """
    return _COMMA.fullmatch(text) is not None


def read_cell(
    text: str,
    field: Mapping[str, Any],
    mapping: ColumnMapping,
    decimals: Decimals,
    date_format: str | None = None,
) -> str:
    """Read a cell that is not missing.

    Parameters
    ----------
    text : str
        Cell of the export.
    field : mapping
        Table Schema field descriptor of the release's column.
    mapping : ColumnMapping
        How the column is to be read.
    decimals : Decimals
        How numbers are written.
    date_format : str, optional
        Of the column, where it holds dates.

    Returns
    -------
    str
        Cell of the release: a coded value, a number with a decimal point, an ISO date, or the text
        itself. Whether the column admits it is for the checks of the release to say.

    Raises
    ------
    CellError
        When the value has no code, the number may be two numbers, or the date has another format.
    """
    if mapping.codes is not None:
        if text in mapping.codes:
            return mapping.codes[text]
        if not mapping.keep_others:
            message = f"{quoted(text)} has no value in the codes of {field['name']}."
            listed = ", ".join(mapping.codes) or "none"
            action = f"Add the code to mapping.yml (listed: {listed}), or correct it at its source."
            raise CellError("code-unmapped", message, action)
    if date_format is not None:
        return _date(text, date_format)
    if field["type"] in ("integer", "number"):
        return _converted(_number(text, decimals), field, mapping)
    return text


def _number(text: str, decimals: Decimals) -> str:
    ambiguous = decimals is Decimals.comma and "." in text
    if ambiguous or (decimals is Decimals.undecided and _THOUSANDS.fullmatch(text)):
        message = f"{quoted(text)} may be two numbers: the point may mark thousands or decimals."
        action = "Export numbers without marks for thousands"
        if not ambiguous:
            action += ", or say in mapping.yml: decimal: point"
        raise CellError("number-ambiguous", message, f"{action}.")
    return text.replace(",", ".") if decimals is Decimals.comma and _COMMA.fullmatch(text) else text


def _converted(text: str, field: Mapping[str, Any], mapping: ColumnMapping) -> str:
    if mapping.factor is None and mapping.offset is None and mapping.decimals is None:
        return text
    if not is_of_type(text, {"type": "number"}):
        return text  # a fault of its type
    value = Decimal(text) * (mapping.factor or 1) + (mapping.offset or 0)
    if mapping.decimals is not None:
        value = value.quantize(Decimal(1).scaleb(-mapping.decimals), ROUND_HALF_UP)
    result = format(value.normalize(), "f")
    result = "0" if result == "-0" else result
    _, _, places = result.partition(".")
    if len(places) > (0 if field["type"] == "integer" else _MOST_PLACES):
        message = f"{quoted(text)} converts to {result}, which {field['name']} cannot hold."
        action = "Say in mapping.yml to how many decimals it is rounded."
        raise CellError("conversion", message, action)
    return result


def _date(text: str, date_format: str) -> str:
    pattern = re.sub(
        "YYYY|MM?|DD?|.", lambda met: _TOKENS.get(met[0], re.escape(met[0])), date_format
    )
    found = re.fullmatch(pattern, text, re.ASCII)
    if found is not None:
        try:
            return dt.date(int(found["Y"]), int(found["M"]), int(found["D"])).isoformat()
        except ValueError:
            pass
    message = f"{quoted(text)} is no date written {date_format}."
    raise CellError("date-format", message, "Correct the date, or date_format in mapping.yml.")
