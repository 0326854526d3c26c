"""Estimates against the data cut-off at which they were made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, MonthLocator, YearLocator
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from nissc1.maturity import Maturity
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.style import (
    GREY,
    GROUND,
    INK,
    NARROW,
    PALETTE,
    WIDE,
    drawing_style,
    guide_lines,
)
from nissc1.report.record import Record

_SHORTEST_AXIS, _LONGEST_AXIS = 2, 6
"""Years from which on years are marked, and marks that an axis bears at most."""
_THICK: dict[str, Any] = {"linewidth": 3.2, "alpha": 0.55}
_THIN: dict[str, Any] = {"linewidth": 0.9}


@dataclass(frozen=True)
class ReplayedRate:
    """Hold one rate as it stood at one data cut-off.

    Attributes
    ----------
    endpoint : str
        Title of the endpoint; names the panel.
    months : int
        Time after transplantation.
    cutoff : datetime.date
        Data cut-off.
    followed : Maturity
        How many could have been followed so long.
    usual, every_look : Record
        The rate with its pointwise interval, and with that which holds at every look.
    """

    endpoint: str
    months: int
    cutoff: dt.date
    followed: Maturity
    usual: Record
    every_look: Record

    def cells(self) -> dict[str, Any]:
        """Lay the rate out as a row of a table.

        Returns
        -------
        dict of str to object
            Cells by heading. Where there is no estimate, its place says so shortly (the record says
            why), and the second interval is left out.
        """
        never = self.usual.text.startswith("not estimable")
        return {
            "Estimate": f"{self.endpoint} at {self.months} months",
            "Cut-off": self.cutoff.isoformat(),
            "% (usual interval)": "not yet estimable" if never else self.usual,
            "% (interval at every look)": None if self.usual.estimate is None else self.every_look,
            "Patients": self.usual.n,
            "Could have been followed": self.followed.followed,
            "At risk": self.usual.denominator,
            "Events": self.usual.events,
        }


def replay_panels(rates: Sequence[ReplayedRate]) -> Drawing | None:
    """Draw rates with two kinds of interval by data cut-off.

    Parameters
    ----------
    rates : sequence of ReplayedRate
        In the order of the panels. Those without an estimate are left out.

    Returns
    -------
    Drawing or None
        A row of panels an endpoint, a column a time after transplantation; on a phone two panels a
        row. A filled mark for a mature estimate, a hollow one for an immature; a thick bar for the
        usual interval, a thin one for that which holds at every look. None without any estimate.
    """
    if all(rate.usual.estimate is None for rate in rates):
        return None
    return Drawing(partial(_draw, rates), _plotted(rates))


def _plotted(rates: Sequence[ReplayedRate]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "endpoint": rate.endpoint,
            "months": rate.months,
            "cutoff": rate.cutoff.isoformat(),
            "immature": "yes" if rate.followed.immature else "no",
            "estimate": rate.usual.estimate,
            "lower": rate.usual.lower,
            "upper": rate.usual.upper,
            "lower_every_look": rate.every_look.lower,
            "upper_every_look": rate.every_look.upper,
        }
        for rate in rates
        if rate.usual.estimate is not None
    )


def _draw(rates: Sequence[ReplayedRate], narrow: bool) -> Figure:
    known = [rate for rate in rates if rate.usual.estimate is not None]
    endpoints = list(dict.fromkeys(rate.endpoint for rate in known))
    months = sorted({rate.months for rate in known})
    panels = list(product(endpoints, months))
    wide = min(2, len(panels)) if narrow else len(months)
    high = -(-len(panels) // wide)
    margin = dt.timedelta(days=90)
    first, last = (of(rate.cutoff for rate in rates) for of in (min, max))
    with drawing_style():
        figure = Figure(
            figsize=(NARROW if narrow else WIDE, 1.0 + (1.7 if narrow else 1.85) * high),
            layout=ConstrainedLayoutEngine(h_pad=0.06, w_pad=0.05),
        )
        grid = figure.subplots(high, wide, squeeze=False, sharex=True, sharey=True).ravel()
        for axes, (endpoint, month) in zip(grid, panels, strict=False):
            shown = [rate for rate in known if (rate.endpoint, rate.months) == (endpoint, month)]
            _panel(axes, shown, PALETTE[months.index(month) % len(PALETTE)])
            first_of_row = narrow or month == months[0]
            title = f"{endpoint}\nat {month} months" if first_of_row else f"at {month} months"
            axes.set_title(fill(title, 22) if narrow else title, fontsize=8 if narrow else 9)
            axes.set(ylim=(-2, 102), xlim=(first - margin, last + margin))
            guide_lines(axes)
            _date_axis(axes, last.year - first.year, narrow)
        for axes in grid[len(panels) :]:
            axes.axis("off")
        figure.supylabel("Patients, %", fontsize=10)
        figure.supxlabel("Data cut-off", fontsize=10)
        figure.legend(
            handles=_key(any(rate.followed.immature for rate in known)),
            loc="outside upper left",
            ncols=1 if narrow else 4,
            frameon=False,
            fontsize=9,
        )
    return figure


def _panel(axes: Axes, rates: Sequence[ReplayedRate], colour: str) -> None:
    for name, style in (("every_look", _THIN), ("usual", _THICK)):
        bounded = [
            (np.datetime64(rate.cutoff, "D"), record.lower, record.upper)
            for rate in rates
            for record in [getattr(rate, name)]
            if record.lower is not None and record.upper is not None
        ]
        if bounded:
            x, low, high = zip(*bounded, strict=True)
            # One broken line: a path of its own for each bar would make the drawing twice as large.
            bars = np.column_stack([low, high, np.full(len(x), np.nan)]).ravel()
            axes.plot(np.repeat(x, 3), bars, color=colour, solid_capstyle="butt", **style)
    for immature in (True, False):
        chosen = [rate for rate in rates if rate.followed.immature is immature]
        axes.plot(
            np.array([rate.cutoff for rate in chosen], dtype="datetime64[D]"),
            [rate.usual.estimate or 0.0 for rate in chosen],
            linestyle="none",
            marker="o",
            markersize=4,
            markeredgewidth=1.1,
            color=colour,
            markerfacecolor=GROUND if immature else colour,
        )


def _date_axis(axes: Axes, years: int, narrow: bool) -> None:
    """Mark the years, or within less than two years the half-years."""
    every = max(1, -(-years // (_LONGEST_AXIS // 2 if narrow else _LONGEST_AXIS)))
    locator = YearLocator(every) if years >= _SHORTEST_AXIS else MonthLocator(bymonth=(1, 7))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    form = "%Y" if years >= _SHORTEST_AXIS else "%b %Y"
    axes.xaxis.set_major_formatter(DateFormatter(form))  # type: ignore[no-untyped-call]


def _key(hollow: bool) -> Sequence[Line2D]:
    mark: dict[str, Any] = {"linestyle": "none", "marker": "o", "color": INK}
    handles = [
        Line2D([], [], color=GREY, label="Usual interval", **_THICK),
        Line2D([], [], color=GREY, label="Interval that holds at every look", **_THIN),
        Line2D([], [], label="Estimate", **mark),
    ]
    if hollow:
        handles.append(Line2D([], [], markerfacecolor=GROUND, label="Immature estimate", **mark))
    return handles
