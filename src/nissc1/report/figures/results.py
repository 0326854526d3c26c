"""Drawings of single results of `nissc1.stats` on given axes; their ``.plot()`` comes here."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from nissc1.report.figures.style import GREY, PALETTE
from nissc1.stats.curve import Curve
from nissc1.stats.gee import Gee
from nissc1.stats.mmrm import Mmrm
from nissc1.stats.schoenfeld import ProportionalHazards
from nissc1.stats.spline_cox import SplineModel
from nissc1.stats.state_occupation import StateOccupation

BAND: dict[str, Any] = {"alpha": 0.16, "linewidth": 0}


def axes_or_new(ax: Axes | None) -> Axes:
    """Return axes to draw on.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        Axes; None for those of a new figure of pyplot, which notebooks show by themselves.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.
    """
    if ax is not None:
        return ax
    from matplotlib import pyplot

    new: Axes = pyplot.subplots(layout="constrained")[1]
    return new


def plot_curve(curve: Curve, ax: Axes | None = None, *, colour: str = PALETTE[0]) -> Axes:
    """Draw a survival or cumulative incidence curve with its pointwise limits.

    Parameters
    ----------
    curve : Curve
        The curve.
    ax : matplotlib.axes.Axes, optional
        Axes; by default those of a new figure.
    colour : str
        Colour of line and band.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.
    """
    axes = axes_or_new(ax)
    table = curve.table()
    axes.fill_between(
        table["time"], table["lower"], table["upper"], step="post", color=colour, **BAND
    )
    axes.step(table["time"], table["estimate"], where="post", color=colour)
    axes.set(ylim=(0, 1.01), xlabel="Time", ylabel=curve.kind.capitalize())
    return axes


def plot_states(occupation: StateOccupation, ax: Axes | None = None) -> Axes:
    """Draw the probabilities of all states on top of each other, the first at the bottom.

    Parameters
    ----------
    occupation : StateOccupation
        The probabilities.
    ax : matplotlib.axes.Axes, optional
        Axes; by default those of a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.
    """
    axes = axes_or_new(ax)
    below = np.zeros(len(occupation.time))
    for k, (state, share) in enumerate(zip(occupation.states, occupation.estimate.T, strict=True)):
        colour = PALETTE[k % len(PALETTE)]
        top = below + share
        axes.fill_between(
            occupation.time, below, top, step="post", color=colour, alpha=0.55, label=str(state)
        )
        below = top
    axes.set(ylim=(0, 1), xlabel="Time", ylabel="Probability")
    axes.legend()
    return axes


def plot_levels(
    result: Mmrm | Gee, ax: Axes | None = None, *, colour: str = PALETTE[0], shift: float = 0.0
) -> Axes:
    """Draw means at levels with their limits.

    Parameters
    ----------
    result : Mmrm or Gee
        Fitted means; their levels must be numbers.
    ax : matplotlib.axes.Axes, optional
        Axes; by default those of a new figure.
    colour : str
        Colour of line and bars.
    shift : float
        Distance to the right, so that two results do not cover each other.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.
    """
    axes = axes_or_new(ax)
    table = result.table()
    x = np.asarray(table.index, dtype=np.float64) + shift
    axes.vlines(x, table["lower"], table["upper"], color=colour, linewidth=1.6)
    axes.plot(x, table["estimate"], color=colour, marker="o", markersize=4.5)
    axes.set(xlabel="Level", ylabel="Mean")
    return axes


def plot_hazard_ratios(
    model: SplineModel, reference: float, ax: Axes | None = None, *, colour: str = PALETTE[0]
) -> Axes:
    """Draw hazard ratios along a continuous covariate, on a logarithmic scale.

    Parameters
    ----------
    model : SplineModel
        Fitted model.
    reference : float
        Value of the covariate with hazard ratio 1.
    ax : matplotlib.axes.Axes, optional
        Axes; by default those of a new figure.
    colour : str
        Colour of line and band.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.
    """
    axes = axes_or_new(ax)
    curve = model.curve(np.linspace(model.lowest, model.highest, 81), reference=reference)
    x = curve[model.covariate]
    axes.axhline(1, color=GREY, linewidth=0.8)
    low, high = curve["hazard_ratio_lower"], curve["hazard_ratio_upper"]
    axes.fill_between(x, low, high, color=colour, **BAND)
    axes.plot(x, curve["hazard_ratio"], color=colour)
    axes.set_yscale("log")
    axes.set(xlabel=model.covariate, ylabel="Hazard ratio")
    return axes


def plot_residuals(
    test: ProportionalHazards,
    covariate: str,
    ax: Axes | None = None,
    *,
    colour: str = PALETTE[0],
    points: bool = True,
    conf_level: float = 0.95,
) -> Axes:
    """Draw scaled Schoenfeld residuals with a smooth line, on the scale of the test.

    Parameters
    ----------
    test : ProportionalHazards
        The test.
    covariate : str
        One of its covariates.
    ax : matplotlib.axes.Axes, optional
        Axes; by default those of a new figure.
    colour : str
        Colour of line and band.
    points : bool
        Whether to draw the residuals, one a patient with an event.
    conf_level : float
        Level of the band.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; the level line is the model's log hazard ratio. Without a smooth line where the
        events are too few for one.
    """
    axes = axes_or_new(ax)
    place = test.covariates.index(covariate)
    axes.axhline(test.coef[place], color=GREY, linewidth=1.0, linestyle=(0, (5, 3)))
    if points:
        axes.plot(
            test.transformed,
            test.scaled_residuals[:, place],
            linestyle="none",
            marker="o",
            markersize=4.5,
            markeredgewidth=0,
            alpha=0.6,
            color=colour,
        )
    try:
        line = test.smooth(covariate, conf_level=conf_level)
    except ValueError:
        line = None
    if line is not None:
        x = line["transformed"]
        axes.fill_between(x, line["lower"], line["upper"], color=colour, **BAND)
        axes.plot(x, line["estimate"], color=colour)
    axes.set(xlabel=f"Time ({test.transform})", ylabel=f"Log hazard ratio of {covariate}")
    return axes
