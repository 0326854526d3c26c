"""What happened to all patients, stacked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.disclosure import Disclosure
from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.curve_data import steps
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.style import GREY, NARROW, PALETTE, WIDE, drawing_style
from nissc1.stats.curve import Curve

_LABEL, _APART = 17, 11.0
"""Characters of a name on a line; distance of names, in percent."""
_SHARE = 0.55
"""Opacity of the areas."""
_REMAINING = "#AFC6D6"


def stacked_incidence(
    remaining: str,
    causes: Mapping[str, Curve | NotEstimable],
    horizon_months: int = 24,
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Drawing | None:
    """Draw cumulative incidences on top of the share without any event.

    Parameters
    ----------
    remaining : str
        Name of the share without any event.
    causes : mapping of str to Curve or NotEstimable
        Cumulative incidence by name, from below; all causes, of the same patients, times in days.
    horizon_months : int
        Right end of the axis.
    disclosure : Disclosure
        Under ``small-counts`` the shares are coarsened, and what can be taken away is what stands
        at the ticks.

    Returns
    -------
    Drawing or None
        Areas that add up to 100 % at any time. None where an incidence is not estimable.
    """
    curves = {name: curve for name, curve in causes.items() if isinstance(curve, Curve)}
    if not curves or len(curves) < len(causes):
        return None
    drawn = {name: steps(curve, horizon_months, disclosure) for name, curve in curves.items()}
    months = next(iter(drawn.values()))[0]
    lost = {name: heights["estimate"] for name, (_, heights) in drawn.items()}
    free = np.maximum(100 - sum(lost.values()), 0.0)
    shares = pd.DataFrame({"month": months, remaining: free, **lost})
    data = shares
    if disclosure.active:
        ticks = _ticks(horizon_months, narrow=False)
        days = ticks * DAYS_PER_MONTH
        at_ticks = {
            name: 100 * disclosure.shares(curve.at(days)["estimate"], curve.n)
            for name, curve in curves.items()
        }
        data = pd.DataFrame({"month": ticks, **at_ticks}).dropna()
    return Drawing(partial(_draw, shares, horizon_months), data)


def _ticks(horizon: int, narrow: bool) -> np.ndarray[tuple[int], np.dtype[np.int_]]:
    step = 3 if horizon <= 24 else 6 if horizon <= 60 else 12
    return np.arange(0, horizon + 1, 2 * step if narrow else step)


def _draw(shares: pd.DataFrame, horizon: int, narrow: bool) -> Figure:
    names, months = list(shares.columns[1:]), shares["month"].to_numpy()
    colours = dict(zip(names, [_REMAINING, *PALETTE[1:]] * len(names), strict=False))
    with drawing_style():
        size = (NARROW, 3.6) if narrow else (WIDE, 3.8)
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.add_subplot()
        below, middles = np.zeros(len(months)), {}
        for name in names:
            colour = colours[name]
            top = below + shares[name].to_numpy()
            axes.fill_between(
                months, below, top, step="post", color=colour, alpha=_SHARE, linewidth=0
            )
            axes.step(months, top, where="post", color=colour, linewidth=1.2)
            ink = GREY if name == names[0] else colour
            middles[name] = (float(below[-1] + top[-1]) / 2, ink)
            below = top
        if narrow:
            keys = [Patch(color=colours[name], alpha=_SHARE, label=name) for name in names]
            figure.legend(handles=keys[::-1], loc="outside upper left", frameon=False, fontsize=9)
        else:
            _names(axes, middles, horizon)
        axes.set(
            xlim=(0, horizon),
            ylim=(0, 100),
            xticks=_ticks(horizon, narrow),
            xlabel="Months after transplantation",
            ylabel="Patients, %",
        )
    return figure


def _names(axes: Axes, ends: Mapping[str, tuple[float, str]], horizon: int) -> None:
    """Write the names of the areas beside their middles, not over each other."""
    place = -_APART
    for name, (middle, colour) in ends.items():
        place = max(middle, place + _APART)
        axes.annotate(
            fill(name, _LABEL),
            (horizon, place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontweight="bold",
            annotation_clip=False,
        )
