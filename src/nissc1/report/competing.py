"""Rows and records of competing risks: by group, and by model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from nissc1.candidates import candidate
from nissc1.prognosis import joined
from nissc1.report.estimates import NotEstimable
from nissc1.report.session import Report
from nissc1.stats import cox, cumulative_incidence, fine_gray, gray_test

Causes = Mapping[str, tuple[str, pd.DataFrame]]
"""By first part of the records' ids: name for people, and times with a ``cause``."""


def group_rows(
    report: Report, causes: Causes, coded: pd.DataFrame, groups: Iterable[str]
) -> pd.DataFrame:
    """Compare cumulative incidences between groups, by Gray's test.

    Parameters
    ----------
    report : Report
        The notebook's session.
    causes : mapping of str to (str, DataFrame)
        As `Causes`.
    coded : DataFrame
        Result of `nissc1.prognosis.covariates`.
    groups : iterable of str
        Candidates that are two groups.

    Returns
    -------
    DataFrame
        One row a cause and candidate: ``Cause``, ``Characteristic``, records of the incidence at
        the horizon ``Without it, %`` and ``With it, %``, and of ``P``.
    """
    rows = []
    for (key, (cause, times)), name in ((each, name) for each in causes.items() for name in groups):
        known = joined(times, coded).dropna(subset=[name])
        label = candidate(name).label
        row: dict[str, Any] = {"Cause": cause, "Characteristic": label}
        for place, value in (("without", 0.0), ("with", 1.0)):
            part = known[known[name] == value]
            curve = report.attempt(
                cumulative_incidence, part["time"], part["cause"], conf_level=report.conf_level
            )
            row[f"{place.capitalize()} it, %"] = report.rate(
                f"gray.{key}.{name}.{place}",
                f"{cause} at {report.horizon} months {place} “{label}”",
                curve,
                months=report.horizon,
            )
        test = _gray(report, known, name)
        row["P"] = report.p_value(f"gray.{key}.{name}.p", f"{cause}, P for “{label}”", test)
        rows.append(row)
    return pd.DataFrame(rows)


def _gray(report: Report, known: pd.DataFrame, name: str) -> Any:
    if known[name].nunique() < 2:
        return NotEstimable("there are no two groups")
    if not known["event"].any():
        return NotEstimable("no event")
    return report.attempt(gray_test, known["time"], known["cause"], known[name])


def model_rows(
    report: Report, causes: Causes, coded: pd.DataFrame, names: Sequence[str]
) -> pd.DataFrame:
    """Fit cause-specific Cox models and Fine and Gray's, both with robust errors.

    Parameters
    ----------
    report : Report
        The notebook's session.
    causes : mapping of str to (str, DataFrame)
        As `Causes`.
    coded : DataFrame
        Result of `nissc1.prognosis.covariates`.
    names : sequence of str
        Covariates.

    Returns
    -------
    DataFrame
        One row a cause and covariate: ``Cause`` with the number of its events,
        ``Characteristic``, and records of the ratios ``Cause-specific hazard ratio`` and
        ``Subdistribution hazard ratio``.
    """
    rows = []
    for key, (cause, times) in causes.items():
        frame = joined(times, coded)
        options: dict[str, Any] = {"covariates": names, "conf_level": report.conf_level}
        specific = report.attempt(cox, frame, time="time", event="event", robust=True, **options)
        sub = report.attempt(fine_gray, frame, time="time", cause="cause", **options)
        n_events = report.count(
            f"competing.{key}.events", f"{cause}, first events", int(frame["event"].sum()), "events"
        )
        for name in names:
            label = candidate(name).label
            rows.append(
                {
                    "Cause": f"{cause} ({n_events.text} events)",
                    "Characteristic": label,
                    "Cause-specific hazard ratio": report.hazard_ratio(
                        f"competing.{key}.cox.{name}", f"{cause}, Cox, {label}", specific, name
                    ),
                    "Subdistribution hazard ratio": report.hazard_ratio(
                        f"competing.{key}.fine_gray.{name}",
                        f"{cause}, Fine–Gray, {label}",
                        sub,
                        name,
                    ),
                }
            )
    return pd.DataFrame(rows)
