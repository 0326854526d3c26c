"""The one look of all figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes

#: After Okabe and Ito (2008), darkened until text in these colours is legible on white (contrast
#: of 4.5 or more).
PALETTE = ("#0072B2", "#B34700", "#00755A", "#8F3B76", "#5C5C00", "#555555")
#: Second channel beside colour.
DASHES = ("-", (0, (6, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)), (0, (3, 3)), "-")
INK = "#222222"
GREY = "#6B6B6B"
GRID = "#E3E3E3"
GROUND = "#FFFFFF"
ALARM = "#A3141E"
WIDE, NARROW = 8.2, 3.65
"""Width in inches of a figure on a desktop's page and on a phone's."""

_OWN: dict[str, Any] = {
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.linewidth": 0.8,
    "figure.facecolor": GROUND,
    "font.family": "DejaVu Sans",  # ships with matplotlib: the same everywhere
    "font.size": 10,
    "lines.linewidth": 1.8,
    "path.simplify": False,
    "savefig.facecolor": GROUND,
    "svg.fonttype": "path",  # the same look on every machine; the alternative text carries content
    "svg.hashsalt": "nissc1",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "xtick.major.size": 4,
    "ytick.major.size": 4,
    "xtick.major.width": 0.8,
    "ytick.major.width": 0.8,
}


@contextmanager
def drawing_style(**changes: Any) -> Iterator[None]:
    """Apply the look to what is drawn inside.

    Parameters
    ----------
    **changes : object
        Settings other than the look's; double underscores stand for dots.

    Yields
    ------
    None
        While the style holds; the former settings return afterwards.
    """
    settings: dict[Any, Any] = dict(sns.axes_style("ticks"))
    settings |= dict(sns.plotting_context("notebook")) | _OWN
    settings |= {name.replace("__", "."): value for name, value in changes.items()}
    with mpl.rc_context(settings):
        yield


def guide_lines(axes: Axes, axis: str = "y") -> None:
    """Lay faint lines behind what is drawn, at the ticks of one axis.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    axis : {"x", "y"}
        Axis whose ticks they continue.
    """
    axes.grid(True, axis=axis, color=GRID, linewidth=0.7)  # type: ignore[arg-type]
    axes.set_axisbelow(True)


def month_ticks(horizon: int, narrow: bool) -> np.ndarray[tuple[int], np.dtype[np.int_]]:
    """Return the months that are written at an axis.

    Parameters
    ----------
    horizon : int
        Right end of the axis.
    narrow : bool
        Whether there is room for half of them only.

    Returns
    -------
    ndarray of int
        From 0 on.
    """
    step = 3 if horizon <= 24 else 6 if horizon <= 60 else 12
    return np.arange(0, horizon + 1, 2 * step if narrow else step)


def name_panel(axes: Axes, number: int) -> None:
    """Name the area of a panel in the SVG, so that a script finds it there.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The panel.
    number : int
        Its place in the figure, from 0.
    """
    axes.patch.set_gid(f"panel-{number}")
