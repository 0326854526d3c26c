"""Workers of a Dask cluster: what a notebook reads travels with it, so no files need be shared.

The machines need the same commit of this package and the pinned packages, and nothing else of the
project. Data arrive over Dask's connections (use ``tls://`` where others can listen) and lie in a
folder that only the worker's user can enter, until the worker ends or serves another project.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any, Self, TypeVar

from nissc1.kernels.nursery import Nursery
from nissc1.publish.bundle import SAME, accept, execute_bundled, pack
from nissc1.publish.errors import BuildError, RequestError
from nissc1.publish.tasks import Executed, Task
from nissc1.publish.workers import Ground, LocalWorkers

if TYPE_CHECKING:
    from distributed import Client

R = TypeVar("R")

CONNECT_SECONDS = 20
PER_THREAD = 2
"""Notebooks in hand for each thread of the cluster, so that none waits for the next."""


class ClusterWorkers:
    """The workers of a Dask cluster; books are compiled on this machine.

    When a worker is lost, the scheduler gives its notebooks to another, as often as its setting
    ``allowed-failures`` says.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.5:8786`` or ``tls://…``.
    ground : Ground
        Folders here.
    say : callable
        Receives a line about the cluster.
    """

    def __init__(self, address: str, ground: Ground, say: Callable[[str], None]) -> None:
        self._address = address
        self._ground = ground
        self._say = say
        self._here = LocalWorkers(ground, None, say)
        self._client: Client | None = None
        self._executor: Any = None
        self._bundle: Any = None
        self.size = 1

    def __enter__(self) -> Self:
        """Connect, and send the workers what notebooks may read.

        Raises
        ------
        RequestError
            If Dask is not installed, nobody answers at the address, or the scheduler has no
            workers.
        BuildError
            If scheduler or workers have other code or packages.
        """
        try:
            self._connect()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _connect(self) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise RequestError(
                "--scheduler needs Dask: pip install 'nissc1[cluster]', or leave it out"
            ) from None
        if not re.fullmatch(r"(\w+://)?[^/]+:\d+", self._address):
            raise RequestError(
                f"--scheduler {self._address}: must be an address with a port, such as "
                "tcp://10.0.0.5:8786"
            )
        try:
            self._client = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as fault:
            raise RequestError(f"no Dask scheduler answers at {self._address}: {fault}") from None
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise RequestError(
                f"the Dask scheduler at {self._address} has no workers; start one with: "
                f"dask worker {self._address}"
            ) from None
        threads = sum(self._client.nthreads().values())
        self.size = max(1, PER_THREAD * threads)
        self._say(f"Cluster: {len(self._client.nthreads())} workers, {threads} threads")
        # A call, not scattered data: the scheduler can repeat it when a worker is lost.
        self._bundle = self._client.submit(accept, pack(self._ground), pure=False)
        try:
            refusal = self._bundle.exception()
        except CancelledError:
            raise BuildError(
                f"the scheduler at {self._address} has other software: {SAME}"
            ) from None
        if refusal is not None:
            raise refusal
        self._executor = self._client.get_executor(pure=False)

    def __exit__(self, *ending: object) -> None:
        """Give up what is not finished, and disconnect."""
        if self._executor is not None:
            self._executor.shutdown(wait=False)
        if self._client is not None:
            with contextlib.suppress(TimeoutError, OSError):
                self._client.close()
        self._here.__exit__(*ending)

    def submit(self, task: Task) -> Future[Executed]:
        """Have a notebook executed by some worker.

        Parameters
        ----------
        task : Task
            The notebook.

        Returns
        -------
        concurrent.futures.Future
            What it makes, or the `BuildError` that says what went wrong.
        """
        future: Future[Executed] = self._executor.submit(execute_bundled, task, self._bundle)
        return future

    def press(self, call: Callable[[Nursery | None], R]) -> Future[R]:
        """Have a book compiled on this machine.

        Parameters
        ----------
        call : callable
            Takes the nursery that forks Jupyter Book, or None.

        Returns
        -------
        concurrent.futures.Future
            What it returns.
        """
        return self._here.press(call)
