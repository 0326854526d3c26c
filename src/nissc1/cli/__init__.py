"""The command line: one command a task, plain errors, exit code 1 for faults and 2 for misuse."""

from __future__ import annotations

import os
import sys

from nissc1.cli import releases, editions, made_up  # isort: skip  in the order of --help
from nissc1.cli.app import app, complain

__all__ = ["app", "editions", "made_up", "main", "releases"]


def main() -> None:
    """Run the command line.

    A domain fault ends with exit code 1, a misuse with 2; Ctrl-C ends with 130.
    """
    try:
        app()
    except KeyboardInterrupt:
        complain("stopped")
        sys.exit(130)
    except Exception as fault:
        if os.environ.get("NISSC1_TRACEBACK"):
            raise
        complain(
            f"{type(fault).__name__}: {fault}\nThis is a fault of the program, not of your data; "
            "NISSC1_TRACEBACK=1 shows where it lies."
        )
        sys.exit(1)
