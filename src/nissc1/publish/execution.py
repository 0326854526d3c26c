"""Bring the results of an edition's notebooks together: reuse what holds, execute the rest."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass
from pathlib import Path

import nbformat

from nissc1.publish.errors import BuildError
from nissc1.publish.finishing import renew
from nissc1.publish.inputs import Inputs
from nissc1.publish.notebooks import Notebook, read_source
from nissc1.publish.parameters import Parameters
from nissc1.publish.progress import Stage
from nissc1.publish.store import Store
from nissc1.publish.tasks import Executed, Task
from nissc1.publish.workers import Workers
from nissc1.report.output import RECORDS
from nissc1.tracing import ABSENT, FACT, texts_digest


@dataclass(frozen=True)
class Workshop:
    """Where the results of one edition are brought together.

    Attributes
    ----------
    output : Path
        Folder for records, tables and figures.
    executed : Path
        Folder of executed notebooks.
    environment : mapping of str to str
        Facts that notebooks may read.
    previous : mapping of str to str or None
        Account of the edition before, by file name.
    """

    output: Path
    executed: Path
    environment: Mapping[str, str]
    previous: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Tally:
    """How the results came about.

    Attributes
    ----------
    executed, reused : tuple of str
        Notebooks that ran, and those whose results still held, each in reading order.
    """

    executed: tuple[str, ...]
    reused: tuple[str, ...]


def execute_all(
    notebooks: Sequence[Notebook],
    values: Parameters,
    workshop: Workshop,
    workers: Workers,
    store: Store,
    inputs: Inputs,
    stage: Stage,
    *,
    force: bool = False,
) -> Tally:
    """Bring the results of notebooks to the workshop, ready for the book.

    Parameters
    ----------
    notebooks : sequence of Notebook
        Those that read the records of the others come last.
    values : dict
        All parameters; each notebook receives those that it asks for.
    workshop : Workshop
        Where to; what is there is replaced.
    workers : Workers
        Who executes.
    store : Store
        Results of earlier builds; new ones are kept there as soon as they are made.
    inputs : Inputs
        What results depend on, as it is now.
    stage : Stage
        Told of the notebooks in hand.
    force : bool
        Whether to execute also what could be reused.

    Returns
    -------
    Tally
        What ran and what was reused.

    Raises
    ------
    BuildError
        If notebooks fail; it names each, with the cell, and what went wrong. After the first
        failure no further notebook is begun.
    """
    for folder in (workshop.output, workshop.executed):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    first = [notebook for notebook in notebooks if not notebook.after_all]
    last = [notebook for notebook in notebooks if notebook.after_all]
    inputs = inputs.with_facts(
        {
            (FACT, "previous"): ABSENT
            if workshop.previous is None
            else texts_digest(workshop.previous)
        }
    )
    reused: set[str] = set()
    earlier: dict[str, str] | None = None
    for group in (first, last):
        if group is last:
            earlier = hand_over(workshop.output)
            inputs = inputs.with_facts({(FACT, "earlier"): texts_digest(earlier)})
        tasks = [_task(notebook, values, workshop, earlier) for notebook in group]
        tasks.sort(key=store.seconds, reverse=True)
        held, faults = _run(tasks, workshop, workers, store, inputs, stage, force=force)
        reused |= held
        if faults:
            many = f"{len(faults)} notebooks" if len(faults) > 1 else "a notebook"
            raise BuildError(f"{many} failed", faults)
    names = [notebook.name for notebook in notebooks]
    return Tally(
        tuple(name for name in names if name not in reused),
        tuple(name for name in names if name in reused),
    )


def hand_over(output: Path) -> dict[str, str]:
    """Read the records so far, for the notebooks that read them.

    Parameters
    ----------
    output : Path
        Folder to which the notebooks' files were brought.

    Returns
    -------
    dict of str to str
        JSON text by notebook.
    """
    return {
        path.stem: path.read_text("utf-8") for path in sorted((output / RECORDS).glob("*.json"))
    }


def _task(
    notebook: Notebook,
    values: Parameters,
    workshop: Workshop,
    earlier: dict[str, str] | None,
) -> Task:
    return Task(
        name=notebook.name,
        source=notebook.source.read_text("utf-8"),
        parameters=notebook.parameters(values),
        environment=workshop.environment,
        earlier=earlier,
        previous=workshop.previous if notebook.after_all else None,
    )


def _run(
    tasks: Sequence[Task],
    workshop: Workshop,
    workers: Workers,
    store: Store,
    inputs: Inputs,
    stage: Stage,
    *,
    force: bool,
) -> tuple[set[str], list[str]]:
    """Return the names of the tasks whose results still held, and what went wrong."""
    queue = iter(tasks)
    running: dict[Future[Executed], tuple[Task, float]] = {}
    reused: set[str] = set()
    faults: list[str] = []
    try:
        while True:
            while not faults and len(running) < workers.size and (task := next(queue, None)):
                found = None if force else store.find(task, inputs)
                if found is None:
                    running[workers.submit(task)] = (task, time.monotonic())
                else:
                    _lay_out(workshop, task, found)
                    stage.done(f"{task.name}, unchanged")
                    reused.add(task.name)
            if not running:
                return reused, faults
            stage.doing(", ".join(task.name for task, _ in running.values()))
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task, begun = running.pop(future)
                fault = CancelledError() if future.cancelled() else future.exception()
                if fault is None:
                    made = future.result()
                    _lay_out(workshop, task, made)
                    store.keep(task, inputs, made, seconds=time.monotonic() - begun)
                    stage.done(task.name)
                elif isinstance(fault, BuildError):
                    faults.extend([fault.message, *fault.details])
                elif isinstance(fault, CancelledError):
                    faults.append(f"notebook {task.name}: given up by whoever was to execute it")
                else:
                    faults.append(f"notebook {task.name}: {type(fault).__name__}: {fault}")
    finally:
        for future in running:
            future.cancel()


def _lay_out(workshop: Workshop, task: Task, made: Executed) -> None:
    for file, content in made.files.items():
        path = workshop.output / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    page = renew(nbformat.reads(made.notebook, as_version=4), read_source(task.source))
    (workshop.executed / f"{task.name}.ipynb").write_text(nbformat.writes(page) + "\n", "utf-8")
