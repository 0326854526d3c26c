"""Find the notebooks of the book and read them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat

from nissc1.publish.errors import BuildError
from nissc1.publish.parameters import Parameters, declared
from nissc1.publish.project import Project, source_of

FOLDER = "notebooks"


@dataclass(frozen=True)
class Notebook:
    """A notebook's source as the publisher needs it.

    Attributes
    ----------
    name : str
        File name without suffix, for example ``"table-1"``.
    source : Path
        The jupytext file.
    defaults : dict
        Its parameters.
    after_all : bool
        Whether it reads the records of the others and so is executed after them.
    """

    name: str
    source: Path
    defaults: Parameters
    after_all: bool

    @property
    def page(self) -> str:
        """Return the page that the notebook becomes, as the table of contents names it."""
        return f"{FOLDER}/{self.name}"


def find_notebooks(project: Project, pages: list[str]) -> list[Notebook]:
    """Read the notebooks that the book consists of.

    Parameters
    ----------
    project : Project
        The project.
    pages : list of str
        Pages of the table of contents.

    Returns
    -------
    list of Notebook
        In reading order.

    Raises
    ------
    BuildError
        If a file in ``notebooks/`` is on no page, or a notebook cannot be read.
    """
    named = [path for page in pages if (path := source_of(project, page)) and path.suffix == ".py"]
    stray = sorted(set((project.root / FOLDER).glob("*.py")) - set(named))
    if stray:
        raise BuildError(
            "notebooks that no page of _toc.yml shows",
            [f"{FOLDER}/{path.name}: add it to _toc.yml or remove it" for path in stray],
        )
    return [read_notebook(path) for path in named]


def read_notebook(source: Path) -> Notebook:
    """Read what the publisher must know of a notebook before it is executed.

    Parameters
    ----------
    source : Path
        A jupytext ``py:percent`` file.

    Returns
    -------
    Notebook
        Name, parameters and place in the order.

    Raises
    ------
    BuildError
        If it does not have exactly one cell tagged ``parameters``, or that cell is not Python.
    """
    content = load(source)
    tagged = [cell for cell in content.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise BuildError(
            f"notebook {source.stem} has {len(tagged)} cells tagged parameters; "
            'it must have one that starts with # %% tags=["parameters"]'
        )
    order = content.metadata.get("nissc1", {}).get("after")
    if order not in (None, "all"):
        raise BuildError(
            f"notebook {source.stem}: nissc1.after in its header is {order!r}; allowed: all"
        )
    try:
        defaults = declared(tagged[0].source, source.stem)
    except SyntaxError as fault:
        raise BuildError(
            f"notebook {source.stem}, cell tagged parameters: {fault.msg} (line {fault.lineno})"
        ) from None
    return Notebook(source.stem, source, defaults, after_all=order == "all")


def load(source: Path) -> nbformat.NotebookNode:
    """Read a jupytext file as a notebook with a stable id for each cell.

    Parameters
    ----------
    source : Path
        A jupytext ``py:percent`` file.

    Returns
    -------
    nbformat.NotebookNode
        The notebook, without outputs.
    """
    return read_source(source.read_text("utf-8"))


def read_source(text: str) -> nbformat.NotebookNode:
    """Read the text of a jupytext file as a notebook with a stable id for each cell.

    Parameters
    ----------
    text : str
        Source in the form ``py:percent``.

    Returns
    -------
    nbformat.NotebookNode
        The notebook, without outputs.
    """
    content: nbformat.NotebookNode = jupytext.reads(text, fmt="py:percent")
    for number, cell in enumerate(content.cells, start=1):
        cell["id"] = f"cell-{number}"
    return content
