"""The share of patients who changed by at least so much, over all amounts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nissc1.meaningful_change import Important
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.style import (
    GREY,
    NARROW,
    PALETTE,
    WIDE,
    drawing_style,
    guide_lines,
)
from nissc1.stats.inputs import FloatArray


def reached_panels(changes: Mapping[Important, pd.Series[float]]) -> Drawing | None:
    """Draw the share of patients whose improvement was at least so much, a panel a measurement.

    Parameters
    ----------
    changes : mapping of Important to Series of float
        Improvement of each patient, as `nissc1.meaningful_change.improvement` gives it.

    Returns
    -------
    Drawing or None
        Falling steps; bands from the smaller to the larger limit on both sides of no change. It
        shows single patients: pass ``patient_level=True`` to `Report.figure`. None where nobody was
        measured.
    """
    known = {
        important: np.sort(np.asarray(change.dropna(), dtype=np.float64))
        for important, change in changes.items()
    }
    known = {important: values for important, values in known.items() if len(values)}
    if not known:
        return None
    parts = [
        pd.DataFrame(
            {"measurement": important.label, "improvement": values, "percent": _shares(values)}
        )
        for important, values in known.items()
    ]
    return Drawing(partial(_draw, known), pd.concat(parts, ignore_index=True))


def _shares(ascending: FloatArray) -> list[float]:
    """Return the percentage of the values that are at least each value."""
    size = len(ascending)
    return [100 * (size - place) / size for place in range(size)]


def _draw(changes: Mapping[Important, FloatArray], narrow: bool) -> Figure:
    size = len(changes)
    high, wide = (size, 1) if narrow else (1, size)
    with drawing_style():
        inches = (NARROW, 2.7 * size) if narrow else (WIDE, 3.6)
        figure = Figure(figsize=inches, layout="constrained")
        grid = figure.subplots(high, wide, squeeze=False, sharey=True).ravel()
        for axes, (important, values) in zip(grid, changes.items(), strict=True):
            for low, top, colour in (
                (important.smaller, important.larger, PALETTE[2]),
                (-important.worse_larger, -important.worse_smaller, PALETTE[1]),
            ):
                axes.axvspan(low, top, color=colour, alpha=0.25, linewidth=0)
            axes.axvline(0, color=GREY, linewidth=0.8)
            reach = 1.05 * max(
                float(np.abs(values).max()), important.larger, important.worse_larger
            )
            axes.step(
                [-reach, *values, reach], [100.0, *_shares(values), 0.0], where="pre",
                color=PALETTE[0],
            )  # fmt: skip
            axes.set_title(important.label)
            axes.set(xlim=(-reach, reach), ylim=(0, 102))
            axes.set_xlabel(f"Improvement of at least,\n{important.unit}")
            guide_lines(axes)
        for axes in grid if narrow else grid[:1]:
            axes.set_ylabel("Patients measured, %")
    return figure
