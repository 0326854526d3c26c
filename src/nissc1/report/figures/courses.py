"""Courses of measurements over the visits: means with their limits, and single patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from nissc1.report.figures.style import DASHES, GREY, INK, PALETTE, drawing_style

_YEAR = 12
_APART = 0.6  # months between the bars of two methods
_MARKERS = ("o", "s")


def mean_courses(panels: Mapping[str, Mapping[str, pd.DataFrame]]) -> Figure | None:
    """Draw means at the visits with their limits, a panel a measurement.

    Parameters
    ----------
    panels : mapping of str to mapping of str to DataFrame
        By title with unit, and by method: tables indexed by month with ``estimate``, ``lower`` and
        ``upper``.

    Returns
    -------
    matplotlib.figure.Figure or None
        None where there is no mean at all.
    """
    shown = {title: lines for title, lines in panels.items() if any(map(len, lines.values()))}
    if not shown:
        return None
    with drawing_style():
        figure, grid = _grid(len(shown))
        for axes, (title, lines) in zip(grid, shown.items(), strict=False):
            for k, (method, table) in enumerate(lines.items()):
                _means(axes, table, method, PALETTE[k], DASHES[k], _MARKERS[k], k * _APART)
            _finish(
                axes, title, max(int(table.index.max()) for table in lines.values() if len(table))
            )
        _legend(figure, grid, len(shown))
    return figure


def single_courses(
    visits: pd.DataFrame,
    columns: Mapping[str, str],
    panels: Mapping[str, Mapping[str, pd.DataFrame]],
) -> Figure | None:
    """Draw the course of every patient, and the mean over them.

    Parameters
    ----------
    visits : DataFrame
        A row a patient and visit: ``patient_id``, ``month`` and the measurements.
    columns : mapping of str to str
        Title with unit, and column, of each panel.
    panels : mapping of str to mapping of str to DataFrame
        As for `mean_courses`; the first method is drawn.

    Returns
    -------
    matplotlib.figure.Figure or None
        It shows single patients: pass ``patient_level=True`` to `Report.figure`. None where nobody
        was measured.
    """
    shown = [title for title, column in columns.items() if visits[column].notna().any()]
    if not shown:
        return None
    with drawing_style():
        figure, grid = _grid(len(shown))
        for axes, title in zip(grid, shown, strict=False):
            known = visits.loc[
                visits[columns[title]].notna(), ["patient_id", "month", columns[title]]
            ]
            known = known.astype({"month": float, columns[title]: float}).sort_values("month")
            lines = [
                part.to_numpy()
                for _, part in known.groupby("patient_id")[["month", columns[title]]]
            ]
            axes.add_collection(LineCollection(lines, colors=GREY, linewidths=0.6, alpha=0.45))
            single = known[~known["patient_id"].duplicated(keep=False)]
            axes.plot(single["month"], single[columns[title]], ".", color=GREY, markersize=3)
            for method, table in list(panels.get(title, {}).items())[:1]:
                _means(axes, table, method, PALETTE[0], "-", "o", 0.0)
            axes.autoscale()
            _finish(axes, title, int(known["month"].max()))
        axes = grid[0]
        axes.plot([], [], color=GREY, linewidth=0.8, label="One patient")
        _legend(figure, grid, len(shown))
    return figure


def _means(
    axes: Axes,
    table: pd.DataFrame,
    label: str,
    colour: str,
    dashes: object,
    marker: str,
    shift: float,
) -> None:
    if table.empty:
        return
    x = np.asarray(table.index, dtype=np.float64) + shift
    axes.vlines(
        x, table["lower"].astype(float), table["upper"].astype(float), color=colour, linewidth=1.5
    )
    axes.plot(
        x, table["estimate"].astype(float), color=colour, linestyle=dashes, marker=marker,
        markersize=4.5, label=label,
    )  # fmt: skip


def _grid(panels: int) -> tuple[Figure, list[Axes]]:
    wide = 2 if panels > 1 else 1
    high = -(-panels // wide)
    figure = Figure(
        figsize=(4.4 * wide, 3.0 * high), layout=ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.1)
    )
    return figure, list(figure.subplots(high, wide, squeeze=False).ravel())


def _finish(axes: Axes, title: str, last: int) -> None:
    axes.set_title(title)
    axes.set_xlabel("Months after transplantation")
    axes.set_xticks(range(0, last + 1, _YEAR if last > 2 * _YEAR else _YEAR // 2))
    axes.yaxis.grid(True, color="#E3E3E3", linewidth=0.7)
    axes.set_axisbelow(True)


def _legend(figure: Figure, grid: Sequence[Axes], panels: int) -> None:
    """Explain the lines in the place that no panel takes, or else above the panels."""
    handles, labels = grid[0].get_legend_handles_labels()
    for axes in grid[panels:]:
        axes.axis("off")
    if len(grid) > panels:
        grid[-1].legend(handles, labels, loc="center", frameon=False, labelcolor=INK)
    else:
        figure.legend(handles, labels, loc="outside upper right", frameon=False, ncols=len(labels))
