"""Build many editions at once: one a value of a column, or one a set of parameters."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from nissc1.cohort.release import open_release
from nissc1.cohort.schema import fields
from nissc1.publish.build import Built, carry_out
from nissc1.publish.errors import BuildError, RequestError
from nissc1.publish.planning import Plan, Request, plan
from nissc1.publish.progress import Quiet, Reporter
from nissc1.publish.project import Project
from nissc1.publish.sharing import Sharing
from nissc1.publish.workers import Workers

MOST_TEXTS, MOST_NUMBERS = 60, 12
"""Different values up to which a text, or a whole number, counts as a category."""


@dataclass(frozen=True)
class Series:
    """Editions that belong together.

    Attributes
    ----------
    name : str
        Name of the series and of its index page.
    title : str
        One line for people.
    plans : list of Plan
        The editions.
    """

    name: str
    title: str
    plans: list[Plan]


def plan_each(project: Project, request: Request, column: str) -> Series:
    """Plan an edition for each value of a column of the baseline.

    Parameters
    ----------
    project : Project
        The project.
    request : Request
        What all editions have in common.
    column : str
        Column with categories: text, yes or no, or few whole numbers.

    Returns
    -------
    Series
        An edition a value, in their order; a filter of the request applies beside it.

    Raises
    ------
    RequestError
        If there is no such column, it is no category, or nobody has a value of it.
    """
    whole = plan(project, request)
    baseline = open_release(whole.cohort.release.id, whole.data).baseline()
    categories = [str(name) for name in baseline if _is_category(baseline[name])]
    if column not in categories:
        what = "has too many values" if column in baseline else "is not there"
        raise RequestError(
            f"--each: the column {column!r} {what}. Must be one of {', '.join(categories)}."
        )
    plans = []
    for value in sorted(baseline[column].dropna().unique().tolist()):
        condition = f"{column} == {json.dumps(value) if isinstance(value, str) else value}"
        narrower = whole.values.get("population")
        both = condition if narrower is None else f"({narrower}) and {condition}"
        kept = [each for each in request.settings if not each.startswith("population")]
        plans.append(plan(project, replace(request, settings=(*kept, f"population={both}"))))
    release = whole.values["release"]
    return Series(f"{release}-each-{column.replace('_', '-')}", f"By {_title(column)}", plans)


def plan_sets(project: Project, request: Request, path: Path) -> Series:
    """Plan an edition for each set of parameters that a file lists.

    Parameters
    ----------
    project : Project
        The project.
    request : Request
        What all editions have in common.
    path : Path
        YAML: a list of mappings from parameter to value.

    Returns
    -------
    Series
        The editions in the order of the file.

    Raises
    ------
    RequestError
        If the file is no such list, or a set makes the same edition as another.
    """
    try:
        sets = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as fault:
        raise RequestError(f"--sets {path.name} cannot be read: {fault}") from None
    if not (isinstance(sets, list) and sets and all(isinstance(each, dict) for each in sets)):
        raise RequestError(
            f"--sets {path.name} must be a list of sets of parameters, such as "
            "'- {cutoff: 2015-06-30, conf_level: 0.9}'"
        )
    plans = []
    for each in sets:
        settings = tuple(
            f"{name}={'null' if value is None else value}" for name, value in each.items()
        )
        plans.append(plan(project, replace(request, settings=(*request.settings, *settings))))
    names = [each.edition for each in plans]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RequestError(f"--sets {path.name} makes {', '.join(twice)} more than once")
    return Series(path.stem, f"Parameter sets of {path.name}", plans)


def build_series(
    series: Series, workers: Workers, reporter: Reporter, *, force: bool = False
) -> list[Built]:
    """Build the editions of a series with the same workers.

    Parameters
    ----------
    series : Series
        The editions.
    workers : Workers
        Who executes notebooks; what is the same in several editions is executed once.
    reporter : Reporter
        Told of each finished edition.
    force : bool
        Whether to execute and compile also what could be reused.

    Returns
    -------
    list of Built
        The editions in order.

    Raises
    ------
    BuildError
        If an edition fails; the others are built all the same, and each failure is named.
    """
    quiet, sharing = Quiet(), Sharing(workers)
    with reporter.stage("Editions", len(series.plans)) as progress:

        def one(planned: Plan) -> Built | BuildError:
            try:
                built = carry_out(planned, sharing, quiet, force=force)
            except BuildError as fault:
                return BuildError(f"edition {planned.edition}: {fault.message}", fault.details)
            progress.done(planned.edition)
            return built

        # Those who wait for workers need no core of their own.
        with ThreadPoolExecutor(len(series.plans), thread_name_prefix="edition") as pool:
            done = list(pool.map(one, series.plans))
    faults = [each for each in done if isinstance(each, BuildError)]
    if faults:
        lines = [line for each in faults for line in (each.message, *each.details)]
        raise BuildError(f"{len(faults)} of {len(done)} editions failed", lines)
    return [each for each in done if isinstance(each, Built)]


def _is_category(values: pd.Series[Any]) -> bool:
    if pd.api.types.is_string_dtype(values) or pd.api.types.is_bool_dtype(values):
        return 0 < values.nunique() <= MOST_TEXTS
    return pd.api.types.is_integer_dtype(values) and 0 < values.nunique() <= MOST_NUMBERS


def _title(column: str) -> str:
    for table in ("patients", "transplants", "visits"):
        for field in fields(table):
            if field["name"] == column:
                return str(field.get("title", column)).lower()
    return column.replace("_", " ")
