"""The way of the patients through the study, as boxes and arrows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from nissc1.flow import Analysed, Step
from nissc1.report.disclosure import Disclosure
from nissc1.report.figures.style import GREY, INK, PALETTE, drawing_style

#: Widths and left edges of the boxes, in parts of the figure's width of 100.
_MAIN, _SIDE = (4.0, 40.0), (52.0, 46.0)
_TALL, _GAP = 8.5, 5.0
_LINE = 3.8
"""Height of a box, of the space between two, and of a line of text, in the same parts."""


def flow_chart(
    patients: int,
    steps: Sequence[Step],
    analyses: Sequence[Analysed],
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Figure | None:
    """Draw who was transplanted, followed and analysed.

    Parameters
    ----------
    patients : int
        Patients transplanted.
    steps : sequence of Step
        One a time, ascending.
    analyses : sequence of Analysed
        Patients in each analysis.
    disclosure : Disclosure
        Under ``small-counts`` counts of 1 to 7 are shown as such and others rounded.

    Returns
    -------
    matplotlib.figure.Figure or None
        A box a time with those who left beside the arrow to it, and a box of analyses at the end;
        who progressed stands in the box, since it does not end follow-up. None without patients.
    """
    if patients == 0:
        return None
    show = disclosure.count_text
    sides = [_left(step, show) for step in steps]
    lines = -(-len(analyses) // 2)
    gaps = [max(len(side) * _LINE + 2, _GAP) + 4 for side in sides]
    height = _TALL * (len(steps) + 1) + sum(gaps) + _GAP + (lines + 2) * _LINE + 4
    with drawing_style():
        figure = Figure(figsize=(7.4, 7.4 * height / 100))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(0, 100), ylim=(height, 0))
        axes.axis("off")
        top = 1.0
        _box(axes, _MAIN, top, _TALL, [f"Transplanted: {show(patients)}"])
        for step, side, gap in zip(steps, sides, gaps, strict=True):
            bottom = top + _TALL
            top = bottom + gap
            middle = bottom + gap / 2
            centre = _MAIN[0] + _MAIN[1] / 2
            _arrow(axes, (centre, bottom), (centre, top))
            if side:
                _arrow(axes, (centre, middle), (_SIDE[0], middle))
                tall = len(side) * _LINE + 2
                _box(axes, _SIDE, middle - tall / 2, tall, side, colour=GREY, bold=False)
            text = f"Followed at {step.month} months: {show(step.followed)}"
            progressed = f"Progressed since the box above: {show(step.progressed)}"
            _box(axes, _MAIN, top, _TALL, [text, progressed])
        top += _TALL + _GAP
        _analyses(axes, top, analyses, lines, show)
    return figure


def _left(step: Step, show: Any) -> list[str]:
    counts = {
        "Died": step.died,
        "Not yet due at the data cut-off": step.not_due,
        "Last contact earlier": step.no_contact,
    }
    return [f"{text}: {show(count)}" for text, count in counts.items() if count]


def _box(
    axes: Axes,
    span: tuple[float, float],
    top: float,
    tall: float,
    lines: Sequence[str],
    *,
    bold: bool = True,
    colour: str = PALETTE[0],
) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (span[0], top),
            span[1],
            tall,
            boxstyle="round,pad=0,rounding_size=1.2",
            facecolor="white",
            edgecolor=colour,
            linewidth=1.3,
        )
    )
    first = top + tall / 2 - _LINE * (len(lines) - 1) / 2
    for place, line in enumerate(lines):
        heads = bold and place == 0
        axes.text(
            span[0] + 2,
            first + _LINE * place,
            line,
            va="center",
            fontsize=9.5 if heads else 8.5,
            fontweight="bold" if heads else "normal",
            color=INK,
        )


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.1})


def _analyses(axes: Axes, top: float, analyses: Sequence[Analysed], lines: int, show: Any) -> None:
    span = (_MAIN[0], _SIDE[0] + _SIDE[1] - _MAIN[0])
    tall = (lines + 1) * _LINE + 3
    _box(axes, span, top, tall, [], colour=PALETTE[2])
    axes.text(
        span[0] + 2, top + _LINE * 0.8, "Analysed", fontweight="bold", va="center", fontsize=9.5
    )
    for place, each in enumerate(analyses):
        column, row = divmod(place, lines)
        axes.text(
            span[0] + 2 + column * (_SIDE[0] - _MAIN[0]),
            top + _LINE * (row + 1.9),
            f"{each.label}: {show(each.patients)}",
            va="center",
            fontsize=8.5,
        )
