"""Hazard ratios along continuous characteristics."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.results import plot_hazard_ratios
from nissc1.report.figures.style import NARROW, PALETTE, drawing_style
from nissc1.stats.spline_cox import SplineModel

_POINTS = 41
_RATIOS = tuple(digit * 10.0**power for power in range(-4, 5) for digit in (1, 3))


def hazard_ratio_panels(
    models: Mapping[str, tuple[SplineModel | NotEstimable, float]],
) -> Drawing | None:
    """Draw hazard ratios along continuous characteristics, a panel each.

    Parameters
    ----------
    models : mapping of str to (SplineModel or NotEstimable, float)
        By the label of the axis, the model and the value with hazard ratio 1.

    Returns
    -------
    Drawing or None
        The curves reach from the smallest value to the largest, so that they show single patients.
        None where no model could be fitted; one whose reference lies outside its data is left out.
    """
    drawn = {
        label: (model, reference)
        for label, (model, reference) in models.items()
        if isinstance(model, SplineModel) and model.lowest <= reference <= model.highest
    }
    if not drawn:
        return None
    parts = []
    for label, (model, reference) in drawn.items():
        values = np.linspace(model.lowest, model.highest, _POINTS)
        curve = model.curve(values, reference=reference)
        parts.append(curve.rename(columns={model.covariate: "value"}).assign(characteristic=label))
    return Drawing(partial(_draw, drawn), pd.concat(parts, ignore_index=True))


def _draw(models: Mapping[str, tuple[SplineModel, float]], narrow: bool) -> Figure:
    size = len(models)
    high, wide = (size, 1) if narrow else (1, size)
    with drawing_style():
        size_in = (NARROW, 3.0 * size) if narrow else (1.4 + 3.4 * size, 3.6)
        figure = Figure(figsize=size_in, layout="constrained")
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
