"""Turn an executed notebook into a page: checked, the same bytes each time, code folded."""

from __future__ import annotations

import re

import nbformat

from nissc1.publish.errors import BuildError

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+>")
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}


def finish(executed: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Check an executed notebook and make it fit for the book.

    Times, paths and the kernel's identity are removed, cells get stable ids, code is folded, the
    alternative text of a figure moves to where MyST-NB reads it, and of the two parameter cells
    only the one that took effect is shown.

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
    injected = any("injected-parameters" in _tags(cell) for cell in executed.cells)
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
            if "parameters" in _tags(cell) and injected:
                fresh.metadata["tags"] = [*fresh.metadata["tags"], "remove-cell"]
        elif cell.cell_type == "raw":
            fresh = nbformat.v4.new_raw_cell(cell.source)
        fresh["id"] = "cell-parameters" if is_injected else f"cell-{number}"
        cells.append(fresh)
    if faults:
        raise BuildError(faults[0], faults[1:])
    finished: nbformat.NotebookNode = nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": _KERNEL, "language_info": _LANGUAGE}
    )
    return finished


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


def _code_cell(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    fresh: nbformat.NotebookNode = nbformat.v4.new_code_cell(
        cell.source, execution_count=cell.execution_count
    )
    tags = _tags(cell)
    fresh.metadata["tags"] = tags if "hide-input" in tags else [*tags, "hide-input"]
    figures = _figures(cell)
    if figures:
        declared = cell.metadata.get("mystnb", {})
        fresh.metadata["mystnb"] = {**declared, "image": {"alt": _alternative(figures[0])}}
    for output in cell.outputs:
        if "metadata" in output:
            output.metadata = {}
        # The plain rendering of a table or figure is for terminals; it may hold an address.
        if len(output.get("data", {})) > 1:
            output.data.pop("text/plain", None)
    fresh.outputs = cell.outputs
    return fresh
