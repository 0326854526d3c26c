"""A bubble a number: how often each value occurs on each of a few lines."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.style import NARROW, PALETTE, drawing_style, guide_lines

#: Area of the largest bubble, square points.
_LARGEST = 150.0


def spread(
    frame: pd.DataFrame, value: str, line: str, weight: str, *, xlabel: str, ylabel: str
) -> Drawing | None:
    """Draw how often each value occurs, a line a group.

    Parameters
    ----------
    frame : pandas.DataFrame
        A row a value and group.
    value, line, weight : str
        Columns: the value along the axis, the group (whole numbers from 1), how often it occurs.
    xlabel, ylabel : str
        Labels of the axes.

    Returns
    -------
    Drawing or None
        Bubbles whose area is the frequency, first group on top; None without any row.
    """
    if frame.empty:
        return None
    data = frame[[line, value, weight]].reset_index(drop=True)
    return Drawing(partial(_draw, data, xlabel, ylabel), data)


def _draw(data: pd.DataFrame, xlabel: str, ylabel: str, narrow: bool) -> Figure:
    line, value, weight = data.columns
    groups = sorted(set(data[line]))
    with drawing_style():
        figure = Figure(
            figsize=(NARROW if narrow else 6.6, 1.1 + 0.5 * len(groups)), layout="constrained"
        )
        axes = figure.add_subplot(xlabel=xlabel, ylabel=ylabel)
        axes.scatter(
            data[value],
            data[line],
            s=(0.6 if narrow else 1.0) * _LARGEST * data[weight] / data[weight].max(),
            color=PALETTE[0],
            alpha=0.75,
            linewidths=0,
        )
        axes.set_yticks(groups)
        axes.set_ylim(groups[-1] + 0.6, groups[0] - 0.6)
        guide_lines(axes, "x")
    return figure
