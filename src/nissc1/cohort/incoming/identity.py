"""What the tables of an export cannot say: cut-off, synthetic or not, disclosure, title."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nissc1.cohort.descriptor_checks import SIMULATED_AFTER, data_cutoff, simulation_objection
from nissc1.cohort.faults import ERROR, NOTE, Fault, quoted
from nissc1.cohort.located_yaml import YamlError, read_yaml

IDENTITY = "release.yml"
DISCLOSURES = ("none", "small-counts")
_WANTED = {
    "data_cutoff": "the last day that the data cover, YYYY-MM-DD",
    "synthetic": "true where the patients are made up, else false",
    "disclosure": "none, or small-counts where small counts must not be shown",
    "title": "one line for people",
}
_OPTIONS = {
    "data_cutoff": "--cutoff",
    "synthetic": "--synthetic or --real",
    "disclosure": "--disclosure",
    "title": "--title",
}
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
FURTHER = ("description", "synthetic_notice", SIMULATED_AFTER)


@dataclass(frozen=True)
class Identity:
    """What a release says of itself as a whole.

    Parameters
    ----------
    data_cutoff : datetime.date or None
        Last calendar day that the data cover.
    synthetic : bool or None
        Whether the patients are made up.
    disclosure, title : str or None
        As in `nissc1.cohort.release.Release`.
    further : dict
        ``description``, ``synthetic_notice`` and ``simulated_after``, and from a descriptor also
        ``licenses``, ``sources`` and ``contributors``.
    """

    data_cutoff: dt.date | None = None
    synthetic: bool | None = None
    disclosure: str | None = None
    title: str | None = None
    further: dict[str, Any] = field(default_factory=dict)


def read_identity(
    folder: Path, options: Mapping[str, str | None], *, registering: bool
) -> tuple[Identity, list[Fault]]:
    """Read ``release.yml`` and put the options beside it.

    Parameters
    ----------
    folder : Path
        Folder of the export.
    options : mapping of str to str or None
        ``data_cutoff``, ``synthetic``, ``disclosure`` and ``title`` as given in the request.
    registering : bool
        Whether everything must be there; for a check only the data cut-off must.

    Returns
    -------
    tuple of (Identity, list of Fault)
        What is known, and what is missing, wrong, or said twice and differently.
    """
    written, lines, faults = _written(folder / IDENTITY)
    known: dict[str, Any] = {}
    for name, wanted in _WANTED.items():
        option, text = options.get(name), written.get(name)
        if option is not None and text is not None and _same(option) != _same(text):
            message = f"{name} is {quoted(text)}, but {_OPTIONS[name]} says {quoted(option)}."
            faults.append(_fault(lines[name], name, message, "Make the two agree."))
            continue
        text = option if option is not None else text
        if text is None:
            severity = ERROR if registering or name == "data_cutoff" else NOTE
            action = f"Write it into {IDENTITY} ({name}: …), or use {_OPTIONS[name]}."
            message = f"Nothing says {name}: {wanted}; it is never guessed."
            faults.append(_fault(None, name, message, action, severity))
            continue
        value = _value(name, text)
        if value is None:
            message = f"{name} must be {wanted}; it is {quoted(text)}."
            faults.append(_fault(lines.get(name), name, message, "Correct it."))
        known[name] = value
    further = {name: written[name] for name in FURTHER if written.get(name)}
    if objection := simulation_objection({**known, **further}):
        faults.append(_fault(lines[SIMULATED_AFTER], SIMULATED_AFTER, objection, "Correct it."))
    return Identity(**known, further=further), faults


def described_identity(descriptor: Mapping[str, Any]) -> Identity:
    """Take the identity from the descriptor of a release.

    Parameters
    ----------
    descriptor : mapping
        Content of ``datapackage.json``.

    Returns
    -------
    Identity
        With everything that a new descriptor takes over.
    """
    taken = (*FURTHER, "licenses", "sources", "contributors")
    return Identity(
        data_cutoff(descriptor),
        descriptor.get("synthetic"),
        descriptor.get("disclosure"),
        descriptor.get("title"),
        {name: descriptor[name] for name in taken if descriptor.get(name)},
    )


def _written(path: Path) -> tuple[dict[str, str], dict[str, int], list[Fault]]:
    if not path.exists():
        return {}, {}, []
    try:
        content = read_yaml(path)
    except YamlError as error:
        return {}, {}, [_fault(error.line, None, error.message, "Correct the file.")]
    entries = content.mapping
    if entries is None:
        message = "The file must hold keys and values."
        return {}, {}, [_fault(1, None, message, "Write 'key: value' lines.")]
    faults = []
    allowed = (*_WANTED, *FURTHER)
    texts = {}
    for name, entry in entries.items():
        if name not in allowed:
            message = f"The key {quoted(name)} is unknown. Must be one of {', '.join(allowed)}."
            faults.append(_fault(entry.line, name, message, "Correct the key."))
        elif not entry.text:
            message = f"{name} must be a text; it is empty or a list."
            faults.append(_fault(entry.line, name, message, "Write one value."))
        else:
            texts[name] = entry.text
    return texts, {name: entry.line for name, entry in entries.items()}, faults


def _same(text: str) -> object:
    return _TRUTH.get(text.strip().lower(), text.strip())


def _value(name: str, text: str) -> Any:
    if name == "data_cutoff":
        return data_cutoff({"data_cutoff": text})
    if name == "synthetic":
        return _TRUTH.get(text.lower())
    if name == "disclosure":
        return text if text in DISCLOSURES else None
    return text.strip() or None


def _fault(
    line: int | None, name: str | None, message: str, action: str, severity: str = ERROR
) -> Fault:
    return Fault(IDENTITY, line, name, None, "identity", message, action, severity)
