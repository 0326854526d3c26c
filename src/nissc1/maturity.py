"""Whether follow-up suffices for an estimate at a given time.

A patient's *potential* follow-up runs from the transplantation to the data cut-off: as long as it
would have been without death and without loss to follow-up. Observed follow-up will not do, since
those who died early would seem to have been followed for too short a time.

An estimate is *immature* where fewer than half of the patients have a potential follow-up as long
as its time. The rule is that of the registry of transplantations in the United States, kept by the
CIBMTR: survival at three years is estimated only if at least half of the patients had the
opportunity to live that long (Health Resources and Services Administration, "Research, data and
outcomes: frequently asked questions", Blood Stem Cell programme). There such an estimate is left
out; here it is shown and marked.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from nissc1.analysis_plan import setting
from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.release import Cohort
from nissc1.stats.inputs import FloatArray

REQUIRED_SHARE: float = setting("time.maturity", "share_followed")
"""Share of the patients who must have had the opportunity to be followed that long."""
ARTICLE_HORIZON: int = setting("time.landmarks", "article_horizon")
"""Months for which the article followed its patients; no report is shorter."""


@dataclass(frozen=True)
class Maturity:
    """Count the patients who could have been followed up to a time.

    Attributes
    ----------
    followed : int
        Patients whose potential follow-up reaches the time.
    n : int
        Patients whose potential follow-up is known.
    """

    followed: int
    n: int

    @property
    def immature(self) -> bool:
        """Whether fewer than half could have been followed; False without patients."""
        return self.followed < REQUIRED_SHARE * self.n


def potential_follow_up(cohort: Cohort, cutoff: dt.date | None = None) -> FloatArray:
    """Return the time from transplantation to the data cut-off.

    Parameters
    ----------
    cohort : Cohort
        Patients; those transplanted after the cut-off must have left.
    cutoff : datetime.date, optional
        Date at which follow-up ends; the release's own by default.

    Returns
    -------
    ndarray, shape (n,)
        Days; NaN where the date of transplantation is missing.
    """
    end = np.datetime64(cutoff or cohort.release.data_cutoff, "D")
    dates = cohort.transplants["transplant_date"].to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(dates), np.nan, (end - dates).astype(np.float64))


def maturity(cohort: Cohort, days: float, cutoff: dt.date | None = None) -> Maturity:
    """Count the patients who could have been followed up to a time.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    days : float
        The time, from day 0.
    cutoff : datetime.date, optional
        Date at which follow-up ends; the release's own by default.

    Returns
    -------
    Maturity
        Patients without a date of transplantation are left out.
    """
    potential = potential_follow_up(cohort, cutoff)
    potential = potential[~np.isnan(potential)]
    return Maturity(int((potential >= days).sum()), len(potential))


def horizon_at_hand(cohort: Cohort, cutoff: dt.date | None = None) -> int:
    """Tell how far the follow-up at hand carries.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    cutoff : datetime.date, optional
        Date at which follow-up ends; the release's own by default.

    Returns
    -------
    int
        Last month of the visit schedule at which somebody was seen and at least half of the
        patients could have been; at least the article's 24 months.
    """
    scheduled = {int(month) for month in cohort.visits["month"] if month > ARTICLE_HORIZON}
    reached = (
        month
        for month in scheduled
        if not maturity(cohort, month * DAYS_PER_MONTH, cutoff).immature
    )
    return max(reached, default=ARTICLE_HORIZON)
