"""Show what a build is doing: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Stage:
    """One stage of a build, with a known number of steps.

    Parameters
    ----------
    console : rich.console.Console
        Where to write.
    title : str
        What the stage does, for example ``"Notebooks"``.
    total : int
        Number of steps.
    bar : rich.progress.Progress, optional
        A live bar; without one each finished step is a line.
    """

    def __init__(self, console: Console, title: str, total: int, bar: Progress | None) -> None:
        self._console = console
        self._title = title
        self._total = total
        self._done = 0
        self._bar = bar
        self._task = bar.add_task(title, total=total, doing="") if bar else None

    def doing(self, what: str) -> None:
        """Name what is in hand.

        Parameters
        ----------
        what : str
            For example the notebooks that are being executed.
        """
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, doing=what)

    def done(self, what: str) -> None:
        """Count one step as finished.

        Parameters
        ----------
        what : str
            Name of the step.
        """
        self._done += 1
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done)
        else:
            self._console.print(
                f"{self._title} {self._done}/{self._total}: {what}", highlight=False, markup=False
            )


class Reporter:
    """Write the progress of a build to a console.

    Parameters
    ----------
    console : rich.console.Console
        Where to write; a console without a terminal gets plain lines.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, line: str) -> None:
        """Write a line that is no step.

        Parameters
        ----------
        line : str
            Plain text.
        """
        self._console.print(line, highlight=False, markup=False)

    @contextmanager
    def stage(self, title: str, total: int) -> Iterator[Stage]:
        """Show one stage while it lasts.

        Parameters
        ----------
        title : str
            What the stage does.
        total : int
            Number of steps.

        Yields
        ------
        Stage
            To be told of each step.
        """
        started = time.monotonic()
        if self._console.is_terminal:
            columns = (
                TextColumn("{task.description:<10}"),
                BarColumn(bar_width=30),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[doing]}", markup=False),
            )
            with Progress(*columns, console=self._console) as bar:
                yield Stage(self._console, title, total, bar)
        else:
            yield Stage(self._console, title, total, None)
            seconds = time.monotonic() - started
            self._console.print(f"{title}: done in {seconds:.0f} s", highlight=False)


class Quiet(Reporter):
    """Write nothing: for one of many editions that are built at a time."""

    def __init__(self) -> None:
        super().__init__(Console(file=io.StringIO()))
