"""Who executes notebooks: threads of this process with kernels beside it, or a cluster.

Each gives futures, as `concurrent.futures` has them, so that a build does not know the difference.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, Self, TypeVar

from nissc1.kernels.kernel import KERNELS
from nissc1.kernels.nursery import Nursery, NurseryError, Work, can_fork
from nissc1.publish.press import PRESS
from nissc1.publish.tasks import STILL, Executed, Place, Task, execute

R = TypeVar("R")

KERNELS_PER_CORE = 3
"""Notebooks at a time a core: their kernels wait for messages for more than half of the time."""


class Workers(Protocol):
    """Whoever executes notebooks.

    Attributes
    ----------
    size : int
        Notebooks that can be executed at a time.
    """

    size: int

    def submit(self, task: Task) -> Future[Executed]:
        """Have a notebook executed.

        Parameters
        ----------
        task : Task
            The notebook.
        """
        ...

    def press(self, call: Callable[[Nursery | None], R]) -> Future[R]:
        """Have a book compiled on this machine, when there is room for it.

        Parameters
        ----------
        call : callable
            Takes the nursery that forks Jupyter Book, or None.
        """
        ...


@dataclass(frozen=True)
class Ground:
    """What the workers of this machine stand on.

    Attributes
    ----------
    home : Path
        Folder of the project.
    data : Path or None
        Folder of releases outside the project.
    cache : Path
        Folder for what is worth keeping between builds.
    """

    home: Path
    data: Path | None
    cache: Path


class LocalWorkers:
    """Threads of this process; each talks to a kernel beside it.

    Kernels are forked from one process that has their libraries imported, and Jupyter Book from
    another. Both are started with the first notebook, so that a build that reuses every result does
    not wait for them. Where nothing can be forked, processes are started one by one.

    Parameters
    ----------
    ground : Ground
        Folders.
    jobs : int or None
        Notebooks at a time; by default `KERNELS_PER_CORE` a core.
    say : callable
        Receives a line where nothing can be forked.
    """

    def __init__(self, ground: Ground, jobs: int | None, say: Callable[[str], None]) -> None:
        cores = os.cpu_count() or 1
        self.size = jobs or KERNELS_PER_CORE * cores
        self._ground = ground
        self._say = say
        self._kernels = ThreadPoolExecutor(self.size, thread_name_prefix="notebook")
        self._presses = ThreadPoolExecutor(min(self.size, cores), thread_name_prefix="press")
        self._lock = threading.Lock()
        self._nurseries: dict[str, Nursery] = {}
        self._ready: dict[str, Nursery | None] = {}
        self._private: TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        """Offer the workers."""
        return self

    def __exit__(self, *ending: object) -> None:
        """End the processes first, so that no thread waits for one, and then the threads."""
        for pool in (self._kernels, self._presses):
            pool.shutdown(wait=False, cancel_futures=True)
        for nursery in self._nurseries.values():
            nursery.__exit__(*ending)
        for pool in (self._kernels, self._presses):
            pool.shutdown()
        if self._private is not None:
            self._private.cleanup()

    def submit(self, task: Task) -> Future[Executed]:
        """Have a notebook executed.

        Parameters
        ----------
        task : Task
            The notebook.

        Returns
        -------
        concurrent.futures.Future
            What it makes, or the `BuildError` that says what went wrong.
        """
        self._begin(KERNELS)
        self._begin(PRESS)
        return self._kernels.submit(self._execute, task)

    def press(self, call: Callable[[Nursery | None], R]) -> Future[R]:
        """Have a book compiled, a core each.

        Parameters
        ----------
        call : callable
            Takes the nursery that forks Jupyter Book, or None.

        Returns
        -------
        concurrent.futures.Future
            What it returns.
        """
        self._begin(PRESS)
        return self._presses.submit(lambda: call(self._wait_for(PRESS)))

    def _begin(self, work: Work) -> None:
        with self._lock:
            if work.target in self._nurseries or work.target in self._ready:
                return
            if can_fork():
                nursery = Nursery(work, self._environment())
                self._nurseries[work.target] = nursery.__enter__()
                return
            if not self._ready:
                self._say("No fork on this system: each notebook starts a kernel of its own")
            self._ready[work.target] = None

    def _wait_for(self, work: Work) -> Nursery | None:
        """Wait for the process that forks; the first thread does so for all."""
        with self._lock:
            if work.target not in self._ready:
                nursery: Nursery | None = self._nurseries[work.target]
                try:
                    self._nurseries[work.target].wait()
                except NurseryError as fault:
                    self._say(f"{fault}; processes are started one by one")
                    nursery = None
                self._ready[work.target] = nursery
            return self._ready[work.target]

    def _execute(self, task: Task) -> Executed:
        nursery = self._wait_for(KERNELS)
        ground = self._ground
        private = self._own_folder() if nursery is None else nursery.folder
        return execute(task, Place(ground.home, ground.data, private, ground.cache, nursery))

    def _own_folder(self) -> Path:
        with self._lock:
            if self._private is None:
                self._list_fonts()
                self._private = TemporaryDirectory(prefix="nissc1-")
            return Path(self._private.name)

    def _environment(self) -> dict[str, str]:
        self._ground.cache.mkdir(parents=True, exist_ok=True)
        return {**STILL, "MPLCONFIGDIR": str(self._ground.cache)}

    def _list_fonts(self) -> None:
        """Let matplotlib list the machine's fonts before a notebook does, and says so."""
        environment: dict[str, Any] = {**os.environ, **self._environment()}
        command = [sys.executable, "-c", "import matplotlib.font_manager"]
        subprocess.run(command, env=environment, check=True, capture_output=True)
