"""Changes that matter to patients: minimal important differences, and who reaches them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from nissc1.analysis_plan import settings
from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.release import Cohort
from nissc1.maturity import potential_follow_up

_ROUNDING = 1e-9  # 45.3 - 40.0 falls short of 5.3 in binary


@dataclass(frozen=True)
class Important:
    """Hold the published range of the smallest change that matters.

    Parameters
    ----------
    column : str
        Measurement, a column of ``visits``.
    label, unit : str
        Its name and unit.
    improves : {"up", "down"}
        Direction in which it improves.
    smaller, larger : float
        Ends of the range for an improvement.
    worse_smaller, worse_larger : float
        Ends of the range for a worsening.
    cites : str
        Key of the source in the bibliography.
    """

    column: str
    label: str
    unit: str
    improves: str
    smaller: float
    larger: float
    worse_smaller: float
    worse_larger: float
    cites: str

    def limits(self) -> dict[str, tuple[str, float]]:
        """List the changes that are counted.

        Returns
        -------
        dict of str to tuple of str and float
            By name, words, and the least change for the better (positive) or worse (negative).
        """
        return {
            "better_smaller": (f"Better by ≥\u00a0{self.smaller:g}", self.smaller),
            "better_larger": (f"Better by ≥\u00a0{self.larger:g}", self.larger),
            "worse_smaller": (f"Worse by ≥\u00a0{self.worse_smaller:g}", -self.worse_smaller),
            "worse_larger": (f"Worse by ≥\u00a0{self.worse_larger:g}", -self.worse_larger),
        }


IMPORTANT: tuple[Important, ...] = tuple(
    Important(**settings(f"change.{name}")) for name in ("mrss", "fvc", "shaq")
)


def improvement(
    cohort: Cohort, important: Important, month: int, cutoff: dt.date | None = None
) -> pd.Series[float]:
    """Compute how much each patient improved from baseline to a month.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    important : Important
        The measurement.
    month : int
        Scheduled month.
    cutoff : datetime.date, optional
        Date at which follow-up ends; the release's own by default.

    Returns
    -------
    Series of float
        By ``patient_id``, the change in the direction that is better; NaN where it was not
        measured at the month. Only patients with a baseline value whom follow-up could have
        reached at the month, the dead included.
    """
    visits = cohort.visits.loc[cohort.visits[important.column].notna()]
    at = {
        when: visits.loc[visits["month"] == when]
        .drop_duplicates("patient_id")
        .set_index("patient_id")[important.column]
        .astype(float)
        for when in (0, month)
    }
    potential = pd.Series(potential_follow_up(cohort, cutoff), cohort.transplants["patient_id"])
    followed = potential.index[potential >= month * DAYS_PER_MONTH]
    patients = [each for each in cohort.patients["patient_id"] if each in at[0].index]
    known = [each for each in patients if each in followed or each in at[month].index]
    change = at[month].reindex(known) - at[0].reindex(known)
    sign = 1 if important.improves == "up" else -1
    return (sign * change).rename("improvement").rename_axis("patient_id")


def reached(improvement: pd.Series[float], least: float) -> pd.Series[bool]:
    """Tell who changed by so much.

    Parameters
    ----------
    improvement : Series of float
        Result of `improvement`.
    least : float
        Least change: positive for the better, negative for the worse.

    Returns
    -------
    Series of bool
        NA where the change is not known.
    """
    much = improvement >= least - _ROUNDING if least > 0 else improvement <= least + _ROUNDING
    return much.astype("boolean").mask(improvement.isna())
