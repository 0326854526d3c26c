"""Build an edition: check the request, execute, compile, publish."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nissc1.cohort.release import Cohort
from nissc1.maturity import horizon_at_hand
from nissc1.publish import book, editions, execution, facts, results
from nissc1.publish.editions import Outcome
from nissc1.publish.errors import BuildError, RequestError
from nissc1.publish.notebooks import find_notebooks
from nissc1.publish.parameters import Parameters, agreed, edition_name, parse
from nissc1.publish.progress import Reporter
from nissc1.publish.project import Project, commit_of, toc_pages
from nissc1.report.built_edition import PREVIOUS
from nissc1.report.parameters import check_parameters


@dataclass(frozen=True)
class Request:
    """What to build.

    Attributes
    ----------
    release : str or None
        Data release; None takes the notebooks' default.
    settings : tuple of str
        ``name=value`` for parameters other than their defaults.
    jobs : int
        Notebooks executed at a time.
    replace : bool
        Whether a published edition of the same name may be replaced.
    data : Path or None
        Folder of data releases outside the project.
    """

    release: str | None = None
    settings: tuple[str, ...] = ()
    jobs: int = 1
    replace: bool = False
    data: Path | None = None


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
    """

    edition: str
    folder: Path
    records: int
    outcome: Outcome


def _settings(request: Request, allowed: Sequence[str]) -> list[str]:
    settings = list(request.settings)
    if request.release is not None:
        if any(setting.partition("=")[0].strip() == "release" for setting in settings):
            raise RequestError("the release is given twice: as argument and through --set")
        if "release" not in allowed:
            raise RequestError(f"the notebooks have no parameter release; they have {allowed}")
        settings.append(f"release={request.release}")
    return settings


def _checked_cohort(values: Parameters, data: Path | None) -> tuple[Cohort, int]:
    """Meet the faults of a request here, before each notebook meets them in turn."""
    try:
        parameters = check_parameters(**values)
    except TypeError:
        raise BuildError(
            f"the notebooks declare {', '.join(values)}; "
            "report.parameters.check_parameters takes others: make them agree"
        ) from None
    cohort = parameters.cohort(data)
    horizon = parameters.horizon_months or horizon_at_hand(cohort, parameters.cutoff)
    return cohort, horizon


def _data_folder(request: Request) -> Path | None:
    configured = request.data or os.environ.get("NISSC1_DATA")
    return Path(configured).resolve() if configured else None


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


def build(project: Project, request: Request, reporter: Reporter) -> Built:
    """Build an edition and publish it.

    Parameters
    ----------
    project : Project
        The project.
    request : Request
        What to build.
    reporter : Reporter
        Told of the progress.

    Returns
    -------
    Built
        What was built.

    Raises
    ------
    BuildError
        If a parameter, a notebook, a page or the produced site is at fault. The published site is
        then as it was.
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
    data = _data_folder(request)
    cohort, horizon = _checked_cohort(values, data)
    edition = edition_name(values, defaults)
    commit = commit_of(project)
    folder = project.build / edition
    output = folder / "output"
    environment = {
        "NISSC1_OUTPUT": str(output),
        "NISSC1_HOME": str(project.root),
        "NISSC1_COMMIT": commit.id,
        "SOURCE_DATE_EPOCH": str(commit.epoch),
    }
    compared = editions.previous(project.site, values)
    if compared is not None:
        environment[PREVIOUS] = str(folder / "previous")
    if data is not None:
        environment["NISSC1_DATA"] = str(data)
    with _only_build(project.build, edition):
        shutil.rmtree(folder, ignore_errors=True)
        output.mkdir(parents=True)
        if compared is not None:
            editions.copy_account(project.site / compared, folder / "previous")
        workshop = execution.prepare(
            execution.Workshop(folder, project.build / "cache", environment)
        )
        with reporter.stage("Notebooks", len(notebooks)) as stage:
            execution.execute_all(
                notebooks, _injected(values, defaults), workshop, request.jobs, stage
            )
        records = results.merge(output / "records", [each.name for each in notebooks])
        results.write(records, output)
        manuscript = book.Manuscript(
            project=project,
            pages=pages,
            executed=workshop.executed,
            output=output,
            facts=facts.gather(
                edition,
                cohort.release,
                values,
                defaults,
                pages=[*pages, "search"],
                horizon=horizon,
                previous=compared,
                commit=commit,
            ),
            epoch=commit.epoch,
        )
        book.stage(manuscript, folder / "book")
        with reporter.stage("Pages", len(pages)) as stage:
            html = book.compile_book(manuscript, folder / "book", stage)
        book.finish_site(manuscript, html, folder / "site")
        outcome = editions.publish(folder / "site", project.site, edition, replace=request.replace)
    return Built(edition, project.site / edition, len(records), outcome)


def _injected(values: Parameters, defaults: Parameters) -> Parameters | None:
    return None if values == defaults else values
