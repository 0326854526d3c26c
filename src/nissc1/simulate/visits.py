"""Visits: on which days a patient is seen, and what is measured there."""

from __future__ import annotations

import random

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.reconstruct.assumptions import BASELINE_WINDOW, OBSERVED_SHARE, VISIT_WINDOWS
from nissc1.simulate import export_choices, measurement_choices
from nissc1.simulate.course import Course
from nissc1.simulate.hazards import happens, normal
from nissc1.simulate.known import Row
from nissc1.simulate.measures import NAMES, OUTCOME, Level, measured, start

FARTHEST_DAYS = 60
"""Visits from month 36 on lie no farther from their scheduled day."""
EARLY_SPREAD_DAYS = 14
"""Standard deviation of the day of a visit of the first two years, as in the reconstruction."""


def later_visits(
    rng: random.Random,
    patient: str,
    course: Course,
    known: list[Row],
    absent: tuple[int, int] | None = None,
) -> list[Row]:
    """Make the visits from month 36 on.

    Parameters
    ----------
    rng : random.Random
        The patient's own source of chance; as many numbers are taken from it whatever happens.
    patient : str
        Pseudonym.
    course : Course
        Nobody is seen after the last contact, nor on the day of death.
    known : list of dict
        The patient's visits so far, whose last values are continued.
    absent : tuple of int, optional
        Last day before and last day of a time out of contact, during which nobody saw the patient.

    Returns
    -------
    list of dict
        Rows of visits. What was never measured in the patient stays missing.
    """
    levels = _last_levels(rng, known)
    missing = dict(measurement_choices.MISSING.value)
    habits = {name: happens(rng, share) for name, share in missing.items()}
    rows = []
    for month in measurement_choices.LATER_MONTHS:
        off = measurement_choices.VISIT_SPREAD_DAYS.value * normal(rng)
        day = round(month * DAYS_PER_MONTH + min(max(off, -FARTHEST_DAYS), FARTHEST_DAYS))
        attended = happens(rng, measurement_choices.ATTENDED.value)
        cells = _cells(rng, levels, course, day, missing, habits)
        away = absent is not None and absent[0] < day <= absent[1]
        if attended and not away and _seen(course, day):
            rows.append({"patient_id": patient, "month": str(month), "visit_day": str(day)} | cells)
    return rows


def early_visits(
    rng: random.Random, patient: str, course: Course, baseline: Row
) -> tuple[list[Row], list[Row]]:
    """Make a new patient's visits of the first two years.

    Parameters
    ----------
    rng : random.Random
        The patient's own source of chance.
    patient : str
        Pseudonym.
    course : Course
        Nobody is seen after the last contact, nor on the day of death.
    baseline : dict
        Measurements before transplantation; those missing are never taken.

    Returns
    -------
    visits : list of dict
        Rows of visits, month 0 first.
    levels : list of dict
        One row without noise, from which the visits from month 36 on go on.
    """
    low, high = BASELINE_WINDOW
    first = str(low + int(rng.random() * (high - low + 1)))
    rows = [{"patient_id": patient, "month": "0", "visit_day": first} | baseline]
    at_0 = {name: float(text) for name, text in baseline.items() if text}
    own = {name: normal(rng) * OUTCOME[name].spread for name in NAMES}

    def levels(month: int) -> dict[str, Level]:
        return {
            name: Level(name, value * (1 + OUTCOME[name].change[month] + own[name]), 0, 0.0)
            for name, value in at_0.items()
        }

    missing = {name: 100 * (1 - share) for name, share in OBSERVED_SHARE.items()}
    for month, (earliest, latest) in VISIT_WINDOWS.items():
        drawn = month * DAYS_PER_MONTH + EARLY_SPREAD_DAYS * normal(rng)
        day = round(min(max(drawn, earliest), latest))
        attended = happens(rng, export_choices.EARLY_VISITS.value)
        cells = _cells(rng, levels(month), course, day, missing)
        if attended and _seen(course, day):
            rows.append({"patient_id": patient, "month": str(month), "visit_day": str(day)} | cells)
    last = VISIT_WINDOWS[24][0]
    at_24 = {name: str(level.on(last, course)) for name, level in levels(24).items()}
    return rows, [dict.fromkeys(NAMES, "") | {"visit_day": str(last)} | at_24]


def _seen(course: Course, day: int) -> bool:
    return day < course.last_contact or (day == course.last_contact and not course.dead)


def _cells(
    rng: random.Random,
    levels: dict[str, Level],
    course: Course,
    day: int,
    missing: dict[str, float],
    habits: dict[str, bool] | None = None,
) -> Row:
    """Measure everything, then drop what is missing, so that chance does not shift."""
    cells = {}
    for name in NAMES:
        level = levels.get(name)
        value = measured(rng, name, level.on(day, course) if level else 0.0)
        dropped = happens(rng, missing[name])
        if happens(rng, measurement_choices.HABIT.value) and habits is not None:
            dropped = habits[name]
        cells[name] = "" if dropped or level is None else value
    return cells


def _last_levels(rng: random.Random, known: list[Row]) -> dict[str, Level]:
    """Take the last value of each measurement."""
    levels = {}
    for name in NAMES:
        values = [(int(row["visit_day"]), row[name]) for row in known if row[name]]
        day, text = max(values, default=(0, ""))
        level = start(rng, name, float(text or 0), day)
        if text:
            levels[name] = level
    return levels
