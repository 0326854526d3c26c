"""Jupyter Book in a process of its own, forked from one that has Sphinx imported."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from nissc1.kernels.forking import LOG
from nissc1.kernels.nursery import ForkedProcess, Nursery, Work

PRESS = Work(
    "nissc1.publish.press:run",
    (
        "jupyter_book.cli.main",
        "jupyter_book.sphinx",
        "sphinx.application",
        "sphinx.builders.html",
        "sphinx.environment.adapters.toctree",
        "sphinx_book_theme",
        "sphinx_comments",
        "sphinx_copybutton",
        "sphinx_design",
        "sphinx_external_toc",
        "sphinx_togglebutton",
        "sphinxcontrib.bibtex",
        "myst_nb.sphinx_ext",
        "nissc1.publish.cite",
        "nissc1.publish.conditions",
        "nissc1.publish.exhibits",
        "nissc1.publish.freshness",
        "nissc1.publish.mathml",
        "nissc1.publish.notices",
        "nissc1.publish.origins",
        "nissc1.publish.theme",
    ),
)
_WAIT_SECONDS = 0.1


class _Process(Protocol):
    def poll(self) -> int | None: ...


def run(arguments: Sequence[str]) -> None:
    """Run Jupyter Book in this process.

    Parameters
    ----------
    arguments : sequence of str
        As on its command line.
    """
    from jupyter_book.cli.main import main

    sys.argv = ["jupyter-book", *arguments]
    main()


def print_book(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    nursery: Nursery | None,
    tell: Callable[[str], None],
) -> int:
    """Run Jupyter Book and follow what it writes.

    Parameters
    ----------
    arguments : sequence of str
        As on its command line.
    folder : Path
        Where its log is written.
    environment : mapping of str to str
        Its environment.
    nursery : Nursery or None
        From which to fork it; None starts an interpreter.
    tell : callable
        Receives each line that it writes.

    Returns
    -------
    int
        Exit code.
    """
    log = folder / LOG
    log.write_bytes(b"")
    with log.open("rb") as written, log.open("ab") as writing:
        if nursery is None:
            command = [sys.executable, "-m", "nissc1.publish.press", *arguments]
            process: _Process = subprocess.Popen(
                command, stdout=writing, stderr=writing, cwd=folder, env=dict(environment)
            )
        else:
            argv = ["jupyter-book", *arguments]
            process = ForkedProcess(str(nursery.socket), argv, str(folder), environment)
        rest = b""
        while True:
            code = process.poll()
            *lines, rest = (rest + written.read()).replace(b"\r", b"\n").split(b"\n")
            for line in lines if code is None else [*lines, rest]:
                tell(line.decode("utf-8", errors="replace"))
            if code is not None:
                return code
            time.sleep(_WAIT_SECONDS)


if __name__ == "__main__":
    run(sys.argv[1:])
