"""The way of the patients through the study, as boxes and arrows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from nissc1.flow import Analysed, Step
from nissc1.report.disclosure import Disclosure
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.style import GREY, GROUND, INK, NARROW, PALETTE, drawing_style

#: All in inches; a phone's drawing is narrower and its text smaller.
_WIDTH, _LINE, _PADDING, _GAP = 5.0, 0.23, 0.1, 0.18
#: Left edge of the boxes of those who left, and place of the arrows beside which they stand.
_INDENT, _SHAFT = 0.8, 0.35


def flow_chart(
    patients: int,
    steps: Sequence[Step],
    analyses: Sequence[Analysed],
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Drawing | None:
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
    Drawing or None
        A box a time with those who left beside the arrow to it, and a box of analyses at the end;
        who progressed stands in the box, since it does not end follow-up. None without patients.
    """
    if patients == 0:
        return None
    show = disclosure.count_text
    boxes: list[tuple[list[str], list[str]]] = [([], [f"Transplanted: {show(patients)}"])]
    for step in steps:
        left = [f"{text}: {show(count)}" for text, count in step.left().items()]
        followed = f"Followed at {step.month} months: {show(step.followed)}"
        progressed = f"Progressed since the box above: {show(step.progressed)}"
        boxes.append((left, [followed, progressed]))
    in_each = [f"{each.label}: {show(each.patients)}" for each in analyses]
    return Drawing(partial(_draw, boxes, in_each), _data(boxes, in_each))


def _draw(
    boxes: Sequence[tuple[Sequence[str], Sequence[str]]], in_each: Sequence[str], narrow: bool
) -> Figure:
    chart = _Chart(narrow)
    for place, (left, inside) in enumerate(boxes):
        if place:
            chart.arrow(left)
        chart.box(inside)
    chart.skip(_GAP)
    chart.box(["Analysed", *in_each], colour=PALETTE[2])
    return chart.draw()


def _data(
    boxes: Sequence[tuple[Sequence[str], Sequence[str]]], in_each: Sequence[str]
) -> pd.DataFrame:
    """Lay out what the boxes say, a row a line of text, as it may be shown."""
    rows = [
        (kind, *text.rsplit(": ", 1))
        for left, inside in boxes
        for kind, lines in (("Left", left), ("Followed", inside))
        for text in lines
    ]
    rows += [("Analysed", *text.rsplit(": ", 1)) for text in in_each]
    return pd.DataFrame(rows, columns=["Box", "Text", "Patients"])


class _Chart:
    """Collect boxes and arrows from above to below; draw them once the height is known."""

    def __init__(self, narrow: bool) -> None:
        self.height = 0.05
        self.width = NARROW if narrow else _WIDTH
        self.sizes = (10, 9) if narrow else (12, 11)
        self._parts: list[Callable[[Axes], None]] = []

    def skip(self, space: float) -> None:
        self.height += space

    def box(
        self,
        lines: Sequence[str],
        *,
        left: float = 0.05,
        colour: str = PALETTE[0],
        bold: bool = True,
    ) -> None:
        top, tall = self.height, len(lines) * _LINE + 2 * _PADDING

        def draw(axes: Axes) -> None:
            axes.add_patch(
                FancyBboxPatch(
                    (left, top),
                    self.width - 0.05 - left,
                    tall,
                    boxstyle="round,pad=0,rounding_size=0.06",
                    facecolor=GROUND,
                    edgecolor=colour,
                    linewidth=1.3,
                )
            )
            for place, line in enumerate(lines):
                heads = bold and place == 0
                axes.text(
                    left + 0.12,
                    top + _PADDING + (place + 0.5) * _LINE,
                    line,
                    va="center",
                    fontsize=self.sizes[0 if heads else 1],
                    fontweight="bold" if heads else "normal",
                    color=INK,
                )

        self._parts.append(draw)
        self.height += tall

    def arrow(self, beside: Sequence[str]) -> None:
        """Point to the next box; who left stands beside the shaft."""
        start = self.height
        self.skip(_GAP)
        if beside:
            middle = self.height + _PADDING + len(beside) * _LINE / 2
            self._parts.append(lambda axes: _arrow(axes, (_SHAFT, middle), (_INDENT, middle)))
            self.box(beside, left=_INDENT, colour=GREY, bold=False)
            self.skip(_GAP)
        end = self.height
        self._parts.append(lambda axes: _arrow(axes, (_SHAFT, start), (_SHAFT, end)))

    def draw(self) -> Figure:
        with drawing_style():
            height = self.height + 0.05
            figure = Figure(figsize=(self.width, height))
            axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
            axes.set(xlim=(0, self.width), ylim=(height, 0))
            axes.axis("off")
            for part in self._parts:
                part(axes)
        return figure


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.1})
