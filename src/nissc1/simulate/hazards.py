"""When an event comes: constant hazards within periods, in days since transplantation."""

from __future__ import annotations

import math
import random
from statistics import NormalDist

from nissc1.simulate import rates

YEAR = 365.25
NEVER = 1_000_000
"""A day that nobody reaches."""

Hazard = tuple[tuple[int, float], ...]
"""Year from which a rate holds, and the rate in per cent a year; the first year is 0."""

PROGRESSION: Hazard = (
    (0, rates.PROGRESSION_YEAR_1.value),
    (1, rates.PROGRESSION_YEAR_2.value),
    (2, rates.PROGRESSION_YEARS_3_TO_5.value),
    (5, rates.PROGRESSION_LATER.value),
)
AUTOIMMUNITY: Hazard = (
    (0, rates.AUTOIMMUNITY_YEARS_1_TO_2.value),
    (2, rates.AUTOIMMUNITY_YEARS_3_TO_5.value),
    (5, rates.AUTOIMMUNITY_LATER.value),
)
DEATH_WITHOUT_PROGRESSION: Hazard = ((0, rates.DEATH_WITHOUT_PROGRESSION.value),)
DEATH_AFTER_PROGRESSION: Hazard = ((0, rates.DEATH_AFTER_PROGRESSION.value),)
IMMUNOSUPPRESSION: Hazard = ((0, rates.IMMUNOSUPPRESSION.value),)
MYELOID_MALIGNANCY: Hazard = ((0, rates.MYELOID_MALIGNANCY.value),)
LATE_INFECTION: Hazard = ((0, rates.LATE_INFECTION.value),)
LOSS: Hazard = ((0, rates.LOSS.value),)


def first_day(rng: random.Random, hazard: Hazard, since: int) -> int:
    """Draw the day of an event.

    Parameters
    ----------
    rng : random.Random
        Source of chance; one number is taken from it.
    hazard : Hazard
        Rates by period since transplantation.
    since : int
        Day from the end of which on the patient is at risk.

    Returns
    -------
    int
        A day after `since`; `NEVER` or later where the event does not come in a lifetime.
    """
    left = -math.log(1 - rng.random())
    day = float(since)
    ends = [*(float(year) * YEAR for year, _ in hazard[1:]), math.inf]
    for (_, rate), end in zip(hazard, ends, strict=True):
        per_day = rate / 100 / YEAR
        if end <= day:
            continue
        if per_day > 0 and left < per_day * (end - day):
            return math.floor(day + left / per_day) + 1
        left -= per_day * (end - day) if per_day else 0.0
        day = end
    return NEVER


def normal(rng: random.Random) -> float:
    """Draw a standard normal number.

    Parameters
    ----------
    rng : random.Random
        Source of chance; one number is taken from it.

    Returns
    -------
    float
        Within ±6.
    """
    return NormalDist().inv_cdf(min(max(rng.random(), 1e-9), 1 - 1e-9))


def happens(rng: random.Random, percent: float) -> bool:
    """Decide by chance.

    Parameters
    ----------
    rng : random.Random
        Source of chance; one number is taken from it.
    percent : float
        Probability.

    Returns
    -------
    bool
        Whether it happens.
    """
    return rng.random() < percent / 100
