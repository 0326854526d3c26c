"""What happened to all patients, stacked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.disclosure import Disclosure
from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.style import GREY, PALETTE, drawing_style
from nissc1.stats.curve import Curve

_NARROW = 3.65
"""Inches of a figure on a phone."""
_LABEL, _APART = 17, 11.0
"""Characters of a name on a line; distance of names, in percent."""
_SHARE = 0.55
"""Opacity of the areas."""


@dataclass(frozen=True)
class _Stack:
    """What `_draw` needs: shares in percent from below, each at the months of steps."""

    names: tuple[str, ...]
    months: np.ndarray[Any, Any]
    shares: tuple[np.ndarray[Any, Any], ...]
    horizon: int


def stacked_incidence(
    remaining: str,
    causes: Mapping[str, Curve | NotEstimable],
    horizon_months: int = 24,
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Figure | None:
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
        Under ``small-counts`` the shares are coarsened.

    Returns
    -------
    matplotlib.figure.Figure or None
        Areas that add up to 100 % at any time. None where an incidence is not estimable.
    """
    curves = [curve for curve in causes.values() if isinstance(curve, Curve)]
    if not curves or len(curves) < len(causes):
        return None
    table = curves[0].table()
    month = table["time"].to_numpy() / DAYS_PER_MONTH
    inside = month <= horizon_months
    ended = int(table["n_censored"].iloc[-1]) == 0
    end = float(horizon_months) if ended else min(float(month[-1]), float(horizon_months))
    lost = [
        np.append(values, values[-1])
        for curve in curves
        for values in [100 * disclosure.shares(curve.table().loc[inside, "estimate"], curve.n)]
    ]
    names = (remaining, *causes)
    free = np.maximum(100 - np.sum(lost, axis=0), 0.0)
    return _draw(
        _Stack(names, np.append(month[inside], end), (free, *lost), horizon_months), narrow=False
    )


def _draw(stack: _Stack, narrow: bool) -> Figure:
    colours = ["#AFC6D6", *PALETTE[1:]]
    step = 3 if stack.horizon <= 24 else 6 if stack.horizon <= 60 else 12
    with drawing_style():
        figure = Figure(figsize=(_NARROW if narrow else 8.2, 3.8), layout="constrained")
        axes = figure.add_subplot()
        below, ends = np.zeros(len(stack.months)), {}
        for name, share, colour in zip(stack.names, stack.shares, cycle(colours), strict=False):
            top = below + share
            axes.fill_between(
                stack.months, below, top, step="post", color=colour, alpha=_SHARE, linewidth=0
            )
            axes.step(stack.months, top, where="post", color=colour, linewidth=1.2)
            ink = GREY if name == stack.names[0] else colour
            ends[name] = (float(below[-1] + top[-1]) / 2, ink)
            below = top
        if narrow:
            keys = [
                Patch(color=colour, alpha=_SHARE, label=name) for name, (_, colour) in ends.items()
            ]
            figure.legend(handles=keys[::-1], loc="outside upper left", frameon=False, fontsize=9)
        else:
            _names(axes, ends, stack.horizon)
        axes.set(
            xlim=(0, stack.horizon),
            ylim=(0, 100),
            xticks=np.arange(0, stack.horizon + 1, 2 * step if narrow else step),
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
