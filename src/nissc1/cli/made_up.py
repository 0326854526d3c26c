"""Commands that make up patients: the reconstructed cohort, and its simulated follow-up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nissc1.cli.app import Data, app, plain_errors, progress


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
    with plain_errors():
        from nissc1.cohort.location import project_root, releases_root
        from nissc1.publish.errors import BuildError
        from nissc1.reconstruct import write_release

        if ensemble is not None:
            from nissc1.ensemble import write_ensemble
            from nissc1.publish.record_spread import write_record_spread

            if seed is not None:
                raise BuildError("--ensemble takes the seeds 1 to N itself; leave --seed out")
            target = out if out is not None else project_root() / "data" / "ensemble"
            say = progress()
            write_ensemble(target, seeds=range(1, ensemble + 1), progress=say)
            write_record_spread(target, seeds=range(1, ensemble + 1), progress=say)
            typer.echo(str(target))
            return
        folder = out if out is not None else releases_root() / "2021.02"
        if seed is not None and out is None:
            raise BuildError("--seed makes another cohort than the committed one; add --out DIR")
        if seed is None:
            write_release(folder, progress=progress())
        else:
            write_release(folder, seed=seed, progress=progress())
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
    with plain_errors():
        from nissc1.simulate import DEFAULT_SEED, write_export

        write_export(
            out, seed=DEFAULT_SEED if seed is None else seed, data=data, progress=progress()
        )
    typer.echo(str(out))
