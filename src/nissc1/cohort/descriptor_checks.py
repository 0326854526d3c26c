"""Checks of ``datapackage.json``: readable, and describing the tables that the report reads."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nissc1.cohort.faults import Fault, quoted
from nissc1.cohort.schema import DESCRIPTOR, RELEASE_ID, template
from nissc1.cohort.table_files import as_stored

_REBUILD = "Restore the file, or write it anew by registering the folder as a release."
_FREE = frozenset({"title", "description"})
_BOUNDS = ("minimum", "maximum", "pattern")
SIMULATED_AFTER = "simulated_after"
"""Entry of a descriptor that a simulated release has: the day after which nothing was observed."""


def _fault(rule: str, message: str, action: str = _REBUILD, row: int | None = None) -> Fault:
    return Fault(DESCRIPTOR, row, None, None, rule, message, action)


def read_descriptor(folder: Path) -> tuple[dict[str, Any] | None, list[Fault]]:
    """Read the descriptor of a release folder.

    Parameters
    ----------
    folder : Path
        Folder of the release.

    Returns
    -------
    tuple of (dict or None, list of Fault)
        The descriptor, None where it cannot be read as a JSON object, and why not.
    """
    path = folder / DESCRIPTOR
    if not path.is_file():
        return None, [_fault("descriptor-missing", f"The folder has no {DESCRIPTOR}.", _REBUILD)]
    try:
        loaded = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        return None, [_fault("unreadable", f"The file cannot be opened: {error.strerror}.")]
    except UnicodeDecodeError as error:
        return None, [_fault("encoding", f"The file is not UTF-8 at byte {error.start}.")]
    except json.JSONDecodeError as error:
        message = f"The file is not JSON: {error.msg}."
        return None, [_fault("descriptor-invalid", message, row=error.lineno)]
    except (ValueError, RecursionError):
        return None, [_fault("descriptor-invalid", "The file is not JSON that can be read.")]
    if not isinstance(loaded, dict):
        return None, [_fault("descriptor-invalid", "The file holds no JSON object.")]
    return loaded, []


def check_descriptor(descriptor: Mapping[str, Any]) -> list[Fault]:
    """Check that a descriptor is a Data Package of the template's tables.

    Titles, descriptions and where the bounds of values lie may differ from the template; names,
    types, units, listed values, keys and missing codes may not.

    Parameters
    ----------
    descriptor : mapping
        Content of ``datapackage.json``.

    Returns
    -------
    list of Fault
        What differs, in the order of the template.
    """
    faults = structure_faults(descriptor)
    return faults or _standard_faults(descriptor)


def structure_faults(descriptor: Mapping[str, Any]) -> list[Fault]:
    """Check what the loader relies on: identity, tables and columns.

    Parameters
    ----------
    descriptor : mapping
        Content of ``datapackage.json``.

    Returns
    -------
    list of Fault
        What differs from the template, in its order.
    """
    return [*_identity_faults(descriptor), *_resource_faults(descriptor.get("resources"))]


def described_schemas(
    descriptor: Mapping[str, Any] | None, faults: list[Fault]
) -> dict[str, dict[str, Any]]:
    """Choose the schemas that the tables are checked against.

    Parameters
    ----------
    descriptor : mapping or None
        Content of ``datapackage.json``.
    faults : list of Fault
        What `read_descriptor` and `check_descriptor` found.

    Returns
    -------
    dict of str to dict
        Table Schema by resource name: the release's own where its descriptor describes the
        template's tables, the template's otherwise.
    """
    source = descriptor
    if source is None or any(fault.rule.startswith("descriptor") for fault in faults):
        source = template()
    return {resource["name"]: resource["schema"] for resource in source["resources"]}


def data_cutoff(descriptor: Mapping[str, Any] | None) -> dt.date | None:
    """Read the data cut-off of a descriptor.

    Parameters
    ----------
    descriptor : mapping or None
        Content of ``datapackage.json``.

    Returns
    -------
    datetime.date or None
        None where it is absent or no date.
    """
    return _date(descriptor.get("data_cutoff") if descriptor else None)


def _date(value: object) -> dt.date | None:
    if not isinstance(value, str) or not re.fullmatch(r"(19|20)\d\d-\d\d-\d\d", value):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def simulation_objection(identity: Mapping[str, Any]) -> str | None:
    """Say what is wrong with the day after which a release is simulated.

    Parameters
    ----------
    identity : mapping
        ``simulated_after``, where there is one, and ``synthetic`` and ``data_cutoff``.

    Returns
    -------
    str or None
        None where the entry is absent or right: a date before the data cut-off of a synthetic
        release.
    """
    if SIMULATED_AFTER not in identity:
        return None
    value, cutoff = identity[SIMULATED_AFTER], identity.get("data_cutoff")
    after = _date(value)
    if after is None:
        return f"{SIMULATED_AFTER} must be a date, YYYY-MM-DD; it is {quoted(value)}."
    if identity.get("synthetic") is False:
        return f"{SIMULATED_AFTER} is {value} although synthetic is false."
    end = cutoff if isinstance(cutoff, dt.date) else _date(cutoff)
    if end is not None and after >= end:
        return f"{SIMULATED_AFTER}, {value}, does not lie before the data cut-off, {end}."
    return None


def _identity_faults(descriptor: Mapping[str, Any]) -> Iterator[Fault]:
    def wrong(name: str, wanted: str) -> Fault:
        found = quoted(descriptor[name]) if name in descriptor else "missing"
        return _fault("identity", f"{name} must be {wanted}; it is {found}.")

    version = descriptor.get("version")
    if not (isinstance(version, str) and RELEASE_ID.fullmatch(version)):
        yield wrong("version", "the release's year and month, YYYY.MM")
    if data_cutoff(descriptor) is None:
        yield wrong("data_cutoff", "a date, YYYY-MM-DD")
    if not isinstance(descriptor.get("synthetic"), bool):
        yield wrong("synthetic", "true or false")
    if objection := simulation_objection(descriptor):
        yield _fault("identity", objection)
    if descriptor.get("$schema") != template()["$schema"]:
        yield wrong("$schema", template()["$schema"])
    for name in ("name", "title", "disclosure"):
        value = descriptor.get(name)
        if not (isinstance(value, str) and value.strip()):
            yield wrong(name, "a text")


def _resource_faults(resources: Any) -> Iterator[Fault]:
    expected = template()["resources"]
    names = [resource["name"] for resource in expected]
    if not (isinstance(resources, list) and all(isinstance(entry, dict) for entry in resources)):
        yield _fault("descriptor-invalid", "resources must be a list of tables.")
        return
    found = [entry.get("name") for entry in resources]
    if found != names:
        listed = ", ".join(quoted(name) for name in found)
        message = f"The tables must be {', '.join(names)}, in this order; they are {listed}."
        yield _fault("descriptor-tables", message)
        return
    for wanted, given in zip(expected, resources, strict=True):
        yield from _differences(as_stored(wanted, given.get("path")), given, wanted["name"])


def _differences(wanted: Any, given: Any, where: str) -> Iterator[Fault]:
    """Walk the template beside the descriptor; only the template's own entries are compared."""
    if isinstance(wanted, dict) and isinstance(given, dict):
        for name, value in wanted.items():
            here = f"{where}.{name}"
            if name in _FREE:
                continue
            if name not in given:
                yield _fault("descriptor-schema", f"{here} is missing.")
            elif name in _BOUNDS:
                if not _usable_bound(name, given[name], value):
                    message = f"{here} is {quoted(given[name])}, which is no such bound."
                    yield _fault("descriptor-schema", message)
            elif name == "fields" and isinstance(given[name], list):
                yield from _field_differences(value, given[name], where)
            else:
                yield from _differences(value, given[name], here)
        if where.endswith(".constraints"):
            for name in sorted(set(given) - set(wanted) - {*_BOUNDS}, key=str):
                yield _fault("descriptor-schema", f"{where}.{name} is not in the template.")
    elif wanted != given or isinstance(wanted, bool) != isinstance(given, bool):
        message = f"{where} must be {quoted(wanted)}; it is {quoted(given)}."
        yield _fault("descriptor-schema", message)


