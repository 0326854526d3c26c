"""Samples with a given median and range, handed to patients by rank."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nissc1.reconstruct.targets import MedianRange


class MarginalError(ValueError):
    """Report a median and range that the given values make impossible."""


@dataclass(frozen=True)
class Shape:
    """Say how values lie between the median and the ends of the range.

    Attributes
    ----------
    low, high : float
        Powers applied to a uniform position below and above the median; 1 is even, more crowds the
        values at the median.
    inner_low, inner_high : float, optional
        Bounds of all values but the ends themselves and those given.
    """

    low: float = 1.5
    high: float = 2.0
    inner_low: float | None = None
    inner_high: float | None = None


def to_units(value: float | int | str | Decimal, decimals: int) -> int:
    """Express a value in units of its last decimal, exactly.

    Parameters
    ----------
    value : number or str
        With no more decimals than given.
    decimals : int
        Decimals.
    """
    scaled = Decimal(str(value)).scaleb(decimals)
    return int(scaled.to_integral_value())


def from_units(units: int, decimals: int) -> Decimal:
    """Express units of the last decimal as a value.

    Parameters
    ----------
    units : int
        Whole units.
    decimals : int
        Decimals of the value.
    """
    return Decimal(units).scaleb(-decimals)


def sample_between(
    rng: random.Random, count: int, low: int, high: int, power: float = 1.0
) -> list[int]:
    """Draw integers from ``low`` to ``high``, one from each of ``count`` equal strata.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    count : int
        Number of values.
    low, high : int
        Bounds, both possible.
    power : float
        1 for an even spread; more crowds the values at ``low``.

    Returns
    -------
    list of int
        Ascending values.
    """
    if count and high < low:
        raise MarginalError(f"No value lies between {low} and {high}. Ask for low <= high.")
    drawn = []
    for stratum in range(count):
        position = (stratum + rng.random()) / count
        drawn.append(low + int((high - low + 1) * position**power))
    return sorted(min(value, high) for value in drawn)


def spread(
    rng: random.Random,
    n: int,
    target: MedianRange,
    *,
    decimals: int = 0,
    shape: Shape | None = None,
    fixed: Sequence[float | int | Decimal] = (),
) -> list[Decimal]:
    """Draw the values that complete a sample to a printed median and range.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    n : int
        Size of the whole sample, given values included.
    target : MedianRange
        Printed median and range, met exactly.
    decimals : int
        Decimals of the values drawn.
    shape : Shape, optional
        How the values lie between.
    fixed : sequence
        Values already known, for example those of Table 3.

    Returns
    -------
    list of Decimal
        The ``n - len(fixed)`` other values, ascending.

    Raises
    ------
    MarginalError
        When the given values rule the median or the range out.
    """
    shape = shape or Shape()
    middle, low, high = (
        to_units(value, decimals) for value in (target.median, target.low, target.high)
    )
    known = [to_units(value, decimals) for value in fixed]
    below = (n - 1) // 2 - sum(value < middle for value in known)
    above = (n - 1) // 2 - sum(value > middle for value in known)
    at_median = n - 2 * ((n - 1) // 2) - sum(value == middle for value in known)
    if at_median < 0:  # more known values at the median than places there
        below += at_median
        at_median = 0
    ends = ([] if low in known else [low]) + ([] if high in known else [high])
    below -= low in ends
    above -= high in ends
    if min(below, above) < 0 or any(not low <= value <= high for value in known):
        raise MarginalError(
            f"A sample of {n} with median {target.median} and range {target.low} to {target.high} "
            f"cannot hold the known values {[str(value) for value in fixed]}. Check them against "
            "the printed figure."
        )
    floor = low if shape.inner_low is None else max(low, to_units(shape.inner_low, decimals))
    roof = high if shape.inner_high is None else min(high, to_units(shape.inner_high, decimals))
    lower = [middle - value for value in sample_between(rng, below, 0, middle - floor, shape.low)]
    upper = [middle + value for value in sample_between(rng, above, 0, roof - middle, shape.high)]
    return [from_units(v, decimals) for v in sorted(lower + upper + ends + [middle] * at_median)]


def assign_by_rank(
    values: Sequence[Decimal], patients: Sequence[int], score: Sequence[float]
) -> dict[int, Decimal]:
    """Hand sorted values to patients in the order of a score.

    Parameters
    ----------
    values : sequence
        As many as patients.
    patients : sequence of int
        Positions of the patients.
    score : sequence of float
        Score of every patient of the cohort, looked up by position.

    Returns
    -------
    dict
        Value by patient; the lowest score has the smallest value.
    """
    order = sorted(patients, key=lambda patient: (score[patient], patient))
    return dict(zip(order, sorted(values), strict=True))


def choose(
    rng: random.Random, patients: Sequence[int], count: int, score: Sequence[float] | None = None
) -> list[int]:
    """Choose so many patients, at random or those with the highest score.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    patients : sequence of int
        Positions to choose from.
    count : int
        How many.
    score : sequence of float, optional
        Score of every patient of the cohort; chance decides if not given.

    Returns
    -------
    list of int
        Positions, ascending.
    """
    if count > len(patients) or count < 0:
        raise MarginalError(f"{count} of {len(patients)} patients cannot be chosen.")
    if score is None:
        return sorted(rng.sample(list(patients), count))
    return sorted(sorted(patients, key=lambda p: (-score[p], p))[:count])
