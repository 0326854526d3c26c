"""The share of patients who changed by at least so much, over all amounts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from nissc1.meaningful_change import Important
from nissc1.report.figures.style import GREY, PALETTE, drawing_style


def reached_panels(changes: Mapping[Important, pd.Series[float]]) -> Figure | None:
    """Draw the share of patients whose improvement was at least so much, a panel a measurement.

    Parameters
    ----------
    changes : mapping of Important to Series of float
        Improvement of each patient, as `nissc1.meaningful_change.improvement` gives it.

    Returns
    -------
    matplotlib.figure.Figure or None
        Falling steps; bands from the smaller to the larger limit on both sides of no change. It
        shows single patients: pass ``patient_level=True`` to `Report.figure`. None where nobody was
        measured.
    """
    known = {important: change.dropna().to_numpy() for important, change in changes.items()}
    known = {important: values for important, values in known.items() if len(values)}
    if not known:
        return None
    with drawing_style():
        figure = Figure(figsize=(8.6, 3.6), layout="constrained")
        grid = figure.subplots(1, len(known), squeeze=False, sharey=True).ravel()
        for axes, (important, values) in zip(grid, known.items(), strict=True):
            x = np.sort(values)
            share = 100 * (len(x) - np.arange(len(x))) / len(x)
            for low, high, colour in (
                (important.smaller, important.larger, PALETTE[2]),
                (-important.worse_larger, -important.worse_smaller, PALETTE[1]),
            ):
                axes.axvspan(low, high, color=colour, alpha=0.25, linewidth=0)
            axes.axvline(0, color=GREY, linewidth=0.8)
            reach = 1.05 * max(float(np.abs(x).max()), important.larger, important.worse_larger)
            axes.step(
                np.concatenate([[-reach], x, [reach]]),
                np.concatenate([[100.0], share, [0.0]]),
                where="pre",
                color=PALETTE[0],
            )
            axes.set_title(important.label)
            axes.set(xlim=(-reach, reach), ylim=(0, 102))
            axes.set_xlabel(f"Improvement of at least,\n{important.unit}")
        grid[0].set_ylabel("Patients measured, %")
    return figure
