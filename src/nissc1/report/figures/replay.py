"""Estimates against the data cut-off at which they were made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from nissc1.maturity import Maturity
from nissc1.report.figures.style import GREY, INK, PALETTE, drawing_style
from nissc1.report.record import Record

#: Days between the marks of two series at one cut-off.
_APART = 36
_MARKERS = ("o", "s", "D", "^")
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
    """Draw rates with two kinds of interval by data cut-off, a panel an endpoint.

    Parameters
    ----------
    rates : sequence of ReplayedRate
        In the order of the panels. Those without an estimate are left out.

    Returns
    -------
    matplotlib.figure.Figure or None
        A filled mark for a mature estimate, a hollow one for an immature; a thick bar for the usual
        interval, a thin one for that which holds at every look. None without any estimate.
    """
    known = [rate for rate in rates if rate.usual.estimate is not None]
    if not known:
        return None
    panels = list(dict.fromkeys(rate.endpoint for rate in known))
    months = sorted({rate.months for rate in known})
    looks = dict(zip(months, zip(cycle(PALETTE), cycle(_MARKERS), strict=False), strict=False))
    margin = dt.timedelta(days=90)
    first, last = (of(rate.cutoff for rate in rates) for of in (min, max))
    wide = 2 if len(panels) > 1 else 1
    high = -(-(len(panels) + 1) // wide)
    with drawing_style():
        figure = Figure(
            figsize=(4.4 * wide, 2.9 * high), layout=ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.1)
        )
        grid = figure.subplots(high, wide, squeeze=False).ravel()
        for axes, endpoint in zip(grid, panels, strict=False):
            _panel(axes, [rate for rate in known if rate.endpoint == endpoint], looks)
            axes.set_title(endpoint)
            axes.set(ylim=(-2, 102), ylabel="Patients, %", xlim=(first - margin, last + margin))
            locator = AutoDateLocator(minticks=3, maxticks=7)  # type: ignore[no-untyped-call]
            axes.xaxis.set_major_locator(locator)
            years = ConciseDateFormatter(locator, show_offset=False)  # type: ignore[no-untyped-call]
            axes.xaxis.set_major_formatter(years)
            axes.yaxis.grid(True, color="#E3E3E3", linewidth=0.7)
            axes.set_axisbelow(True)
        for axes in grid[len(panels) :]:
            axes.axis("off")
        grid[len(panels)].legend(
            handles=_key(looks, any(rate.followed.immature for rate in known)),
            loc="center left",
            frameon=False,
            fontsize=9,
            labelspacing=0.9,
        )
    return figure


def _panel(axes: Axes, rates: Sequence[ReplayedRate], looks: Mapping[int, tuple[str, str]]) -> None:
    places = {month: place - (len(looks) - 1) / 2 for place, month in enumerate(looks)}
    for rate in rates:
        colour, marker = looks[rate.months]
        x = np.datetime64(rate.cutoff, "h") + int(24 * _APART * places[rate.months])
        for record, style in ((rate.every_look, _THIN), (rate.usual, _THICK)):
            if record.lower is not None and record.upper is not None:
                axes.plot([x, x], [record.lower, record.upper], color=colour, **style)
        axes.plot(
            [x],
            [rate.usual.estimate or 0.0],
            linestyle="none",
            marker=marker,
            markersize=5,
            markeredgewidth=1.3,
            color=colour,
            markerfacecolor="white" if rate.followed.immature else colour,
        )


def _key(looks: Mapping[int, tuple[str, str]], hollow: bool) -> Sequence[Line2D]:
    handles = [
        Line2D([], [], linestyle="none", marker=marker, color=colour, label=f"At {month} months")
        for month, (colour, marker) in looks.items()
    ]
    if hollow:
        handles.append(
            Line2D(
                [],
                [],
                linestyle="none",
                marker="o",
                color=INK,
                markerfacecolor="white",
                label="Hollow: immature",
            )
        )
    thick = Line2D([], [], color=GREY, label="Usual interval", **_THICK)
    thin = Line2D([], [], color=GREY, label="Interval that holds at every look", **_THIN)
    return [*handles, thick, thin]
