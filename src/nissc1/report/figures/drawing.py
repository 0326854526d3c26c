"""A figure before it has a size: how to draw it, its data, and what can be asked of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import pandas as pd
from matplotlib.figure import Figure


@dataclass(frozen=True)
class Series:
    """One line, or one row of boxes, that a reader can explore.

    Attributes
    ----------
    name : str
        What it is called.
    colour : int
        Number in the palette.
    y : tuple of float or None
        Height at each stop, None where there is none; empty where no mark is to be set.
    rows : tuple of tuple of str
        For each stop the text under each of `Exploration.columns`.
    """

    name: str
    colour: int
    y: tuple[float | None, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Panel:
    """One pair of axes that a reader can explore.

    Attributes
    ----------
    xlim, ylim : tuple of float
        Ends of the axes.
    series : tuple of Series
        What is drawn there.
    """

    xlim: tuple[float, float]
    ylim: tuple[float, float]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Exploration:
    """What a figure tells about single places along its horizontal axis.

    Attributes
    ----------
    what : str
        What is chosen: "Time after transplantation".
    columns : tuple of str
        Headings of what is told of each series.
    x : tuple of float
        The stops along the axis.
    stops : tuple of str
        The same in words.
    panels : tuple of Panel
        By number, as `nissc1.report.figures.style.name_panel` gave it.
    """

    what: str
    columns: tuple[str, ...]
    x: tuple[float, ...]
    stops: tuple[str, ...]
    panels: tuple[Panel, ...]

    def to_json(self) -> str:
        """Write it for the page.

        Returns
        -------
        str
            JSON that is safe inside a script element.
        """
        text = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.replace("<", "\\u003c")


@dataclass(frozen=True)
class Drawing:
    """A figure that can be drawn for a wide page and for a narrow one.

    Attributes
    ----------
    draw : callable
        Takes whether the page is narrow, returns a matplotlib figure.
    data : pandas.DataFrame
        What is plotted, as it may be shown.
    exploration : Exploration or None
        What a reader can ask of it.
    """

    draw: Callable[[bool], Figure]
    data: pd.DataFrame
    exploration: Exploration | None = None
