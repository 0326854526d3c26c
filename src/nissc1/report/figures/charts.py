"""Box plots over time, forest plots and scatter plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from nissc1.report.disclosure import Disclosure, is_small
from nissc1.report.figures.style import GREY, INK, PALETTE, drawing_style
from nissc1.report.formatting import interval, number, p_text

#: Ratio of the ends of an axis from which it has marks at 1 and 3 only.
_WIDE = 60


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
        figure = Figure(
            figsize=(4.4 * wide, 3.4 * high), layout=ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.1)
        )
        grid = figure.subplots(high, wide, squeeze=False).ravel()
        for axes, column, colour in zip(grid, shown, cycle(PALETTE), strict=False):
            groups = [
                visits.loc[visits["month"] == month, column].dropna().to_numpy(dtype=float)
                for month in months
            ]
            _boxes(axes, groups, months, colour, disclosure)
            axes.set_title(panels[column])
            axes.set_xlabel("Months after transplantation")
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
    counts = [f"={count}" if count.isdigit() else f" {count}" for count in counts]
    axes.set_xticks(
        range(len(months)),
        [f"{month}\nn{count}" for month, count in zip(months, counts, strict=True)],
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
        figure = Figure(figsize=(8.2, 1.0 + 0.36 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        axes.axvline(1, color=GREY, linewidth=0.8)
        columns = []
        for y, (_, row) in enumerate(rows.iterrows()):
            axes.plot([row["lower"], row["upper"]], [y, y], color=PALETTE[0], linewidth=1.6)
            axes.plot(row["hazard_ratio"], y, marker="s", markersize=6, color=PALETTE[0])
            ratio = f"{number(row['hazard_ratio'], 2)} ({interval(row['lower'], row['upper'], 2)})"
            p = float(row["p_value"]) if "p_value" in rows else np.nan
            columns.append((ratio, f"P {_equals(p_text(p))}" if np.isfinite(p) else ""))
        axes.set_xscale("log")
        low, high = float(limits.loc[good, "lower"].min()), float(limits.loc[good, "upper"].max())
        close = high / low < _WIDE
        candidates = (0.1, 0.2, 0.5, 1, 2, 5, 10) if close else (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
        ticks = [t for t in candidates if t == 1 or low / 1.5 <= t <= high * 1.5]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.set_xticks([], minor=True)
        axes.set_yticks(range(len(rows)), [fill(str(label), 34) for label in rows.index])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(xlabel)
        for y, texts in enumerate(columns):
            for text, shift in zip(texts, (6, 118), strict=True):
                axes.annotate(
                    text,
                    (1, y),
                    xycoords=axes.get_yaxis_transform(),
                    xytext=(shift, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=9,
                )
    return figure


def _equals(p: str) -> str:
    return p if p[0] in "<>" else f"= {p}"


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
        Text above the points, such as the coefficient.
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
        axes.set_title(note, fontweight="normal", fontsize=10)
    return figure
