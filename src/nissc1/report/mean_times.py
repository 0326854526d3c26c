"""Rows and records of mean times lived and lost up to landmarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.estimates import NotEstimable
from nissc1.report.session import Report
from nissc1.stats import RestrictedMean, mean_difference, rmst, time_lost

MONTHS_PER_YEAR = 12
Outcomes = Mapping[str, tuple[str, pd.DataFrame]]
"""By part of the records' ids: name for people, and ``time`` in days with what happened."""


def mean_time_rows(
    report: Report, lived: Outcomes, lost: Outcomes, years: Iterable[int]
) -> pd.DataFrame:
    """Record restricted mean survival times, and mean times lost by cause.

    Parameters
    ----------
    report : Report
        The notebook's session.
    lived : mapping of str to (str, DataFrame)
        Outcomes with an ``event``.
    lost : mapping of str to (str, DataFrame)
        Outcomes with a ``cause``.
    years : iterable of int
        Horizons; those beyond the edition's are left out.

    Returns
    -------
    DataFrame
        One row a horizon: ``Up to``, and a record under each outcome's name.
    """
    rows = []
    for months in _horizons(report, years):
        row: dict[str, Any] = {"Up to": f"{months} months"}
        for key, (name, times) in lived.items():
            mean = _lived(report, times, months)
            row[name] = report.mean_time(
                f"rmst.{key}.{months}m", _up_to(name, months), mean, months
            )
        for key, (cause, times) in lost.items():
            name, days = f"Lost to {cause.lower()}", times["time"] / DAYS_PER_MONTH
            mean = report.attempt(
                time_lost, days, times["cause"], horizon=months, conf_level=report.conf_level
            )
            row[name] = report.mean_time(
                f"lost.{key}.{months}m", _up_to(name, months), mean, months
            )
        rows.append(row)
    return pd.DataFrame(rows)


def compared_mean_rows(
    report: Report,
    prefix: str,
    times: pd.DataFrame,
    group: pd.Series[Any],
    names: tuple[str, str],
    years: Iterable[int],
) -> pd.DataFrame:
    """Record the restricted mean survival times of two groups, and their difference.

    Parameters
    ----------
    report : Report
        The notebook's session.
    prefix : str
        First part of the records' ids; ``without``, ``with`` and ``difference`` follow.
    times : DataFrame
        ``patient_id``, ``time`` in days and ``event``.
    group : Series
        0 or 1 by ``patient_id``; who has neither is left out.
    names : tuple of str
        What the table calls the groups 0 and 1.
    years : iterable of int
        Horizons; those beyond the edition's are left out.

    Returns
    -------
    DataFrame
        One row a horizon: ``Up to``, and records under the groups' names and ``Difference``, which
        is group 1 minus group 0.
    """
    of_group = times["patient_id"].map(group)
    parts = [times[of_group == value] for value in (0, 1)]
    rows = []
    for months in _horizons(report, years):
        found = [_lived(report, part, months) for part in parts]
        records = [
            report.mean_time(f"{prefix}.{place}.{months}m", _up_to(name, months), mean, months)
            for place, name, mean in zip(("without", "with"), names, found, strict=True)
        ]
        between: Any = NotEstimable("one of the two means is not to be had")
        n = events = None
        if all(record.estimate is not None for record in records):
            without, with_it = (mean for mean in found if isinstance(mean, RestrictedMean))
            difference = mean_difference(with_it, without)
            between, n, events = vars(difference), difference.n, difference.n_events
        difference_id, label = f"{prefix}.difference.{months}m", _up_to("Difference", months)
        last = report.span(difference_id, label, between, "months", n=n, events=events)
        cells = zip(
            ("Up to", *names, "Difference"), (f"{months} months", *records, last), strict=True
        )
        rows.append(dict(cells))
    return pd.DataFrame(rows)


def _horizons(report: Report, years: Iterable[int]) -> list[int]:
    months = (MONTHS_PER_YEAR * year for year in years)
    return [month for month in months if month <= report.horizon]


def _lived(report: Report, times: pd.DataFrame, months: int) -> RestrictedMean | NotEstimable:
    days = times["time"] / DAYS_PER_MONTH
    return report.attempt(rmst, days, times["event"], horizon=months, conf_level=report.conf_level)


def _up_to(name: str, months: int) -> str:
    return f"{name}, mean up to {months} months"
