"""Figures as HTML: drawn for a desktop and for a phone, in the page's colours and type."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from matplotlib.figure import Figure

from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.svg import to_inline_svg
from nissc1.report.record import Record
from nissc1.report.table_html import files_html

FILES = {"svg": "SVG", "png": "PNG, 300 dpi"}
DATA = {"csv": "Plotted data, CSV"}
_IMPLIED_UNITS = ("", "patients", "events")


def figure_html(
    name: str,
    drawing: Drawing | Figure,
    wide: Figure,
    *,
    title: str,
    alt: str,
    source: str,
    warn: bool,
    cell: int | None = None,
) -> str:
    """Write a figure as HTML.

    Parameters
    ----------
    name : str
        Name in the edition.
    drawing : Drawing or Figure
        The figure; one that matplotlib has laid out already is shown on phones, too, as it is.
    wide : Figure
        The figure as drawn for a desktop.
    title : str
        What it shows; may be empty.
    alt : str
        Alternative text.
    source : str
        Which data it shows.
    warn : bool
        Whether that is a warning.
    cell : int, optional
        Execution count of the cell that shows it, which the downloads then lead to.

    Returns
    -------
    str
        Title, drawing, what a script needs so that the drawing can be explored, source and
        downloads. Without a script everything can be read.
    """
    narrow, exploration, files = "", "", dict(FILES)
    if isinstance(drawing, Drawing):
        svg = to_inline_svg(drawing.draw(True), alt, f"{name}-n")
        narrow = f'<div class="nissc1-drawing nissc1-narrow" style="display:none">\n{svg}</div>\n'
        files |= DATA
        if drawing.exploration is not None:
            data = drawing.exploration.to_json()
            exploration = (
                f'<script type="application/json" class="nissc1-exploration">{data}</script>\n'
            )
    sole = "" if narrow else " nissc1-sole"
    kind = "nissc1-source nissc1-warned" if warn else "nissc1-source"
    heading = f'<p class="nissc1-title">{escape(title)}</p>\n' if title else ""
    return f"""<div class="nissc1-figure" id="exhibit-{escape(name)}">
{heading}<div class="nissc1-drawing nissc1-wide{sole}">
{to_inline_svg(wide, alt, f"{name}-w")}</div>
{narrow}{exploration}<p class="{kind}">{escape(source)}</p>
<div class="nissc1-tools">{files_html("figures", name, files, cell)}</div>
</div>"""


def described(alt: str, title: str, records: Sequence[Record]) -> str:
    """Write the alternative text of a figure: what it is, what it finds, and the numbers.

    Parameters
    ----------
    alt : str
        What is drawn.
    title : str
        The finding; may be empty.
    records : sequence of Record
        The numbers that a reader of the drawing would take from it.

    Returns
    -------
    str
        Sentences.
    """
    parts = [part.strip().rstrip(".") for part in (alt, title)]
    if records:
        parts.append("; ".join(_said(record) for record in records))
    return "".join(f"{part}. " for part in parts if part).strip()


def _said(record: Record) -> str:
    unit = "" if record.unit in _IMPLIED_UNITS or record.estimate is None else f" {record.unit}"
    if unit and record.text.endswith(")") and record.statistic != "proportion":
        estimate, _, rest = record.text.partition(" ")
        return f"{record.label}: {estimate}{unit} {rest}"
    return f"{record.label}: {record.text}{unit}"