def _field_differences(wanted: list[Any], given: list[Any], where: str) -> Iterator[Fault]:
    names = [field["name"] for field in wanted]
    found = [field.get("name") if isinstance(field, dict) else field for field in given]
    if found != names:
        extra = [quoted(name) for name in found if name not in names]
        lacking = [name for name in names if name not in found]
        parts = [f"lacks {', '.join(lacking)}"] if lacking else []
        parts += [f"has the unknown {', '.join(extra)}"] if extra else []
        message = f"{where} {' and '.join(parts) or 'has its columns in another order'}."
        yield _fault("descriptor-schema", message)
        return
    for mine, theirs in zip(wanted, given, strict=True):
        yield from _differences(mine, theirs, f"{where}.{mine['name']}")


def _usable_bound(name: str, given: Any, wanted: Any) -> bool:
    if name == "pattern":
        try:
            return isinstance(given, str) and re.compile(given) is not None
        except re.error:
            return False
    if isinstance(wanted, str):
        return data_cutoff({"data_cutoff": given}) is not None
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)


def _standard_faults(descriptor: Mapping[str, Any]) -> list[Fault]:
    """Ask Frictionless whether the rest follows the Data Package standard.

    The tables are the template's, which is known by now. No profile other than the standard's own
    is looked up, so that nothing is read from anywhere.
    """
    import frictionless  # heavy, and only needed for checks

    rest = {name: value for name, value in descriptor.items() if name != "profile"}
    package = rest | {"resources": template()["resources"]}
    try:
        errors = list(frictionless.Package.metadata_validate(package))
    except frictionless.FrictionlessException as error:
        errors = [error.error]
    return [_fault("descriptor-standard", f"{error.note[:200]}.") for error in errors]
