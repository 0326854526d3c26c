"""Survival and cumulative incidence curves with numbers at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.disclosure import Disclosure
from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.curve_data import explored, plotted, steps
from nissc1.report.figures.direct_labels import direct_labels, within
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.style import (
    DASHES,
    GREY,
    NARROW,
    PALETTE,
    WIDE,
    drawing_style,
    guide_lines,
    month_ticks,
    name_panel,
)
from nissc1.stats.curve import Curve

#: Height of a row of numbers at risk, in inches; on a phone the label stands above its numbers.
_ROW = {False: 0.21, True: 0.36}


@dataclass(frozen=True)
class _Panel:
    """What `_draw` needs."""

    curves: Mapping[str, Curve]
    horizon: int
    ylabel: str
    disclosure: Disclosure


def survival_panel(
    curves: Mapping[str, Curve | NotEstimable],
    horizon_months: int = 24,
    *,
    ylabel: str = "Patients, %",
    disclosure: Disclosure = Disclosure.NONE,
) -> Drawing | None:
    """Draw curves with pointwise intervals, censoring marks and numbers at risk.

    Parameters
    ----------
    curves : mapping of str to Curve or NotEstimable
        By direct label; times in days. What is not estimable is left out.
    horizon_months : int
        Right end of the axis.
    ylabel : str
        Label of the vertical axis.
    disclosure : Disclosure
        Under ``small-counts`` curves are coarsened, censoring marks left out and numbers at risk
        rounded; what can be explored and taken away is then what stands at the ticks.

    Returns
    -------
    Drawing or None
        None where no curve can be drawn.
    """
    drawn = {label: curve for label, curve in curves.items() if isinstance(curve, Curve)}
    if not drawn:
        return None
    panel = _Panel(drawn, horizon_months, ylabel, disclosure)
    ticks = month_ticks(horizon_months, narrow=False)
    return Drawing(
        partial(_draw, panel),
        plotted(drawn, horizon_months, ticks, disclosure),
        explored(drawn, horizon_months, ticks, disclosure),
    )


def _draw(panel: _Panel, narrow: bool) -> Figure:
    ticks, count = month_ticks(panel.horizon, narrow), len(panel.curves)
    below = _ROW[narrow] * count + 0.3
    with drawing_style():
        figure = Figure(
            figsize=(NARROW if narrow else WIDE, (3.3 if narrow else 4.1) + below),
            layout="constrained",
        )
        rows = figure.add_gridspec(2, 1, height_ratios=[(3.3 if narrow else 4.1) - 0.4, below])
        axes, table = figure.add_subplot(rows[0]), figure.add_subplot(rows[1])
        looks = [(PALETTE[i % len(PALETTE)], DASHES[i % len(DASHES)]) for i in range(count)]
        drawn = {}
        for (label, curve), look in zip(panel.curves.items(), looks, strict=True):
            x, values = _draw_curve(axes, curve, panel, look)
            drawn[label] = (x, values, look[0])
        axes.set(
            xlim=(0, panel.horizon),
            ylim=(0, 101),
            xticks=ticks,
            ylabel=panel.ylabel,
            xlabel="Months after transplantation",
        )
        if narrow:
            within(axes, drawn, panel.horizon)
        else:
            ends = {name: (float(y[-1]), colour) for name, (_, y, colour) in drawn.items()}
            direct_labels(axes, ends, panel.horizon)
        guide_lines(axes)
        name_panel(axes, 0)
        _numbers_at_risk(table, panel, ticks, [look[0] for look in looks], narrow)
        table.set_xlim(0, panel.horizon)
    return figure


def _draw_curve(
    axes: Axes, curve: Curve, panel: _Panel, look: tuple[str, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    x, heights = steps(curve, panel.horizon, panel.disclosure)
    colour, dash = look
    axes.fill_between(
        x, heights["lower"], heights["upper"], step="post", color=colour, alpha=0.13, linewidth=0
    )
    axes.step(x, heights["estimate"], where="post", color=colour, linestyle=dash)
    if not panel.disclosure.active:
        table = curve.table()
        month = table["time"].to_numpy() / DAYS_PER_MONTH
        left = (month <= panel.horizon) & (table["n_censored"].to_numpy() > 0)
        axes.plot(
            month[left],
            100 * table.loc[left, "estimate"],
            linestyle="none",
            marker="|",
            markersize=6,
            markeredgewidth=0.9,
            color=colour,
        )
    return x, heights["estimate"]


def _numbers_at_risk(
    axes: Axes,
    panel: _Panel,
    ticks: np.ndarray[Any, Any],
    colours: Sequence[str],
    narrow: bool,
) -> None:
    """Set the numbers under their ticks; labels stand left of them, on a phone above them."""
    axes.axis("off")
    height = 2 if narrow else 1
    axes.set_ylim(-height * len(panel.curves) - 0.4, 0.6)
    place: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "fontsize": 9}
    side: dict[str, Any] = {"ha": "left", "x": -0.03} if narrow else {"ha": "right", "x": -0.035}
    axes.text(y=0, s="Number at risk" if narrow else "At risk", color=GREY, **place, **side)
    for row, ((label, curve), colour) in enumerate(zip(panel.curves.items(), colours, strict=True)):
        y = -height * row - 1
        axes.text(y=y, s=label, color=colour, **place, **side)
        at_risk = curve.at(ticks * DAYS_PER_MONTH)["n_at_risk"]
        for month, count in zip(ticks, at_risk, strict=True):
            axes.text(
                month,
                y - (1 if narrow else 0),
                panel.disclosure.count_text(int(count)),
                ha="center",
                va="center",
                fontsize=9,
            )
