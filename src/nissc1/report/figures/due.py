"""What became of the scheduled visits, as stacked bars."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nissc1.report.disclosure import Disclosure
from nissc1.report.figures.style import drawing_style

_COLOURS = ("#0072B2", "#A6CBE3", "#E5A06B", "#555555", "#DDDDDD")


def visit_bars(counts: pd.DataFrame, *, disclosure: Disclosure = Disclosure.NONE) -> Figure | None:
    """Draw a bar for each scheduled visit, divided by what became of it.

    Parameters
    ----------
    counts : DataFrame
        Patients, indexed by month, one column a kind, at most five.
    disclosure : Disclosure
        Under ``small-counts`` the shares are coarsened.

    Returns
    -------
    matplotlib.figure.Figure or None
        Bars of 100 %. None without patients.
    """
    totals = counts.sum(axis=1)
    if counts.empty or (totals == 0).any():
        return None
    tops = counts.cumsum(axis=1).div(totals, axis=0)
    edges = 100 * disclosure.shares(tops.to_numpy(), int(totals.max()))
    edges[:, -1] = 100.0
    with drawing_style():
        figure = Figure(figsize=(8.2, 3.8), layout="constrained")
        axes = figure.add_subplot()
        below = np.zeros(len(counts))
        for k, name in enumerate(counts.columns):
            height = edges[:, k] - below
            axes.bar(
                range(len(counts)),
                height,
                bottom=below,
                width=0.7,
                color=_COLOURS[k],
                edgecolor="white",
                linewidth=0.8,
                label=name,
            )
            below = edges[:, k]
        axes.set_xticks(range(len(counts)), [str(month) for month in counts.index])
        axes.set(xlabel="Scheduled month", ylabel="Patients, %", ylim=(0, 100))
        handles, labels = axes.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper left", ncols=5, frameon=False)
    return figure
