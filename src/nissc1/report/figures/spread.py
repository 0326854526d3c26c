"""A bubble a number: how often each value occurs on each of a few lines."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from nissc1.report.figures.style import PALETTE, drawing_style

#: Area of the largest bubble, square points.
_LARGEST = 150.0


def spread(
    frame: pd.DataFrame, value: str, line: str, weight: str, *, xlabel: str, ylabel: str
) -> Figure | None:
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
    matplotlib.figure.Figure or None
        Bubbles whose area is the frequency, first group on top; None without any row.
    """
    if frame.empty:
        return None
    groups = sorted(set(frame[line]))
    with drawing_style():
        figure = Figure(figsize=(6.6, 1.1 + 0.5 * len(groups)), layout="constrained")
        axes = figure.add_subplot(xlabel=xlabel, ylabel=ylabel)
        axes.scatter(
            frame[value],
            frame[line],
            s=_LARGEST * frame[weight] / frame[weight].max(),
            color=PALETTE[0],
            alpha=0.75,
            linewidths=0,
        )
        axes.set_yticks(groups)
        axes.set_ylim(groups[-1] + 0.6, groups[0] - 0.6)
        axes.xaxis.grid(True, color="#E3E3E3", linewidth=0.7)
        axes.set_axisbelow(True)
    return figure
