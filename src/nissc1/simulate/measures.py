"""Measurements of one patient: an own level that drifts, steps at progression, and noise."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from nissc1.reconstruct.visit_outcomes import OUTCOMES, Outcome
from nissc1.simulate import measurement_choices
from nissc1.simulate.course import Course
from nissc1.simulate.hazards import YEAR, normal

DRIFT_FROM, DRIFT_UNTIL = 2 * YEAR, 5 * YEAR
"""Days between which levels drift."""
NAMES = tuple(outcome.name for outcome in OUTCOMES)
OUTCOME: dict[str, Outcome] = {outcome.name: outcome for outcome in OUTCOMES}
"""Decimals, steps and plausible range of each measurement, as the reconstruction has them."""


@dataclass(frozen=True)
class Level:
    """Hold a patient's level of a measurement.

    Attributes
    ----------
    name : str
        Column of the visits.
    value : float
        Level on a day.
    day : int
        That day.
    slope : float
        Yearly change while levels drift.
    """

    name: str
    value: float
    day: int
    slope: float

    def on(self, day: int, course: Course) -> float:
        """Compute the level on a later day.

        Parameters
        ----------
        day : int
            Day since transplantation.
        course : Course
            Tells whether progression came in between.

        Returns
        -------
        float
            Not bounded, without noise.
        """
        drifting = min(day, DRIFT_UNTIL) - max(self.day, DRIFT_FROM)
        value = self.value + self.slope * max(drifting, 0.0) / YEAR
        if course.progression is not None and self.day < course.progression <= day:
            value += step(self.name, value, course.basis)
        return value


def start(rng: random.Random, name: str, value: float, day: int) -> Level:
    """Start from a known value.

    Parameters
    ----------
    rng : random.Random
        Source of chance; one number is taken from it.
    name : str
        Measurement.
    value : float
        Its value.
    day : int
        Day on which it was measured.

    Returns
    -------
    Level
        With a slope of the patient's own.
    """
    own = normal(rng)
    slope = {
        "mrss": measurement_choices.SKIN_SLOPE.value,
        "fvc_pct": own * measurement_choices.LUNG_SLOPE.value,
    }.get(name, 0.0)
    return Level(name, value, day, slope)


def step(name: str, level: float, basis: str) -> float:
    """Tell by how much a measurement changes at progression.

    Parameters
    ----------
    name : str
        Measurement.
    level : float
        Level before.
    basis : str
        Organ that progressed.

    Returns
    -------
    float
        0 where the measurement does not show it.
    """
    if name == "mrss" and "skin" in basis:
        return max(measurement_choices.SKIN_STEP.value, level / 4)
    if name == "fvc_pct" and "lung" in basis:
        return measurement_choices.LUNG_STEP.value
    if name == "shaq":
        return measurement_choices.DISABILITY_STEP.value
    return 0.0


def measured(rng: random.Random, name: str, level: float) -> str:
    """Measure: add noise, and round to what can be recorded.

    Parameters
    ----------
    rng : random.Random
        Source of chance; one number is taken from it.
    name : str
        Measurement.
    level : float
        Level.

    Returns
    -------
    str
        Cell of the visits, within the plausible range.
    """
    noise = {
        "mrss": measurement_choices.SKIN_NOISE.value,
        "fvc_pct": measurement_choices.LUNG_NOISE.value,
        "dlco_pct": measurement_choices.LUNG_NOISE.value,
        "shaq": measurement_choices.DISABILITY_NOISE.value,
        "esr_mm_h": measurement_choices.SEDIMENTATION_NOISE.value / 100 * level,
    }[name]
    return recorded(name, level + noise * normal(rng))


def recorded(name: str, value: float) -> str:
    """Round a value to what can be recorded.

    Parameters
    ----------
    name : str
        Measurement.
    value : float
        Any value.

    Returns
    -------
    str
        The nearest one within the plausible range, without trailing zeros.
    """
    outcome = OUTCOME[name]
    bounded = min(max(value, outcome.low), outcome.high)
    units = round(bounded * 10**outcome.decimals / outcome.step) * outcome.step
    return plain(Decimal(units).scaleb(-outcome.decimals))


def plain(value: Decimal) -> str:
    """Write a number without trailing zeros.

    Parameters
    ----------
    value : Decimal
        Number.

    Returns
    -------
    str
        In digits, with a point where needed.
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
