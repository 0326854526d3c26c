"""Commands of the data manager: check an export, register it as a release."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nissc1.cli.app import Data, TextOrJson, app, plain_errors

if TYPE_CHECKING:
    from nissc1.cohort.faults import Fault

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
        TextOrJson, typer.Option("--format", help="Lines to read, or JSON.")
    ] = TextOrJson.text,
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
    with plain_errors():
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
    if form is TextOrJson.text:
        name = folder.resolve().name
        if stopping:
            typer.echo(f"{name}: {stopping} fault{'s' * (stopping > 1)}", err=True)
        else:
            tolerated = sum(fault.accepted is not None for fault in found.faults)
            more = f", {tolerated} accepted warning{'s' * (tolerated > 1)}" if tolerated else ""
            typer.echo(f"{name}: no faults{more}")
    raise typer.Exit(0 if found.sound else 1)


def _show_rules(form: TextOrJson) -> None:
    from nissc1.cohort.comparison_rules import COMPARISON_RULES

    if form is TextOrJson.json:
        typer.echo(json.dumps([asdict(rule) for rule in COMPARISON_RULES], indent=1))
        return
    for rule in COMPARISON_RULES:
        typer.echo(f"{rule.rule:24} {rule.severity:8} {rule.meaning}")
    typer.echo("Every other rule, of schema, clinical logic and files, is an error.")


def _show_faults(faults: Iterable[Fault], form: TextOrJson) -> None:
    if form is TextOrJson.json:
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
    with plain_errors():
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
            _show_faults(refused.faults, TextOrJson.text)
            raise
        _show_unmet(unmet(registered.faults, reasons))
    _show_faults(registered.faults, TextOrJson.text)
    compared = f", compared with {registered.against}" if registered.against else ""
    typer.echo(f"Release {release} is registered{compared}.", err=True)
    typer.echo(str(registered.folder))
