"""Names of curves beside or on them, in their colours, so that no key is needed."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes

#: Height of a line of a label, in units of an axis of 100, and its width in characters.
_LINE = 6.0
_LABEL_WIDTH = 17
#: The same on a phone, where labels stand within the axes; width in shares of the axis a letter.
_SMALL_LINE, _LETTER = 6.6, 0.0245
Drawn = Mapping[str, tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], str]]


def direct_labels(axes: Axes, ends: Mapping[str, tuple[float, str]], end: float) -> None:
    """Write the names to the right of the axes, at the height of the curves' ends.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Axes from 0 to about 100.
    ends : mapping of str to (float, str)
        By name, height at the end and colour.
    end : float
        Right end of the axis.
    """
    place, room = -np.inf, 0.0
    for label, (value, colour) in sorted(ends.items(), key=lambda item: item[1][0]):
        lines = wrap(label, _LABEL_WIDTH)
        place = max(value, place + room + len(lines) * _LINE / 2)
        room = len(lines) * _LINE / 2
        axes.annotate(
            "\n".join(lines),
            (end, place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontweight="bold",
            annotation_clip=False,
        )


def within(axes: Axes, drawn: Drawn, end: float) -> None:
    """Write the names into the axes, at the right, where they lie on no curve.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Axes from 0 to about 100.
    drawn : mapping of str to tuple
        By name: where the steps begin, heights from there on, colour.
    end : float
        Right end of the axis.
    """
    taken: list[tuple[float, float]] = []
    for label, (_, heights, colour) in drawn.items():
        start = end * (1 - _LETTER * len(label))
        lines = [_between(x, y, start) for x, y, _ in drawn.values()]
        value = float(heights[-1])
        offsets = [sign * (1.5 + shift) for shift in range(0, 70, 2) for sign in (1, -1)]
        low = next(
            (
                bottom
                for offset in offsets
                for bottom in [value + offset if offset > 0 else value + offset - _SMALL_LINE]
                if 0 <= bottom <= 100 - _SMALL_LINE
                and not any(_overlap(bottom, line) for line in lines)
                and not any(abs(bottom - other) < _SMALL_LINE for other, _ in taken)
            ),
            max(0.0, value - _SMALL_LINE),
        )
        taken.append((low, start))
        axes.annotate(
            label,
            (end, low + _SMALL_LINE / 2),
            xytext=(-2, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=colour,
            fontweight="bold",
            fontsize=9,
        )


def _between(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], start: float) -> tuple[float, float]:
    """Return the span of heights of a step curve from a place on."""
    first = max(int(np.searchsorted(x, start, side="right")) - 1, 0)
    return float(np.min(y[first:])), float(np.max(y[first:]))


def _overlap(bottom: float, line: tuple[float, float]) -> bool:
    return line[0] - 0.8 < bottom + _SMALL_LINE and line[1] + 0.8 > bottom
