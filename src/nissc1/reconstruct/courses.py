"""Each synthetic patient's course: last contact, death, progression, first response."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from nissc1.reconstruct import assumptions as assumed
from nissc1.reconstruct.event_times import (
    EARLY_DEATHS,
    FIRST_YEAR_PROGRESSIONS,
    ProgressionPattern,
    ResponsePattern,
    find_progression_patterns,
    find_response_patterns,
)
from nissc1.reconstruct.marginals import sample_between
from nissc1.reconstruct.targets import N_DEATHS, Targets

#: Days of a year.
YEAR = 365.25


@dataclass
class Course:
    """Hold one patient's course in days since reinfusion.

    Attributes
    ----------
    table3 : int or None
        Row of the article's Table 3 for those who died.
    last_contact : int
        Day of death or last day known alive.
    dead : bool
    progression, immunosuppression : int or None
    basis : str or None
        Organ that progressed.
    response_day, response_month : int or None
        First visit that meets the definition of response; None where no visit does.
    thiotepa : bool
        Conditioned with thiotepa.
    """

    table3: int | None
    last_contact: int
    dead: bool
    progression: int | None = None
    immunosuppression: int | None = None
    basis: str | None = None
    response_day: int | None = None
    response_month: int | None = None
    thiotepa: bool = False

    @property
    def pfs_event(self) -> bool:
        """Whether the patient died or progressed."""
        return self.dead or self.progression is not None


def _deaths(targets: Targets) -> list[Course]:
    courses = []
    for number in range(1, N_DEATHS + 1):
        day = targets.death(number, "death_day")
        progression = assumed.PROGRESSION_DAY_OF_DEATHS.get(number)
        courses.append(
            Course(
                table3=number,
                last_contact=int(day or 0),
                dead=True,
                progression=progression,
                basis=assumed.PROGRESSION_BASIS_OF_DEATHS.get(number),
                thiotepa=targets.death(number, "conditioning_thiotepa") is not None,
            )
        )
    return courses


def _progressions(targets: Targets) -> list[Course]:
    described = int(targets.value("results.thiotepa_progression_day"))
    days = [assumed.UNDESCRIBED_PROGRESSION_DAY, *assumed.SECOND_YEAR_PROGRESSION_DAYS]
    courses = [
        Course(None, 0, False, progression=day, basis=basis)
        for day, basis in zip(days, assumed.PROGRESSION_BASIS_OF_LIVING, strict=True)
    ]
    courses.insert(
        1, Course(None, 0, False, progression=described, basis="skin and lung", thiotepa=True)
    )
    for course, last in zip(courses, assumed.LAST_CONTACT_OF_PROGRESSION, strict=True):
        course.last_contact = last
    return courses


def _event_free(rng: random.Random, pattern: ProgressionPattern) -> list[Course]:
    """Place the last contacts of event-free patients so that the pattern's risk sets result."""
    days = [assumed.SHORTEST_FOLLOW_UP_DAY]
    left = assumed.N_PATIENTS - EARLY_DEATHS - FIRST_YEAR_PROGRESSIONS - 1
    since = round(YEAR)
    for day, at_risk in zip(assumed.SECOND_YEAR_PROGRESSION_DAYS, pattern.at_risk, strict=True):
        lost = left - at_risk
        first = max(since + 1, min(assumed.LOST_FROM_DAY, day - 1 - lost))
        days += sample_between(rng, lost, first, day - 1, 0.7)
        left, since = at_risk - 1, day
    stayed = min(left - 1, assumed.N_STAYED_MONTH)
    days += sample_between(rng, stayed, *assumed.STAYED_MONTH)
    later = left - stayed - 1
    days += sample_between(
        rng, later, assumed.STAYED_MONTH[1] + 1, assumed.LONGEST_FOLLOW_UP_DAY - 30, 1.6
    )
    days.append(assumed.LONGEST_FOLLOW_UP_DAY)
    return [Course(None, day, False) for day in days]


def _distinct_days(rng: random.Random, month: int, count: int) -> list[int]:
    low, high = assumed.RESPONSE_WINDOWS[month]
    return sorted(rng.sample(range(low, high + 1), count))


def _respond(rng: random.Random, courses: list[Course], response: ResponsePattern) -> None:
    """Give first responses, the latest first, to patients still followed and free of progression.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    courses : list of Course
        All patients; changed in place.
    response : ResponsePattern
        How many respond when.
    """
    before, at_six = response.before_progression_deaths, assumed.RESPONSES_AT_MONTH_6
    late = assumed.LATE_RESPONSES
    plan = {3: before, 6: at_six, 12: response.first_year - before - at_six} | late
    plan[24] = response.second_year - sum(late.values())
    # Never: the living whose progression came last, and the dead but the one of day 414.
    never = assumed.SECOND_YEAR_PROGRESSION_DAYS[-2:]
    able = [
        c for c in courses if c.progression not in never and (not c.dead or c.table3 == N_DEATHS)
    ]
    for month, count in reversed(plan.items()):
        low, high = assumed.RESPONSE_WINDOWS[month]
        days = sorted(rng.sample(range(low, high + 1), count))
        candidates = [
            c
            for c in able
            if c.response_day is None
            and c.last_contact >= days[-1]
            and (c.progression is None or c.progression > days[-1])
        ]
        for course, day in zip(rng.sample(candidates, count), days, strict=True):
            course.response_day = day
            course.response_month = 12 if month == 13 else month


def build_courses(
    rng: random.Random, targets: Targets, progress: Callable[[str], None]
) -> list[Course]:
    """Build the courses of all patients.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    targets : Targets
        Printed figures.
    progress : callable
        Receives messages.

    Returns
    -------
    list of Course
        The eight deaths in Table 3's order, the six living patients with progression, then the
        event-free in the order of last contact. Their number at risk at each event is one of those
        that print the published limits.
    """
    progressions = find_progression_patterns(targets)
    days = [assumed.UNDESCRIBED_PROGRESSION_DAY, *assumed.PROGRESSION_DAY_OF_DEATHS.values()]
    early = sum(day < assumed.SHORTEST_FOLLOW_UP_DAY for day in days)
    pattern = next(found for found in progressions if found.before_censoring == early)
    progress(
        f"progression: {len(progressions)} orders print the published limits; "
        f"taken: {pattern.at_risk} at risk in year 2"
    )
    responses = find_response_patterns(targets)
    wanted = assumed.RESPONSES_AT_MONTH_3
    response = min(responses, key=lambda r: abs(r.before_progression_deaths - wanted))
    progress(
        f"response: {len(responses)} orders print the published limits; taken: "
        f"{response.first_year} in year 1, {response.second_year} in year 2"
    )
    courses = _deaths(targets) + _progressions(targets) + _event_free(rng, pattern)
    _respond(rng, courses, response)
    for course in courses:
        if course.progression is not None and (course.table3 in (None, N_DEATHS)):
            delay = 0 if course.thiotepa else assumed.IMMUNOSUPPRESSION_DELAY
            course.immunosuppression = course.progression + delay
    others = [
        c
        for c in courses
        if not c.pfs_event
        and c.response_month in (3, 6)
        and c.last_contact > assumed.STAYED_MONTH[0]
    ]
    thiotepa = targets.count("table2.conditioning_cyc_100_thiotepa")
    missing = thiotepa - sum(course.thiotepa for course in courses)
    for course in rng.sample(others, missing):
        course.thiotepa = True
    return courses
