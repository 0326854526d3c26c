"""Commands about editions: build them, compare them, read their figures, serve them."""

from __future__ import annotations

import contextlib
import http.server
import json
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from nissc1.cli.app import Data, TextOrJson, app, plain_errors, wide_console

if TYPE_CHECKING:
    from nissc1.publish.build import Means
    from nissc1.publish.planning import Request


class ResultFormat(StrEnum):
    """How results records are shown."""

    table = "table"
    csv = "csv"
    json = "json"


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
        typer.Option("--jobs", "-j", min=1, help="Notebooks at a time; by default three a core."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put this build in the place of a published one.")
    ] = False,
    each: Annotated[
        str | None,
        typer.Option("--each", metavar="COLUMN", help="One edition for each value of a column."),
    ] = None,
    sets: Annotated[
        Path | None,
        typer.Option("--sets", metavar="FILE", help="One edition for each set of parameters."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="ADDRESS", help="Let a Dask cluster execute."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Execute and compile what could be reused, too.")
    ] = False,
    data: Data = None,
) -> None:
    """Execute the notebooks, compile the book and publish it as an edition."""
    with plain_errors():
        from nissc1.publish.build import Means
        from nissc1.publish.errors import RequestError
        from nissc1.publish.planning import Request

        if each is not None and sets is not None:
            raise RequestError("--each and --sets are two ways to ask for many editions: use one")
        request = Request(release, tuple(settings or ()), replace, data)
        means = Means(jobs, force, scheduler)
        if each is None and sets is None:
            _build_one(request, means)
        else:
            _build_many(request, means, each, sets)


def _build_one(request: Request, means: Means) -> None:
    from nissc1.publish.build import build as build_edition
    from nissc1.publish.progress import Reporter
    from nissc1.publish.project import find_project

    project = find_project()
    built = build_edition(project, request, Reporter(Console(stderr=True)), means)
    ran, kept = len(built.tally.executed), len(built.tally.reused)
    typer.echo(
        f"Edition {built.edition}: {built.outcome.value}, {built.records} results records; "
        f"{ran} notebooks executed, {kept} reused.",
        err=True,
    )
    latest = project.site / "latest"
    shown = latest if latest.resolve() == built.folder.resolve() else built.folder
    typer.echo(str(shown / "index.html"))


def _build_many(request: Request, means: Means, column: str | None, sets: Path | None) -> None:
    from nissc1.publish.build import staff
    from nissc1.publish.many import build_series, plan_each, plan_sets
    from nissc1.publish.progress import Reporter
    from nissc1.publish.project import find_project
    from nissc1.publish.series_page import write_series_page

    project, reporter = find_project(), Reporter(Console(stderr=True))
    if column is not None:
        series = plan_each(project, request, column)
    else:
        series = plan_sets(project, request, sets or Path())
    with staff(series.plans[0], means, reporter) as workers:
        built = build_series(series, workers, reporter, force=means.force)
    typer.echo(f"{series.title}: {len(built)} editions.", err=True)
    typer.echo(str(write_series_page(series, project.site)))


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="Earlier edition or release.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Later edition or release.")],
    form: Annotated[
        TextOrJson, typer.Option("--format", help="Tables to read, or JSON.")
    ] = TextOrJson.text,
    data: Data = None,
) -> None:
    """Say what differs between two editions: the data in counts, and each figure."""
    with plain_errors():
        from nissc1.publish.comparison import compare_editions
        from nissc1.publish.errors import BuildError
        from nissc1.publish.project import find_project

        found = compare_editions(find_project().site, before, after, data)
        if form is TextOrJson.json:
            typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
        else:
            from nissc1.publish.comparison_text import comparison_tables

            console = wide_console()
            for table in comparison_tables(found):
                console.print(table, "")
        if found.unbuilt:
            raise BuildError(
                "the figures cannot be compared before these editions are built",
                [f"run: nissc1 build {name}" for name in found.unbuilt],
            )


@app.command()
def results(
    release: Annotated[str, typer.Argument(help="Release, or the full name of an edition.")],
    form: Annotated[
        ResultFormat, typer.Option("--format", help="A table to read, CSV or JSON.")
    ] = ResultFormat.table,
) -> None:
    """Print the results records of a built edition."""
    with plain_errors():
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
        wide_console().print(table)


def _literal(text: str) -> str:
    from rich.markup import escape

    return escape(text)


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
    with plain_errors():
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
