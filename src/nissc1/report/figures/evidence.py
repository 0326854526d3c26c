"""Published percentages of several studies, one line each, with what was pooled from them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.style import (
    GREY,
    INK,
    NARROW,
    PALETTE,
    WIDE,
    drawing_style,
    guide_lines,
)

#: Height of a line in inches, and distance of the columns of text from the axes in points.
_LINE, _TALL_LINE = 0.34, 0.5
_COLUMNS = (10, 66)
#: Half the height of the diamond, in lines.
_HALF = 0.26
_NUMBERS = ("estimate", "lower", "upper", "prediction_lower", "prediction_upper")


def percent_forest(
    groups: Mapping[str, pd.DataFrame],
    *,
    headings: tuple[str, str],
    xlabel: str,
    pooled: pd.DataFrame | None = None,
) -> Drawing | None:
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
    Drawing or None
        None where there is no line.
    """
    parts = {name: rows for name, rows in groups.items() if len(rows)}
    if not parts:
        return None
    lines = [_line(name, row) for name, rows in parts.items() for _, row in rows.iterrows()]
    if pooled is not None:
        lines += [_line("Pooled", row, diamond=True) for _, row in pooled.iterrows()]
    table = pd.DataFrame(lines)
    data = table[["group", "label", "first", *_NUMBERS]].rename(columns={"first": headings[0]})
    return Drawing(partial(_draw, table, headings, xlabel), data)


def _line(group: str, row: pd.Series[Any], *, diamond: bool = False) -> dict[str, Any]:
    texts = {name: str(row[name]) for name in ("label", "first", "second")}
    flags = {name: bool(row[name]) for name in ("own", "computed")}
    numbers = {name: float(row.get(name, np.nan)) for name in ("weight", *_NUMBERS)}
    return {"group": group, "diamond": diamond, **texts, **flags, **numbers}


def _draw(lines: pd.DataFrame, headings: tuple[str, str], xlabel: str, narrow: bool) -> Figure:
    places = len(lines) + lines.loc[lines["group"] != "", "group"].nunique()
    with drawing_style():
        figure = Figure(
            figsize=(
                NARROW if narrow else WIDE,
                1.15 + (_TALL_LINE if narrow else _LINE) * places,
            ),
            layout="constrained",
        )
        axes = figure.add_subplot()
        y, group = 0, ""
        for _, row in lines.iterrows():
            if row["group"] != group:
                group = row["group"]
                _heading(axes, y, group, narrow)
                y += 1
            (_diamond if row["diamond"] else _study)(axes, y, row)
            _say(axes, y, row, narrow)
            y += 1
        if not narrow:
            _texts(axes, -1, *headings, weight="bold")
        axes.set_yticks([])
        axes.set_ylim(places - 0.3, -0.8 if narrow else -1.5)
        axes.set_xlim(0, _end(lines))
        guide_lines(axes, "x")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(xlabel, wrap=True)
    return figure


def _heading(axes: Axes, y: int, text: str, narrow: bool) -> None:
    _place(axes, y, text, 0 if narrow else -6, "left" if narrow else "right", weight="bold")


def _say(axes: Axes, y: int, row: pd.Series[Any], narrow: bool) -> None:
    """Write label, counts and percentage: beside the line, on a phone above it."""
    if narrow:
        _place(axes, y, row["label"], 0, "left", up=13, size=8.5)
        _place(axes, y, row["second"], 0, "right", right=True, up=13, size=8.5)
        return
    _place(axes, y, row["label"], -6, "right")
    _texts(axes, y, row["first"], row["second"])


def _texts(axes: Axes, y: int, first: str, second: str, weight: str = "normal") -> None:
    for text, shift in zip((first, second), _COLUMNS, strict=True):
        _place(axes, y, text, shift, "left", right=True, weight=weight)


def _place(
    axes: Axes,
    y: int,
    text: str,
    shift: float,
    align: str,
    *,
    right: bool = False,
    up: float = 0,
    size: float = 9,
    weight: str = "normal",
) -> None:
    axes.annotate(
        str(text),
        (1 if right else 0, y),
        xycoords=axes.get_yaxis_transform(),
        xytext=(shift, up),
        textcoords="offset points",
        va="center",
        ha=align,
        fontsize=size,
        fontweight=weight,
        annotation_clip=False,
    )


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


def _diamond(axes: Axes, y: int, row: pd.Series[Any]) -> None:
    if np.isfinite(row["prediction_lower"]):
        ends = [row["prediction_lower"], row["prediction_upper"]]
        axes.plot(ends, [y, y], color=GREY, linewidth=1.2, zorder=1)
    corners = [row["lower"], row["estimate"], row["upper"], row["estimate"]]
    axes.fill(corners, [y, y - _HALF, y, y + _HALF], color=INK, zorder=2)


def _end(lines: pd.DataFrame) -> float:
    values = lines[["estimate", "upper", "prediction_upper"]].to_numpy()
    return float(min(100.0, 10 * np.ceil(np.nanmax(values) / 10 + 0.01)))
