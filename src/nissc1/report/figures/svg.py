"""Figures as SVG and PNG, the same bytes each time: for the page and to take away."""

from __future__ import annotations

import io
import re
from html import escape
from textwrap import fill
from typing import Any

from matplotlib.figure import Figure

from nissc1.report.figures.style import (
    ALARM,
    GREY,
    GRID,
    GROUND,
    INK,
    PALETTE,
    drawing_style,
)

THEMED = {
    INK: "ink",
    GREY: "grey",
    GRID: "grid",
    GROUND: "ground",
    **{colour: str(number) for number, colour in enumerate(PALETTE)},
}
"""Colours of the look, and the names of the page's variables ``--fig-…`` that replace them."""

_DPI = 300
_LETTERS_PER_INCH = 10.4
"""Letters of a title that fit an inch."""
_NUMBERS = re.compile(r' (d|x|y|transform|viewBox|width|height)="([^"]*)"')
_LONG = re.compile(r"-?\d+\.\d+")
_FONT = re.compile(r"font-family: [^;\"]*;?\s*")
_PX = 4 / 3
"""Pixels of a page in a point."""


def to_svg(
    figure: Figure, alt: str, source: str = "", *, title: str = "", warn: bool = False
) -> str:
    """Draw a figure as an SVG file that stands alone.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    alt : str
        Alternative text; becomes the drawing's accessible name.
    source : str
        Line below the drawing that says which data it shows, wherever the file goes.
    title : str
        Line above it that says what it shows.
    warn : bool
        Whether the line below is a warning.

    Returns
    -------
    str
        SVG text without date, generator or document type, letters as outlines, on white.
    """
    _frame(figure, title, source, warn)
    with drawing_style():
        svg = _saved(figure)
    return _unique(_lean(_named(svg, alt))) + "\n"


def to_png(figure: Figure) -> bytes:
    """Draw a figure as a picture for print.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, with the lines that `to_svg` gave it.

    Returns
    -------
    bytes
        PNG of 300 dots per inch.
    """
    out = io.BytesIO()
    with drawing_style():
        figure.savefig(
            out,
            format="png",
            dpi=_DPI,
            bbox_inches="tight",
            metadata={"Software": None},
            pil_kwargs={"optimize": True},
        )
    return out.getvalue()


def to_inline_svg(figure: Figure, alt: str, name: str) -> str:
    """Draw a figure as SVG that becomes a part of a page.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    alt : str
        Alternative text; becomes the drawing's accessible name.
    name : str
        What all ids begin with, so that a page can hold several drawings.

    Returns
    -------
    str
        SVG element without ground. Colours are the page's variables of `THEMED`, letters are
        letters in the page's type.
    """
    with drawing_style(svg__fonttype="none"):
        svg = _saved(figure, transparent=True)
    svg = re.sub(r"<\?xml.*?\?>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' (xmlns(:xlink)?|version)="[^"]*"', "", svg)
    svg = svg.replace("xlink:href", "href").replace('standalone="no"', "")
    svg = _FONT.sub("", svg)
    for colour, variable in THEMED.items():
        svg = re.sub(colour, f"var(--fig-{variable},{colour})", svg, flags=re.IGNORECASE)
    return _unique(_lean(_sized(_named(svg, alt))), f"{name}-")


def _frame(figure: Figure, title: str, source: str, warn: bool) -> None:
    """Write a line above and one below what has been laid out."""
    with drawing_style():
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        for key in figure.legends:  # or it would go up with the edge when lines are added
            key.set_bbox_to_anchor((0, 0, 1, 1), figure.transFigure)
        box = figure.get_tightbbox()
        width, height = figure.get_size_inches()
        left, room = box.x0 / width, box.width * _LETTERS_PER_INCH
        if title:
            figure.text(
                left,
                (box.y1 + 0.12) / height,
                fill(title, int(room)),
                ha="left",
                va="bottom",
                size=12,
                weight="bold",
            )
        if source:
            look: dict[str, Any] = {"color": ALARM, "weight": "bold"} if warn else {"color": GREY}
            figure.text(
                left,
                (box.y0 - 0.08) / height,
                fill(source, int(room * 1.4)),
                ha="left",
                va="top",
                size=8,
                **look,
            )


def _saved(figure: Figure, *, transparent: bool = False) -> str:
    out = io.StringIO()
    figure.savefig(
        out,
        format="svg",
        metadata={"Date": None},
        bbox_inches="tight",
        pad_inches=0.04,
        transparent=transparent,
    )
    svg = re.sub(r"<!DOCTYPE.*?>\s*|<!--.*?-->\s*", "", out.getvalue(), flags=re.DOTALL)
    return re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)


def _named(svg: str, alt: str) -> str:
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt, quote=True)}" ', 1)


def _sized(svg: str) -> str:
    """Let the page give the size: at most the natural one, less where there is no room."""
    match = re.search(r' width="([\d.]+)pt" height="[\d.]+pt"', svg)
    if match is None:
        return svg
    wide = round(float(match[1]) * _PX)
    look = f'style="max-width:{wide}px;stroke-linejoin:round;stroke-linecap:butt"'
    return svg.replace(match[0], f" {look}", 1)


def _lean(svg: str) -> str:
    """Write coordinates with no more digits than can be seen, on as few lines as can be read."""

    def rounded(match: re.Match[str]) -> str:
        digits = 3 if match[1] == "transform" else 2
        value = _LONG.sub(lambda found: f"{float(found[0]):.{digits}f}".rstrip("0"), match[2])
        value = re.sub(r"\.(?=[^\d]|$)", "", value)
        return f' {match[1]}="{" ".join(value.split())}"'

    return "\n".join(line.strip() for line in _NUMBERS.sub(rounded, svg).splitlines())


def _unique(svg: str, before: str = "") -> str:
    """Keep the ids that are used, each with something in front."""
    used = set(re.findall(r'(?:href="#|url\(#)([\w.-]+)', svg))

    def renamed(match: re.Match[str]) -> str:
        kept = match[1] in used or match[1].startswith("panel-")
        return f' id="{before}{match[1]}"' if kept else ""

    svg = re.sub(r' id="([\w.-]+)"', renamed, svg)
    return re.sub(r'(href="#|url\(#)', rf"\g<1>{before}", svg)
