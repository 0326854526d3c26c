"""Check a request before anything is built."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nissc1.cohort.release import Cohort, load_release
from nissc1.publish.errors import BuildError, RequestError
from nissc1.publish.notebooks import Notebook, find_notebooks
from nissc1.publish.parameters import Parameters, agreed, edition_name, parse
from nissc1.publish.project import Commit, Project, commit_of, toc_pages
from nissc1.publish.workers import Ground
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
