"""Records on the course of the measurements: means and changes at the visits, and model checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import skew

from nissc1.maturity import ARTICLE_HORIZON
from nissc1.report.disclosure import is_small
from nissc1.report.estimates import NotEstimable
from nissc1.report.inference import Result
from nissc1.report.intervals import IntervalRecorder
from nissc1.report.record import Record
from nissc1.stats import Gee, Mmrm
from nissc1.visit_course import (
    FAR,
    MEASUREMENTS,
    estimating_equations,
    mixed_model,
    standardised_residuals,
    structure_test,
)

TOO_FEW = "too few values for the model"
"""Why a model of the visits cannot be fitted."""
_MEANING = {
    "unstructured": "any covariances",
    "compound-symmetry": "equal variances and correlations",
}


@dataclass(frozen=True)
class CourseModels:
    """Hold the models of one measurement.

    Attributes
    ----------
    topic : str
        Measurement, a key of `nissc1.visit_course.MEASUREMENTS`.
    early, whole : Mmrm or NotEstimable
        Mixed models of the visits of the first two years, and of all visits.
    equations : Gee or NotEstimable
        Estimating equations of all visits.
    early_visits : DataFrame
        Visits of the first two years.
    """

    topic: str
    early: Mmrm | NotEstimable
    whole: Mmrm | NotEstimable
    equations: Gee | NotEstimable
    early_visits: pd.DataFrame

    def means(self) -> pd.DataFrame:
        """Put the means of the mixed models together.

        Returns
        -------
        DataFrame
            Indexed by month: ``n``, ``estimate``, ``lower``, ``upper``; no row where there is no
            model.
        """
        return _joined(self, Mmrm.table)

    def changes(self) -> pd.DataFrame:
        """Put the changes of the mixed models together.

        Returns
        -------
        DataFrame
            As `means`; no row for the baseline.
        """
        return _joined(self, lambda model: model.changes(0))


def fit_courses(
    report: IntervalRecorder, visits: pd.DataFrame, months: Sequence[int]
) -> list[CourseModels]:
    """Fit the models of all measurements.

    Parameters
    ----------
    report : IntervalRecorder
        Gives the level of the limits.
    visits : DataFrame
        Visits of the patients.
    months : sequence of int
        Scheduled months to model.

    Returns
    -------
    list of CourseModels
        In the order of `nissc1.visit_course.MEASUREMENTS`.
    """
    found = []
    for topic, (column, *_) in MEASUREMENTS.items():
        shown = visits[visits["month"].isin(list(months)) & visits[column].notna()]
        first = shown[shown["month"] <= ARTICLE_HORIZON]
        early = _fit(report, mixed_model, first, column)
        longer = len(first) < len(shown)
        whole = _fit(report, mixed_model, shown, column) if longer else early
        equations = _fit(report, estimating_equations, shown, column)
        found.append(CourseModels(topic, early, whole, equations, first))
    return found


def course_rows(
    report: IntervalRecorder, courses: Sequence[CourseModels], months: Sequence[int]
) -> pd.DataFrame:
    """Record means and changes at each visit.

    Parameters
    ----------
    report : IntervalRecorder
        Takes the records.
    courses : sequence of CourseModels
        Result of `fit_courses`.
    months : sequence of int
        Scheduled months.

    Returns
    -------
    DataFrame
        One row a measurement and month.
    """
    rows = []
    for course in courses:
        _, name, unit, digits = MEASUREMENTS[course.topic]
        means, changes = course.means(), course.changes()
        marginal = course.equations
        other = marginal if isinstance(marginal, NotEstimable) else marginal.changes(0)
        model = course.whole if isinstance(course.early, NotEstimable) else course.early
        for month in months:
            n = int(means["n"].get(month, 0))
            at = f"{name} at {month} months"
            record = f"course.{course.topic}"
            mean = _row(means, month, model)
            row: dict[str, Any] = {
                "Measurement": f"{name}, {unit}",
                "Month": month,
                "Measured": n,
                "Mean": report.span(
                    f"{record}.mean.{month}m", f"{at}, mean", mean, unit, digits, n=n
                ),
            }
            if month:
                for key, title, table in (
                    ("change", "Change", changes),
                    ("gee", "Change, estimating equations", other),
                ):
                    found = table if isinstance(table, NotEstimable) else _row(table, month, model)
                    label = f"{at}, {title[0].lower()}{title[1:]} from baseline"
                    row[title] = report.span(
                        f"{record}.{key}.{month}m", label, found, unit, digits, n=n
                    )
            rows.append(row)
    return pd.DataFrame(rows)


def check_rows(report: IntervalRecorder, courses: Sequence[CourseModels]) -> pd.DataFrame:
    """Record what can be said of the models' assumptions.

    Parameters
    ----------
    report : IntervalRecorder
        Takes the records.
    courses : sequence of CourseModels
        Result of `fit_courses`.

    Returns
    -------
    DataFrame
        One row a measurement, for the model of the first two years.
    """
    rows = []
    for course in courses:
        column, name, *_ = MEASUREMENTS[course.topic]
        model, record = course.early, f"course.{course.topic}"
        failed = isinstance(model, NotEstimable)
        test: Any = (
            model if failed else report.attempt(structure_test, course.early_visits, column, model)
        )
        if isinstance(test, NotEstimable) and not failed:
            test = NotEstimable("nothing to compare")
        residuals: Any = (
            np.array([])
            if isinstance(model, NotEstimable)
            else standardised_residuals(course.early_visits, column, model)
        )
        size = len(residuals)
        statistic = test if isinstance(test, NotEstimable) else _alone(test.statistic)
        shape = test if failed else _alone(float(skew(residuals)) if size else np.nan)
        rows.append(
            {
                "Measurement": name,
                "Covariance matrix": "–"
                if isinstance(model, NotEstimable)
                else _MEANING[model.covariance_structure],
                "χ² against equal correlations (df)": _with_df(
                    report.span(
                        f"{record}.structure", f"{name}, χ² against equal correlations", statistic
                    ),
                    report.value(
                        f"{record}.structure_df",
                        f"{name}, degrees of freedom of that χ²",
                        "none" if isinstance(test, NotEstimable) else test.df,
                    ),
                ),
                "P": report.p_value(f"{record}.structure_p", f"{name}, P of that χ²", test),
                f"Residuals beyond {FAR:g} SD": report.proportion(
                    f"{record}.far_residuals",
                    f"{name}, residuals beyond {FAR:g} standard deviations",
                    numerator=int((np.abs(residuals) > FAR).sum()),
                    denominator=size,
                ),
                "Skewness": report.span(f"{record}.skewness", f"{name}, skewness", shape, "", 2),
            }
        )
    return pd.DataFrame(rows)


def drawn_means(report: IntervalRecorder, courses: Sequence[CourseModels]) -> dict[str, Any]:
    """Collect what the figures of the means draw.

    Parameters
    ----------
    report : IntervalRecorder
        Gives the rule for small numbers.
    courses : sequence of CourseModels
        Result of `fit_courses`.

    Returns
    -------
    dict of str to dict of str to DataFrame
        By title with unit, the tables of means by method; visits with few patients left out where
        small numbers are withheld.
    """
    drawn = {}
    for course in courses:
        _, name, unit, _ = MEASUREMENTS[course.topic]
        tables = {"Mixed model": course.means()}
        if not isinstance(course.equations, NotEstimable):
            tables["Estimating equations"] = course.equations.table()
        if report.disclosure.active:
            tables = {
                key: table[[not is_small(int(n)) for n in table["n"]]]
                for key, table in tables.items()
            }
        drawn[f"{name}, {unit}"] = tables
    return drawn


def _fit(
    report: IntervalRecorder, method: Callable[..., Result], visits: pd.DataFrame, column: str
) -> Result | NotEstimable:
    """Fit a model; the reason why it cannot be fitted tells no counts."""
    found = report.attempt(method, visits, column, conf_level=report.conf_level)
    if isinstance(found, NotEstimable):
        return NotEstimable("no value" if visits.empty else TOO_FEW)
    return found


def _joined(course: CourseModels, read: Callable[[Mmrm], pd.DataFrame]) -> pd.DataFrame:
    parts: list[pd.DataFrame] = []
    for model, early in ((course.early, True), (course.whole, False)):
        if isinstance(model, NotEstimable) or 0 not in model.levels:
            continue
        table = read(model)
        parts.append(table[(table.index <= ARTICLE_HORIZON) == early])
    if not parts:
        return pd.DataFrame(columns=["n", "estimate", "lower", "upper"])
    return pd.concat(parts)


def _row(table: pd.DataFrame, month: int, model: Any) -> Any:
    if month in table.index:
        return table.loc[month]
    if isinstance(model, NotEstimable):
        return model
    return NotEstimable("no patient with a value at baseline, or none at this visit")


def _with_df(statistic: Record, df: Record) -> Record | str:
    return statistic if statistic.estimate is None else f"{statistic.text} ({df.text})"


def _alone(value: float) -> dict[str, float]:
    return {"estimate": value, "lower": np.nan, "upper": np.nan}
