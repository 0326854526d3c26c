"""The columns of a data release.

The template ``datapackage.yml`` beside this module is their one source.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd
import yaml

DESCRIPTOR = "datapackage.json"
RELEASE_ID = re.compile(r"\d{4}\.(0[1-9]|1[0-2])")

_TYPE_NAMES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no",
    "date": "date",
}


@cache
def _template() -> dict[str, Any]:
    text = resources.files("nissc1.cohort").joinpath("datapackage.yml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def template() -> dict[str, Any]:
    """Return the schema template of a data release.

    Returns
    -------
    dict
        Frictionless Data Package descriptor without what is particular to one release. The caller
        may change it: each call returns a new copy.
    """
    return copy.deepcopy(_template())


def resource_names() -> tuple[str, ...]:
    """Name the tables of a release, in the order of the template.

    Returns
    -------
    tuple of str
        ``("patients", "transplants", "outcomes", "visits", "adverse_events")``.
    """
    return tuple(resource["name"] for resource in _template()["resources"])


def fields(resource: str) -> list[dict[str, Any]]:
    """Return the columns of one table as the template describes them.

    Parameters
    ----------
    resource : str
        Name of the table, for example ``"patients"``.

    Returns
    -------
    list of dict
        Table Schema field descriptors in the order of the columns.

    Raises
    ------
    ValueError
        When no table has that name.
    """
    for found in _template()["resources"]:
        if found["name"] == resource:
            described: list[dict[str, Any]] = copy.deepcopy(found["schema"]["fields"])
            return described
    raise ValueError(
        f"No table is named {resource!r}. Must be one of {', '.join(resource_names())}."
    )


def columns(resource: str) -> list[str]:
    """Name the columns of one table, in their order.

    Parameters
    ----------
    resource : str
        Name of the table.

    Returns
    -------
    list of str
        Column names.
    """
    return [field["name"] for field in fields(resource)]


def allowed_values(field: Mapping[str, Any]) -> str:
    """Put into words which values a column admits.

    Parameters
    ----------
    field : mapping
        Table Schema field descriptor.

    Returns
    -------
    str
        The listed values, the range or the pattern; empty where anything of the type goes.
    """
    limits = field.get("constraints", {})
    if field["type"] == "boolean":
        return ", ".join([*field.get("trueValues", []), *field.get("falseValues", [])])
    if "enum" in limits:
        return ", ".join(str(value) for value in limits["enum"])
    low, high = limits.get("minimum"), limits.get("maximum")
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"from {low}"
    if high is not None:
        return f"up to {high}"
    return f"matches {limits['pattern']}" if "pattern" in limits else ""


def dictionary(descriptor: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Lay a descriptor out as a data dictionary.

    Parameters
    ----------
    descriptor : mapping
        Content of ``datapackage.json``, or the template.

    Returns
    -------
    dict of str to DataFrame
        One frame a table, in order: ``column``, ``title``, ``type`` (in words), ``unit``,
        ``allowed``, ``missing`` (how a missing value is written, or that none may be missing) and
        ``description``; all text.
    """
    frames = {}
    for resource in descriptor["resources"]:
        schema = resource["schema"]
        codes = ["empty cell" if code == "" else code for code in schema.get("missingValues", [""])]
        lines = []
        for field in schema["fields"]:
            required = field.get("constraints", {}).get("required", False)
            lines.append(
                {
                    "column": field["name"],
                    "title": field.get("title", field["name"]),
                    "type": _TYPE_NAMES.get(field["type"], field["type"]),
                    "unit": field.get("unit", ""),
                    "allowed": allowed_values(field),
                    "missing": "never missing" if required else ", ".join(codes),
                    "description": field.get("description", ""),
                }
            )
        frames[resource["name"]] = pd.DataFrame(lines, dtype="string")
    return frames
