"""The first 100 days of a new patient: transplant-related death, engraftment, complications."""

from __future__ import annotations

import random

from nissc1.cohort.course_rules import EARLY_DAYS
from nissc1.simulate.course import Course
from nissc1.simulate.hazards import normal
from nissc1.simulate.known import Known, Row

CONDITIONING_DAYS = 7
"""Days in hospital before reinfusion, added to the days lived of who dies there."""
ONSET_SPREAD_DAYS = 3
"""Standard deviation by which the onset of a complication departs from the drawn patient's."""


def transplant_death(rng: random.Random, known: Known) -> tuple[Course, list[Row]]:
    """Draw one of the transplant-related deaths of the earlier release.

    Parameters
    ----------
    rng : random.Random
        Source of chance; one choice is taken from it.
    known : Known
        Earlier release, whose deaths are those of the article's Table 3.

    Returns
    -------
    course : Course
        Day and cause.
    events : list of dict
        The complications that led to it.
    """
    deaths = [
        row for row in known.tables["outcomes"] if row["cause_of_death"] == "transplant related"
    ]
    drawn = rng.choice(deaths)
    events = known.of_patient("adverse_events", drawn["patient_id"])
    return Course.read(drawn), [event for event in events if event["fatal"] == "yes"]


def complications(rng: random.Random, known: Known, template: str, course: Course) -> list[Row]:
    """Take over the complications of the patient drawn.

    Parameters
    ----------
    rng : random.Random
        The new patient's own source of chance.
    known : Known
        Earlier release.
    template : str
        Pseudonym of the patient drawn.
    course : Course
        Nothing begins after the last contact.

    Returns
    -------
    list of dict
        Rows of adverse events; number and pseudonym are still the old ones.
    """
    last = min(course.last_contact, EARLY_DAYS)
    made = []
    for event in known.of_patient("adverse_events", template):
        day = round(int(event["onset_day"]) + ONSET_SPREAD_DAYS * normal(rng))
        made.append(event | {"onset_day": str(min(max(day, 0), EARLY_DAYS))})
    return [event for event in made if int(event["onset_day"]) <= last]


def until_last_contact(procedure: Row, course: Course) -> Row:
    """Leave out of a procedure what a patient did not live to see.

    Parameters
    ----------
    procedure : dict
        Row of transplants of a patient who lived.
    course : Course
        The new patient's.

    Returns
    -------
    dict
        The same, without engraftment after the last contact, and with a stay that ends there.
    """
    last = course.last_contact
    made = dict(procedure)
    for column in ("neutrophil_engraftment_day", "platelet_engraftment_day"):
        if made[column] and int(made[column]) > last:
            made[column] = ""
    if not made["neutrophil_engraftment_day"]:
        made["platelets_never_below_20"] = ""
    stay = int(made["conditioning_stay_days"])
    if course.dead:
        made["conditioning_stay_days"] = str(min(stay, last + CONDITIONING_DAYS))
    elif stay > last:
        made["conditioning_stay_days"] = ""
    if made["gcsf_after_days"] and int(made["gcsf_after_days"]) > last:
        made["gcsf_after_days"] = str(last)
    return made
