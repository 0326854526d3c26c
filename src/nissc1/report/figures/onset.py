"""Cumulative incidence over the first days."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from nissc1.report.disclosure import Disclosure
from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.results import BAND
from nissc1.report.figures.style import DASHES, PALETTE, drawing_style
from nissc1.stats.curve import Curve


def early_incidence(
    curves: Mapping[str, Curve | NotEstimable],
    days: int,
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Figure | None:
    """Draw cumulative incidences with their intervals, on an axis in days.

    Parameters
    ----------
    curves : mapping of str to Curve or NotEstimable
        By name; times in days.
    days : int
        Right end of the axis.
    disclosure : Disclosure
        Under ``small-counts`` the curves are coarsened.

    Returns
    -------
    matplotlib.figure.Figure or None
        None where nothing can be estimated.
    """
    drawn = {name: curve for name, curve in curves.items() if isinstance(curve, Curve)}
    if not drawn:
        return None
    with drawing_style():
        figure = Figure(figsize=(8.2, 3.8), layout="constrained")
        axes = figure.add_subplot()
        for k, (name, curve) in enumerate(drawn.items()):
            table = curve.table()
            inside = table["time"] <= days
            x = np.concatenate([[0.0], table.loc[inside, "time"], [float(days)]])
            lines = {
                column: np.concatenate([[0.0], shares, [shares[-1]]])
                for column in ("estimate", "lower", "upper")
                for shares in [100 * disclosure.shares(table.loc[inside, column], curve.n)]
            }
            axes.fill_between(
                x, lines["lower"], lines["upper"], step="post", color=PALETTE[k], **BAND
            )
            axes.step(
                x,
                lines["estimate"],
                where="post",
                color=PALETTE[k],
                linestyle=DASHES[k],
                label=name,
            )
        axes.set(
            xlim=(0, days), ylim=(0, 100), xlabel="Days after reinfusion", ylabel="Patients, %"
        )
        axes.legend(loc="upper left", frameon=False)
    return figure
