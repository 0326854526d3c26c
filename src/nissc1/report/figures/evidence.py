"""Published percentages of several studies, one line each, with what was pooled from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nissc1.report.figures.style import GREY, INK, PALETTE, drawing_style

#: Height of a line in inches, and distance of the columns of text from the axes in points.
_LINE = 0.34
_COLUMNS = (10, 66)
#: Half the height of the diamond, in lines.
_HALF = 0.26


def percent_forest(
    groups: Mapping[str, pd.DataFrame],
    *,
    headings: tuple[str, str],
    xlabel: str,
    pooled: pd.DataFrame | None = None,
) -> Figure | None:
    """Draw percentages with their intervals, a line each, under headings.

    Parameters
    ----------
    groups : mapping of str to pandas.DataFrame
        By heading (empty for none). Columns ``label``, ``estimate``, ``lower``, ``upper`` in
        percent (limits may be missing), ``weight`` (area of the mark; missing for the usual),
        ``own`` (whether it is marked as this study's), ``computed`` (whether the mark is hollow,
        and the figure comes from this release) and the texts ``first`` and ``second`` beside it.
    headings : pair of str
        Headings of the two columns of text.
    xlabel : str
        Label of the axis.
    pooled : pandas.DataFrame, optional
        Lines below: the same columns without ``weight``, and ``prediction_lower`` and
        ``prediction_upper``, drawn as a thin bar through the diamond where they are known.

    Returns
    -------
    matplotlib.figure.Figure or None
        None where there is no line.
    """
    groups = {name: rows for name, rows in groups.items() if len(rows)}
    if not groups:
        return None
    lines = sum(len(rows) + bool(name) for name, rows in groups.items())
    lines += 0 if pooled is None else len(pooled) + 1
    with drawing_style():
        figure = Figure(figsize=(8.2, 1.15 + _LINE * lines), layout="constrained")
        axes = figure.add_subplot()
        y = 0
        labels: list[tuple[int, str, bool]] = []
        for name, rows in groups.items():
            if name:
                labels.append((y, name, True))
                y += 1
            for _, row in rows.iterrows():
                _study(axes, y, row)
                labels.append((y, str(row["label"]), False))
                y += 1
        if pooled is not None:
            axes.axhline(y, color=GREY, linewidth=0.6)
            for place, (_, row) in enumerate(pooled.iterrows(), start=y + 1):
                _diamond(axes, place, row)
                labels.append((place, str(row["label"]), False))
        _text(axes, -1, *headings, weight="bold")
        axes.set_yticks([place for place, _, _ in labels], [text for _, text, _ in labels])
        for (_, _, heading), tick in zip(labels, axes.get_yticklabels(), strict=True):
            tick.set_fontweight("bold" if heading else "normal")
        axes.set_ylim(lines - 0.3, -1.5)
        axes.set_xlim(0, _end(groups, pooled))
        axes.tick_params(axis="y", length=0)
        axes.xaxis.grid(True, color="#E3E3E3", linewidth=0.7)
        axes.set_axisbelow(True)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(xlabel)
    return figure


def _study(axes: Axes, y: int, row: pd.Series[Any]) -> None:
    colour = PALETTE[1] if row["own"] else PALETTE[0]
    if np.isfinite(row["lower"]):
        axes.plot([row["lower"], row["upper"]], [y, y], color=colour, linewidth=1.4)
    weight = float(row["weight"])
    axes.plot(
        row["estimate"],
        y,
        marker="s",
        markersize=4 + 5 * np.sqrt(weight) if np.isfinite(weight) else 6,
        color=colour,
        markerfacecolor="white" if row["computed"] else colour,
        clip_on=False,
    )
    _text(axes, y, str(row["first"]), str(row["second"]))


def _diamond(axes: Axes, y: int, row: pd.Series[Any]) -> None:
    if np.isfinite(row["prediction_lower"]):
        ends = [row["prediction_lower"], row["prediction_upper"]]
        axes.plot(ends, [y, y], color=GREY, linewidth=1.2, zorder=1)
    corners = [row["lower"], row["estimate"], row["upper"], row["estimate"]]
    axes.fill(corners, [y, y - _HALF, y, y + _HALF], color=INK, zorder=2)
    _text(axes, y, str(row["first"]), str(row["second"]))


def _text(axes: Axes, y: int, first: str, second: str, weight: str = "normal") -> None:
    for text, shift in zip((first, second), _COLUMNS, strict=True):
        axes.annotate(
            text,
            (1, y),
            xycoords=axes.get_yaxis_transform(),
            xytext=(shift, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            fontweight=weight,
        )


def _end(groups: Mapping[str, pd.DataFrame], pooled: pd.DataFrame | None) -> float:
    values = [rows[["estimate", "upper"]].max().max() for rows in groups.values()]
    if pooled is not None:
        values.append(pooled[["upper", "prediction_upper"]].max().max())
    return float(min(100.0, 10 * np.ceil(np.nanmax(values) / 10 + 0.01)))
