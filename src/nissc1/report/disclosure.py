"""Statistical disclosure control: what may be shown of small numbers."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nissc1.report.formatting import number, round_half_up

if TYPE_CHECKING:
    from nissc1.report.measures import Measure

SMALL = 7
BASE = 5
SMALL_TEXT = f"≤\u00a0{SMALL}"
_COUNTED = ("patients", "patient", "events", "event")


class Disclosure(StrEnum):
    """Name the rule by which figures are shown.

    ``none`` shows everything. ``small-counts`` follows the rule that the OpenSAFELY platform sets
    for released results [1]_: counts of 1 to 7 are shown as "≤ 7" and what is derived from them is
    withheld; other counts are rounded to the nearest 5 and percentages computed from the rounded
    counts; rates are multiples of 5 patients' share; minima, maxima and rows of single patients
    are withheld.

    References
    ----------
    .. [1] OpenSAFELY. Permitted outputs policy: redaction of counts up to 7, rounding to 5, no
       minima or maxima.
    """

    NONE = "none"
    SMALL_COUNTS = "small-counts"

    @property
    def active(self) -> bool:
        """Tell whether anything is withheld."""
        return self is Disclosure.SMALL_COUNTS

    def shown_count(self, value: int) -> int | None:
        """Return a count as it may be stored.

        Parameters
        ----------
        value : int
            Count, 0 or more.

        Returns
        -------
        int or None
            None for 1 to 7; otherwise rounded to the nearest 5. Unchanged under ``none``.
        """
        if not self.active:
            return value
        return None if is_small(value) else round_count(value)

    def count_text(self, value: int) -> str:
        """Write a count as it may be shown.

        Parameters
        ----------
        value : int
            Count, 0 or more.

        Returns
        -------
        str
            The count, rounded where the rule says so, or "≤ 7".
        """
        shown = self.shown_count(value)
        return SMALL_TEXT if shown is None else str(shown)

    def shares(self, values: ArrayLike, n: int) -> NDArray[np.float64]:
        """Coarsen probabilities so that no step of a curve shows a single patient.

        Parameters
        ----------
        values : array_like
            Probabilities, 0 to 1.
        n : int
            Patients behind the curve.

        Returns
        -------
        ndarray of float64
            Rounded to multiples of 5 patients' share of the rounded `n`, within 0 to 1. Unchanged
            under ``none``.
        """
        shares = np.asarray(values, dtype=np.float64)
        if not self.active or n == 0:
            return shares
        step = BASE / max(round_count(n), BASE)
        return np.clip(np.floor(shares / step + 0.5 + 1e-9) * step, 0.0, 1.0)

    def protect(self, measure: Measure) -> Measure:
        """Return a measure as it may be stored and shown.

        Parameters
        ----------
        measure : Measure
            What was estimated.

        Returns
        -------
        Measure
            The same object under ``none``; otherwise a copy that holds disclosed values only.
        """
        return _protect(measure) if self.active else measure


def is_small(value: int | None) -> bool:
    """Tell whether a count must not be shown.

    Parameters
    ----------
    value : int or None
        Count.

    Returns
    -------
    bool
        True for 1 to 7.
    """
    return value is not None and 1 <= value <= SMALL


def round_count(value: int) -> int:
    """Round a count to the nearest 5.

    Parameters
    ----------
    value : int
        Count.

    Returns
    -------
    int
        Multiple of 5.
    """
    return BASE * int(round_half_up(value / BASE))


def _shown(value: int | None) -> int | None:
    return None if value is None or is_small(value) else round_count(value)


def _withheld(measure: Measure, text: str) -> Measure:
    return replace(
        measure,
        estimate=None,
        lower=None,
        upper=None,
        n=_shown(measure.n),
        events=_shown(measure.events),
        denominator=_shown(measure.denominator),
        text=text,
    )


def _protect(measure: Measure) -> Measure:
    if is_small(measure.n):
        return _withheld(measure, f"withheld ({SMALL_TEXT} patients)")
    n, events = _shown(measure.n), _shown(measure.events)
    denominator = _shown(measure.denominator)
    if measure.statistic == "count" or (
        measure.statistic == "value" and measure.unit in _COUNTED and measure.estimate is not None
    ):
        return _protect_count(measure)
    if measure.estimate is None:
        return replace(measure, n=n, events=events, denominator=denominator)
    if measure.statistic == "proportion":
        if is_small(measure.events):
            of = "" if denominator is None else f" of {denominator}"
            return _withheld(measure, f"{SMALL_TEXT}{of}")
        percent = 100 * events / denominator if events and denominator else 0.0
        return replace(measure, estimate=percent, n=n, events=events, denominator=denominator)
    if measure.statistic in ("survival", "cumulative_incidence"):
        if is_small(measure.events):
            return _withheld(measure, f"withheld ({SMALL_TEXT} events)")
        return _coarse_rate(measure)
    if measure.statistic == "value" and is_small(measure.events):
        return _withheld(measure, f"withheld ({SMALL_TEXT} events)")
    if measure.statistic == "median_range":
        median = number(measure.estimate, measure.decimals)
        return replace(measure, lower=None, upper=None, n=n, text=f"{median} (median only)")
    return replace(measure, n=n, events=events, denominator=denominator)


def _protect_count(measure: Measure) -> Measure:
    count = int(measure.estimate or 0)
    if is_small(count):
        return _withheld(measure, SMALL_TEXT)
    n = _shown(measure.n)
    return replace(measure, estimate=float(round_count(count)), n=n, events=None, denominator=None)


def _coarse_rate(measure: Measure) -> Measure:
    bounds = np.array(
        [np.nan if v is None else v for v in (measure.estimate, measure.lower, measure.upper)]
    )
    coarse = 100 * Disclosure.SMALL_COUNTS.shares(bounds / 100, measure.n or 0)
    estimate, lower, upper = (None if np.isnan(value) else float(value) for value in coarse)
    return replace(
        measure,
        estimate=estimate,
        lower=lower,
        upper=upper,
        n=_shown(measure.n),
        events=_shown(measure.events),
        denominator=_shown(measure.denominator),
    )
