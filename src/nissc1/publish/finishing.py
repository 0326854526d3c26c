"""Turn an executed notebook into a page: checked, the same bytes each time, code folded."""

from __future__ import annotations

import re

import nbformat

from nissc1.publish.errors import BuildError

PARAMETERS_ID = "cell-parameters"
"""Id of the cell of injected parameters."""
FIGURE = '<div class="nissc1-figure"'
"""How a figure begins that `nissc1.report.figure_html` wrote."""
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+>")
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}


def finish(executed: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Check an executed notebook and make it fit for the book.

    Times, paths and the kernel's identity are removed, cells get stable ids, code is folded, the
    alternative text of a figure moves to where MyST-NB reads it, and the cell in which
    papermill puts parameters is hidden: every page names them in its banner.

    Parameters
    ----------
    executed : nbformat.NotebookNode
        As papermill returns it.
    name : str
        Name of the notebook, for error messages.

    Returns
    -------
    nbformat.NotebookNode
        A new notebook.

    Raises
    ------
    BuildError
        If a cell wrote a warning, shows an object's memory address, or shows a figure without
        alternative text or more than one figure.
    """
    faults: list[str] = []
    cells = []
    number = 0
    for cell in executed.cells:
        is_injected = "injected-parameters" in _tags(cell)
        number += not is_injected
        fresh = nbformat.v4.new_markdown_cell(cell.source)
        if cell.cell_type == "code":
            first_line = (cell.source.strip().splitlines() or ["empty"])[0]
            place = f"notebook {name}, cell {number} ({first_line})"
            faults += _faults(cell, place)
            fresh = _code_cell(cell)
            if is_injected:
                fresh.metadata["tags"] = [*fresh.metadata["tags"], "remove-cell"]
        elif cell.cell_type == "raw":
            fresh = nbformat.v4.new_raw_cell(cell.source)
        fresh["id"] = PARAMETERS_ID if is_injected else f"cell-{number}"
        cells += [fresh, *_caption(fresh, cell)]
    if faults:
        raise BuildError(faults[0], faults[1:])
    finished: nbformat.NotebookNode = nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": _KERNEL, "language_info": _LANGUAGE}
    )
    return finished


def renew(page: nbformat.NotebookNode, source: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Put the outputs of an earlier execution under the prose of today's source.

    Parameters
    ----------
    page : nbformat.NotebookNode
        As `finish` returned it for a source with the same code.
    source : nbformat.NotebookNode
        Today's source; text, captions, tags and the places of the cells are taken from it.

    Returns
    -------
    nbformat.NotebookNode
        A new notebook, the same as if today's source had been executed.
    """
    made = [cell for cell in page.cells if cell.cell_type == "code"]
    injected = [cell for cell in made if cell.id == PARAMETERS_ID]
    outputs = iter([cell for cell in made if cell.id != PARAMETERS_ID])
    cells = []
    for number, cell in enumerate(source.cells, start=1):
        if cell.cell_type == "code":
            old = next(outputs)
            fresh = nbformat.v4.new_code_cell(cell.source, execution_count=old.execution_count)
            fresh.outputs = old.outputs
            _fold(fresh, cell, old.metadata.get("mystnb", {}).get("image"))
            cells.append(fresh)
            if "parameters" in _tags(cell) and injected:
                cells += injected
        else:
            make = {"markdown": "new_markdown_cell", "raw": "new_raw_cell"}[cell.cell_type]
            fresh = getattr(nbformat.v4, make)(cell.source)
            cells.append(fresh)
        fresh["id"] = f"cell-{number}"
        cells += _caption(fresh, cell)
    renewed: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata=page.metadata)
    return renewed


def _caption(
    fresh: nbformat.NotebookNode, cell: nbformat.NotebookNode
) -> list[nbformat.NotebookNode]:
    """Put the caption of a figure that is HTML below it; MyST-NB captions pictures only."""
    caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")
    shown = any(
        FIGURE in output.get("data", {}).get("text/html", "") for output in fresh.get("outputs", [])
    )
    if not (caption and shown):
        return []
    text = f":::{{div}} nissc1-caption\n{caption}\n:::"
    return [nbformat.v4.new_markdown_cell(text, id=f"{fresh.id}-caption")]


def _tags(cell: nbformat.NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def _figures(cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [
        output
        for output in cell.outputs
        if any(kind.startswith("image/") for kind in output.get("data", {}))
    ]


def _alternative(output: nbformat.NotebookNode) -> str:
    for kind, details in output.metadata.items():
        if kind.startswith("image/") and isinstance(details, dict):
            return str(details.get("alt", "")).strip()
    return str(output.metadata.get("alt", "")).strip()


def _faults(cell: nbformat.NotebookNode, place: str) -> list[str]:
    faults = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            text = " ".join(output.text.split())
            faults.append(f"{place}: wrote a warning: {text[:400]}")
        data = output.get("data", {})
        if set(data) == {"text/plain"} and _ADDRESS.search(data["text/plain"]):
            faults.append(
                f"{place}: shows {data['text/plain'].strip()[:80]}; "
                "end the cell with a semicolon or with what the reader should see"
            )
    figures = _figures(cell)
    if len(figures) > 1:
        faults.append(f"{place}: shows {len(figures)} figures; give each a cell of its own")
    faults += [
        f"{place}: the figure has no alternative text; show it through report.figure(..., alt=...)"
        for output in figures
        if not _alternative(output)
    ]
    return faults


def _fold(
    fresh: nbformat.NotebookNode, cell: nbformat.NotebookNode, image: dict[str, str] | None
) -> None:
    """Take tags and captions over, fold the code, and give a figure its alternative text."""
    tags = _tags(cell)
    fresh.metadata["tags"] = tags if "hide-input" in tags else [*tags, "hide-input"]
    if image is not None:
        fresh.metadata["mystnb"] = {**cell.metadata.get("mystnb", {}), "image": image}


def _code_cell(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    fresh: nbformat.NotebookNode = nbformat.v4.new_code_cell(
        cell.source, execution_count=cell.execution_count
    )
    figures = _figures(cell)
    _fold(fresh, cell, {"alt": _alternative(figures[0])} if figures else None)
    for output in cell.outputs:
        if "metadata" in output:
            output.metadata = {}
        # The plain rendering of a table or figure is for terminals; it may hold an address.
        if len(output.get("data", {})) > 1:
            output.data.pop("text/plain", None)
    fresh.outputs = cell.outputs
    return fresh
