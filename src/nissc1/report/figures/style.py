"""The one look of all figures, and their deterministic drawing as SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib.figure import Figure

#: After Okabe and Ito (2008), darkened until text in these colours is legible on white (contrast
#: of 4.5 or more).
PALETTE = ("#0072B2", "#B34700", "#00755A", "#8F3B76", "#5C5C00", "#555555")
#: Second channel beside colour.
DASHES = ("-", (0, (6, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)), (0, (3, 3)), "-")
INK = "#222222"
GREY = "#6B6B6B"
ALARM = "#A3141E"

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
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",  # ships with matplotlib: the same everywhere
    "font.size": 10,
    "lines.linewidth": 1.8,
    "path.simplify": False,
    "savefig.facecolor": "white",
    "svg.fonttype": "path",  # the same look on every machine; the alternative text carries content
    "svg.hashsalt": "nissc1",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
}


@contextmanager
def drawing_style() -> Iterator[None]:
    """Apply the look to what is drawn inside.

    Yields
    ------
    None
        While the style holds; the former settings return afterwards.
    """
    settings: dict[Any, Any] = dict(sns.axes_style("ticks"))
    settings |= dict(sns.plotting_context("notebook")) | _OWN
    with mpl.rc_context(settings):
        yield


def to_svg(figure: Figure, alt: str, source: str = "", *, warn: bool = False) -> str:
    """Draw a figure as SVG, the same bytes each time.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    alt : str
        Alternative text; becomes the drawing's accessible name.
    source : str
        Line below the drawing that says which data it shows, wherever the file goes.
    warn : bool
        Whether that line is a warning.

    Returns
    -------
    str
        SVG text without date, generator or document type, on white so that it is legible in light
        and dark surroundings alike.
    """
    out = io.StringIO()
    with drawing_style():
        if source:
            look: dict[str, Any] = {"color": ALARM, "weight": "bold"} if warn else {"color": GREY}
            figure.text(0.01, -0.01, source, ha="left", va="top", size=8, **look)
        figure.savefig(out, format="svg", metadata={"Date": None}, bbox_inches="tight")
    svg = re.sub(r"<!DOCTYPE.*?>\s*", "", out.getvalue(), flags=re.DOTALL)
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    label = f'<svg role="img" aria-label="{escape(alt, quote=True)}" '
    svg = svg.replace("<svg ", label, 1)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"
