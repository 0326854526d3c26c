"""Survival and cumulative incidence curves with numbers at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.disclosure import Disclosure
from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.style import DASHES, GREY, PALETTE, drawing_style
from nissc1.stats.curve import Curve

#: Height of a line of a direct label, in percentage points, and its width in characters.
_LINE = 6.0
_LABEL_WIDTH = 17


def survival_panel(
    curves: Mapping[str, Curve | NotEstimable],
    horizon_months: int = 24,
    *,
    ylabel: str = "Patients, %",
    disclosure: Disclosure = Disclosure.NONE,
) -> Figure | None:
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
        rounded.

    Returns
    -------
    matplotlib.figure.Figure or None
        None where no curve can be drawn.
    """
    drawn = {label: curve for label, curve in curves.items() if isinstance(curve, Curve)}
    if not drawn:
        return None
    step = 3 if horizon_months <= 24 else 6 if horizon_months <= 60 else 12
    ticks = np.arange(0, horizon_months + 1, step)
    with drawing_style():
        figure = Figure(figsize=(8.2, 4.2 + 0.24 * (len(drawn) + 1)), layout="constrained")
        rows = figure.add_gridspec(2, 1, height_ratios=[4.0, 0.3 * (len(drawn) + 1)])
        axes, below = figure.add_subplot(rows[0]), figure.add_subplot(rows[1])
        ends = {}
        looks = [(PALETTE[i % len(PALETTE)], DASHES[i % len(DASHES)]) for i in range(len(drawn))]
        for (label, curve), look in zip(drawn.items(), looks, strict=True):
            ends[label] = (_draw_curve(axes, curve, horizon_months, look, disclosure), look[0])
        _direct_labels(axes, ends, horizon_months)
        axes.set(
            xlim=(0, horizon_months),
            ylim=(0, 101),
            xticks=ticks,
            ylabel=ylabel,
            xlabel="Months after transplantation",
        )
        axes.yaxis.grid(True, color="#E3E3E3", linewidth=0.7)
        axes.set_axisbelow(True)
        _numbers_at_risk(below, drawn, ticks, [look[0] for look in looks], disclosure)
        below.set_xlim(0, horizon_months)
    return figure


def _draw_curve(
    axes: Axes, curve: Curve, horizon: int, look: tuple[str, Any], disclosure: Disclosure
) -> float:
    table = curve.table()
    month = table["time"].to_numpy() / DAYS_PER_MONTH
    inside = month <= horizon
    complete = int(table["n_censored"].iloc[-1]) == 0
    end = float(horizon) if complete else float(min(month[-1], horizon))
    x = np.append(month[inside], end)
    steps = {
        name: np.append(values, values[-1])
        for name in ("estimate", "lower", "upper")
        for values in [100 * disclosure.shares(table.loc[inside, name], curve.n)]
    }
    colour, dash = look
    axes.fill_between(
        x, steps["lower"], steps["upper"], step="post", color=colour, alpha=0.13, linewidth=0
    )
    axes.step(x, steps["estimate"], where="post", color=colour, linestyle=dash)
    if not disclosure.active:
        left = inside & (table["n_censored"].to_numpy() > 0)
        axes.plot(
            month[left],
            100 * table.loc[left, "estimate"],
            linestyle="none",
            marker="|",
            markersize=6,
            markeredgewidth=0.9,
            color=colour,
        )
    return float(steps["estimate"][-1])


def _direct_labels(axes: Axes, ends: Mapping[str, tuple[float, str]], horizon: int) -> None:
    place, room = -np.inf, 0.0
    for label, (value, colour) in sorted(ends.items(), key=lambda item: item[1][0]):
        lines = wrap(label, _LABEL_WIDTH)
        place = max(value, place + room + len(lines) * _LINE / 2)
        room = len(lines) * _LINE / 2
        axes.annotate(
            "\n".join(lines),
            (horizon, place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontweight="bold",
            annotation_clip=False,
        )


def _numbers_at_risk(
    axes: Axes,
    curves: Mapping[str, Curve],
    ticks: np.ndarray[Any, Any],
    colours: Sequence[str],
    disclosure: Disclosure,
) -> None:
    axes.axis("off")
    axes.set_ylim(-len(curves), 0.6)
    axes.text(
        -0.045,
        0,
        "At risk",
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="center",
        color=GREY,
        fontsize=9,
    )
    for row, ((label, curve), colour) in enumerate(zip(curves.items(), colours, strict=True)):
        axes.text(
            -0.045,
            -row - 1 + 0.2,
            label,
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            color=colour,
            fontsize=9,
        )
        at_risk = curve.at(ticks * DAYS_PER_MONTH)["n_at_risk"]
        for month, count in zip(ticks, at_risk, strict=True):
            axes.text(
                month,
                -row - 1 + 0.2,
                disclosure.count_text(int(count)),
                ha="center",
                va="center",
                fontsize=9,
            )
