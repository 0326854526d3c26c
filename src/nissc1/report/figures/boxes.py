"""Box plots over scheduled visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cbook import boxplot_stats
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from nissc1.report.disclosure import Disclosure, is_small
from nissc1.report.figures.drawing import Drawing, Exploration, Panel, Series
from nissc1.report.figures.style import (
    GREY,
    GROUND,
    INK,
    NARROW,
    PALETTE,
    WIDE,
    drawing_style,
    guide_lines,
    name_panel,
)
from nissc1.report.formatting import EN_DASH, number

_KEPT = {"mean": "mean", "q1": "quartile_1", "med": "median", "q3": "quartile_3"}
_WHISKERS = {"whislo": "whisker_low", "whishi": "whisker_high"}


@dataclass(frozen=True)
class _Measure:
    """One panel: its title, and for each visit the number of patients and the box."""

    title: str
    months: tuple[int, ...]
    counts: tuple[int, ...]
    boxes: tuple[dict[str, Any] | None, ...]
    disclosure: Disclosure

    @property
    def digits(self) -> int:
        """Digits in which values are told: more where the values are small."""
        top = max((box["whishi"] for box in self.boxes if box), default=0.0)
        return 2 if top < 5 else 1


def box_panels(
    visits: pd.DataFrame,
    panels: Mapping[str, str],
    months: Sequence[int] = (0, 3, 6, 12, 18, 24),
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Drawing | None:
    """Draw box plots over the scheduled visits, a panel a measure.

    Parameters
    ----------
    visits : pandas.DataFrame
        A row a patient and visit: ``month`` and one column a measure; missing values are left out.
    panels : mapping of str to str
        Column and title with unit, in order; two panels a line, on a phone one.
    months : sequence of int
        Visits shown.
    disclosure : Disclosure
        Under ``small-counts`` boxes of 1 to 7 patients, outliers and whiskers are left out and the
        numbers of patients rounded.

    Returns
    -------
    Drawing or None
        Boxes from quartile to quartile with the median, whiskers to the farthest value within 1.5
        interquartile ranges, a diamond at the mean; the number of patients under each. None where
        there is no value at all.
    """
    measures = [
        _measure(visits, column, title, tuple(months), disclosure)
        for column, title in panels.items()
        if visits[column].notna().any()
    ]
    if not measures:
        return None
    return Drawing(partial(_draw, measures), _plotted(measures), _explored(measures))


def _measure(
    visits: pd.DataFrame, column: str, title: str, months: tuple[int, ...], disclosure: Disclosure
) -> _Measure:
    groups = [
        visits.loc[visits["month"] == month, column].dropna().to_numpy(dtype=float)
        for month in months
    ]
    hidden = disclosure.active
    boxes = tuple(
        None
        if len(group) == 0 or (hidden and is_small(len(group)))
        else boxplot_stats(group, whis=(25, 75) if hidden else 1.5)[0]
        for group in groups
    )
    return _Measure(title, months, tuple(map(len, groups)), boxes, disclosure)


def _draw(measures: Sequence[_Measure], narrow: bool) -> Figure:
    wide = 1 if narrow or len(measures) == 1 else 2
    high = -(-len(measures) // wide)
    size = (NARROW, 2.55 * high) if narrow else (WIDE if wide == 2 else WIDE / 1.6, 3.05 * high)
    with drawing_style():
        figure = Figure(figsize=size, layout=ConstrainedLayoutEngine(h_pad=0.1, w_pad=0.08))
        grid = figure.subplots(high, wide, squeeze=False).ravel()
        for index, (axes, measure) in enumerate(zip(grid, measures, strict=False)):
            _boxes(axes, measure, PALETTE[index % len(PALETTE)])
            name_panel(axes, index)
        for axes in grid[len(measures) :]:
            axes.axis("off")
    return figure


def _boxes(axes: Axes, measure: _Measure, colour: str) -> None:
    hidden = measure.disclosure.active
    there = [(place, box) for place, box in enumerate(measure.boxes) if box is not None]
    axes.bxp(
        [box for _, box in there],
        positions=[place for place, _ in there],
        widths=0.55,
        patch_artist=True,
        showmeans=True,
        showfliers=not hidden,
        boxprops={"facecolor": colour + "33", "edgecolor": colour},
        medianprops={"color": INK, "linewidth": 1.8},
        whiskerprops={"color": colour},
        capprops={"color": colour, "linewidth": 0 if hidden else 1.0},
        flierprops={"marker": "o", "markersize": 3, "markeredgecolor": colour},
        meanprops={
            "marker": "D",
            "markersize": 4,
            "markerfacecolor": GROUND,
            "markeredgecolor": INK,
        },
    )
    axes.set_title(measure.title)
    axes.set_xlabel("Months after transplantation", labelpad=15)
    axes.set_xticks(range(len(measure.months)), [str(month) for month in measure.months])
    axes.set_xlim(*_ends(measure))
    under: dict[str, Any] = {
        "xycoords": axes.get_xaxis_transform(),
        "textcoords": "offset points",
        "ha": "center",
        "va": "top",
        "fontsize": 8,
        "color": GREY,
        "annotation_clip": False,
    }
    axes.annotate("n", (-0.5, 0), xytext=(-9, -17), **under)
    for place, count in enumerate(measure.counts):
        axes.annotate(measure.disclosure.count_text(count), (place, 0), xytext=(0, -17), **under)
    guide_lines(axes)


def _ends(measure: _Measure) -> tuple[float, float]:
    return -0.5, len(measure.months) - 0.5


def _plotted(measures: Sequence[_Measure]) -> pd.DataFrame:
    rows = []
    for measure in measures:
        hidden = measure.disclosure.active
        shown = _KEPT if hidden else _KEPT | _WHISKERS
        for month, count, box in zip(measure.months, measure.counts, measure.boxes, strict=True):
            row: dict[str, Any] = {
                "measure": measure.title,
                "month": month,
                "n": measure.disclosure.count_text(count),
            }
            row |= {name: None if box is None else float(box[key]) for key, name in shown.items()}
            if not hidden:
                outliers = [] if box is None else sorted(map(float, box["fliers"]))
                row["outliers"] = " ".join(f"{value:g}" for value in outliers)
            rows.append(row)
    return pd.DataFrame(rows)


def _explored(measures: Sequence[_Measure]) -> Exploration:
    months = measures[0].months
    return Exploration(
        what="Visit",
        columns=("Median", "Quartiles", "Mean", "Patients"),
        x=tuple(map(float, range(len(months)))),
        stops=tuple(f"{month} months" for month in months),
        panels=tuple(
            Panel(_ends(measure), (0.0, 1.0), (_series(measure, index % len(PALETTE)),))
            for index, measure in enumerate(measures)
        ),
    )


def _series(measure: _Measure, colour: int) -> Series:
    def told(box: dict[str, Any] | None, count: int) -> tuple[str, ...]:
        patients = measure.disclosure.count_text(count)
        if box is None:
            return EN_DASH, EN_DASH, EN_DASH, patients
        median, low, high, mean = (
            number(float(box[key]), measure.digits) for key in ("med", "q1", "q3", "mean")
        )
        return median, f"{low}{EN_DASH}{high}", mean, patients

    rows = tuple(told(box, count) for box, count in zip(measure.boxes, measure.counts, strict=True))
    return Series(measure.title, colour, (), rows)
