"""Forest plots and scatter plots."""

from __future__ import annotations

from functools import partial
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.style import GREY, GROUND, NARROW, PALETTE, WIDE, drawing_style
from nissc1.report.formatting import interval, number, p_text

#: Ratio of the ends of an axis from which it has marks at 1 and 3 only.
_WIDE_AXIS = 60
#: Characters of a label on a line.
_LABEL = 34
_LIMITS = ["hazard_ratio", "lower", "upper"]


def forest(rows: pd.DataFrame, *, xlabel: str = "Hazard ratio (log scale)") -> Drawing | None:
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
    Drawing or None
        None where no row can be drawn.
    """
    limits = rows[_LIMITS].astype(float)
    good = (np.isfinite(limits.to_numpy()) & (limits.to_numpy() > 0)).all(axis=1)
    rows = rows.loc[good]
    if rows.empty:
        return None
    columns = [*_LIMITS, *(["p_value"] if "p_value" in rows else [])]
    data = rows[columns].astype(float).rename_axis("characteristic").reset_index()
    return Drawing(partial(_forest, data, xlabel), data)


def _forest(rows: pd.DataFrame, xlabel: str, narrow: bool) -> Figure:
    pitch = 0.52 if narrow else 0.37
    with drawing_style():
        figure = Figure(
            figsize=(NARROW if narrow else WIDE, 0.9 + pitch * len(rows)), layout="constrained"
        )
        axes = figure.add_subplot()
        axes.axvline(1, color=GREY, linewidth=0.8)
        for y, row in enumerate(rows.to_dict("records")):
            axes.plot([row["lower"], row["upper"]], [y, y], color=PALETTE[0], linewidth=1.6)
            axes.plot(row["hazard_ratio"], y, marker="s", markersize=6, color=PALETTE[0])
            _say(axes, y, {str(key): value for key, value in row.items()}, narrow)
        axes.set_xscale("log")
        low, high = float(rows["lower"].min()), float(rows["upper"].max())
        ticks = _ticks(low, high)
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.set_xticks([], minor=True)
        axes.set_yticks([])
        axes.set_ylim(len(rows) - 0.4, -0.8 if narrow else -0.6)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(xlabel)
    return figure


def _ticks(low: float, high: float) -> list[float]:
    close = high / low < _WIDE_AXIS
    candidates = (0.1, 0.2, 0.5, 1, 2, 5, 10) if close else (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
    return [tick for tick in candidates if tick == 1 or low / 1.5 <= tick <= high * 1.5]


def _say(axes: Axes, y: int, row: dict[str, Any], narrow: bool) -> None:
    """Write label, ratio and P value: beside the line, on a phone above it."""
    ratio = f"{number(row['hazard_ratio'], 2)} ({interval(row['lower'], row['upper'], 2)})"
    p = float(row.get("p_value", np.nan))
    p_words = f"P {_equals(p_text(p))}" if np.isfinite(p) else ""
    label = str(row["characteristic"])
    place: dict[str, Any] = {
        "xycoords": axes.get_yaxis_transform(),
        "textcoords": "offset points",
        "va": "center",
        "annotation_clip": False,
    }
    if narrow:
        clear = {"facecolor": GROUND, "edgecolor": "none", "pad": 0.5}
        axes.annotate(label, (0, y), xytext=(0, 14), fontsize=9, ha="left", bbox=clear, **place)
        words = ratio if not p_words else f"{ratio}, {p_words}"
        axes.annotate(words, (1, y), xytext=(0, -10), fontsize=8, ha="right", color=GREY, **place)
        return
    for text, shift in ((ratio, 6), (p_words, 118)):
        axes.annotate(text, (1, y), xytext=(shift, 0), fontsize=9, **place)
    lines = wrap(label, _LABEL)
    for line, text in enumerate(lines):
        up = 5.5 * (len(lines) - 1) - 11 * line
        axes.annotate(text, (0, y), xytext=(-6, up), fontsize=9, ha="right", **place)


def _equals(p: str) -> str:
    return p if p[0] in "<>" else f"= {p}"


def scatter(
    x: Any, y: Any, *, xlabel: str, ylabel: str, note: str = "", colour: str = PALETTE[0]
) -> Drawing | None:
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
    Drawing or None
        Points; a darker one where patients coincide. None without any pair. It shows single
        patients: pass ``patient_level=True`` to `Report.figure`.
    """
    pairs = pd.DataFrame({xlabel: pd.Series(x).array, ylabel: pd.Series(y).array})
    pairs = pairs.dropna().astype(float).sort_values([xlabel, ylabel], ignore_index=True)
    if pairs.empty:
        return None
    return Drawing(partial(_scatter, pairs, note, colour), pairs)


def _scatter(pairs: pd.DataFrame, note: str, colour: str, narrow: bool) -> Figure:
    xlabel, ylabel = pairs.columns
    with drawing_style():
        figure = Figure(figsize=(NARROW, 3.2) if narrow else (6.0, 4.0), layout="constrained")
        axes = figure.add_subplot()
        axes.plot(
            pairs[xlabel],
            pairs[ylabel],
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
