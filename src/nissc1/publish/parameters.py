"""The parameters of the notebooks: what is declared, what is asked for, and how it is named."""

from __future__ import annotations

import ast
import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence

import yaml

from nissc1.publish.errors import BuildError, RequestError

Scalar = str | int | float | bool | None
Parameters = dict[str, Scalar]

_OPERATORS = {"==": "is", "!=": "not", "<=": "le", ">=": "ge", "<": "lt", ">": "gt"}
_SLUG_LENGTH = 60


def declared(source: str, notebook: str) -> Parameters:
    """Read the defaults from a cell tagged ``parameters``.

    Parameters
    ----------
    source : str
        Python code of the cell: assignments of literals, one name each.
    notebook : str
        Name of the notebook, for the error message.

    Returns
    -------
    dict
        Default of each parameter, in the order of the cell.

    Raises
    ------
    BuildError
        If the cell holds anything but assignments of strings, numbers, booleans or None.
    """
    defaults: Parameters = {}
    for statement in ast.parse(source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                raise BuildError(
                    f"notebook {notebook}, cell tagged parameters: "
                    f"{ast.unparse(statement)!r} is not an assignment to one name"
                )
        try:
            default = ast.literal_eval(value)
        except ValueError:
            default = ...
        if default is not None and not isinstance(default, str | int | float | bool):
            raise BuildError(
                f"notebook {notebook}, parameter {name}: the default {ast.unparse(value)} "
                "must be a string, a number, a boolean or None"
            )
        defaults[name] = default
    return defaults


def agreed(by_notebook: Mapping[str, Parameters]) -> Parameters:
    """Require that all notebooks declare the same parameters with the same defaults.

    Parameters
    ----------
    by_notebook : mapping of str to dict
        Defaults by name of the notebook.

    Returns
    -------
    dict
        The defaults that all notebooks share.

    Raises
    ------
    BuildError
        If a notebook lacks a parameter, has another one, or another default.
    """
    if not by_notebook:
        raise BuildError("there is no notebook in notebooks/ to build from")
    first, expected = next(iter(by_notebook.items()))
    faults = [
        f"{notebook}: {name} is {found.get(name, 'missing')!r}, "
        f"in {first} it is {expected.get(name, 'missing')!r}"
        for notebook, found in by_notebook.items()
        for name in sorted(expected.keys() | found.keys())
        if found.get(name, ...) != expected.get(name, ...)
    ]
    if faults:
        raise BuildError("the notebooks do not declare the same parameters", faults)
    return dict(expected)


def parse(settings: Sequence[str], defaults: Parameters) -> Parameters:
    """Read ``name=value`` settings by the type of each parameter's default.

    A value is a YAML scalar, except that text stays text: ``release=2021.10`` is not a number.
    Where the default is None, any scalar will do, ``null`` included; a date becomes text in ISO
    form. Whether it is allowed is for `nissc1.report.parameters` to say.

    Parameters
    ----------
    settings : sequence of str
        As given to ``--set``.
    defaults : dict
        Declared parameters.

    Returns
    -------
    dict
        All parameters: the defaults, overridden by the settings.

    Raises
    ------
    RequestError
        If a setting has no ``=``, names an unknown parameter or one twice, or its value does not
        fit.
    """
    chosen: Parameters = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        name = name.strip()
        allowed = ", ".join(defaults)
        if not equals:
            raise RequestError(f"--set {setting!r} is not of the form name=value; names: {allowed}")
        if name not in defaults:
            raise RequestError(f"unknown parameter {name!r}; the notebooks have {allowed}")
        if name in chosen:
            raise RequestError(f"parameter {name!r} is set twice")
        chosen[name] = _typed(name, text.strip(), defaults[name])
    return {**defaults, **chosen}


def _typed(name: str, text: str, default: Scalar) -> Scalar:
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        value = text
    if default is None:
        if isinstance(value, bool | int | float) or value is None:
            return value
        return value.isoformat() if type(value) is dt.date else text
    if isinstance(default, str):
        if not text:
            raise RequestError(f"parameter {name!r} is empty; it must be text like {default!r}")
        return text
    if isinstance(default, bool):
        wanted, fits = "true or false", isinstance(value, bool)
    elif isinstance(default, int):
        wanted = "a whole number"
        fits = isinstance(value, int) and not isinstance(value, bool)
    else:
        wanted = "a number"
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    if not fits:
        raise RequestError(f"parameter {name!r} is {text!r}; it must be {wanted} like {default!r}")
    typed: Scalar = type(default)(value)
    return typed


def changed(values: Parameters, defaults: Parameters) -> Parameters:
    """Return the parameters, the release aside, that differ from their defaults.

    Parameters
    ----------
    values, defaults : dict
        All parameters, and their defaults.

    Returns
    -------
    dict
        Name and value of those that differ, in the notebooks' order.
    """
    return {
        name: value
        for name, value in values.items()
        if name != "release" and value != defaults.get(name)
    }


def edition_name(values: Parameters, defaults: Parameters) -> str:
    """Name the edition that a set of parameters makes.

    Parameters
    ----------
    values, defaults : dict
        All parameters, and their defaults.

    Returns
    -------
    str
        The release, followed by ``-name-value`` for each parameter that is not at its default,
        and by eight digits of a hash if the values cannot be read back from that.
    """
    release = str(values["release"])
    different = changed(values, defaults)
    if not different:
        return release
    parts = [f"{name}-{_slug(value)}" for name, value in different.items()]
    slug = "-".join(parts).replace("_", "-")
    plain = all(
        isinstance(value, int | float) or re.fullmatch(r"[a-z0-9-]+", str(value))
        for value in different.values()
    )
    if plain and len(slug) <= _SLUG_LENGTH:
        return f"{release}-{slug}"
    digest = hashlib.sha256(json.dumps(different, sort_keys=True).encode()).hexdigest()[:8]
    return f"{release}-{slug[:_SLUG_LENGTH].rstrip('-')}-{digest}"


def _slug(value: Scalar) -> str:
    text = str(value)
    if not isinstance(value, str):
        return text.lower()
    for operator, word in _OPERATORS.items():
        text = text.replace(operator, f" {word} ")
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.") or "value"
