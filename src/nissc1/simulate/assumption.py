"""What an assumption of the simulation is: a value with where it comes from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

VERIFIED = "verified"
"""Read in the source, or computed from figures that were."""
ASSUMPTION = "assumption"
"""Nobody printed it: a convention, a choice, or a calibration."""

CITED = {
    "bilmon2014": "Bilmon 2014",
    "blank2022": "Blank 2022",
    "burt2013": "Burt 2013",
    "daikeler2011": "Daikeler 2011",
    "foord2020": "Foord 2020",
    "gallaway2018": "Gallaway 2018",
    "gernert2021": "Gernert 2021",
    "henes2021": "Henes 2021",
    "henriqueneto2021": "Henrique-Neto 2021",
    "higashitani2023": "Higashitani 2023",
    "kafaja2018": "Kafaja 2018",
    "khanna2006": "Khanna 2006",
    "pokeerbux2019": "Pokeerbux 2019",
    "rollison2008": "Rollison 2008",
    "sullivan2018": "Sullivan 2018",
    "vanbijnen2020": "van Bijnen 2020",
    "wu2019": "Wu 2019",
}
"""Short text of each work cited, by its key in the bibliography."""

LABELS = {
    "mrss": "skin score",
    "fvc_pct": "FVC",
    "dlco_pct": "DLCO",
    "shaq": "disability score",
    "esr_mm_h": "sedimentation rate",
}
"""Names for people of the measurements that a value lists."""


@dataclass(frozen=True)
class Assumption(Generic[T]):
    """Hold a value that the simulation rests on.

    Parameters
    ----------
    what : str
        What the value says, for people.
    value : object
        A number, a date, a pair of bounds, or pairs of a name and its weight.
    unit : str
        Its unit; empty where it has none.
    source : str
        Where it comes from, with the arithmetic.
    cited : tuple of str
        Keys of the bibliography.
    kind : str
        `VERIFIED` or `ASSUMPTION`.
    """

    what: str
    value: T
    unit: str
    source: str
    cited: tuple[str, ...] = ()
    kind: str = ASSUMPTION

    @property
    def shown(self) -> str:
        """The value for people."""
        return _shown(self.value)

    @property
    def sourced(self) -> str:
        """The source with its citations as short text."""
        works = "; ".join(CITED[key] for key in self.cited)
        return f"{self.source} ({works})" if works else self.source


def _shown(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float | int):
        return f"{value:g}"
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return ", ".join(f"{LABELS.get(name, name)}: {_shown(part)}" for name, part in value)
    if isinstance(value, tuple):
        return " to ".join(_shown(each) for each in value)
    return str(value)
