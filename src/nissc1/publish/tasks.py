"""The execution of one notebook: everything that it needs goes in, everything it made comes out."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from jupyter_core.utils import ensure_event_loop

from nissc1.kernels.forking import LOG
from nissc1.kernels.manager import KERNEL, PrivateKernelManager, describe_kernel
from nissc1.kernels.nursery import Nursery
from nissc1.publish.errors import BuildError
from nissc1.publish.finishing import finish
from nissc1.publish.notebooks import read_source
from nissc1.publish.parameters import Parameters
from nissc1.report.built_edition import PREVIOUS
from nissc1.report.output import DEPENDENCIES, EARLIER, OUTPUT
from nissc1.tracing import PACKAGE, Dependency

CELL_TIMEOUT = 900
START_TIMEOUT = 120
STILL = {
    "JUPYTER_PLATFORM_DIRS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
}
"""Environment in which results are the same each time."""
_numbers = itertools.count()


@dataclass(frozen=True)
class Place:
    """Where notebooks are executed.

    Attributes
    ----------
    home : Path
        Folder with the project's ``data/`` and ``notebooks/``.
    data : Path or None
        Folder of releases outside the project.
    private : Path
        Private folder for the sockets of kernels, and for what a notebook reads and writes.
    cache : Path
        Folder for what is worth keeping: matplotlib's list of fonts.
    nursery : Nursery or None
        Forks kernels; None where there is no fork.
    package : Path
        Folder from which kernels import the package.
    """

    home: Path
    data: Path | None
    private: Path
    cache: Path
    nursery: Nursery | None = None
    package: Path = PACKAGE.parent


@dataclass(frozen=True)
class Task:
    """What there is to execute.

    Attributes
    ----------
    name, source : str
        The notebook and its jupytext source.
    parameters : dict or None
        Values to inject; None leaves the notebook's own.
    environment : mapping of str to str
        Facts that the notebook may read: commit and its time.
    earlier : mapping of str to str or None
        Records (JSON) of the other notebooks by name, for one that reads them.
    previous : mapping of str to str or None
        Account of the edition before (JSON) by file name, if there is one.
    """

    name: str
    source: str
    parameters: Parameters | None
    environment: Mapping[str, str]
    earlier: Mapping[str, str] | None = None
    previous: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Executed:
    """What a notebook made.

    Attributes
    ----------
    notebook : str
        The executed notebook (JSON), fit for the book.
    files : dict of str to bytes
        Content of ``records/…``, ``tables/…`` and ``figures/…`` by path.
    dependencies : tuple of Dependency
        What the result depends on beside source and parameters.
    """

    notebook: str
    files: dict[str, bytes] = field(repr=False)
    dependencies: tuple[Dependency, ...] = field(repr=False, default=())


def execute(task: Task, place: Place) -> Executed:
    """Execute a notebook in a kernel of its own.

    Parameters
    ----------
    task : Task
        The notebook and what it may see.
    place : Place
        Where.

    Returns
    -------
    Executed
        The notebook, checked, and what it wrote.

    Raises
    ------
    BuildError
        If a cell fails, takes too long, or its kernel dies; it names notebook and cell.
    """
    with _event_loop(), tempfile.TemporaryDirectory(prefix="run-", dir=place.private) as holder:
        folder = Path(holder)
        environment = _environment(task, place, folder)
        executed = _run_cells(task, place, folder, environment)
        text = nbformat.writes(finish(executed, task.name))
        files = {
            path.relative_to(folder / "output").as_posix(): path.read_bytes()
            for path in sorted((folder / "output").rglob("*"))
            if path.is_file()
        }
    made = {name: each for name, each in files.items() if not name.startswith(f"{EARLIER}/")}
    noted = json.loads(made.pop(f"{DEPENDENCIES}/{task.name}.json", b"[]"))
    return Executed(text + "\n", made, tuple(Dependency(*each) for each in noted))


@contextmanager
def _event_loop() -> Iterator[None]:
    """Close the event loop that Jupyter makes for this thread; the next notebook gets another."""
    loop = ensure_event_loop()
    try:
        yield
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
        asyncio.set_event_loop(None)


def _environment(task: Task, place: Place, folder: Path) -> dict[str, str]:
    output, scratch = folder / "output", folder / "scratch"
    for each in (output, scratch, place.cache):
        each.mkdir(parents=True, exist_ok=True)
    inherited = os.environ.get("PYTHONPATH")
    environment = {
        **STILL,
        **task.environment,
        OUTPUT: str(output),
        "NISSC1_HOME": str(place.home),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
        "JUPYTER_DATA_DIR": str(folder / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(folder / "jupyter"),
        "MPLCONFIGDIR": str(place.cache),
        "PYTHONPATH": os.pathsep.join([str(place.package), *([inherited] if inherited else [])]),
    }
    if place.data is not None:
        environment["NISSC1_DATA"] = str(place.data)
    if task.earlier is not None:
        _lay_out(output / EARLIER, {f"{name}.json": text for name, text in task.earlier.items()})
    if task.previous is not None:
        environment[PREVIOUS] = str(folder / "previous")
        _lay_out(folder / "previous", task.previous)
    return environment


def _lay_out(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


def _run_cells(
    task: Task, place: Place, folder: Path, environment: Mapping[str, str]
) -> nbformat.NotebookNode:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    content = read_source(task.source)
    content.metadata["kernelspec"] = {
        "name": KERNEL,
        "display_name": "Python 3",
        "language": "python",
    }
    prepared = folder / f"{task.name}.ipynb"
    nbformat.write(content, prepared)
    sockets = place.private / f"k{next(_numbers)}.json"
    begun: list[tuple[int, str]] = [(0, "")]
    try:
        executed: nbformat.NotebookNode = execute_notebook(
            prepared,
            None,
            parameters=task.parameters,
            kernel_name=KERNEL,
            progress_bar=False,
            start_timeout=START_TIMEOUT,
            execution_timeout=CELL_TIMEOUT,
            shutdown_kernel="immediate",
            request_save_on_cell_execute=False,
            kernel_manager_class=PrivateKernelManager,
            config=describe_kernel(folder / "kernels", sockets, environment, place.nursery),
            resources={"metadata": {"path": str(folder / "scratch")}},
            on_cell_start=lambda cell, cell_index: begun.append((cell_index, cell.source)),
        )
    except PapermillExecutionError as fault:
        where = _place(content, fault.cell_index, fault.source)
        raise BuildError(
            f"notebook {task.name}, {where}: {fault.ename}: {_one_line(fault.evalue)}"
        ) from None
    except CellTimeoutError:
        where = _place(content, *begun[-1])
        raise BuildError(
            f"notebook {task.name}, {where}: took longer than {CELL_TIMEOUT} s and was stopped"
        ) from None
    except (DeadKernelError, RuntimeError) as fault:
        where = _place(content, *begun[-1])
        last = _last_words(folder / "scratch" / LOG) or _one_line(str(fault))
        raise BuildError(f"notebook {task.name}, {where}: its kernel died: {last}") from None
    return executed


def _place(content: nbformat.NotebookNode, index: int, source: str) -> str:
    """Name a cell by its number in the source, where no cell has been injected."""
    sources = [cell.source for cell in content.cells]
    if index >= len(sources) or sources[index] != source:
        index -= 1
    code = source.strip()
    return f"cell {index + 1} ({code.splitlines()[0] if code else 'empty'})"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _last_words(log: Path) -> str:
    try:
        lines = log.read_text("utf-8", errors="replace").strip().splitlines()
    except FileNotFoundError:
        return ""
    return _one_line(lines[-1])[:300] if lines else ""
