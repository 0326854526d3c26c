"""Whether hazards are proportional, for the eye: residuals over time, and log-log curves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.results import BAND
from nissc1.report.figures.style import DASHES, GREY, NARROW, PALETTE, WIDE, drawing_style
from nissc1.stats.curve import Curve
from nissc1.stats.log_log import log_log
from nissc1.stats.schoenfeld import ProportionalHazards

_POWERS = tuple(10.0**power for power in range(-9, 10))
_RATIOS = tuple(digit * power for power in _POWERS for digit in (1, 3))
_MONTHS = (0.03, 0.1, 0.3, 1, 3, 6, 12, 24, 60, 120, 240)


def residual_panels(
    test: ProportionalHazards | NotEstimable, labels: Mapping[str, str], *, conf_level: float = 0.95
) -> Drawing | None:
    """Draw scaled Schoenfeld residuals over time with a smooth line, a panel a covariate.

    Parameters
    ----------
    test : ProportionalHazards or NotEstimable
        Test of a model with times in days.
    labels : mapping of str to str
        Covariates and their names for people.
    conf_level : float
        Level of the bands.

    Returns
    -------
    Drawing or None
        A point an event, so that it shows single patients; the dashed line is the ratio of the
        model. Without a smooth line where the events are too few for one; None without a test.
    """
    if isinstance(test, NotEstimable):
        return None
    draw = partial(_draw_residuals, test, labels, conf_level)
    return Drawing(draw, test.residuals()[["time", "transformed", *labels]])


def _draw_residuals(
    test: ProportionalHazards, labels: Mapping[str, str], conf_level: float, narrow: bool
) -> Figure:
    size, month = len(labels), test.time / DAYS_PER_MONTH
    high, wide = (size, 1) if narrow else (1, size)
    with drawing_style():
        figure = Figure(
            figsize=(NARROW, 3.0 * size) if narrow else (WIDE, 3.6), layout="constrained"
        )
        grid = figure.subplots(high, wide, squeeze=False).ravel()
        for axes, (name, label), colour in zip(grid, labels.items(), cycle(PALETTE), strict=False):
            place = test.covariates.index(name)
            axes.axhline(test.coef[place], color=GREY, linewidth=1.0, linestyle=(0, (5, 3)))
            axes.plot(
                month,
                test.scaled_residuals[:, place],
                linestyle="none",
                marker="o",
                markersize=4.5,
                markeredgewidth=0,
                alpha=0.6,
                color=colour,
            )
            _line(axes, test, name, conf_level, colour)
            axes.set_title(label)
            axes.set(xlabel="Months after transplantation", ylabel="Hazard ratio (log scale)")
            low, top = axes.get_ylim()
            marks = _RATIOS if top - low < np.log(1000) else _POWERS
            shown = [ratio for ratio in marks if low <= np.log(ratio) <= top]
            axes.set_yticks(np.log(shown), [f"{ratio:,g}" for ratio in shown])
    return figure


def _line(axes: Axes, test: ProportionalHazards, name: str, conf_level: float, colour: str) -> None:
    try:
        line = test.smooth(name, conf_level=conf_level)
    except ValueError:  # too few events for a line
        return
    x = line["time"] / DAYS_PER_MONTH
    axes.fill_between(x, line["lower"], line["upper"], color=colour, **BAND)
    axes.plot(x, line["estimate"], color=colour)


def log_log_panel(curves: Mapping[str, Curve | NotEstimable]) -> Drawing | None:
    """Draw log(-log) curves of groups against the logarithm of time.

    Parameters
    ----------
    curves : mapping of str to Curve or NotEstimable
        Survival or cumulative incidence by name; times in days. What is not estimable is left out.

    Returns
    -------
    Drawing or None
        Steps with their bands, each of which is an event, so that it shows single patients; None
        without an event after day 0.
    """
    lines = {
        name: line
        for name, curve in curves.items()
        if isinstance(curve, Curve)
        for line in [log_log(curve)]
        if len(line)
    }
    incidence = any(
        getattr(curve, "kind", "") == "cumulative incidence" for curve in curves.values()
    )
    ylabel = "log(−log(1 − incidence))" if incidence else "log(−log survival)"
    if not lines:
        return None
    data = pd.concat([line.assign(curve=name) for name, line in lines.items()], ignore_index=True)
    return Drawing(partial(_draw_log_log, lines, ylabel), data)


def _draw_log_log(lines: Mapping[str, Any], ylabel: str, narrow: bool) -> Figure:
    with drawing_style():
        figure = Figure(figsize=(NARROW, 3.6) if narrow else (WIDE, 3.8), layout="constrained")
        axes = figure.add_subplot()
        looks = zip(cycle(PALETTE), cycle(DASHES), strict=False)
        for (name, line), (colour, dash) in zip(lines.items(), looks, strict=False):
            x = line["time"] / DAYS_PER_MONTH
            axes.fill_between(x, line["lower"], line["upper"], step="post", color=colour, **BAND)
            axes.step(x, line["estimate"], where="post", color=colour, linestyle=dash, label=name)
        axes.set_xscale("log")
        low, high = axes.get_xlim()
        shown = [month for month in _MONTHS[:: 2 if narrow else 1] if low <= month <= high]
        axes.set_xticks(shown, [f"{month:g}" for month in shown])
        axes.set_xticks([], minor=True)
        axes.set(xlabel="Months after transplantation (log scale)", ylabel=ylabel)
        if narrow:
            figure.legend(loc="outside upper left", frameon=False, fontsize=9)
        else:
            axes.legend(loc="upper left", frameon=False)
    return figure
