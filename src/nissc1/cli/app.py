"""The application that the commands join, plain errors, and what commands share."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nissc1 import __version__

app = typer.Typer(
    name="nissc1",
    help="Check data releases, build the living report and read its results.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder of releases outside the project."),
]


class TextOrJson(StrEnum):
    """How faults of a release, or differences, are shown."""

    text = "text"
    json = "json"


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Turn a fault into a message: exit code 1 for data and build, 2 for the request."""
    from nissc1.cohort.acceptance import AcceptanceError
    from nissc1.cohort.inspection import InspectionError
    from nissc1.cohort.population import PopulationError
    from nissc1.cohort.registration import ReleaseNameError
    from nissc1.cohort.release import ReleaseError
    from nissc1.publish.errors import BuildError, RequestError
    from nissc1.report.parameters import ParameterError

    try:
        yield
    except (
        AcceptanceError,
        InspectionError,
        ParameterError,
        PopulationError,
        ReleaseNameError,
        RequestError,
    ) as fault:
        complain(str(fault))
        raise typer.Exit(2) from None
    except (BuildError, ReleaseError) as fault:
        complain(str(fault))
        raise typer.Exit(1) from None
    except OSError as fault:
        complain(f"{fault.filename or 'the system'}: {fault.strerror or fault}")
        raise typer.Exit(1) from None


def complain(message: str) -> None:
    """Write a message to the error stream."""
    Console(stderr=True, soft_wrap=True).print(
        f"nissc1: {message}", style="red", markup=False, highlight=False
    )


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nissc1 {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Check data releases, build the living report and read its results."""


def wide_console() -> Console:
    """Give a console for tables: as wide as the terminal, or wide enough for any row."""
    console = Console()
    return console if console.is_terminal else Console(width=250)  # a pipe has no width to fit


def progress() -> Callable[[str], None]:
    """Give a function that writes lines of progress to the error stream."""
    return partial(Console(stderr=True).print, markup=False, highlight=False)
