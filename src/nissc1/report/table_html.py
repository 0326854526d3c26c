"""Tables as HTML: one that reads without a script, scrolls inside itself, and tells its sources."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from nissc1.report.layout import Cell, Group, Layout
from nissc1.report.origins import CELL

#: Cells up to this many characters are kept on one line.
_SHORT = 26
#: Cells from this many characters on are prose, whose column needs width.
_PROSE = 60
#: Files of a table that a reader can take away: ending and name.
FILES = {"csv": "CSV", "xlsx": "Excel", "tex": "LaTeX", "docx": "Word"}


def table_html(layout: Layout, cell: int | None = None) -> str:
    """Write a table as HTML.

    Parameters
    ----------
    layout : Layout
        The table.
    cell : int, optional
        Execution count of the cell that shows it, which its controls then lead to.

    Returns
    -------
    str
        Title, controls, the table in a region that scrolls by itself, and footnotes. Everything is
        escaped. What the article prints is hidden until the control above it asks for it, which
        needs no script. Cells that show a record carry its id in ``data-record``; the page turns
        them into links to where it was computed.
    """
    name = escape(layout.name)
    looks = [_classes(layout, place) for place in range(len(layout.columns))]
    # Each cell on a line of its own: the search index takes the tags out and nothing in.
    head = "".join(
        f'\n<th scope="col"{look}>{escape(column.heading)}</th>'
        for column, look in zip(layout.columns, looks, strict=True)
    )
    stub = f'<th scope="col">{escape(layout.stub)}</th>' if layout.stub else "<td></td>"
    body = "".join(_body(group, looks) for group in layout.groups)
    notes = "".join(f"<p>{escape(note)}</p>\n" for note in layout.notes)
    notes += "".join(
        f'<p class="nissc1-printed">{escape(note)}</p>\n' for note in layout.printed_notes
    )
    return f"""<div class="nissc1-table" id="exhibit-{name}">
<p class="nissc1-title" id="table-{name}-title">{escape(layout.title)}</p>
{_tools(layout, cell)}
<div class="nissc1-scroll" role="region" tabindex="0" aria-labelledby="table-{name}-title">
<table id="table-{name}" aria-labelledby="table-{name}-title">
<thead><tr>{stub}{head}</tr></thead>
{body}</table>
</div>
{f'<div class="nissc1-notes">{notes}</div>' if notes else ""}
</div>"""


def files_html(folder: str, name: str, files: dict[str, str], cell: int | None) -> str:
    """Write the links to the files of an exhibit.

    Parameters
    ----------
    folder, name : str
        Where they lie in the edition, and their name.
    files : dict of str to str
        By ending, what the link is called.
    cell : int or None
        Execution count of the cell that shows it.

    Returns
    -------
    str
        A list of links, relative to a page in a folder of the edition, and one to the cell.
    """
    links = "".join(
        f'<li><a href="../{folder}/{name}.{ending}" download>{escape(text)}</a></li>'
        for ending, text in files.items()
    )
    code = "" if cell is None else f'<a href="#{CELL.format(cell)}">Code</a>'
    return f'<ul class="nissc1-files" aria-label="Download {name}">{links}</ul>{code}'


def _tools(layout: Layout, cell: int | None) -> str:
    printed = (
        f'<label class="nissc1-beside"><input type="checkbox" id="beside-{escape(layout.name)}"> '
        "Show the printed figures</label>\n"
        if any(column.printed for column in layout.columns)
        else ""
    )
    files = files_html("tables", layout.name, FILES, cell)
    return f'<div class="nissc1-tools">{printed}{files}</div>'


def _classes(layout: Layout, place: int) -> str:
    column = layout.columns[place]
    texts = (row.cells[place].text for group in layout.groups for row in group.rows)
    looks = {
        "nissc1-right": column.right,
        "nissc1-printed": column.printed,
        "nissc1-prose": max(map(len, texts), default=0) >= _PROSE,
    }
    names = [name for name, holds in looks.items() if holds]
    return f' class="{" ".join(names)}"' if names else ""


def _body(group: Group, looks: Sequence[str]) -> str:
    heading = (
        f'<tr class="nissc1-group"><th scope="rowgroup" colspan="{len(looks) + 1}">'
        f"<span>{escape(group.name)}</span></th></tr>\n"
        if group.name
        else ""
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(row.head)}</th>'
        + "".join(
            f"\n<td{look}>{_cell(cell)}</td>" for look, cell in zip(looks, row.cells, strict=True)
        )
        + "</tr>\n"
        for row in group.rows
    )
    grouped = ' class="nissc1-grouped"' if group.name else ""
    return f"<tbody{grouped}>\n{heading}{rows}</tbody>\n"


def _cell(cell: Cell) -> str:
    if cell.markup or not cell.text:
        return cell.markup
    safe = escape(cell.text)
    short = len(cell.text) <= _SHORT
    if cell.record:
        kind = "nissc1-number" if short else "nissc1-number nissc1-long"
        return f'<a class="{kind}" data-record="{escape(cell.record)}">{safe}</a>'
    return f'<span class="nissc1-line">{safe}</span>' if short else safe
