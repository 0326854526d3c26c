"""Records of mean times lived and lost up to a landmark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.estimates import NotEstimable
from nissc1.report.record import Record
from nissc1.report.session import Report
from nissc1.stats import RestrictedMean, mean_difference, rmst, time_lost

MONTHS_PER_YEAR = 12


def landmark_years(report: Report, years: Iterable[int]) -> list[int]:
    """Select the years that the edition's horizon reaches.

    Parameters
    ----------
    report : Report
        The notebook's session.
    years : iterable of int
        Years of the plan.

    Returns
    -------
    list of int
        Those up to the horizon.
    """
    return [year for year in years if MONTHS_PER_YEAR * year <= report.horizon]


def mean_lived(
    report: Report, record_id: str, label: str, times: pd.DataFrame, months: int
) -> Record:
    """Record a restricted mean survival time.

    Parameters
    ----------
    report : Report
        The notebook's session.
    record_id, label : str
        Id of the record and what a table calls it.
    times : DataFrame
        ``time`` in days and ``event``.
    months : int
        Horizon.

    Returns
    -------
    Record
        The mean, months.
    """
    days = times["time"] / DAYS_PER_MONTH
    options = {"horizon": months, "conf_level": report.conf_level}
    return report.mean_time(
        record_id, label, report.attempt(rmst, days, times["event"], **options), months
    )


def mean_lost(
    report: Report, record_id: str, label: str, times: pd.DataFrame, months: int
) -> Record:
    """Record a mean time lost to a cause.

    Parameters
    ----------
    report : Report
        The notebook's session.
    record_id, label : str
        Id of the record and what a table calls it.
    times : DataFrame
        ``time`` in days and ``cause``, 1 of interest.
    months : int
        Horizon.

    Returns
    -------
    Record
        The mean, months.
    """
    days = times["time"] / DAYS_PER_MONTH
    options = {"horizon": months, "conf_level": report.conf_level}
    return report.mean_time(
        record_id, label, report.attempt(time_lost, days, times["cause"], **options), months
    )


def compared_means(
    report: Report,
    prefix: str,
    times: pd.DataFrame,
    group: pd.Series[Any],
    names: tuple[str, str],
    months: int,
) -> list[Record]:
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
    months : int
        Horizon.

    Returns
    -------
    list of Record
        Three, months; the difference is group 1 minus group 0.
    """
    of_group = times["patient_id"].map(group)
    options = {"horizon": months, "conf_level": report.conf_level}
    found: list[RestrictedMean | NotEstimable] = [
        report.attempt(rmst, part["time"] / DAYS_PER_MONTH, part["event"], **options)
        for part in (times[of_group == value] for value in (0, 1))
    ]
    records = [
        report.mean_time(f"{prefix}.{place}.{months}m", name, mean, months)
        for place, name, mean in zip(("without", "with"), names, found, strict=True)
    ]
    record_id, label = f"{prefix}.difference.{months}m", "Difference"
    if any(record.estimate is None for record in records):
        nothing = NotEstimable("one of the two means is not to be had")
        return [*records, report.span(record_id, label, nothing, "months")]
    without, with_it = (mean for mean in found if isinstance(mean, RestrictedMean))
    between = mean_difference(with_it, without)
    span = report.span(
        record_id, label, vars(between), "months", 1, n=between.n, events=between.n_events
    )
    return [*records, span]
