"""A patient's course in days since transplantation, and how it goes on."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from nissc1.cohort.course_rules import EARLY_DAYS
from nissc1.reconstruct.assumptions import IMMUNOSUPPRESSION_DELAY
from nissc1.simulate import hazards, rates
from nissc1.simulate.hazards import NEVER, first_day, happens
from nissc1.simulate.known import Row

PROGRESSION = "Progression"
"""Cause of death after progression, as reported."""


@dataclass(frozen=True)
class Course:
    """Hold a row of outcomes.

    Attributes
    ----------
    last_contact : int
        Day of death or last day known alive.
    dead : bool
    cause, detail : str
        Class and wording of the cause of death; empty for the living.
    progression : int or None
    basis : str
        Organ that progressed; empty where none did.
    immunosuppression, myeloid_malignancy, late_infection, autoimmunity : int or None
        Days of the other events.
    """

    last_contact: int
    dead: bool = False
    cause: str = ""
    detail: str = ""
    progression: int | None = None
    basis: str = ""
    immunosuppression: int | None = None
    myeloid_malignancy: int | None = None
    late_infection: int | None = None
    autoimmunity: int | None = None

    @classmethod
    def read(cls, row: Row) -> Course:
        """Read a row of outcomes.

        Parameters
        ----------
        row : dict
            Cells as text.

        Returns
        -------
        Course
            The same in days.
        """

        def day(column: str) -> int | None:
            return int(row[column]) if row[column] else None

        return cls(
            last_contact=int(row["last_contact_day"]),
            dead=row["vital_status"] == "dead",
            cause=row["cause_of_death"],
            detail=row["cause_of_death_detail"],
            progression=day("progression_day"),
            basis=row["progression_basis"],
            immunosuppression=day("immunosuppression_day"),
            myeloid_malignancy=day("myeloid_malignancy_day"),
            late_infection=day("late_infection_day"),
            autoimmunity=day("secondary_autoimmunity_day"),
        )

    def written(self, patient: str) -> Row:
        """Write a row of outcomes.

        Parameters
        ----------
        patient : str
            Pseudonym.

        Returns
        -------
        dict
            Cells as text.
        """

        def cell(day: int | None) -> str:
            return "" if day is None else str(day)

        return {
            "patient_id": patient,
            "last_contact_day": str(self.last_contact),
            "vital_status": "dead" if self.dead else "alive",
            "cause_of_death": self.cause,
            "cause_of_death_detail": self.detail,
            "progression_day": cell(self.progression),
            "progression_basis": self.basis,
            "immunosuppression_day": cell(self.immunosuppression),
            "myeloid_malignancy_day": cell(self.myeloid_malignancy),
            "late_infection_day": cell(self.late_infection),
            "secondary_autoimmunity_day": cell(self.autoimmunity),
        }


def follow(rng: random.Random, course: Course, *, since: int, until: int) -> Course:
    """Let a living patient's course go on.

    Parameters
    ----------
    rng : random.Random
        The patient's own source of chance; as many numbers are taken from it whatever happens.
    course : Course
        What is known.
    since : int
        Day after which events come; nothing happens between the last contact and it.
    until : int
        Day of the last call to the living.

    Returns
    -------
    Course
        Up to death, loss or the last call, whichever is first. Events known already stay.
    """
    late = max(since, EARLY_DAYS)
    progression = first_day(rng, hazards.PROGRESSION, since)
    death = first_day(rng, hazards.DEATH_WITHOUT_PROGRESSION, late)
    survival = first_day(rng, hazards.DEATH_AFTER_PROGRESSION, 0)
    treated = first_day(rng, hazards.IMMUNOSUPPRESSION, late)
    treated_at_progression = happens(rng, rates.IMMUNOSUPPRESSION_AT_PROGRESSION.value)
    myeloid_malignancy = first_day(rng, hazards.MYELOID_MALIGNANCY, late)
    late_infection = first_day(rng, hazards.LATE_INFECTION, late)
    autoimmunity = first_day(rng, hazards.AUTOIMMUNITY, since)
    lost = first_day(rng, hazards.LOSS, late)
    organs = dict(rates.ORGANS.value)
    basis = rng.choices(list(organs), list(organs.values()))[0]
    causes = dict(rates.OTHER_CAUSES.value)
    other_cause = rng.choices(list(causes), list(causes.values()))[0]

    if course.progression is not None:
        progression, treated, death = course.progression, NEVER, since + survival
    else:
        progression, death = (
            (progression, progression + survival) if progression < death else (NEVER, death)
        )
        if treated >= progression:
            treated = progression + IMMUNOSUPPRESSION_DELAY if treated_at_progression else NEVER
    end = min(death, lost, until)
    dead = death == end
    progressed = progression <= end

    def seen(known: int | None, day: int) -> int | None:
        return known if known is not None or day > end else day

    return replace(
        course,
        last_contact=end,
        dead=dead,
        cause=("progression" if progressed else "other") if dead else "",
        detail=(PROGRESSION if progressed else other_cause) if dead else "",
        progression=progression if progressed else None,
        basis=course.basis or (basis if progressed else ""),
        immunosuppression=seen(course.immunosuppression, treated),
        myeloid_malignancy=seen(course.myeloid_malignancy, myeloid_malignancy),
        late_infection=seen(course.late_infection, late_infection),
        autoimmunity=seen(course.autoimmunity, autoimmunity),
    )
