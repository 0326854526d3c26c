"""How the patients went through the study: who was still followed when, and who left why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nissc1 import endpoints
from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.release import Cohort
from nissc1.completeness import MEASURES
from nissc1.maturity import potential_follow_up

HALF_YEAR = 6 * DAYS_PER_MONTH
"""Days before a time up to which a last contact counts as shortly before it."""

LEFT = {
    "died": "Died",
    "not_due": "Not yet due",
    "seen_shortly": "Last seen in the 6 months before",
    "no_contact": "Last seen earlier",
}
"""Why patients are no longer followed: attributes of `Step` and what is said of them."""


@dataclass(frozen=True)
class Step:
    """Count what happened up to a time since the one before it.

    Attributes
    ----------
    month : int
        The time, months after transplantation.
    died : int
        Patients who died since the time before.
    not_due : int
        Patients alive whose transplantation lies too short before the data cut-off to be followed
        that long.
    seen_shortly : int
        Patients alive who could have been followed that long, and were last seen up to half a year
        before the time: a visit that fell early, or the last one before the data were sent.
    no_contact : int
        Patients alive who could have been followed that long, but were last seen earlier still.
    followed : int
        Patients alive and under observation at the time.
    progressed : int
        Patients whose disease progressed since the time before; they stay under observation.
    """

    month: int
    died: int
    not_due: int
    seen_shortly: int
    no_contact: int
    followed: int
    progressed: int

    def left(self) -> dict[str, int]:
        """Count those who left since the time before, by what is said of them.

        Returns
        -------
        dict of str to int
            Without those of which there is none.
        """
        counts = {heading: getattr(self, name) for name, heading in LEFT.items()}
        return {heading: count for heading, count in counts.items() if count}


@dataclass(frozen=True)
class Analysed:
    """Count the patients who enter an analysis.

    Attributes
    ----------
    name, label : str
        Key and what a table calls it.
    patients : int
        Number of patients.
    """

    name: str
    label: str
    patients: int


def participant_flow(
    cohort: Cohort, months: Sequence[int], cutoff: dt.date | None = None
) -> list[Step]:
    """Follow the patients from one time to the next.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    months : sequence of int
        Times after transplantation, ascending.
    cutoff : datetime.date, optional
        Data cut-off; the release's own by default.

    Returns
    -------
    list of Step
        One a time. Who was followed at one time is followed at the next, or died, was not due or
        was last seen in between.
    """
    survival = endpoints.overall_survival(cohort).set_index("patient_id")
    potential = dict(
        zip(cohort.transplants["patient_id"], potential_follow_up(cohort, cutoff), strict=True)
    )
    due = np.array([potential.get(patient, np.nan) for patient in survival.index], dtype=float)
    time, dead = survival["time"].to_numpy(), survival["event"].to_numpy() == 1
    progression = endpoints.progression(cohort)
    progressed_on = progression.loc[progression["cause"] == 1, "time"].to_numpy()
    steps = []
    begin = -1.0  # what happens on day 0 counts
    for month in months:
        end = month * DAYS_PER_MONTH
        within = (time > begin) & (time <= end)
        ended = (time >= begin) & (time < end) & ~dead
        not_due = ended & (due < end)
        shortly = ended & ~not_due & (time >= end - HALF_YEAR)
        steps.append(
            Step(
                month=month,
                died=int((within & dead).sum()),
                not_due=int(not_due.sum()),
                seen_shortly=int(shortly.sum()),
                no_contact=int((ended & ~not_due & ~shortly).sum()),
                followed=int(np.where(dead, time > end, time >= end).sum()),
                progressed=int(((progressed_on > begin) & (progressed_on <= end)).sum()),
            )
        )
        begin = end
    return steps


def analysed(cohort: Cohort) -> list[Analysed]:
    """Count who enters each analysis.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    list of Analysed
        Endpoints from day 0 on, then the complete series of measurements at 0, 12 and 24 months.
    """
    timed = {
        "os": ("Overall survival", endpoints.overall_survival),
        "pfs": ("Progression-free survival", endpoints.progression_free_survival),
        "progression": ("Progression", endpoints.progression),
        "nrm": ("Non-relapse mortality", endpoints.non_relapse_mortality),
        "response": ("Response", endpoints.response),
        "neutrophils": ("Neutrophil engraftment", endpoints.neutrophil_engraftment),
        "platelets": ("Platelet engraftment", endpoints.platelet_engraftment),
    }
    found = [Analysed(name, label, len(of(cohort))) for name, (label, of) in timed.items()]
    for column, label in MEASURES.items():
        patients = endpoints.complete_series(cohort, column)["patient_id"].nunique()
        name = column.partition("_")[0]
        found.append(Analysed(name, f"{label} at 0, 12 and 24 months", patients))
    return found
