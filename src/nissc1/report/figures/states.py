"""In which state the patients were at each time, stacked."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.disclosure import Disclosure
from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.style import drawing_style
from nissc1.stats import StateOccupation

#: Two shades of well and two of ill, told apart also without colour.
_COLOURS = ("#0072B2", "#A6CBE3", "#E5A06B", "#555555")


def state_areas(
    occupation: StateOccupation | NotEstimable,
    names: Mapping[str, str],
    horizon_months: int = 24,
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Figure | None:
    """Draw the shares of patients in each state on top of each other.

    Parameters
    ----------
    occupation : StateOccupation or NotEstimable
        Their probabilities, times in days.
    names : mapping of str to str
        What each state is called, from below.
    horizon_months : int
        Right end of the axis.
    disclosure : Disclosure
        Under ``small-counts`` the shares are coarsened.

    Returns
    -------
    matplotlib.figure.Figure or None
        Areas that add up to 100 % at any time. None where nothing can be estimated.
    """
    if isinstance(occupation, NotEstimable):
        return None
    month = occupation.time / DAYS_PER_MONTH
    inside = month <= horizon_months
    end = float(horizon_months) if occupation.settled else min(month[-1], horizon_months)
    x = np.append(month[inside], end)
    tops = np.cumsum(occupation.estimate[inside], axis=1)
    tops = 100 * disclosure.shares(tops, occupation.n)
    tops[:, -1] = 100.0
    tops = np.vstack([tops, tops[-1]])
    step = 3 if horizon_months <= 24 else 6 if horizon_months <= 60 else 12
    with drawing_style():
        figure = Figure(figsize=(8.2, 4.2), layout="constrained")
        axes = figure.add_subplot()
        below = np.zeros(len(x))
        for k, (_, name) in enumerate(names.items()):
            axes.fill_between(
                x, below, tops[:, k], step="post", color=_COLOURS[k], linewidth=0, label=name
            )
            axes.step(x, tops[:, k], where="post", color="white", linewidth=1.0)
            below = tops[:, k]
        axes.set(
            xlim=(0, horizon_months),
            ylim=(0, 100),
            xticks=np.arange(0, horizon_months + 1, step),
            xlabel="Months after transplantation",
            ylabel="Patients, %",
        )
        handles, labels = axes.get_legend_handles_labels()
        figure.legend(handles[::-1], labels[::-1], loc="outside upper left", ncols=4, frameon=False)
    return figure
