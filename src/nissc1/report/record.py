"""The results record: one computed figure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields

from nissc1.report.formatting import decimals_of, number

STATISTICS = (
    "count",
    "proportion",
    "median_range",
    "median",
    "mean",
    "sd",
    "survival",
    "cumulative_incidence",
    "hazard_ratio",
    "p_value",
    "correlation",
    "value",
    "text",
)
RATES = ("survival", "cumulative_incidence")
"""Statistics whose denominator is the number at risk."""
PARTS = ("text", "estimate", "lower", "upper", "n", "events", "denominator", "unit", "p")
_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")


@dataclass(frozen=True)
class Record:
    """Hold one computed figure; the fields are the columns of ``results.csv``, in this order.

    Attributes
    ----------
    id : str
        Quantity-based name: ``topic.item`` or ``topic.item.detail``, lower case, digits, ``_``.
    label : str
        What a table calls it.
    statistic : str
        One of `STATISTICS`; it fixes the meaning of the numbers, see Notes.
    estimate, lower, upper : float or None
        Unrounded. None where undefined; `text` then says why.
    n, events, denominator : int or None
        See Notes.
    unit : str
        Unit of `estimate`; ``%`` for proportions and rates.
    text : str
        The figure as shown: rounded half up, laid out as in the article, without its unit.
    notebook, release : str
        Where it was computed, and from which data release.

    Raises
    ------
    ValueError
        If the id or the statistic is not as below, or a number is NaN or infinite.

    Notes
    -----
    ====================== ====================== ============================================
    statistic              estimate               n, events, denominator
    ====================== ====================== ============================================
    count                  the number             n: the patients it refers to, if any
    proportion             percent; limits exact  n and denominator: patients with a known
                           where there are any    value; events: those with the feature
    median_range           median; limits are the n: patients with a known value
                           minimum and maximum
    median, mean, sd       the number             n: patients with a known value
    survival,              percent; limits are    n: patients analysed; events: events of
    cumulative_incidence   confidence limits      interest up to the time; denominator:
                                                  patients at risk at it
    hazard_ratio           ratio; confidence      n: patients; events: events of interest
                           limits
    p_value, correlation   the number             n: patients, where given
    value                  the number; limits     n: the patients it refers to, events: the
                           of its interval or     events behind it, where given
                           span, where given
    text                   none                   as for value
    ====================== ====================== ============================================
    """

    id: str
    label: str
    statistic: str
    estimate: float | None
    lower: float | None
    upper: float | None
    n: int | None
    events: int | None
    denominator: int | None
    unit: str
    text: str
    notebook: str
    release: str

    def __post_init__(self) -> None:
        """Check what every reader of the records relies on."""
        if not _ID.fullmatch(self.id):
            raise ValueError(
                f"record id {self.id!r}: two or more parts of lower-case letters, digits and _ "
                "joined by dots are allowed, such as 'pfs.24m'. Rename it."
            )
        if self.statistic not in STATISTICS:
            raise ValueError(
                f"record {self.id}: statistic {self.statistic!r} is unknown; allowed: "
                f"{', '.join(STATISTICS)}."
            )
        for name in ("estimate", "lower", "upper"):
            value = getattr(self, name)
            if value is not None and not math.isfinite(value):
                raise ValueError(
                    f"record {self.id}: {name} is {value}; a finite number or None is allowed. "
                    "Leave it None and say in the text why it is undefined."
                )

    def part(self, name: str = "text") -> str:
        """Write one part of the record for a sentence.

        Parameters
        ----------
        name : str
            ``text``, ``estimate``, ``lower``, ``upper``, ``n``, ``events``, ``denominator``,
            ``unit``, or ``p``: "P = 0.44", "P < 0.001".

        Returns
        -------
        str
            Estimates and limits rounded as in `text`; an en dash where the part is undefined.

        Raises
        ------
        ValueError
            If there is no such part.
        """
        if name not in PARTS:
            raise ValueError(f"record {self.id} has no part {name!r}; allowed: {', '.join(PARTS)}.")
        if name == "p":
            return f"P\u00a0{self.text}" if self.text[:1] in "<>" else f"P\u00a0=\u00a0{self.text}"
        if name in ("estimate", "lower", "upper"):
            return number(getattr(self, name), decimals_of(self.text))
        value = getattr(self, name)
        return number(value) if value is None else str(value)


COLUMNS = tuple(field.name for field in fields(Record))
