"""The study's endpoints in words, as the analysis plan defines them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nissc1.analysis_plan import filled, listed, settings


@dataclass(frozen=True)
class Endpoint:
    """Definition of an endpoint, in words.

    Parameters
    ----------
    name : str
        Name of the function that computes it.
    label : str
        Name for people.
    origin : str
        Where time starts.
    event : str
        What counts.
    competing : str
        What makes the event impossible or another one; empty where nothing does.
    censoring : str
        When observation ends without an event.
    source : str
        Which part of the definition is the article's and which was chosen here.
    """

    name: str
    label: str
    origin: str
    event: str
    competing: str
    censoring: str
    source: str


_DAY_0 = "Day 0, the day of stem-cell reinfusion"
_LAST_CONTACT = "Day of last contact alive"


def _defined(described: dict[str, Any]) -> Endpoint:
    name = described["name"]
    numbers = {
        **settings("endpoints.response_definition"),
        **settings("endpoints.early_complications"),
    }
    return Endpoint(
        name=name,
        label=filled(described["label"], numbers, name),
        origin=_DAY_0,
        event=filled(described["event"], numbers, name),
        competing=described.get("competing", ""),
        censoring=described.get("censoring", _LAST_CONTACT),
        source=described["note"],
    )


ENDPOINTS: dict[str, Endpoint] = {
    described["name"]: _defined(described) for described in listed("endpoints")
}
