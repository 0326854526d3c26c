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
    limits = field.get("constraints", {})
    if text == "":
        return "must not be empty" if limits.get("required") else None
    if not is_of_type(text, field):
        return f"must be {EXPECTED[field['type']]}"
    unit = f" {field['unit']}" if "unit" in field else ""
    if not _within(text, field["type"], limits):
        return f"must be {allowed_values(field)}{unit}"
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


def _within(text: str, kind: str, limits: Mapping[str, Any]) -> bool:
    if "enum" in limits and text not in [str(value) for value in limits["enum"]]:
        return False
    if "pattern" in limits and not re.fullmatch(limits["pattern"], text):
        return False
    for name, sign in (("minimum", 1), ("maximum", -1)):
        if name not in limits:
            continue
        if kind == "date":
            lower, upper = (str(limits[name]), text)[::sign]
            if lower > upper:
                return False
        elif (float(text) - float(limits[name])) * sign < 0:
            return False
    return True
