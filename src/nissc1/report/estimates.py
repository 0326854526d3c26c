"""Measures read off fitted models and curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nissc1.report.measures import Measure, finite
from nissc1.stats.curve import Curve
from nissc1.stats.result import GroupTest


@dataclass(frozen=True)
class NotEstimable:
    """Stand in for a result that the data do not allow.

    Attributes
    ----------
    reason : str
        Why, as the end of the sentence "not estimable: …".
    statistic : str
        What a rate read off it would be: ``survival`` or ``cumulative_incidence``.
    """

    reason: str
    statistic: str = "survival"


def rate(curve: Curve | NotEstimable, days: float, when: str) -> Measure:
    """Measure a survival probability or cumulative incidence at one time, in percent.

    Parameters
    ----------
    curve : Curve or NotEstimable
        Estimate with times in days.
    days : float
        The time.
    when : str
        The time in words, for the reason why nothing can be estimated.

    Returns
    -------
    Measure
        Undefined without patients and beyond the end of observation.
    """
    if isinstance(curve, NotEstimable):
        return Measure(curve.statistic, n=0, unit="%", decimals=1, reason=curve.reason)
    statistic = curve.kind.replace(" ", "_")
    row = curve.at([days]).iloc[0]
    at_risk, events = int(row["n_at_risk"]), int(row["n_events"])
    estimate, lower, upper = (finite(100 * row[c]) for c in ("estimate", "lower", "upper"))
    reason = "" if estimate is not None else f"nobody was followed up to {when}"
    return Measure(
        statistic, estimate, lower, upper, curve.n, events, at_risk, "%", 1, reason=reason
    )


def hazard_ratio(
    row: pd.Series[Any] | Mapping[str, Any] | NotEstimable, n: int | None, events: int | None
) -> Measure:
    """Measure a hazard ratio.

    Parameters
    ----------
    row : Series, mapping or NotEstimable
        Row of a model's table with ``hazard_ratio, lower, upper``.
    n, events : int or None
        Patients and events in the model.

    Returns
    -------
    Measure
        Undefined where the model gives no finite ratio.
    """
    if isinstance(row, NotEstimable):
        return Measure("hazard_ratio", n=n, events=events, decimals=2, reason=row.reason)
    names = ("hazard_ratio", "lower", "upper")
    estimate, lower, upper = (finite(row[name]) for name in names)
    if estimate is None:
        lower = upper = None
    reason = "" if estimate is not None else "the model has no finite solution"
    return Measure("hazard_ratio", estimate, lower, upper, n, events, decimals=2, reason=reason)


def p_value_of(result: Any) -> tuple[float | None, int | None]:
    """Read the P value and the number of patients off the result of a test.

    Parameters
    ----------
    result : float or test result
        A number, or an object with ``p_value`` (and ``df`` or ``n``).

    Returns
    -------
    p_value : float or None
        None where a comparison of groups had nothing to compare (no degrees of freedom).
    n : int or None
        None for a bare number.
    """
    if not hasattr(result, "p_value"):
        return result, None
    n = getattr(result, "n", None)
    nothing = isinstance(result, GroupTest) and result.df == 0
    return (None if nothing else float(result.p_value)), n
