"""Estimates against the data cut-off at which they were made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, MonthLocator, YearLocator
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from nissc1.maturity import Maturity
from nissc1.report.figures.style import GREY, INK, PALETTE, drawing_style
from nissc1.report.record import Record

_SHORTEST_AXIS, _LONGEST_AXIS = 2, 6
"""Years from which on years are marked, and marks that an axis bears at most."""
_THICK: dict[str, Any] = {"linewidth": 3.2, "alpha": 0.55, "solid_capstyle": "butt"}
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


def replay_panels(rates: Sequence[ReplayedRate]) -> Figure | None:
    """Draw rates with two kinds of interval by data cut-off.

    Parameters
    ----------
    rates : sequence of ReplayedRate
        In the order of the panels. Those without an estimate are left out.

    Returns
    -------
    matplotlib.figure.Figure or None
        A row of panels an endpoint, a column a time after transplantation. A filled mark for a
        mature estimate, a hollow one for an immature; a thick bar for the usual interval, a thin
        one for that which holds at every look. None without any estimate.
    """
    known = [rate for rate in rates if rate.usual.estimate is not None]
    if not known:
        return None
    endpoints = list(dict.fromkeys(rate.endpoint for rate in known))
    months = sorted({rate.months for rate in known})
    margin = dt.timedelta(days=90)
    first, last = (of(rate.cutoff for rate in rates) for of in (min, max))
    with drawing_style():
        figure = Figure(
            figsize=(1.2 + 2.9 * len(months), 0.6 + 2.0 * len(endpoints)),
            layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.06),
        )
        grid = figure.subplots(len(endpoints), len(months), squeeze=False, sharex=True, sharey=True)
        for (row, endpoint), (column, month) in product(enumerate(endpoints), enumerate(months)):
            axes = grid[row, column]
            shown = [rate for rate in known if (rate.endpoint, rate.months) == (endpoint, month)]
            _panel(axes, shown, PALETTE[column % len(PALETTE)])
            axes.set_title(f"{endpoint} at {month} months", fontsize=9)
            axes.set(ylim=(-2, 102), xlim=(first - margin, last + margin))
            axes.yaxis.grid(True, color="#E3E3E3", linewidth=0.7)
            axes.set_axisbelow(True)
            _date_axis(axes, last.year - first.year)
        figure.supylabel("Patients, %", fontsize=10)
        figure.supxlabel("Data cut-off", fontsize=10)
        figure.legend(
            handles=_key(any(rate.followed.immature for rate in known)),
            loc="outside upper center",
            ncols=2,
            frameon=False,
            fontsize=9,
        )
    return figure


def _panel(axes: Axes, rates: Sequence[ReplayedRate], colour: str) -> None:
    for rate in rates:
        x = np.datetime64(rate.cutoff, "D")
        for record, style in ((rate.every_look, _THIN), (rate.usual, _THICK)):
            if record.lower is not None and record.upper is not None:
                axes.plot([x, x], [record.lower, record.upper], color=colour, **style)
        axes.plot(
            [x],
            [rate.usual.estimate or 0.0],
            linestyle="none",
            marker="o",
            markersize=4,
            markeredgewidth=1.1,
            color=colour,
            markerfacecolor="white" if rate.followed.immature else colour,
        )


def _date_axis(axes: Axes, years: int) -> None:
    """Mark the years, or within less than two years the half-years."""
    every = max(1, -(-years // _LONGEST_AXIS))
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
        handles.append(Line2D([], [], markerfacecolor="white", label="Immature estimate", **mark))
    return handles
