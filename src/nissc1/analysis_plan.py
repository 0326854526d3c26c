"""The statistical analysis plan: declared once, in ``analysis_plan.yml``, and read from there.

The code takes its settings from the plan (`setting`), and the book's page is rendered from the same
entries (`entries`), so that what is said and what is done cannot diverge.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nissc1 import tracing

PLAN = Path(__file__).with_name("analysis_plan.yml")
SOURCES = {
    "article": "Article",
    "chosen": "Chosen here",
    "beyond": "Beyond the article",
}
"""Where an entry comes from."""
ENDPOINT, CANDIDATE = "endpoint", "candidate"


class PlanError(ValueError):
    """The analysis plan lacks something, or says it in a way that cannot be read."""


@dataclass(frozen=True)
class Entry:
    """Hold one decision of the plan.

    Parameters
    ----------
    id : str
        Name, two parts joined by a dot: the topic and what is decided.
    section, title : str
        Where it stands, and what it is about.
    text : str
        The decision in words, settings filled in.
    source : str
        Key of `SOURCES`.
    settings : mapping of str to object
        What the code reads.
    """

    id: str
    section: str
    title: str
    text: str
    source: str
    settings: Mapping[str, Any]


@cache
def _content() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(tracing.package_text(PLAN), Loader=loader)
    return loaded


@cache
def entries() -> tuple[Entry, ...]:
    """Read the decisions of the plan, in its order.

    Returns
    -------
    tuple of Entry
        Endpoints and candidates, which the plan lists apart, are not among them: see
        `nissc1.endpoint_definitions` and `nissc1.prognosis`.

    Raises
    ------
    PlanError
        If an id comes twice, a source is unknown, or a text names a setting that is not there or
        leaves one out.
    """
    found: dict[str, Entry] = {}
    for section in _content()["sections"]:
        for described in section["entries"]:
            entry = Entry(
                id=described["id"],
                section=section["title"],
                title=described["title"],
                text=described["text"],
                source=described["source"],
                settings=described.get("settings", {}),
            )
            if entry.id in found:
                raise PlanError(f"entry {entry.id!r} of the plan comes twice; rename one of them.")
            if entry.source not in SOURCES:
                raise PlanError(
                    f"entry {entry.id!r} of the plan has the source {entry.source!r}; allowed: "
                    f"{', '.join(SOURCES)}."
                )
            found[entry.id] = _filled(entry)
    return tuple(found.values())


def setting(entry_id: str, name: str) -> Any:
    """Look up what the plan decides.

    Parameters
    ----------
    entry_id : str
        Id of the entry.
    name : str
        Name of the setting.

    Returns
    -------
    object
        Number, text, or tuple of these.

    Raises
    ------
    PlanError
        If there is no such entry or setting.
    """
    return _value(settings(entry_id), entry_id, name)


def settings(entry_id: str) -> Mapping[str, Any]:
    """Look up all that an entry of the plan decides.

    Parameters
    ----------
    entry_id : str
        Id of the entry.

    Returns
    -------
    mapping of str to object
        Settings by name.

    Raises
    ------
    PlanError
        If there is no such entry.
    """
    known = {entry.id: entry for entry in entries()}
    if entry_id not in known:
        raise PlanError(f"the plan has no entry {entry_id!r}; it has {', '.join(known)}.")
    return known[entry_id].settings


def listed(what: str) -> list[dict[str, Any]]:
    """Return what the plan lists apart from its entries.

    Parameters
    ----------
    what : {"endpoints", "candidates"}
        Name of the list.

    Returns
    -------
    list of dict
        As it stands in the file.
    """
    return [dict(each) for each in _content()[what]]


def filled(text: str, values: Mapping[str, Any], where: str) -> str:
    """Fill settings into a text.

    Parameters
    ----------
    text : str
        Text with ``{name}`` for the setting of that name.
    values : mapping of str to object
        Settings.
    where : str
        Entry, for the error message.

    Returns
    -------
    str
        The text.

    Raises
    ------
    PlanError
        If it names a setting that is not there.
    """
    said = {name: _said(_value(values, where, name)) for name in _names(text)}
    return text.format(**said)


def _filled(entry: Entry) -> Entry:
    values = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in entry.settings.items()
    }
    text = filled(entry.text, values, entry.id)
    return Entry(entry.id, entry.section, entry.title, text, entry.source, values)


def _value(values: Mapping[str, Any], where: str, name: str) -> Any:
    if name not in values:
        known = ", ".join(values) or "none"
        raise PlanError(f"entry {where!r} of the plan has no setting {name!r}; it has {known}.")
    return values[name]


def _names(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in string.Formatter().parse(text) if name)


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        words = [_said(each) for each in value]
        return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
    named = {each["name"]: each for each in _content()["candidates"]}
    if value in named:
        return f"“{candidate_label(named[value])}”"
    return f"{value:g}" if isinstance(value, float) else str(value)


def candidate_label(candidate: Mapping[str, Any]) -> str:
    """Name a candidate for people.

    Parameters
    ----------
    candidate : mapping
        Entry of the list ``candidates``.

    Returns
    -------
    str
        Its label, the numbers of its rule filled in.
    """
    return filled(candidate["label"], candidate["rule"], candidate["name"])
