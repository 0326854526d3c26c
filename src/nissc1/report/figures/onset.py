"""Cumulative incidence over the first days."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from matplotlib.figure import Figure

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.disclosure import Disclosure
from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.curve_data import plotted, steps
from nissc1.report.figures.direct_labels import direct_labels, within
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.results import BAND
from nissc1.report.figures.style import (
    DASHES,
    NARROW,
    PALETTE,
    WIDE,
    drawing_style,
    guide_lines,
)
from nissc1.stats.curve import Curve

_TICK = 20
"""Days between two marks of the axis."""


def early_incidence(
    curves: Mapping[str, Curve | NotEstimable],
    days: int,
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Drawing | None:
    """Draw cumulative incidences with their intervals, on an axis in days.

    Parameters
    ----------
    curves : mapping of str to Curve or NotEstimable
        By name; times in days.
    days : int
        Right end of the axis.
    disclosure : Disclosure
        Under ``small-counts`` the curves are coarsened, and what can be taken away is what stands
        at the ticks.

    Returns
    -------
    Drawing or None
        None where nothing can be estimated.
    """
    drawn = {name: curve for name, curve in curves.items() if isinstance(curve, Curve)}
    if not drawn:
        return None
    ticks = np.arange(0, days + 1, _TICK) / DAYS_PER_MONTH
    data = plotted(drawn, days / DAYS_PER_MONTH, ticks, disclosure)
    return Drawing(partial(_draw, drawn, days, disclosure), data)


def _draw(curves: Mapping[str, Curve], days: int, disclosure: Disclosure, narrow: bool) -> Figure:
    with drawing_style():
        size = (NARROW, 3.3) if narrow else (WIDE, 3.8)
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.add_subplot()
        lines = {}
        for (name, curve), colour, dashes in zip(curves.items(), PALETTE, DASHES, strict=False):
            months, heights = steps(curve, days / DAYS_PER_MONTH, disclosure)
            x = months * DAYS_PER_MONTH
            axes.fill_between(
                x, heights["lower"], heights["upper"], step="post", color=colour, **BAND
            )
            axes.step(x, heights["estimate"], where="post", color=colour, linestyle=dashes)
            lines[name] = (x, heights["estimate"], colour)
        if narrow:
            within(axes, lines, days)
        else:
            ends = {name: (float(y[-1]), colour) for name, (_, y, colour) in lines.items()}
            direct_labels(axes, ends, days)
        axes.set(
            xlim=(0, days),
            ylim=(0, 101),
            xticks=np.arange(0, days + 1, _TICK),
            xlabel="Days after reinfusion",
            ylabel="Patients, %",
        )
        guide_lines(axes)
    return figure
