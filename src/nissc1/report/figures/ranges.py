"""Estimates with limits, one a line, on given axes: ratios and shares."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from nissc1.report.figures.results import axes_or_new
from nissc1.report.figures.style import GREY, PALETTE


def plot_ratios(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw hazard ratios.

    Parameters
    ----------
    table : pandas.DataFrame
        Indexed by name: ``hazard_ratio``, ``lower``, ``upper``.
    ax : matplotlib.axes.Axes, optional
        Axes; by default those of a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes, logarithmic.
    """
    axes = _ranges(table.rename(columns={"hazard_ratio": "estimate"}), axes_or_new(ax))
    axes.axvline(1, color=GREY, linewidth=0.8, zorder=0)
    axes.set_xscale("log")
    axes.set_xlabel("Hazard ratio")
    return axes


def plot_shares(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw shares, the largest at the top.

    Parameters
    ----------
    table : pandas.DataFrame
        Indexed by name: ``estimate``, ``lower``, ``upper``.
    ax : matplotlib.axes.Axes, optional
        Axes; by default those of a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes, 0 to 1.
    """
    ordered = table.sort_values("estimate", ascending=False, kind="stable")
    axes = _ranges(ordered, axes_or_new(ax))
    axes.set(xlim=(0, 1), xlabel="Share")
    return axes


def _ranges(table: pd.DataFrame, axes: Axes) -> Axes:
    places = range(len(table))
    axes.hlines(places, table["lower"], table["upper"], color=PALETTE[0], linewidth=1.6)
    axes.plot(table["estimate"], places, linestyle="none", marker="s", color=PALETTE[0])
    axes.set_yticks(places, [str(name) for name in table.index])
    axes.invert_yaxis()
    return axes
