"""What is estimated: the study's endpoints, from a cohort to times and events.

Times are days since day 0, the reinfusion of stem cells. `ENDPOINTS` describes each endpoint in
words for the methods page; its entries are named as the functions here.

Three choices are made here because the article leaves them open:

* *Progression* is taken as reported (``outcomes.progression_day``): its definition stands in the
  article's Online Supplementary Appendix S1, which is not public.
* *Ties.* Progression on the day of death counts as progression: one event of progression-free
  survival, with progression as its cause, and no non-relapse death.
* *Lung function* improves by a tenth when its percentage of predicted rises by at least 10 % of
  the baseline value. The article does not say whether it means that or ten percentage points;
  `response` takes ``absolute=True`` for the latter.
"""

from __future__ import annotations

import pandas as pd

from nissc1.cohort.release import Cohort
from nissc1.cohort.series import complete_series
from nissc1.complications import complications, complications_by_patient
from nissc1.endpoint_definitions import ENDPOINTS, Endpoint
from nissc1.response_definition import response_component

__all__ = [
    "ENDPOINTS",
    "Endpoint",
    "complete_series",
    "complications",
    "complications_by_patient",
    "neutrophil_engraftment",
    "non_relapse_mortality",
    "overall_survival",
    "platelet_engraftment",
    "progression",
    "progression_free_survival",
    "response",
    "response_component",
]


def overall_survival(cohort: Cohort) -> pd.DataFrame:
    """Compute overall survival.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    DataFrame
        One row a patient: ``patient_id``, ``time`` (days), ``event`` (0 censored, 1 death).
    """
    course = _course(cohort)
    return _times(course, course["last_contact"], "event", course["dead"].astype(int))


def progression_free_survival(cohort: Cohort) -> pd.DataFrame:
    """Compute progression-free survival.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    DataFrame
        One row a patient: ``patient_id``, ``time`` (days), ``event`` (0 censored, 1 progression or
        death).
    """
    course = _course(cohort)
    event = course["progressed"] | course["dead"]
    return _times(course, course["until_progression"], "event", event.astype(int))


def progression(cohort: Cohort) -> pd.DataFrame:
    """Compute the time to progression, death without it competing.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    DataFrame
        One row a patient: ``patient_id``, ``time`` (days), ``cause`` (0 censored, 1 progression,
        2 death without progression).
    """
    course = _course(cohort)
    cause = course["dead"].astype(int).mul(2).mask(course["progressed"], 1)
    return _times(course, course["until_progression"], "cause", cause)


def non_relapse_mortality(cohort: Cohort) -> pd.DataFrame:
    """Compute the time to death without progression, progression competing.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    DataFrame
        One row a patient: ``patient_id``, ``time`` (days), ``cause`` (0 censored, 1 death without
        progression, 2 progression).
    """
    course = _course(cohort)
    cause = course["dead"].astype(int).mask(course["progressed"], 2)
    return _times(course, course["until_progression"], "cause", cause)


def response(cohort: Cohort, *, absolute: bool = False) -> pd.DataFrame:
    """Compute the time to the first response, death competing.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis. Who has no baseline value of a component cannot respond by it.
    absolute : bool
        Whether lung function must rise by ten percentage points of predicted instead of by a tenth
        of its baseline value.

    Returns
    -------
    DataFrame
        One row a patient: ``patient_id``, ``time`` (days), ``cause`` (0 censored, 1 response,
        2 death without response).
    """
    course = _course(cohort)
    first = response_component(cohort, absolute=absolute).set_index("patient_id")["time"]
    day = course["patient_id"].map(first)
    responded = day.notna()
    cause = course["dead"].astype(int).mul(2).mask(responded, 1)
    return _times(course, day.where(responded, course["last_contact"]), "cause", cause)


def neutrophil_engraftment(cohort: Cohort) -> pd.DataFrame:
    """Compute the time to neutrophil engraftment, death competing.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    DataFrame
        One row a patient: ``patient_id``, ``time`` (days), ``cause`` (0 censored, 1 engraftment,
        2 death before it).
    """
    return _engraftment(cohort, "neutrophil_engraftment_day")


def platelet_engraftment(cohort: Cohort) -> pd.DataFrame:
    """Compute the time to platelet engraftment, death competing.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    DataFrame
        One row a patient whose platelets fell below 20 × 10⁹/L or whose course is not known:
        ``patient_id``, ``time`` (days), ``cause`` (0 censored, 1 engraftment, 2 death before it).
    """
    never_below = cohort.transplants["platelets_never_below_20"].fillna(False)
    waiting = cohort.transplants.loc[~never_below, "patient_id"]
    frame = _engraftment(cohort, "platelet_engraftment_day")
    return frame.loc[frame["patient_id"].isin(waiting)].reset_index(drop=True)


def _course(cohort: Cohort) -> pd.DataFrame:
    """Reduce each patient's outcome to plain floats and booleans, without missing values."""
    outcomes = cohort.outcomes
    unknown = outcomes["last_contact_day"].isna() | outcomes["vital_status"].isna()
    if unknown.any():
        raise ValueError(
            f"Patient {outcomes.loc[unknown, 'patient_id'].iloc[0]!r} has no last contact or vital "
            "status in outcomes; every patient needs both. Run the checks on the release."
        )
    progressed = outcomes["progression_day"].notna()
    last_contact = outcomes["last_contact_day"].astype(float)
    progression_day = outcomes["progression_day"].astype("Float64")
    return pd.DataFrame(
        {
            "patient_id": outcomes["patient_id"],
            "last_contact": last_contact,
            "dead": (outcomes["vital_status"] == "dead").astype(bool),
            "progressed": progressed,
            "until_progression": progression_day.fillna(last_contact).astype(float),
        }
    )


def _times(
    course: pd.DataFrame, time: pd.Series[float], name: str, what: pd.Series[int]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "patient_id": course["patient_id"],
            "time": time.astype(float),
            name: what.astype(int),
        }
    ).reset_index(drop=True)


def _engraftment(cohort: Cohort, column: str) -> pd.DataFrame:
    course = _course(cohort)
    day = course["patient_id"].map(cohort.transplants.set_index("patient_id")[column])
    engrafted = day.notna()
    cause = course["dead"].astype(int).mul(2).mask(engrafted, 1)
    return _times(course, day.astype("Float64").fillna(course["last_contact"]), "cause", cause)
