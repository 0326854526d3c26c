"""Adverse events soon after transplantation."""

from __future__ import annotations

import pandas as pd

from nissc1.cohort.release import Cohort


def complications(cohort: Cohort, days: int = 100) -> pd.DataFrame:
    """List the adverse events soon after transplantation.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    days : int
        Last day of onset that counts; day 0 is the first.

    Returns
    -------
    DataFrame
        One row an event, in the order of the release: ``event_id``, ``patient_id``, ``onset_day``,
        ``category``, ``agent``, ``term`` and the booleans ``infectious`` and ``fatal``.

    Raises
    ------
    ValueError
        When `days` is negative.
    """
    if days < 0:
        raise ValueError(f"Complications are counted from day 0 on; found days = {days}.")
    events = cohort.adverse_events
    inside = events["onset_day"].between(0, days).fillna(False)
    listed = events.loc[inside].reset_index(drop=True)
    listed["infectious"] = (listed["category"] == "infectious").fillna(False).astype(bool)
    listed["fatal"] = listed["fatal"].fillna(False).astype(bool)
    order = ["event_id", "patient_id", "onset_day", "category", "agent", "term", "infectious"]
    return listed[[*order, "fatal"]]


def complications_by_patient(cohort: Cohort, days: int = 100) -> pd.DataFrame:
    """Tell which patients had complications soon after transplantation.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    days : int
        As for `complications`.

    Returns
    -------
    DataFrame
        One row a patient, all of them: ``patient_id``, ``followed`` (days observed, at most
        `days`), ``events`` (how many) and the booleans ``any``, ``infectious``,
        ``non_infectious`` (at least one of the kind) and ``fatal``.
    """
    events = complications(cohort, days)
    patient = cohort.outcomes["patient_id"]
    return pd.DataFrame(
        {
            "patient_id": patient,
            "followed": cohort.outcomes["last_contact_day"]
            .astype("Float64")
            .clip(upper=days)
            .astype(float),
            "events": patient.map(events["patient_id"].value_counts()).fillna(0).astype(int),
            "any": patient.isin(events["patient_id"]),
            "infectious": patient.isin(events.loc[events["infectious"], "patient_id"]),
            "non_infectious": patient.isin(events.loc[~events["infectious"], "patient_id"]),
            "fatal": patient.isin(events.loc[events["fatal"], "patient_id"]),
        }
    )
