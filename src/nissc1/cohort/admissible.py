"""Whether a single value is one that its column admits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nissc1.cohort.reading import EXPECTED, is_of_type
from nissc1.cohort.schema import allowed_values


def objection(text: str, field: Mapping[str, Any]) -> str | None:
    """Say why a column does not admit a value.

    Parameters
    ----------
    text : str
        Value as a cell holds it; empty for a missing one.
    field : mapping
        Table Schema field descriptor.

    Returns
    -------
    str or None
        What is allowed instead, as "must be …"; None where the value is admitted.
    """
    if text == "":
        return "must not be empty" if field.get("constraints", {}).get("required") else None
    if not is_of_type(text, field):
        return f"must be {EXPECTED[field['type']]}"
    unit = f" {field['unit']}" if "unit" in field else ""
    if broken_constraint(text, field) is not None:
        return f"must be {allowed_values(field)}{unit}"
    return None


def broken_constraint(text: str, field: Mapping[str, Any]) -> str | None:
    """Name the constraint of a column that a value does not meet.

    Parameters
    ----------
    text : str
        Cell that is not missing and of the column's type.
    field : mapping
        Table Schema field descriptor.

    Returns
    -------
    str or None
        ``enum``, ``pattern`` or ``range``; None where the value meets all of them.
    """
    limits = field.get("constraints", {})
    listed = [str(value) for value in limits.get("enum", [text])]
    if not any(same_value(text, each, field) for each in listed):
        return "enum"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], text):
        return "pattern"
    for name, sign in (("minimum", 1), ("maximum", -1)):
        if name not in limits:
            continue
        if field["type"] == "date":
            lower, upper = (str(limits[name]), text)[::sign]
            if lower > upper:
                return "range"
        elif (float(text) - float(limits[name])) * sign < 0:
            return "range"
    return None


def same_value(one: str, other: str, field: Mapping[str, Any]) -> bool:
    """Tell whether two texts stand for one value of a column.

    Parameters
    ----------
    one, other : str
        Cells; empty for missing.
    field : mapping
        Table Schema field descriptor.

    Returns
    -------
    bool
        Whether they are the same text, or numbers of the same value (``1`` and ``1.0``).
    """
    if one == other:
        return True
    number = {"type": "number"}
    numeric = field["type"] in ("integer", "number")
    if not (numeric and is_of_type(one, number) and is_of_type(other, number)):
        return False
    return float(one) == float(other)
