"""Build a planned edition: bring the results together, compile, publish."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from nissc1.cohort.location import releases_root
from nissc1.maturity import horizon_at_hand
from nissc1.publish import book, editions, execution, facts, results
from nissc1.publish.editions import Outcome
from nissc1.publish.errors import BuildError
from nissc1.publish.execution import Tally, Workshop
from nissc1.publish.inputs import Inputs
from nissc1.publish.planning import Plan, Request, plan
from nissc1.publish.progress import Reporter
from nissc1.publish.project import Project
from nissc1.publish.staging import Manuscript, stage, staged
from nissc1.publish.store import Store
from nissc1.publish.workers import LocalWorkers, Workers
from nissc1.report.parameters import check_parameters
from nissc1.tracing import FACT, digest_of

KEY = "site.key"
"""File beside a finished site: the digest of everything that it was made from."""


@dataclass(frozen=True)
class Means:
    """How to build.

    Attributes
    ----------
    jobs : int or None
        Notebooks executed at a time on this machine; None leaves it to the workers.
    force : bool
        Whether to execute and compile also what could be reused.
    scheduler : str or None
        Address of a Dask scheduler whose workers execute the notebooks.
    """

    jobs: int | None = None
    force: bool = False
    scheduler: str | None = None


@dataclass(frozen=True)
class Built:
    """What was built.

    Attributes
    ----------
    edition : str
        Name of the edition.
    folder : Path
        Where it is published.
    records : int
        Number of results records.
    outcome : Outcome
        Whether it is new, identical to what was there, or replaced it.
    tally : Tally
        Which notebooks ran, and which results were reused.
    """

    edition: str
    folder: Path
    records: int
    outcome: Outcome
    tally: Tally


@contextlib.contextmanager
def _only_build(folder: Path, edition: str) -> Iterator[None]:
    """Refuse to build an edition that another process is building."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{edition}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildError(
                f"edition {edition} is being built by another process; wait until it has finished"
            ) from None
        yield


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until nobody else, in this process or another, is publishing."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def staff(planned: Plan, means: Means, reporter: Reporter) -> AbstractContextManager[Workers]:
    """Find whoever executes the notebooks.

    Parameters
    ----------
    planned : Plan
        An edition; others of the same project and data can be built by the same workers.
    means : Means
        How to build.
    reporter : Reporter
        Told where something has to be done in another way.

    Returns
    -------
    context manager of Workers
        Ends what it started.
    """
    if means.scheduler is not None:
        from nissc1.publish.cluster import ClusterWorkers  # Dask, where it is asked for

        return ClusterWorkers(means.scheduler, planned.ground, reporter.say)
    return LocalWorkers(planned.ground, means.jobs, reporter.say)


def build(
    project: Project, request: Request, reporter: Reporter, means: Means | None = None
) -> Built:
    """Build an edition and publish it.

    Parameters
    ----------
    project : Project
        The project.
    request : Request
        What to build.
    reporter : Reporter
        Told of the progress.
    means : Means, optional
        How to build.

    Returns
    -------
    Built
        What was built.

    Raises
    ------
    BuildError
        If a parameter, a notebook, a page or the produced site is at fault. The published site is
        then as it was.
    nissc1.report.parameters.ParameterError, ReleaseError, PopulationError
        As for `plan`.
    """
    chosen = means or Means()
    planned = plan(project, request)
    with staff(planned, chosen, reporter) as workers:
        return carry_out(planned, workers, reporter, force=chosen.force)


def carry_out(planned: Plan, workers: Workers, reporter: Reporter, *, force: bool = False) -> Built:
    """Build a planned edition and publish it.

    Parameters
    ----------
    planned : Plan
        The edition.
    workers : Workers
        Who executes notebooks.
    reporter : Reporter
        Told of the progress.
    force : bool
        Whether to execute and compile also what could be reused.

    Returns
    -------
    Built
        What was built.

    Raises
    ------
    BuildError
        If a notebook, a page or the produced site is at fault. The published site is then as it
        was.
    """
    project, folder = planned.project, planned.folder
    with _only_build(project.build, planned.edition):
        compared = editions.previous(project.site, planned.values)
        account = None if compared is None else editions.account(project.site / compared)
        workshop = Workshop(
            output=folder / "output",
            executed=folder / "notebooks",
            environment={"NISSC1_COMMIT": planned.commit.id},
            previous=account,
        )
        inputs = Inputs(
            project.root,
            releases_root(planned.data),
            {(FACT, "commit"): digest_of(planned.commit.id)},
        )
        store = Store(project.build / "cache" / "notebooks")
        with reporter.stage("Notebooks", len(planned.notebooks)) as progress:
            tally = execution.execute_all(
                planned.notebooks,
                planned.values,
                workshop,
                workers,
                store,
                inputs,
                progress,
                force=force,
            )
        records = results.merge(
            workshop.output / "records", [each.name for each in planned.notebooks]
        )
        results.write(records, workshop.output)
        manuscript = _manuscript(planned, workshop, compared)
        _make_site(manuscript, folder, inputs, workers, reporter, force=force)
        with _alone(project.build / "publishing.lock"):
            outcome = editions.publish(
                folder / "site", project.site, planned.edition, replace=planned.request.replace
            )
    published = project.site / planned.edition
    return Built(planned.edition, published, len(records), outcome, tally)


def _manuscript(planned: Plan, workshop: Workshop, compared: str | None) -> Manuscript:
    horizon = planned.values.get("horizon_months")
    if not isinstance(horizon, int):
        cutoff = check_parameters(**planned.values).cutoff
        horizon = horizon_at_hand(planned.cohort, cutoff)
    return Manuscript(
        project=planned.project,
        pages=planned.pages,
        executed=workshop.executed,
        output=workshop.output,
        facts=facts.gather(
            planned.edition,
            planned.cohort.release,
            planned.values,
            planned.defaults,
            pages=[*planned.pages, "search"],
            horizon=horizon,
            previous=compared,
            commit=planned.commit,
        ),
        epoch=planned.commit.epoch,
    )


def _make_site(
    manuscript: Manuscript,
    folder: Path,
    inputs: Inputs,
    workers: Workers,
    reporter: Reporter,
    *,
    force: bool,
) -> None:
    """Compile the book and check the site, unless they were made from just this before."""
    files = staged(manuscript)
    key = inputs.key_of(files)
    site, known = folder / "site", folder / KEY
    if not force and site.is_dir() and known.is_file() and known.read_text() == key:
        return
    known.unlink(missing_ok=True)
    if force:
        shutil.rmtree(folder / "book", ignore_errors=True)
    stage(files, folder / "book")
    with reporter.stage("Pages", len(manuscript.pages)) as progress:
        html = workers.press(
            lambda nursery: book.compile_book(manuscript, folder / "book", progress, nursery)
        ).result()
    shutil.rmtree(site, ignore_errors=True)
    book.finish_site(manuscript, html, site)
    known.write_text(key)
