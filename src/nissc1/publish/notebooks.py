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
    receives : tuple of str
        Parameters that a build hands to it; the others stay at their defaults. What says nothing
        of the patients is then the same for any selection of them, and executed once for all.
    """

    name: str
    source: Path
    defaults: Parameters
    after_all: bool
    receives: tuple[str, ...]

    @property
    def page(self) -> str:
        """Return the page that the notebook becomes, as the table of contents names it."""
        return f"{FOLDER}/{self.name}"

    def parameters(self, values: Parameters) -> Parameters | None:
        """Choose what to inject.

        Parameters
        ----------
        values : dict
            All parameters of an edition.

        Returns
        -------
        dict or None
            Those that the notebook receives; None where its own defaults are meant.
        """
        handed = {name: value for name, value in values.items() if name in self.receives}
        return None if all(self.defaults[name] == handed[name] for name in handed) else handed


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
        If it does not have exactly one cell tagged ``parameters``, that cell is not Python, or its
        header says something that is not allowed.
    """
    content = load(source)
    tagged = [cell for cell in content.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise BuildError(
            f"notebook {source.stem} has {len(tagged)} cells tagged parameters; "
            'it must have one that starts with # %% tags=["parameters"]'
        )
    header = content.metadata.get("nissc1", {})
    order = header.get("after")
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
    receives = header.get("receives", list(defaults))
    if not isinstance(receives, list) or not {"release"} <= set(receives) <= defaults.keys():
        raise BuildError(
            f"notebook {source.stem}: nissc1.receives in its header is {receives!r}; allowed is a "
            f"list with release and any of {', '.join(defaults)}"
        )
    return Notebook(source.stem, source, defaults, order == "all", tuple(receives))


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
