"""The numbers behind drawn curves: as steps, as a table to take away, and to be explored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.disclosure import Disclosure
from nissc1.report.figures.drawing import Exploration, Panel, Series
from nissc1.report.figures.style import PALETTE
from nissc1.report.formatting import EN_DASH, interval, number
from nissc1.stats.curve import Curve

_LIMITS = ("estimate", "lower", "upper")
_MOST_STOPS = 300
"""Places at which curves of very many patients can be explored."""
Array = np.ndarray[Any, Any]


def steps(
    curve: Curve, horizon_months: float, disclosure: Disclosure
) -> tuple[Array, dict[str, Array]]:
    """Return a curve as it is drawn.

    Parameters
    ----------
    curve : Curve
        Times in days.
    horizon_months : float
        Right end of the axis.
    disclosure : Disclosure
        Rule for small numbers.

    Returns
    -------
    months : ndarray, shape (k,)
        Where the steps begin, and last where the curve ends: with observation, or with the axis if
        all patients had an event.
    heights : dict of str to ndarray, shape (k,)
        ``estimate``, ``lower``, ``upper`` in percent from there on.
    """
    table = curve.table()
    month = table["time"].to_numpy() / DAYS_PER_MONTH
    inside = month <= horizon_months
    complete = int(table["n_censored"].iloc[-1]) == 0
    end = float(horizon_months) if complete else float(min(month[-1], horizon_months))
    heights = {
        name: np.append(values, values[-1])
        for name in _LIMITS
        for values in [100 * disclosure.shares(table.loc[inside, name], curve.n)]
    }
    return np.append(month[inside], end), heights


def plotted(
    curves: Mapping[str, Curve], horizon_months: float, ticks: Array, disclosure: Disclosure
) -> pd.DataFrame:
    """Lay out the plotted curves as a table to take away.

    Parameters
    ----------
    curves : mapping of str to Curve
        By label.
    horizon_months : float
        Right end of the axis.
    ticks : ndarray
        Months at which numbers at risk stand.
    disclosure : Disclosure
        Under ``small-counts`` only the ticks, coarsened and rounded.

    Returns
    -------
    pandas.DataFrame
        One row a curve and time: ``curve, day, month, n_at_risk, n_events, n_censored, estimate,
        lower, upper``; the last three in percent.
    """
    parts = []
    for label, curve in curves.items():
        if disclosure.active:
            part = curve.at(ticks * DAYS_PER_MONTH)[["time", "n_at_risk", *_LIMITS]]
            part = part[part["estimate"].notna()]
            counts = [disclosure.count_text(int(count)) for count in part["n_at_risk"]]
            part = part.assign(n_at_risk=counts)
        else:
            columns = ["time", "n_at_risk", "n_events", "n_censored", *_LIMITS]
            part = curve.table()[columns]
            part = part[part["time"] / DAYS_PER_MONTH <= horizon_months]
        shares = {name: 100 * disclosure.shares(part[name], curve.n) for name in _LIMITS}
        part = part.assign(**shares).rename(columns={"time": "day"})
        part.insert(0, "curve", label)
        part.insert(2, "month", (part["day"] / DAYS_PER_MONTH).round(3))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def explored(
    curves: Mapping[str, Curve], horizon_months: float, ticks: Array, disclosure: Disclosure
) -> Exploration:
    """Prepare what a reader can ask of the curves.

    Parameters
    ----------
    curves : mapping of str to Curve
        By label.
    horizon_months : float
        Right end of the axis.
    ticks : ndarray
        Months at which numbers at risk stand.
    disclosure : Disclosure
        Under ``small-counts`` only the ticks can be chosen, since days of events show patients.

    Returns
    -------
    Exploration
        Estimate, interval and number at risk at every time at which something happens.
    """
    days = ticks * DAYS_PER_MONTH
    if not disclosure.active:
        days = np.unique(np.concatenate([days, *(curve.time for curve in curves.values())]))
    days = days[days <= horizon_months * DAYS_PER_MONTH]
    if len(days) > _MOST_STOPS:
        days = np.linspace(0, horizon_months * DAYS_PER_MONTH, _MOST_STOPS + 1).round()
    level = next(iter(curves.values())).conf_level
    months = days / DAYS_PER_MONTH
    return Exploration(
        what="Time after transplantation",
        columns=("Estimate", f"{100 * level:g} % interval", "At risk"),
        x=tuple(float(month) for month in months.round(3)),
        stops=tuple(
            f"{number(float(month), 1)} months, day {number(float(day))}"
            for month, day in zip(months, days, strict=True)
        ),
        panels=(
            Panel(
                (0.0, float(horizon_months)),
                (0.0, 101.0),
                tuple(
                    _series(label, curve, index % len(PALETTE), days, disclosure)
                    for index, (label, curve) in enumerate(curves.items())
                ),
            ),
        ),
    )


def _series(label: str, curve: Curve, colour: int, days: Array, disclosure: Disclosure) -> Series:
    at = curve.at(days)
    heights = {name: 100 * disclosure.shares(at[name], curve.n) for name in _LIMITS}
    known = np.isfinite(heights["estimate"])
    rows = [
        (
            f"{number(estimate, 1)} %" if there else "no longer followed",
            interval(lower, upper, 1) if there and np.isfinite([lower, upper]).all() else EN_DASH,
            disclosure.count_text(int(count)),
        )
        for there, estimate, lower, upper, count in zip(
            known, *(heights[name] for name in _LIMITS), at["n_at_risk"], strict=True
        )
    ]
    y = [
        round(float(value), 2) if there else None
        for there, value in zip(known, heights["estimate"], strict=True)
    ]
    return Series(label, colour, tuple(y), tuple(rows))
