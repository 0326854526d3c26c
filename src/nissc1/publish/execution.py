"""Execute notebooks through papermill, several at a time, each in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import nbformat
from traitlets.config import Config

import nissc1
from nissc1.publish.errors import BuildError
from nissc1.publish.finishing import finish
from nissc1.publish.notebooks import Notebook, load
from nissc1.publish.parameters import Parameters
from nissc1.publish.progress import Stage
from nissc1.report.output import EARLIER, OUTPUT, RECORDS

KERNEL = "nissc1"
CELL_TIMEOUT = 900
START_TIMEOUT = 120


@dataclass(frozen=True)
class Workshop:
    """Where the notebooks of one edition are executed.

    Attributes
    ----------
    folder : Path
        Intermediate files of the edition, absolute.
    cache : Path
        Files worth keeping from build to build: matplotlib's font cache.
    environment : dict of str to str
        What the kernels see beside the environment of the build: output folder, project, data.
    """

    folder: Path
    cache: Path
    environment: dict[str, str]

    @property
    def output(self) -> Path:
        """Return the folder to which the notebooks write records, tables and figures."""
        return Path(self.environment[OUTPUT])

    @property
    def executed(self) -> Path:
        """Return the folder of executed notebooks."""
        return self.folder / "notebooks"


@dataclass(frozen=True)
class _Job:
    name: str
    source: Path
    target: Path
    scratch: Path
    parameters: Parameters | None
    environment: dict[str, str]


def prepare(workshop: Workshop) -> Workshop:
    """Make a workshop ready: its folders, a kernel of the running interpreter, warm caches.

    Parameters
    ----------
    workshop : Workshop
        The folders may be absent.

    Returns
    -------
    Workshop
        The same, its environment completed.
    """
    jupyter = workshop.folder / "jupyter"
    spec = jupyter / "kernels" / KERNEL
    for folder in (spec, workshop.executed, workshop.cache):
        folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher"]
    command += ["-f", "{connection_file}", "--HistoryManager.hist_file=:memory:"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "Python 3", "language": "python"}), "utf-8"
    )
    package_home = str(Path(nissc1.__file__).parents[1])
    inherited = os.environ.get("PYTHONPATH")
    environment = {
        **workshop.environment,
        "IPYTHONDIR": str(workshop.folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(jupyter / "config"),
        "JUPYTER_DATA_DIR": str(jupyter),
        "JUPYTER_PATH": str(jupyter),
        "JUPYTER_PLATFORM_DIRS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(workshop.cache),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join([package_home, *([inherited] if inherited else [])]),
        "TZ": "UTC",
    }
    # A first import lists the machine's fonts, slowly and with a notice that would look like a
    # fault of the notebook that happens to come first.
    subprocess.run(
        [sys.executable, "-c", "import matplotlib.font_manager"],
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )
    return Workshop(workshop.folder, workshop.cache, environment)


def execute_all(
    notebooks: Sequence[Notebook],
    parameters: Parameters | None,
    workshop: Workshop,
    jobs: int,
    stage: Stage,
) -> None:
    """Execute notebooks and write them, ready for the book, to the workshop.

    Parameters
    ----------
    notebooks : sequence of Notebook
        Those that read the records of the others are executed last.
    parameters : dict or None
        Values to inject; None leaves the notebooks' own.
    workshop : Workshop
        Prepared by `prepare`.
    jobs : int
        Number of notebooks executed at a time.
    stage : Stage
        Told of the notebooks in hand.

    Raises
    ------
    BuildError
        If notebooks fail; it names each, with the cell, and what went wrong. After the first
        failure no further notebook is begun.
    """
    first = [notebook for notebook in notebooks if not notebook.after_all]
    last = [notebook for notebook in notebooks if notebook.after_all]
    context = multiprocessing.get_context("spawn")
    # Kernels talk through files, not ports: nobody else can listen, and kernels that start
    # together do not race for a port. The name of such a file must be short.
    with (
        tempfile.TemporaryDirectory(prefix="nissc1-") as sockets,
        ProcessPoolExecutor(max_workers=jobs, mp_context=context) as pool,
    ):
        for group in (first, last):
            if group is last:
                hand_over(workshop.output)
            queue = [_job(each, parameters, workshop, sockets) for each in group]
            faults = _run(pool, queue, jobs, stage)
            if faults:
                many = f"{len(faults)} notebooks" if len(faults) > 1 else "a notebook"
                raise BuildError(f"{many} failed", faults)


def hand_over(output: Path) -> None:
    """Lay the records so far where the notebooks that read them find them, and no later ones.

    Parameters
    ----------
    output : Path
        Folder to which the notebooks write.
    """
    records = output / RECORDS
    records.mkdir(exist_ok=True)
    shutil.copytree(records, output / EARLIER)


def _job(
    notebook: Notebook, parameters: Parameters | None, workshop: Workshop, sockets: str
) -> _Job:
    return _Job(
        name=notebook.name,
        source=notebook.source,
        target=workshop.executed / f"{notebook.name}.ipynb",
        scratch=workshop.folder / "scratch" / notebook.name,
        parameters=parameters,
        environment={**workshop.environment, "JUPYTER_RUNTIME_DIR": sockets},
    )


def _run(pool: ProcessPoolExecutor, queue: list[_Job], jobs: int, stage: Stage) -> list[str]:
    waiting: Iterator[_Job] = iter(queue)
    running: dict[Future[None], str] = {}
    faults: list[str] = []
    try:
        while True:
            while not faults and len(running) < jobs and (job := next(waiting, None)):
                running[pool.submit(_execute, job)] = job.name
            if not running:
                return faults
            stage.doing(", ".join(running.values()))
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                fault = future.exception()
                if fault is None:
                    stage.done(name)
                elif isinstance(fault, BuildError):
                    faults.extend([fault.message, *fault.details])
                else:
                    faults.append(f"notebook {name}: {type(fault).__name__}: {fault}")
    finally:
        for future in running:
            future.cancel()


def _execute(job: _Job) -> None:
    os.environ.update(job.environment)
    from papermill.exceptions import PapermillExecutionError

    job.scratch.mkdir(parents=True, exist_ok=True)
    content = load(job.source)
    content.metadata["kernelspec"] = {
        "name": KERNEL,
        "display_name": "Python 3",
        "language": "python",
    }
    prepared = job.target.with_suffix(".source.ipynb")
    nbformat.write(content, prepared)
    try:
        executed = _run_cells(job, prepared)
    except PapermillExecutionError as fault:
        raise BuildError(
            f"notebook {job.name}, {_place(content, fault.cell_index, fault.source)}: "
            f"{fault.ename}: {_one_line(fault.evalue)}"
        ) from None
    finally:
        prepared.unlink(missing_ok=True)
    nbformat.write(finish(executed, job.name), job.target)


def _run_cells(job: _Job, prepared: Path) -> nbformat.NotebookNode:
    from papermill import execute_notebook

    executed: nbformat.NotebookNode = execute_notebook(
        prepared,
        job.target,
        parameters=job.parameters,
        kernel_name=KERNEL,
        progress_bar=False,
        cwd=job.scratch,
        start_timeout=START_TIMEOUT,
        execution_timeout=CELL_TIMEOUT,
        shutdown_kernel="immediate",
        config=Config({"KernelManager": {"transport": "ipc"}}),
    )
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
