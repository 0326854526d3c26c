"""Figures: survival curves, box plots over time, forest plots, scatter plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nissc1.report.disclosure import Disclosure, is_small
from nissc1.report.formatting import interval, number, p_text
from nissc1.report.measures import DAYS_PER_MONTH, NotEstimable
from nissc1.report.style import DASHES, GREY, INK, PALETTE, drawing_style
from nissc1.stats.curve import Curve

#: Smallest distance between two direct labels, in percentage points.
_LABEL_GAP = 6.5


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
        figure = Figure(figsize=(7.4, 4.2 + 0.24 * (len(drawn) + 1)), layout="constrained")
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
    place = -np.inf
    for label, (value, colour) in sorted(ends.items(), key=lambda item: item[1][0]):
        place = max(value, place + _LABEL_GAP)
        axes.annotate(
            label,
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
        -0.02,
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
            -0.02,
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


def box_panels(
    visits: pd.DataFrame,
    panels: Mapping[str, str],
    months: Sequence[int] = (0, 3, 6, 12, 18, 24),
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Figure | None:
    """Draw box plots over the scheduled visits, a panel a measure.

    Parameters
    ----------
    visits : pandas.DataFrame
        A row a patient and visit: ``month`` and one column a measure; missing values are left out.
    panels : mapping of str to str
        Column and title with unit, in order; two panels a line.
    months : sequence of int
        Visits shown.
    disclosure : Disclosure
        Under ``small-counts`` boxes of 1 to 7 patients, outliers and whiskers are left out and the
        numbers of patients rounded.

    Returns
    -------
    matplotlib.figure.Figure or None
        Boxes from quartile to quartile with the median, whiskers to the farthest value within 1.5
        interquartile ranges, a diamond at the mean; the number of patients under each. None where
        there is no value at all.
    """
    shown = [column for column in panels if visits[column].notna().any()]
    if not shown:
        return None
    wide = 2 if len(shown) > 1 else 1
    high = -(-len(shown) // wide)
    with drawing_style():
        figure = Figure(figsize=(4.4 * wide, 3.3 * high), layout="constrained")
        grid = figure.subplots(high, wide, squeeze=False).ravel()
        for axes, column, colour in zip(grid, shown, cycle(PALETTE), strict=False):
            groups = [
                visits.loc[visits["month"] == month, column].dropna().to_numpy(dtype=float)
                for month in months
            ]
            _boxes(axes, groups, months, colour, disclosure)
            axes.set_title(panels[column])
            axes.set_xlabel("Months after transplantation\n(below: patients)")
        for axes in grid[len(shown) :]:
            axes.axis("off")
    return figure


def _boxes(
    axes: Axes,
    groups: Sequence[np.ndarray[Any, Any]],
    months: Sequence[int],
    colour: str,
    disclosure: Disclosure,
) -> None:
    hidden = disclosure.active
    data = [np.array([]) if hidden and is_small(len(group)) else group for group in groups]
    axes.boxplot(
        data,
        positions=range(len(months)),
        widths=0.55,
        patch_artist=True,
        showmeans=True,
        showfliers=not hidden,
        whis=(25, 75) if hidden else 1.5,
        boxprops={"facecolor": colour + "33", "edgecolor": colour},
        medianprops={"color": INK, "linewidth": 1.8},
        whiskerprops={"color": colour},
        capprops={"color": colour, "linewidth": 0 if hidden else 1.0},
        flierprops={"marker": "o", "markersize": 3, "markeredgecolor": colour},
        meanprops={
            "marker": "D",
            "markersize": 4,
            "markerfacecolor": "white",
            "markeredgecolor": INK,
        },
    )
    counts = [disclosure.count_text(len(group)) for group in groups]
    axes.set_xticks(
        range(len(months)),
        [f"{month}\n{count}" for month, count in zip(months, counts, strict=True)],
    )
    axes.yaxis.grid(True, color="#E3E3E3", linewidth=0.7)
    axes.set_axisbelow(True)


def forest(rows: pd.DataFrame, *, xlabel: str = "Hazard ratio (log scale)") -> Figure | None:
    """Draw hazard ratios with their intervals.

    Parameters
    ----------
    rows : pandas.DataFrame
        Index: labels; columns ``hazard_ratio, lower, upper`` and, if present, ``p_value``. Rows
        without a finite ratio are left out.
    xlabel : str
        Label of the axis.

    Returns
    -------
    matplotlib.figure.Figure or None
        None where no row can be drawn.
    """
    limits = rows[["hazard_ratio", "lower", "upper"]].astype(float)
    good = (np.isfinite(limits.to_numpy()) & (limits.to_numpy() > 0)).all(axis=1)
    rows = rows.loc[good]
    if rows.empty:
        return None
    with drawing_style():
        figure = Figure(figsize=(7.4, 1.2 + 0.42 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        axes.axvline(1, color=GREY, linewidth=0.8)
        texts = []
        for y, (_, row) in enumerate(rows.iterrows()):
            axes.plot([row["lower"], row["upper"]], [y, y], color=PALETTE[0], linewidth=1.6)
            axes.plot(row["hazard_ratio"], y, marker="s", markersize=6, color=PALETTE[0])
            text = f"{number(row['hazard_ratio'], 2)} ({interval(row['lower'], row['upper'], 2)})"
            if "p_value" in rows and np.isfinite(row["p_value"]):
                p = p_text(float(row["p_value"]))
                text += f"  P {p}" if p[0] in "<>" else f"  P = {p}"
            texts.append(text)
        axes.set_xscale("log")
        low, high = float(limits.loc[good, "lower"].min()), float(limits.loc[good, "upper"].max())
        ticks = [
            t for t in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if low / 1.5 <= t <= high * 1.5
        ]
        axes.set_xticks(sorted({1, *ticks}), [f"{tick:g}" for tick in sorted({1, *ticks})])
        axes.set_xticks([], minor=True)
        axes.set_yticks(range(len(rows)), [str(label) for label in rows.index])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(xlabel)
        for y, text in enumerate(texts):
            axes.text(1.02, y, text, transform=axes.get_yaxis_transform(), va="center", fontsize=9)
    return figure


def scatter(
    x: Any, y: Any, *, xlabel: str, ylabel: str, note: str = "", colour: str = PALETTE[0]
) -> Figure | None:
    """Draw two measurements of each patient against each other.

    Parameters
    ----------
    x, y : array_like
        Same length; a pair with a missing value is left out.
    xlabel, ylabel : str
        Axis labels with units.
    note : str
        Text in the upper right corner, such as the coefficient.
    colour : str
        Colour of the points.

    Returns
    -------
    matplotlib.figure.Figure or None
        Points; a darker one where patients coincide. None without any pair. It shows single
        patients: pass ``patient_level=True`` to `Report.figure`.
    """
    pairs = pd.DataFrame({"x": pd.Series(x).array, "y": pd.Series(y).array}).dropna().astype(float)
    if pairs.empty:
        return None
    with drawing_style():
        figure = Figure(figsize=(5.6, 4.0), layout="constrained")
        axes = figure.add_subplot()
        axes.plot(
            pairs["x"],
            pairs["y"],
            linestyle="none",
            marker="o",
            markersize=5.5,
            markeredgewidth=0,
            color=colour,
            alpha=0.5,
        )
        axes.set(xlabel=xlabel, ylabel=ylabel)
        if note:
            axes.text(0.98, 0.97, note, transform=axes.transAxes, ha="right", va="top")
    return figure
