"""Sphinx extension: numbers lead to the cell that computed them, pages to their sources.

Numbers in prose and in tables carry the id of their record in ``data-record``. Here they become
links, with all that is known of the record in the title: readable without a script, and laid out by
``numbers.js``. ``explore.js`` is loaded by pages with a figure that can be explored.
"""

from __future__ import annotations

import json
import re
from html import escape, unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

from nissc1.publish.numbers import RESULTS, book_of, current_use, describe
from nissc1.publish.staging import RECORDS_FOLDER, SOURCES_FOLDER
from nissc1.publish.uses import note_use
from nissc1.report import origins
from nissc1.report.origins import CELL, ORIGINS
from nissc1.report.records import RecordBook

STATIC = Path(__file__).with_name("static")
_NUMBER = re.compile(r'<a (?P<class>class="[^"]*") data-record="(?P<record>[^"]*)">')
_RECORD = re.compile(r'data-record="([^"]*)"')
_REMOVED = {"remove-cell", "remove_cell"}
_EXPLORED = 'class="nissc1-exploration"'
_NOTEBOOKS = "notebooks/"


class _Cells:
    """Where in the book each record was computed.

    Parameters
    ----------
    book : Path
        The staged book.
    output : Path
        Folder with the notebooks' artefacts.
    """

    def __init__(self, book: Path, output: Path) -> None:
        self._book = book
        self._output = output
        self._known: dict[str, dict[str, int]] = {}

    def of(self, record: str, notebook: str) -> int | None:
        """Give the execution count of the cell; None if it is not known or not shown."""
        if notebook not in self._known:
            made = origins.read(self._output / ORIGINS, notebook)
            there = self._shown(notebook) if made else set()
            self._known[notebook] = {name: cell for name, cell in made.items() if cell in there}
        return self._known[notebook].get(record)

    def _shown(self, notebook: str) -> set[int | None]:
        path = self._book / _NOTEBOOKS / f"{notebook}.ipynb"
        if not path.is_file():
            return set()
        return {
            cell.get("execution_count")
            for cell in json.loads(path.read_text("utf-8"))["cells"]
            if not _REMOVED & set(cell["metadata"].get("tags", []))
        }


def linked(
    body: str, records: RecordBook, cells: Any, page: str, pages: set[str], address: Any
) -> str:
    """Make links of the numbers of a page.

    Parameters
    ----------
    body : str
        HTML of the page.
    records : RecordBook
        Records of the edition.
    cells : object
        Its ``of(record, notebook)`` gives the cell.
    page : str
        The page.
    pages : set of str
        All pages.
    address : callable
        Gives the address of another page.

    Returns
    -------
    str
        HTML in which each number that shows a known record tells where it comes from.
    """

    def link(match: re.Match[str]) -> str:
        record = records.get(unescape(match["record"]))
        if record is None:
            return match[0]
        home = f"{_NOTEBOOKS}{record.notebook}"
        cell = cells.of(record.id, record.notebook)
        href = ""
        if home in pages:
            anchor = "" if cell is None else f"#{CELL.format(cell)}"
            href = f' href="{escape(address(home) if home != page else "")}{anchor}"'
            href = href.replace('href=""', 'href="#"')
        title = escape(describe(record, cell)).replace("\n", "&#10;")
        return f'<a {match["class"]} data-record="{match["record"]}"{href} title="{title}">'

    return _NUMBER.sub(link, body)


def sources(page: str, root: str) -> str:
    """Write the line that leads to the sources of a page.

    Parameters
    ----------
    page : str
        The page.
    root : str
        Address of the edition's folder.

    Returns
    -------
    str
        HTML: of a notebook the source, the executed copy and the records; of another page the
        records of the edition.
    """
    if not page.startswith(_NOTEBOOKS):
        return (
            f'<p class="nissc1-sources"><a href="{root}results.json">'
            "Records behind the numbers of this page (JSON)</a></p>"
        )
    name = escape(page.removeprefix(_NOTEBOOKS))
    links = {
        f"{SOURCES_FOLDER}/{name}.py": "Source notebook",
        f"{SOURCES_FOLDER}/{name}.ipynb": "Executed notebook",
        f"{RECORDS_FOLDER}/{name}.json": "Records (JSON)",
    }
    made = "".join(f'<a href="{root}{path}" download>{text}</a>' for path, text in links.items())
    return f'<p class="nissc1-sources">{made}</p>'


def _mark_cells(app: Sphinx, tree: nodes.document) -> None:
    """Give cells their anchors, and note the records that tables show."""
    for cell in tree.findall(nodes.container):
        count = cell.get("exec_count")
        if cell.get("nb_element") == "cell_code" and count:
            cell["ids"].append(CELL.format(count))
    for raw in tree.findall(nodes.raw):
        for identity in _RECORD.findall(raw.astext()):
            use = f"num:{unescape(identity)}"
            note_use(app.env, use, current_use(app, use))


def _complete(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    body = context.get("body")
    if tree is None or not body:
        return
    cells = getattr(app, "_nissc1_cells", None)
    if cells is None:
        cells = _Cells(Path(app.srcdir), Path(app.config[RESULTS]).parent)
        app._nissc1_cells = cells  # type: ignore[attr-defined]
    pathto = context["pathto"]
    body = linked(body, book_of(app), cells, page, set(app.env.found_docs), pathto)
    root = "../" * page.count("/")
    if page.startswith(_NOTEBOOKS):
        body = body.replace("</h1>", f"</h1>\n{sources(page, root)}", 1)
    elif "data-record=" in body:
        body += sources(page, root)
    context["body"] = body
    if _EXPLORED in body:
        app.add_js_file("explore.js", loading_method="defer")


def _add_static(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(STATIC))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Link numbers to their cells and pages to their sources.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The running Sphinx.

    Returns
    -------
    dict
        Version and safety of the extension.
    """
    app.setup_extension("nissc1.publish.numbers")
    app.add_css_file("exhibits.css")
    app.add_js_file("numbers.js", loading_method="defer")
    app.connect("config-inited", _add_static)
    app.connect("doctree-read", _mark_cells)
    app.connect("html-page-context", _complete)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
