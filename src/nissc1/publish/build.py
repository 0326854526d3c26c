"""Build editions: check the request, bring the results together, compile, publish."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from nissc1.cohort.location import releases_root
from nissc1.cohort.release import Cohort, load_release
from nissc1.maturity import horizon_at_hand
from nissc1.publish import book, editions, execution, facts, results
from nissc1.publish.editions import Outcome
from nissc1.publish.errors import BuildError, RequestError
from nissc1.publish.execution import Tally, Workshop
from nissc1.publish.inputs import Inputs
from nissc1.publish.notebooks import Notebook, find_notebooks
from nissc1.publish.parameters import Parameters, agreed, edition_name, parse
from nissc1.publish.progress import Reporter
from nissc1.publish.project import Commit, Project, commit_of, toc_pages
from nissc1.publish.staging import Manuscript, stage, staged
from nissc1.publish.store import Store
from nissc1.publish.workers import Ground, LocalWorkers, Workers
from nissc1.report.parameters import check_parameters
from nissc1.tracing import FACT, digest_of

KEY = "site.key"
"""File beside a finished site: the digest of everything that it was made from."""


@dataclass(frozen=True)
class Request:
    """What to build.

    Attributes
    ----------
    release : str or None
        Data release; None takes the notebooks' default.
    settings : tuple of str
        ``name=value`` for parameters other than their defaults.
    replace : bool
        Whether a published edition of the same name may be replaced.
    data : Path or None
        Folder of data releases outside the project.
    """

    release: str | None = None
    settings: tuple[str, ...] = ()
    replace: bool = False
    data: Path | None = None


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


@dataclass(frozen=True)
class Plan:
    """A request that has been checked.

    Attributes
    ----------
    project : Project
        The project.
    request : Request
        What was asked for.
    edition : str
        Name of the edition.
    pages : list of str
        Table of contents.
    notebooks : list of Notebook
        In reading order.
    values, defaults : dict
        All parameters, and their defaults.
    cohort : Cohort
        Patients of the edition.
    data : Path or None
        Folder of data releases outside the project.
    commit : Commit
        Of the source.
    """

    project: Project
    request: Request
    edition: str
    pages: list[str]
    notebooks: list[Notebook]
    values: Parameters
    defaults: Parameters
    cohort: Cohort
    data: Path | None
    commit: Commit

    @property
    def folder(self) -> Path:
        """Return the folder of intermediate files of the edition."""
        return self.project.build / self.edition

    @property
    def ground(self) -> Ground:
        """Return what workers of this machine stand on."""
        return Ground(self.project.root, self.data, self.project.build / "cache" / "matplotlib")


def plan(project: Project, request: Request) -> Plan:
    """Check a request before anything is built.

    Parameters
    ----------
    project : Project
        The project.
    request : Request
        What to build.

    Returns
    -------
    Plan
        What that means.

    Raises
    ------
    BuildError
        If a parameter, a notebook's head or the table of contents is at fault.
    nissc1.report.parameters.ParameterError
        If a parameter's value is not allowed.
    nissc1.cohort.release.ReleaseError
        If there is no such release, or its files are not what its descriptor says.
    nissc1.cohort.population.PopulationError
        If the parameter `population` is no valid filter.
    """
    pages = toc_pages(project)
    notebooks = find_notebooks(project, pages)
    defaults = agreed({notebook.name: notebook.defaults for notebook in notebooks})
    values = parse(_settings(request, tuple(defaults)), defaults)
    configured = request.data or os.environ.get("NISSC1_DATA")
    data = Path(configured).resolve() if configured else None
    return Plan(
        project=project,
        request=request,
        edition=edition_name(values, defaults),
        pages=pages,
        notebooks=notebooks,
        values=values,
        defaults=defaults,
        cohort=_checked_cohort(values, data),
        data=data,
        commit=commit_of(project),
    )


def _settings(request: Request, allowed: Sequence[str]) -> list[str]:
    settings = list(request.settings)
    if request.release is not None:
        if any(setting.partition("=")[0].strip() == "release" for setting in settings):
            raise RequestError("the release is given twice: as argument and through --set")
        if "release" not in allowed:
            raise RequestError(f"the notebooks have no parameter release; they have {allowed}")
        settings.append(f"release={request.release}")
    return settings


def _checked_cohort(values: Parameters, data: Path | None) -> Cohort:
    """Meet the faults of a request here, before each notebook meets them in turn."""
    try:
        parameters = check_parameters(**values)
    except TypeError:
        raise BuildError(
            f"the notebooks declare {', '.join(values)}; "
            "report.parameters.check_parameters takes others: make them agree"
        ) from None
    load_release(parameters.release, data)  # every file of it, whoever reads which
    return parameters.cohort(data)


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
                None if planned.values == planned.defaults else planned.values,
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
