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
from types import TracebackType
from typing import Any, ParamSpec, Protocol, Self, TypeVar

from nissc1.kernels.kernel import KERNELS
from nissc1.kernels.nursery import Nursery, NurseryError, can_fork
from nissc1.publish.tasks import STILL, Executed, Place, Task, execute

P = ParamSpec("P")
R = TypeVar("R")


class Workers(Protocol):
    """Whoever executes notebooks.

    Attributes
    ----------
    size : int
        Notebooks that can be executed at a time.
    """

    size: int

    def submit(self, task: Task) -> Future[Executed]:
        """Have a notebook executed."""
        ...

    def here(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Have something else done on this machine, when there is room for it."""
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

    Kernels are forked from one process that has the libraries imported. It is started with the
    first notebook, so that a build that reuses every result does not wait for it. Where nothing can
    be forked, kernels are started one by one.

    Parameters
    ----------
    ground : Ground
        Folders.
    jobs : int
        Notebooks at a time.
    say : callable
        Receives a line where kernels cannot be forked.
    """

    def __init__(self, ground: Ground, jobs: int, say: Callable[[str], None]) -> None:
        self.size = jobs
        self._ground = ground
        self._say = say
        self._pool = ThreadPoolExecutor(jobs, thread_name_prefix="notebook")
        self._lock = threading.Lock()
        self._nursery: Nursery | None = None
        self._sockets: TemporaryDirectory[str] | None = None
        self._place: Place | None = None
        self._begun = False

    def __enter__(self) -> Self:
        """Offer the workers."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the kernels first, so that no thread waits for one, and then the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._nursery is not None:
            self._nursery.__exit__(kind, fault, trace)
        self._pool.shutdown()
        if self._sockets is not None:
            self._sockets.cleanup()

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
        with self._lock:
            if not self._begun:
                self._begun = True
                if can_fork():
                    self._nursery = Nursery(KERNELS, self._environment()).__enter__()
                else:
                    self._say("No fork on this system: each notebook starts a kernel of its own")
        return self._pool.submit(self._execute, task)

    def here(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Have something else done by the same threads.

        Parameters
        ----------
        call : callable
            What to do.
        *args, **kwargs : object
            Its arguments.

        Returns
        -------
        concurrent.futures.Future
            What it returns.
        """
        return self._pool.submit(call, *args, **kwargs)

    def _execute(self, task: Task) -> Executed:
        return execute(task, self._ready())

    def _ready(self) -> Place:
        """Wait for the process that forks; the first thread does so for all."""
        with self._lock:
            if self._place is None:
                nursery = self._nursery
                try:
                    if nursery is not None:
                        nursery.wait()
                except NurseryError as fault:
                    self._say(f"{fault}; each notebook starts a kernel of its own")
                    nursery = None
                if nursery is None:
                    self._list_fonts()
                    self._sockets = TemporaryDirectory(prefix="nissc1-")
                    sockets = Path(self._sockets.name)
                else:
                    sockets = nursery.folder
                ground = self._ground
                self._place = Place(ground.home, ground.data, sockets, ground.cache, nursery)
            return self._place

    def _environment(self) -> dict[str, str]:
        self._ground.cache.mkdir(parents=True, exist_ok=True)
        return {**STILL, "MPLCONFIGDIR": str(self._ground.cache)}

    def _list_fonts(self) -> None:
        """Let matplotlib list the machine's fonts before a notebook does, and says so."""
        environment: dict[str, Any] = {**os.environ, **self._environment()}
        command = [sys.executable, "-c", "import matplotlib.font_manager"]
        subprocess.run(command, env=environment, check=True, capture_output=True)
