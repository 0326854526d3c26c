"""Hazard ratios along continuous characteristics."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

from matplotlib.figure import Figure

from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.results import plot_hazard_ratios
from nissc1.report.figures.style import PALETTE, drawing_style
from nissc1.stats.spline_cox import SplineModel

_RATIOS = tuple(digit * 10.0**power for power in range(-4, 5) for digit in (1, 3))


def hazard_ratio_panels(
    models: Mapping[str, tuple[SplineModel | NotEstimable, float]],
) -> Figure | None:
    """Draw hazard ratios along continuous characteristics, a panel each.

    Parameters
    ----------
    models : mapping of str to (SplineModel or NotEstimable, float)
        By the label of the axis, the model and the value with hazard ratio 1.

    Returns
    -------
    matplotlib.figure.Figure or None
        The curves reach from the smallest value to the largest, so that they show single patients.
        None where no model could be fitted; one whose reference lies outside its data is left out.
    """
    drawn = {
        label: (model, reference)
        for label, (model, reference) in models.items()
        if isinstance(model, SplineModel) and model.lowest <= reference <= model.highest
    }
    return _draw(drawn, narrow=False) if drawn else None


def _draw(models: Mapping[str, tuple[SplineModel, float]], narrow: bool) -> Figure:
    size = len(models)
    high, wide = (size, 1) if narrow else (1, size)
    with drawing_style():
        figure = Figure(
            figsize=(4.2, 3.2 * size) if narrow else (1.4 + 3.4 * size, 3.6), layout="constrained"
        )
        grid = figure.subplots(high, wide, squeeze=False, sharey=True).ravel()
        for axes, (label, (model, reference)), colour in zip(
            grid, models.items(), cycle(PALETTE), strict=False
        ):
            plot_hazard_ratios(model, reference, axes, colour=colour)
            axes.axvline(reference, color=colour, linewidth=0.8, linestyle=(0, (2, 2)))
            axes.set(xlabel=label, ylabel="Hazard ratio (log scale)")
            if not narrow:
                axes.label_outer(remove_inner_ticks=True)
        low, top = grid[0].get_ylim()
        shown = [ratio for ratio in _RATIOS if low <= ratio <= top]
        grid[0].set_yticks(shown, [f"{ratio:g}" for ratio in shown])
        grid[0].set_yticks([], minor=True)
    return figure
