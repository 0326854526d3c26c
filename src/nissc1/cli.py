"""The command line: one command a task, plain errors, exit code 1 for faults and 2 for misuse."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from nissc1 import __version__

if TYPE_CHECKING:
    from nissc1.cohort.faults import Fault

app = typer.Typer(
    name="nissc1",
    help="Check data releases, build the living report and read its results.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class FaultFormat(StrEnum):
    """How faults of a release, or differences, are shown."""

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


Against = Annotated[
    str | None, typer.Option("--against", metavar="RELEASE", help="Release to compare with.")
]
Accepted = Annotated[
    list[str] | None,
    typer.Option(
        "--accept", metavar="RULE=REASON", help="Accept the warnings of a rule, and say why."
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="How to read an export; else its mapping.yml."),
]
Cutoff = Annotated[
    str | None, typer.Option("--cutoff", metavar="DATE", help="Last day that an export covers.")
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder of releases outside the project."),
]


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Folder of a release or of an export.")
    ] = None,
    against: Against = None,
    mapping: MappingFile = None,
    accepted: Accepted = None,
    cutoff: Cutoff = None,
    data: Data = None,
    form: Annotated[
        FaultFormat, typer.Option("--format", help="Lines to read, or JSON.")
    ] = FaultFormat.text,
    rules: Annotated[
        bool, typer.Option("--rules", help="List the rules of the comparison and end.")
    ] = False,
) -> None:
    """Check a data release or an export and name each fault by file, row and column."""
    if rules:
        _show_rules(form)
        return
    if folder is None:
        raise typer.BadParameter("Name the folder to check.", param_hint="DIR")
    with _plain_errors():
        from nissc1.cohort.acceptance import read_acceptances
        from nissc1.cohort.inspection import inspect, unmet

        reasons = read_acceptances(accepted or ())
        found = inspect(
            folder,
            against=against,
            data=data,
            mapping=mapping,
            options={"data_cutoff": cutoff},
            accepted=reasons,
        )
        _show_unmet(unmet(found.faults, reasons))
    _show_faults(found.faults, form)
    stopping = sum(fault.stops for fault in found.faults)
    if form is FaultFormat.text:
        name = folder.resolve().name
        if stopping:
            typer.echo(f"{name}: {stopping} fault{'s' * (stopping > 1)}", err=True)
        else:
            tolerated = sum(fault.accepted is not None for fault in found.faults)
            more = f", {tolerated} accepted warning{'s' * (tolerated > 1)}" if tolerated else ""
            typer.echo(f"{name}: no faults{more}")
    raise typer.Exit(0 if found.sound else 1)


def _show_rules(form: FaultFormat) -> None:
    from nissc1.cohort.comparison_rules import COMPARISON_RULES

    if form is FaultFormat.json:
        typer.echo(json.dumps([asdict(rule) for rule in COMPARISON_RULES], indent=1))
        return
    for rule in COMPARISON_RULES:
        typer.echo(f"{rule.rule:24} {rule.severity:8} {rule.meaning}")
    typer.echo("Every other rule, of schema, clinical logic and files, is an error.")


def _show_faults(faults: Iterable[Fault], form: FaultFormat) -> None:
    if form is FaultFormat.json:
        typer.echo(json.dumps([asdict(fault) for fault in faults], ensure_ascii=False, indent=1))
    else:
        for fault in faults:
            typer.echo(str(fault))


def _show_unmet(rules: Iterable[str]) -> None:
    for rule in rules:
        typer.echo(f"nissc1: --accept {rule}: nothing of this rule was found", err=True)


@app.command()
def add(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an export.")],
    release: Annotated[str, typer.Option("--as", metavar="YYYY.MM", help="Name of the release.")],
    against: Against = None,
    mapping: MappingFile = None,
    accepted: Accepted = None,
    cutoff: Cutoff = None,
    title: Annotated[str | None, typer.Option("--title", help="One line for people.")] = None,
    synthetic: Annotated[
        bool | None,
        typer.Option("--synthetic/--real", help="Whether the patients are made up."),
    ] = None,
    disclosure: Annotated[
        str | None, typer.Option("--disclosure", help="none, or small-counts.")
    ] = None,
    notes: Annotated[str, typer.Option("--notes", help="What the release says of itself.")] = "",
    data: Data = None,
) -> None:
    """Check an export, convert it and register it as a data release, whole or not at all."""
    with _plain_errors():
        from nissc1.cohort.acceptance import read_acceptances
        from nissc1.cohort.inspection import unmet
        from nissc1.cohort.registration import RegistrationError
        from nissc1.cohort.registration import add as register

        reasons = read_acceptances(accepted or ())
        made_up = None if synthetic is None else str(synthetic).lower()
        try:
            registered = register(
                folder,
                release,
                data=data,
                against=against,
                mapping=mapping,
                options={
                    "data_cutoff": cutoff,
                    "synthetic": made_up,
                    "disclosure": disclosure,
                    "title": title,
                },
                accepted=reasons,
                notes=notes,
            )
        except RegistrationError as refused:
            _show_faults(refused.faults, FaultFormat.text)
            raise
        _show_unmet(unmet(registered.faults, reasons))
    _show_faults(registered.faults, FaultFormat.text)
    compared = f", compared with {registered.against}" if registered.against else ""
    typer.echo(f"Release {release} is registered{compared}.", err=True)
    typer.echo(str(registered.folder))


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
    data: Data = None,
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
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="Earlier edition or release.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Later edition or release.")],
    form: Annotated[
        FaultFormat, typer.Option("--format", help="Tables to read, or JSON.")
    ] = FaultFormat.text,
    data: Data = None,
) -> None:
    """Say what differs between two editions: the data in counts, and each figure."""
    with _plain_errors():
        from nissc1.publish.comparison import compare_editions
        from nissc1.publish.errors import BuildError
        from nissc1.publish.project import find_project

        found = compare_editions(find_project().site, before, after, data)
        if form is FaultFormat.json:
            typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
        else:
            from nissc1.publish.comparison_text import comparison_tables

            console = _wide_console()
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
        _wide_console().print(table)


def _wide_console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=250)  # a pipe has no width to fit


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
    ensemble: Annotated[
        int | None,
        typer.Option(
            "--ensemble",
            metavar="N",
            min=2,
            help="Instead, make N other cohorts and write how their figures scatter.",
        ),
    ] = None,
) -> None:
    """Write the synthetic cohort of release 2021.02 anew."""
    with _plain_errors():
        from nissc1.cohort.location import project_root, releases_root
        from nissc1.publish.errors import BuildError
        from nissc1.reconstruct import write_release

        if ensemble is not None:
            from nissc1.ensemble import write_ensemble
            from nissc1.publish.record_spread import write_record_spread

            if seed is not None:
                raise BuildError("--ensemble takes the seeds 1 to N itself; leave --seed out")
            target = out if out is not None else project_root() / "data" / "ensemble"
            say = _progress()
            write_ensemble(target, seeds=range(1, ensemble + 1), progress=say)
            write_record_spread(target, seeds=range(1, ensemble + 1), progress=say)
            typer.echo(str(target))
            return
        folder = out if out is not None else releases_root() / "2021.02"
        if seed is not None and out is None:
            raise BuildError("--seed makes another cohort than the committed one; add --out DIR")
        if seed is None:
            write_release(folder, progress=_progress())
        else:
            write_release(folder, seed=seed, progress=_progress())
    typer.echo(str(folder))


@app.command()
def simulate(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="New folder to write.")],
    seed: Annotated[
        int | None, typer.Option("--seed", help="Another seed makes another follow-up.")
    ] = None,
    data: Data = None,
) -> None:
    """Write an export that continues release 2021.02 with follow-up that happened to nobody."""
    with _plain_errors():
        from nissc1.simulate import DEFAULT_SEED, write_export

        write_export(
            out, seed=DEFAULT_SEED if seed is None else seed, data=data, progress=_progress()
        )
    typer.echo(str(out))


def _progress() -> Callable[[str], None]:
    return partial(Console(stderr=True).print, markup=False, highlight=False)


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
