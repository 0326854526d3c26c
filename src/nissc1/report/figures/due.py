"""What became of the scheduled visits, as stacked bars."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nissc1.report.disclosure import Disclosure
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.stacks import PALE, SHARE
from nissc1.report.figures.style import GRID, GROUND, NARROW, PALETTE, WIDE, drawing_style

_COLOURS = (PALETTE[0], PALE, PALETTE[1], PALETTE[5], GRID)


def visit_bars(counts: pd.DataFrame, *, disclosure: Disclosure = Disclosure.NONE) -> Drawing | None:
    """Draw a bar for each scheduled visit, divided by what became of it.

    Parameters
    ----------
    counts : DataFrame
        Patients, indexed by month, one column a kind, at most five.
    disclosure : Disclosure
        Under ``small-counts`` the shares are coarsened.

    Returns
    -------
    Drawing or None
        Bars of 100 %. None without patients.
    """
    totals = counts.sum(axis=1)
    if counts.empty or (totals == 0).any():
        return None
    tops = counts.cumsum(axis=1).div(totals, axis=0)
    edges = 100 * disclosure.shares(tops.to_numpy(), int(totals.max()))
    edges[:, -1] = 100.0
    shares = pd.DataFrame(np.diff(edges, axis=1, prepend=0.0), columns=list(counts.columns))
    shares.insert(0, "month", counts.index.to_numpy())
    return Drawing(partial(_draw, shares), shares)


def _draw(shares: pd.DataFrame, narrow: bool) -> Figure:
    with drawing_style():
        size = (NARROW, 4.0) if narrow else (WIDE, 3.8)
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.add_subplot()
        places, below = np.arange(len(shares)), np.zeros(len(shares))
        for name, colour in zip(shares.columns[1:], _COLOURS, strict=False):
            height = shares[name].to_numpy()
            axes.bar(
                places,
                height,
                bottom=below,
                width=0.7,
                color=colour,
                alpha=1.0 if colour == GRID else SHARE,
                edgecolor=GROUND,
                linewidth=0.8,
                label=name,
            )
            below = below + height
        axes.set_xticks(places, [str(month) for month in shares["month"]])
        axes.set(xlabel="Scheduled month", ylabel="Patients, %", ylim=(0, 100))
        handles, labels = axes.get_legend_handles_labels()
        if narrow:
            figure.legend(
                handles[::-1], labels[::-1], loc="outside upper left", frameon=False, fontsize=9
            )
        else:
            figure.legend(handles, labels, loc="outside upper left", ncols=5, frameon=False)
    return figure
