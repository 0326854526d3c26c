"""Observed survival beside that expected in a general population."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.disclosure import Disclosure
from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.style import GREY, drawing_style
from nissc1.report.figures.survival import survival_panel
from nissc1.stats.curve import Curve
from nissc1.stats.inputs import FloatArray


def against_population(
    curve: Curve | NotEstimable,
    months: FloatArray,
    expected: FloatArray,
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Drawing | None:
    """Draw observed survival with the survival expected in a population.

    Parameters
    ----------
    curve : Curve or NotEstimable
        Overall survival, times in days.
    months : ndarray
        Times of the expected survival, ascending; the last one ends the axis.
    expected : ndarray
        Expected survival at these times, percent.
    disclosure : Disclosure
        As for `nissc1.report.figures.survival_panel`.

    Returns
    -------
    Drawing or None
        None where nothing is observed.
    """
    observed = survival_panel(
        {"Observed": curve}, int(months[-1]), ylabel="Patients alive, %", disclosure=disclosure
    )
    if observed is None or not np.isfinite(expected).all():
        return observed
    line = pd.DataFrame(
        {
            "curve": "Expected in the population",
            "day": months * DAYS_PER_MONTH,
            "month": months,
            "estimate": expected,
        }
    )
    return replace(
        observed,
        draw=partial(_draw, observed, months, expected),
        data=pd.concat([observed.data, line], ignore_index=True),
    )


def _draw(observed: Drawing, months: FloatArray, expected: FloatArray, narrow: bool) -> Figure:
    figure = observed.draw(narrow)
    with drawing_style():
        axes = figure.axes[0]
        line = axes.plot(months, expected, color=GREY, linestyle=(0, (4, 2)), linewidth=1.6)
        axes.legend(line, ["Expected in the population"], loc="lower left", frameon=False)
    return figure
