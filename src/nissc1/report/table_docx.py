"""Tables as Word documents."""

from __future__ import annotations

import re
from html import escape

from nissc1.report.archive import packed
from nissc1.report.layout import Layout

_SCHEMAS = "http://schemas.openxmlformats.org"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    f'{_HEAD}<Types xmlns="{_SCHEMAS}/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_SCHEMAS}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{_SCHEMAS}/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_LETTER = 110
"""Width of a letter in twentieths of a point, for the proportions of the columns."""
_PAGE, _LANDSCAPE = 9300, 13900
"""Width of the text of a page, upright and lying, in twentieths of a point."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def document(layout: Layout) -> bytes:
    """Write a table as a Word document.

    Parameters
    ----------
    layout : Layout
        The table.

    Returns
    -------
    bytes
        The document, the same bytes each time: title, a table whose heading is repeated on each
        page, footnotes and source. Wide tables lie on their side.
    """
    widths = _widths(layout)
    lying = sum(widths) > _PAGE
    scale = min(1.0, (_LANDSCAPE if lying else _PAGE) / sum(widths))
    widths = [int(width * scale) for width in widths]
    headings = [layout.stub, *(column.heading for column in layout.columns)]
    rows = [_row(headings, widths, layout, heading=True)]
    for group in layout.groups:
        if group.name:
            rows.append(_span(group.name, widths))
        rows += [
            _row([row.head, *(cell.text for cell in row.cells)], widths, layout)
            for row in group.rows
        ]
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="auto"/>'
        for side, size in (("top", 12), ("bottom", 12), ("insideH", 2))
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    size = 'w:w="16838" w:h="11906" w:orient="landscape"' if lying else 'w:w="11906" w:h="16838"'
    body = [
        _paragraph(layout.title, bold=True, size=22),
        f"<w:tbl><w:tblPr><w:tblBorders>{rules}</w:tblBorders></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>",
        *(_paragraph(note, size=16) for note in layout.below),
        f'<w:sectPr><w:pgSz {size}/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" '
        'w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>',
    ]
    text = (
        f'{_HEAD}<w:document xmlns:w="{_SCHEMAS}/wordprocessingml/2006/main"><w:body>'
        f"{''.join(body)}</w:body></w:document>"
    )
    return packed(
        {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": text}
    )


def _widths(layout: Layout) -> list[int]:
    rows = [row for group in layout.groups for row in group.rows]
    columns = [[layout.stub, *(row.head for row in rows)]]
    columns += [
        [column.heading, *(row.cells[place].text for row in rows)]
        for place, column in enumerate(layout.columns)
    ]
    return [_LETTER * min(max(max(map(len, texts)) + 3, 8), 40) for texts in columns]


def _run(text: str, bold: bool, size: int) -> str:
    safe = escape(_CONTROL.sub("", text), quote=False)
    strong = "<w:b/>" if bold else ""
    look = f'<w:rPr>{strong}<w:sz w:val="{size}"/></w:rPr>'
    return f'<w:r>{look}<w:t xml:space="preserve">{safe}</w:t></w:r>'


def _paragraph(text: str, *, bold: bool = False, size: int = 18, right: bool = False) -> str:
    side = '<w:jc w:val="right"/>' if right else ""
    look = f'<w:pPr><w:spacing w:before="20" w:after="20"/>{side}</w:pPr>'
    return f"<w:p>{look}{_run(text, bold, size)}</w:p>"


def _row(texts: list[str], widths: list[int], layout: Layout, *, heading: bool = False) -> str:
    right = [False, *(column.right for column in layout.columns)]
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{_paragraph(text, bold=heading, right=flush)}</w:tc>"
        for text, width, flush in zip(texts, widths, right, strict=True)
    )
    repeated = "<w:tblHeader/>" if heading else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def _span(text: str, widths: list[int]) -> str:
    return (
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{sum(widths)}" '
        f'w:type="dxa"/><w:gridSpan w:val="{len(widths)}"/></w:tcPr>'
        f"{_paragraph(text, bold=True)}</w:tc></w:tr>"
    )
