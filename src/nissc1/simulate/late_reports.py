"""Events that had happened by the earlier cut-off and are reported only now."""

from __future__ import annotations

import random
from dataclasses import replace

from nissc1.reconstruct.assumptions import IMMUNOSUPPRESSION_DELAY
from nissc1.simulate.course import Course

PROGRESSION_DAYS = (400, 720)
"""Within year 2, so that the two-year figures change."""
LATER_FROM = 150
"""First day of the late infection and of the autoimmune disease."""
FOLLOWED_UNTIL = 731
"""Patients were followed so long when the earlier release was made."""
ORGAN = "heart"
"""Organ of the late-reported progression: one that the visits known already cannot contradict."""


def report_late(rng: random.Random, courses: dict[str, Course]) -> dict[str, Course]:
    """Report three events late, of three patients without any event so far.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    courses : dict of str to Course
        Patients whose follow-up goes on, as the earlier release knows them.

    Returns
    -------
    dict of str to Course
        The three as they are known now, up to the same last contact: one with progression of the
        heart in year 2 and immunosuppression since, one with a secondary autoimmune disease, one
        with a serious late infection.
    """
    free = [
        patient
        for patient, course in courses.items()
        if course.last_contact >= FOLLOWED_UNTIL and course == Course(course.last_contact)
    ]
    with_progression, with_autoimmunity, with_infection = rng.sample(free, 3)
    day = rng.randint(*PROGRESSION_DAYS)
    later = {
        patient: rng.randint(LATER_FROM, courses[patient].last_contact)
        for patient in (with_autoimmunity, with_infection)
    }
    return {
        with_progression: replace(
            courses[with_progression],
            progression=day,
            basis=ORGAN,
            immunosuppression=day + IMMUNOSUPPRESSION_DELAY,
        ),
        with_autoimmunity: replace(
            courses[with_autoimmunity], autoimmunity=later[with_autoimmunity]
        ),
        with_infection: replace(courses[with_infection], late_infection=later[with_infection]),
    }
