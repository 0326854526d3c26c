"""Courses of measurements over the visits: means with their limits, and single patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.style import (
    DASHES,
    GREY,
    INK,
    NARROW,
    PALETTE,
    WIDE,
    drawing_style,
    guide_lines,
)

_YEAR = 12
_APART = 0.6  # months between the bars of two methods
_MARKERS = ("o", "s")


def mean_courses(panels: Mapping[str, Mapping[str, pd.DataFrame]]) -> Drawing | None:
    """Draw means at the visits with their limits, a panel a measurement.

    Parameters
    ----------
    panels : mapping of str to mapping of str to DataFrame
        By title with unit, and by method: tables indexed by month with ``estimate``, ``lower`` and
        ``upper``.

    Returns
    -------
    Drawing or None
        None where there is no mean at all.
    """
    shown = {title: lines for title, lines in panels.items() if any(map(len, lines.values()))}
    if not shown:
        return None
    parts = [
        table[["estimate", "lower", "upper"]]
        .rename_axis("month")
        .reset_index()
        .assign(measurement=title, method=method)
        for title, lines in shown.items()
        for method, table in lines.items()
        if len(table)
    ]
    columns = ["measurement", "method", "month", "estimate", "lower", "upper"]
    return Drawing(partial(_draw_means, shown), pd.concat(parts, ignore_index=True)[columns])


def _draw_means(panels: Mapping[str, Mapping[str, pd.DataFrame]], narrow: bool) -> Figure:
    with drawing_style():
        figure, grid = _grid(len(panels), narrow)
        for axes, (title, lines) in zip(grid, panels.items(), strict=False):
            for k, (method, table) in enumerate(lines.items()):
                _means(axes, table, method, PALETTE[k], DASHES[k], _MARKERS[k], k * _APART)
            last = max(int(table.index.max()) for table in lines.values() if len(table))
            _finish(axes, title, last)
        _legend(figure, grid, len(panels))
    return figure


def single_courses(
    visits: pd.DataFrame,
    columns: Mapping[str, str],
    panels: Mapping[str, Mapping[str, pd.DataFrame]],
) -> Drawing | None:
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
    Drawing or None
        It shows single patients: pass ``patient_level=True`` to `Report.figure`. None where nobody
        was measured.
    """
    parts = []
    for title, column in columns.items():
        known = visits.loc[visits[column].notna(), ["patient_id", "month", column]]
        line = known["patient_id"].astype("category").cat.codes + 1
        known = known.assign(measurement=title, line=line).rename(columns={column: "value"})
        known = known.astype({"month": float, "value": float})
        parts.append(known[["measurement", "line", "month", "value"]])
    courses = pd.concat(parts).sort_values(["line", "month"], kind="stable", ignore_index=True)
    if courses.empty:
        return None
    shown = [title for title in columns if (courses["measurement"] == title).any()]
    means = {
        title: (method, table)
        for title in shown
        for method, table in list(panels.get(title, {}).items())[:1]
    }
    return Drawing(partial(_draw_singles, courses, shown, means), courses)


def _draw_singles(
    courses: pd.DataFrame,
    titles: Sequence[str],
    means: Mapping[str, tuple[str, pd.DataFrame]],
    narrow: bool,
) -> Figure:
    with drawing_style():
        figure, grid = _grid(len(titles), narrow)
        for axes, title in zip(grid, titles, strict=False):
            known = courses[courses["measurement"] == title]
            lines = [part.to_numpy() for _, part in known.groupby("line")[["month", "value"]]]
            axes.add_collection(LineCollection(lines, colors=GREY, linewidths=0.6, alpha=0.45))
            single = known[~known["line"].duplicated(keep=False)]
            axes.plot(single["month"], single["value"], ".", color=GREY, markersize=3)
            if title in means:
                method, table = means[title]
                _means(axes, table, method, PALETTE[0], "-", "o", 0.0)
            axes.autoscale()
            _finish(axes, title, int(known["month"].max()))
        grid[0].plot([], [], color=GREY, linewidth=0.8, label="One patient")
        _legend(figure, grid, len(titles))
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


def _grid(panels: int, narrow: bool) -> tuple[Figure, list[Axes]]:
    wide = 1 if narrow or panels == 1 else 2
    high = -(-panels // wide)
    figure = Figure(
        figsize=(NARROW, 2.6 * high) if narrow else (WIDE / 2 * wide, 2.9 * high),
        layout=ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.1),
    )
    return figure, list(figure.subplots(high, wide, squeeze=False).ravel())


def _finish(axes: Axes, title: str, last: int) -> None:
    axes.set_title(title)
    axes.set_xlabel("Months after transplantation")
    axes.set_xticks(range(0, last + 1, _YEAR if last > 2 * _YEAR else _YEAR // 2))
    guide_lines(axes)


def _legend(figure: Figure, grid: Sequence[Axes], panels: int) -> None:
    """Explain the lines in the place that no panel takes, or else above the panels."""
    handles, labels = grid[0].get_legend_handles_labels()
    for axes in grid[panels:]:
        axes.axis("off")
    if len(grid) > panels:
        grid[-1].legend(handles, labels, loc="center", frameon=False, labelcolor=INK)
    else:
        figure.legend(handles, labels, loc="outside upper left", frameon=False)
