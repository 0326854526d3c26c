"""Shares that add up to 100 % at any time, as areas on top of each other."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from nissc1.report.figures.style import GREY, NARROW, WIDE, drawing_style, month_ticks

PALE = "#AFC6D6"
"""Colour of what is the usual case: patients well, or without any event."""
SHARE = 0.55
"""Opacity of what is filled."""
_LABEL, _APART = 17, 11.0
"""Characters of a name on a line; distance of names, in percent."""


def stacked_areas(
    shares: pd.DataFrame, colours: Mapping[str, str], horizon: int, narrow: bool
) -> Figure:
    """Draw shares on top of each other.

    Parameters
    ----------
    shares : pandas.DataFrame
        ``month`` where each step begins, and a column a share from below, in percent.
    colours : mapping of str to str
        Colour of each share.
    horizon : int
        Right end of the axis, in months.
    narrow : bool
        Whether it is for a phone; then a key stands above the areas, otherwise names beside them.

    Returns
    -------
    matplotlib.figure.Figure
        Steps, filled.
    """
    names, months = list(shares.columns[1:]), shares["month"].to_numpy()
    with drawing_style():
        size = (NARROW, 3.6) if narrow else (WIDE, 3.8)
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.add_subplot()
        below, middles = np.zeros(len(months)), {}
        for name in names:
            colour = colours[name]
            top = below + shares[name].to_numpy()
            axes.fill_between(
                months, below, top, step="post", color=colour, alpha=SHARE, linewidth=0
            )
            axes.step(months, top, where="post", color=colour, linewidth=1.2)
            ink = GREY if colour == PALE else colour
            middles[name] = (float(below[-1] + top[-1]) / 2, ink)
            below = top
        if narrow:
            keys = [Patch(color=colours[name], alpha=SHARE, label=name) for name in names]
            figure.legend(handles=keys[::-1], loc="outside upper left", frameon=False, fontsize=9)
        else:
            _names(axes, middles, horizon)
        axes.set(
            xlim=(0, horizon),
            ylim=(0, 100),
            xticks=month_ticks(horizon, narrow),
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
