"""When complications began: time to the first one, and rates by period."""

from __future__ import annotations

import pandas as pd

from nissc1.cohort.release import Cohort
from nissc1.complications import WINDOW, complications
from nissc1.endpoints import overall_survival

KINDS = {"infectious": "Infection", "noninfectious": "Other complication"}
"""Of complications, by part of the records' ids."""


def first_onset(cohort: Cohort, kind: str, days: int = WINDOW) -> pd.DataFrame:
    """Compute the time to the first complication of a kind, death competing.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    kind : {"infectious", "noninfectious"}
        Kind of complication.
    days : int
        Last day that counts; who is free of it by then is censored there.

    Returns
    -------
    DataFrame
        One row a patient: ``patient_id``, ``time`` (days), ``cause`` (0 censored, 1 complication, 2
        death without it).
    """
    events = complications(cohort, days)
    of_kind = events[events["infectious"] == (kind == "infectious")]
    first = of_kind.groupby("patient_id")["onset_day"].min()
    survival = overall_survival(cohort)
    onset = survival["patient_id"].map(first).astype("Float64").astype(float)
    dead = (survival["event"] == 1) & (survival["time"] <= days)
    return pd.DataFrame(
        {
            "patient_id": survival["patient_id"],
            "time": onset.fillna(survival["time"].clip(upper=days)),
            "cause": dead.astype(int).mul(2).mask(onset.notna(), 1),
        }
    )


def by_period(
    cohort: Cohort, kind: str, last_days: tuple[int, ...]
) -> list[tuple[int, int, int, float]]:
    """Count complications and patient-days by period.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    kind : {"infectious", "noninfectious"}
        Kind of complication.
    last_days : tuple of int
        Last day of each period, ascending; the first begins with day 0.

    Returns
    -------
    list of tuple
        For each period its first and last day, the complications that began in it, and the days for
        which the patients were followed in it.
    """
    events = complications(cohort, last_days[-1])
    onset = events.loc[events["infectious"] == (kind == "infectious"), "onset_day"]
    followed = overall_survival(cohort)["time"]
    rows = []
    for before, last in zip((0, *last_days[:-1]), last_days, strict=True):
        first = before + 1 if before else 0
        days = followed.clip(upper=last) - followed.clip(upper=before)
        rows.append((first, last, int(onset.between(first, last).sum()), float(days.sum())))
    return rows
