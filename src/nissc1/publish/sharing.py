"""Execute once what several editions ask for at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import TypeVar

from nissc1.kernels.nursery import Nursery
from nissc1.publish.tasks import Executed, Task
from nissc1.publish.workers import Workers

R = TypeVar("R")


class Sharing:
    """Workers that many builds ask at once; a task in hand is not begun a second time.

    Parameters
    ----------
    workers : Workers
        Who executes.

    Attributes
    ----------
    size : int
        As theirs.
    """

    def __init__(self, workers: Workers) -> None:
        self.size = workers.size
        self._workers = workers
        self._lock = threading.Lock()
        self._in_hand: list[tuple[Task, Future[Executed]]] = []

    def submit(self, task: Task) -> Future[Executed]:
        """Have a notebook executed, or wait for whoever has asked for the same.

        Parameters
        ----------
        task : Task
            The notebook.

        Returns
        -------
        concurrent.futures.Future
            The caller's own: to cancel it takes the result from nobody else.
        """
        with self._lock:
            made = next((future for other, future in self._in_hand if other == task), None)
            begun = made is None
            if made is None:
                made = self._workers.submit(task)
                self._in_hand.append((task, made))
        own: Future[Executed] = Future()
        made.add_done_callback(lambda done: _hand_on(done, own))
        if begun:
            made.add_done_callback(self._forget)
        return own

    def press(self, call: Callable[[Nursery | None], R]) -> Future[R]:
        """Have a book compiled.

        Parameters
        ----------
        call : callable
            As for the workers.

        Returns
        -------
        concurrent.futures.Future
            What it returns.
        """
        return self._workers.press(call)

    def _forget(self, done: Future[Executed]) -> None:
        with self._lock:
            self._in_hand = [each for each in self._in_hand if each[1] is not done]


def _hand_on(done: Future[Executed], own: Future[Executed]) -> None:
    if not own.set_running_or_notify_cancel():
        return
    if done.cancelled():
        own.set_exception(CancelledError())
    elif (fault := done.exception()) is not None:
        own.set_exception(fault)
    else:
        own.set_result(done.result())
