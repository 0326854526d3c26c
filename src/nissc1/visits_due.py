"""Which scheduled measurements were taken, and why the others were not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.release import Cohort
from nissc1.maturity import potential_follow_up

MEASURED, NOT_MEASURED = "measured", "seen, not measured"
MISSED, NO_LATER = "missed, seen later", "not seen again"
NOT_DUE, DEAD = "not yet due", "died before"
STATUSES = (MEASURED, NOT_MEASURED, MISSED, NO_LATER, NOT_DUE, DEAD)
"""What can be said of a measurement that the schedule asks for."""
DUE = (MEASURED, NOT_MEASURED, MISSED, NO_LATER)
"""Those of a living patient for whom the time had come."""


def visit_status(
    cohort: Cohort, column: str, months: Sequence[int], cutoff: dt.date | None = None
) -> pd.DataFrame:
    """Tell of each scheduled measurement whether it was taken and, if not, why.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    column : str
        Measurement, a column of ``visits``.
    months : sequence of int
        Scheduled months.
    cutoff : datetime.date, optional
        Date at which follow-up ends; the release's own by default.

    Returns
    -------
    DataFrame
        Indexed by ``patient_id``, one column a month, each cell one of `STATUSES`: taken; the
        patient had died before; by the data cut-off the month had not come; seen but without it;
        not seen then but later; not seen then or later.
    """
    outcomes = cohort.outcomes.set_index("patient_id")
    visits = cohort.visits
    seen = _by_month(visits, visits["visit_day"].notna(), months, outcomes.index)
    measured = _by_month(visits, visits[column].notna(), months, outcomes.index)
    last_seen = visits.groupby("patient_id")["month"].max().reindex(outcomes.index)
    dead = (outcomes["vital_status"] == "dead").fillna(False).to_numpy(dtype=bool)
    died_on = np.where(dead, outcomes["last_contact_day"].astype(float), np.inf)
    at_hand = pd.Series(potential_follow_up(cohort, cutoff), cohort.transplants["patient_id"])
    could_be = at_hand.reindex(outcomes.index).to_numpy(dtype=float)
    found = {}
    for month in months:
        day = month * DAYS_PER_MONTH
        found[month] = np.select(
            [
                measured[month].to_numpy(),
                died_on < day,
                could_be < day,
                seen[month].to_numpy(),
                (last_seen > month).fillna(False).to_numpy(dtype=bool),
            ],
            [MEASURED, DEAD, NOT_DUE, NOT_MEASURED, MISSED],
            NO_LATER,
        )
    return pd.DataFrame(found, index=outcomes.index)


def by_month(status: pd.DataFrame) -> pd.DataFrame:
    """Count the statuses at each month.

    Parameters
    ----------
    status : DataFrame
        Result of `visit_status`.

    Returns
    -------
    DataFrame
        Indexed by month, one column a status; each row adds up to the patients.
    """
    counts = {month: status[month].value_counts() for month in status.columns}
    table = pd.DataFrame(counts).T.reindex(columns=list(STATUSES)).fillna(0).astype(int)
    return table.rename_axis("month")


def progressed_before(cohort: Cohort, month: int) -> pd.Series[bool]:
    """Tell whose disease had progressed before a scheduled month.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    month : int
        The month.

    Returns
    -------
    Series of bool
        By ``patient_id``.
    """
    day = cohort.outcomes.set_index("patient_id")["progression_day"]
    return (day < month * DAYS_PER_MONTH).fillna(False).astype(bool)


def reachable(cohort: Cohort, month: int, cutoff: dt.date | None = None) -> pd.Index[str]:
    """List the patients who could have been seen at a month.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    month : int
        Scheduled month.
    cutoff : datetime.date, optional
        Date at which follow-up ends; the release's own by default.

    Returns
    -------
    Index of str
        Those whose potential follow-up reaches the month and who are not known to have died before.
    """
    status = visit_status(cohort, "mrss", [month], cutoff)[month]
    return status.index[status.isin(DUE)]


def _by_month(
    visits: pd.DataFrame, which: pd.Series[bool], months: Sequence[int], patients: pd.Index[str]
) -> pd.DataFrame:
    there = visits.loc[which.fillna(False).astype(bool), ["patient_id", "month"]].drop_duplicates()
    return pd.DataFrame(
        {
            month: patients.isin(there.loc[there["month"] == month, "patient_id"])
            for month in months
        },
        index=patients,
    )
