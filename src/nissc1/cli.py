"""The command line: one command a task, plain errors, exit code 1 for faults and 2 for misuse."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
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


class FaultFormat(StrEnum):
    """How faults of a release are shown."""

    text = "text"
    json = "json"


class ResultFormat(StrEnum):
    """How results records are shown."""

    table = "table"
    csv = "csv"
    json = "json"


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn a fault into a message: exit code 1 for data and build, 2 for the request."""
    from nissc1.cohort.population import PopulationError
    from nissc1.cohort.release import ReleaseError
    from nissc1.publish.errors import BuildError, RequestError
    from nissc1.report.parameters import ParameterError

    try:
        yield
    except (RequestError, ParameterError, PopulationError) as fault:
        _complain(str(fault))
        raise typer.Exit(2) from None
    except (BuildError, ReleaseError) as fault:
        _complain(str(fault))
        raise typer.Exit(1) from None
    except OSError as fault:
        _complain(f"{fault.filename or 'the system'}: {fault.strerror or fault}")
        raise typer.Exit(1) from None


def _complain(message: str) -> None:
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


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a data release.")],
    form: Annotated[
        FaultFormat, typer.Option("--format", help="Lines to read, or JSON.")
    ] = FaultFormat.text,
) -> None:
    """Check a data release and name each fault by file, row and column."""
    with _plain_errors():
        from nissc1.cohort.checks import check as check_release

        faults = check_release(folder)
    if form is FaultFormat.json:
        typer.echo(json.dumps([asdict(fault) for fault in faults], ensure_ascii=False, indent=1))
    else:
        for fault in faults:
            typer.echo(str(fault))
        if faults:
            typer.echo(f"{folder.name}: {len(faults)} fault{'s' * (len(faults) > 1)}", err=True)
        else:
            typer.echo(f"{folder.resolve().name}: no faults")
    raise typer.Exit(1 if faults else 0)


@app.command()
def build(
    release: Annotated[
        str | None, typer.Argument(help="Data release; by default the notebooks' own.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter of all notebooks."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help="Notebooks at a time; by default one a core."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put this build in the place of a published one.")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Folder of releases outside the project."),
    ] = None,
) -> None:
    """Execute the notebooks, compile the book and publish it as an edition."""
    with _plain_errors():
        from nissc1.publish.build import Request
        from nissc1.publish.build import build as build_edition
        from nissc1.publish.progress import Reporter
        from nissc1.publish.project import find_project

        request = Request(
            release=release,
            settings=tuple(settings or ()),
            jobs=jobs or os.cpu_count() or 1,
            replace=replace,
            data=data,
        )
        project = find_project()
        built = build_edition(project, request, Reporter(Console(stderr=True)))
    typer.echo(
        f"Edition {built.edition}: {built.outcome.value}, {built.records} results records.",
        err=True,
    )
    latest = project.site / "latest"
    shown = latest if latest.resolve() == built.folder.resolve() else built.folder
    typer.echo(str(shown / "index.html"))


@app.command()
def results(
    release: Annotated[str, typer.Argument(help="Release, or the full name of an edition.")],
    form: Annotated[
        ResultFormat, typer.Option("--format", help="A table to read, CSV or JSON.")
    ] = ResultFormat.table,
) -> None:
    """Print the results records of a built edition."""
    with _plain_errors():
        from nissc1.publish.editions import editions
        from nissc1.publish.errors import BuildError
        from nissc1.publish.project import find_project
        from nissc1.publish.results import JSON
        from nissc1.report.records import RecordBook

        site = find_project().site
        known = editions(site)
        if release not in known:
            raise BuildError(
                f"edition {release} is not built; run: nissc1 build {release}",
                [f"built: {', '.join(known) or 'none yet'}"],
            )
        records = RecordBook.from_json((site / release / JSON).read_text("utf-8"))
    if form is ResultFormat.csv:
        typer.echo(records.to_csv(), nl=False)
    elif form is ResultFormat.json:
        typer.echo(records.to_json(), nl=False)
    else:
        from rich.table import Table

        table = Table("id", "label", "result", "unit", "n", "notebook", box=None, pad_edge=False)
        for record in records:
            size = "" if record.n is None else str(record.n)
            row = (record.id, record.label, record.text, record.unit, size, record.notebook)
            table.add_row(*(_literal(cell) for cell in row))
        console = Console()
        if not console.is_terminal:  # a pipe has no width to fit
            console = Console(width=250)
        console.print(table)


def _literal(text: str) -> str:
    from rich.markup import escape

    return escape(text)


@app.command()
def reconstruct(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder to write; by default the release's own."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Another seed makes another cohort.")
    ] = None,
) -> None:
    """Write the synthetic cohort of release 2021.02 anew."""
    with _plain_errors():
        from nissc1.cohort.location import releases_root
        from nissc1.publish.errors import BuildError
        from nissc1.reconstruct import write_release

        folder = out if out is not None else releases_root() / "2021.02"
        if seed is not None and out is None:
            raise BuildError("--seed makes another cohort than the committed one; add --out DIR")
        console = Console(stderr=True)
        say = partial(console.print, markup=False, highlight=False)
        if seed is None:
            write_release(folder, progress=say)
        else:
            write_release(folder, seed=seed, progress=say)
    typer.echo(str(folder))


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Keep the console for the address."""


@app.command()
def serve(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")
    ] = 8000,
) -> None:
    """Serve the published site to this machine only."""
    with _plain_errors():
        from nissc1.publish.errors import BuildError
        from nissc1.publish.project import find_project

        site = find_project().site
        if not (site / "index.html").is_file():
            raise BuildError("nothing is published yet; run: nissc1 build")
        handler = partial(_Quiet, directory=str(site))
        try:
            server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError as fault:
            raise BuildError(
                f"port {port} cannot be used ({fault.strerror}); choose another with --port"
            ) from None
    with server:
        typer.echo(f"http://127.0.0.1:{server.server_port}/ (stop with Ctrl-C)")
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


def main() -> None:
    """Run the command line.

    A domain fault ends with exit code 1, a misuse with 2; Ctrl-C ends with 130.
    """
    try:
        app()
    except KeyboardInterrupt:
        _complain("stopped")
        sys.exit(130)
    except Exception as fault:
        if os.environ.get("NISSC1_TRACEBACK"):
            raise
        _complain(
            f"{type(fault).__name__}: {fault}\nThis is a fault of the program, not of your data; "
            "NISSC1_TRACEBACK=1 shows where it lies."
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
