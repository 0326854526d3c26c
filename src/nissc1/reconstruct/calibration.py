"""Seeded local search that moves values to a printed mean, standard deviation or correlation.

Everything is computed with whole numbers (units of the last decimal), so that the outcome does not
depend on the machine's floating point.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

#: Parts of the half unit of the last printed digit within which a figure counts as met.
INSIDE = 0.8


@dataclass(frozen=True)
class Moments:
    """Hold a printed mean and standard deviation, in units of the values' last decimal.

    Attributes
    ----------
    mean, sd : float
        As printed.
    mean_half, sd_half : float
        Half a unit of the last printed digit of each.
    """

    mean: float
    sd: float
    mean_half: float
    sd_half: float

    @classmethod
    def printed(cls, mean: Decimal, sd: Decimal, decimals: int) -> Moments:
        """Build from the printed figures.

        Parameters
        ----------
        mean, sd : Decimal
            As printed.
        decimals : int
            Decimals of the values themselves.
        """
        scale = 10.0**decimals

        def half(value: Decimal) -> float:
            return float(Decimal(5).scaleb(int(value.as_tuple().exponent) - 1)) * scale

        return cls(float(mean) * scale, float(sd) * scale, half(mean), half(sd))

    def misfit(self, n: int, total: int, squares: int) -> float:
        """Measure how far a sample is from the printed figures; 0 where both are met.

        Parameters
        ----------
        n : int
            Size of the sample.
        total, squares : int
            Sum of its values, and of their squares.
        """
        variance = (squares - total * total / n) / (n - 1)
        apart = abs(total / n - self.mean) / self.mean_half
        spread = abs(sqrt(max(variance, 0.0)) - self.sd) / self.sd_half
        return max(apart - INSIDE, 0.0) + max(spread - INSIDE, 0.0)


def nudge(
    rng: random.Random,
    values: list[int],
    lower: Sequence[int],
    upper: Sequence[int],
    moments: Moments,
    *,
    step: int = 1,
    reach: int = 4,
    tries: int = 60000,
) -> float:
    """Move values by small steps within their bounds until mean and SD are met.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    values : list of int
        Changed in place; multiples of ``step`` stay so.
    lower, upper : sequence of int
        Bounds of each value.
    moments : Moments
        What to meet.
    step, reach : int
        A move is up to ``reach`` steps.
    tries : int
        Moves tried at most.

    Returns
    -------
    float
        Remaining misfit; 0 where both figures are met.
    """
    n, total, squares = len(values), sum(values), sum(v * v for v in values)
    misfit = moments.misfit(n, total, squares)
    for trial in range(tries):
        if misfit == 0.0:
            break
        i, j = int(rng.random() * n), int(rng.random() * n)
        move = step * (1 + int(rng.random() * reach)) * (1 if rng.random() < 0.5 else -1)
        # Every other move takes from one what it gives to another: the mean stays.
        moves = [(i, move)] if trial % 2 or i == j else [(i, move), (j, -move)]
        if any(not lower[k] <= values[k] + by <= upper[k] for k, by in moves):
            continue
        next_total = total + sum(by for _, by in moves)
        next_squares = squares + sum(2 * values[k] * by + by * by for k, by in moves)
        after = moments.misfit(n, next_total, next_squares)
        if after < misfit + tolerance(trial, tries):
            for k, by in moves:
                values[k] += by
            total, squares, misfit = next_total, next_squares, after
    return misfit


def tolerance(trial: int, tries: int) -> float:
    """Say how much worse a move may be: less and less, nothing in the last third (Dueck 1990).

    Parameters
    ----------
    trial, tries : int
        Moves made and to be made.
    """
    return max(0.0, 1.0 - 1.5 * trial / tries)


def swap_into(
    rng: random.Random,
    values: list[int],
    inside: Sequence[int],
    groups: Sequence[int],
    moments: Moments,
    *,
    tries: int = 60000,
) -> float:
    """Swap values between a subset and the rest until the subset has a printed mean and SD.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    values : list of int
        Value of every patient; changed in place by swaps, so that the whole keeps its margin.
    inside : sequence of int
        Positions of the subset.
    groups : sequence of int
        Swaps stay within a group; negative marks patients who keep their value.
    moments : Moments
        What to meet in the subset.
    tries : int
        Swaps tried at most.

    Returns
    -------
    float
        Remaining misfit; 0 where both figures are met.
    """
    members = [p for p in inside if groups[p] >= 0]
    chosen = set(inside)
    others = [p for p in range(len(values)) if p not in chosen and groups[p] >= 0]
    n, total = len(inside), sum(values[p] for p in inside)
    squares = sum(values[p] ** 2 for p in inside)
    misfit = moments.misfit(n, total, squares)
    for trial in range(tries):
        if misfit == 0.0 or not members or not others:
            break
        p = members[int(rng.random() * len(members))]
        q = others[int(rng.random() * len(others))]
        if groups[p] != groups[q]:
            continue
        next_total = total - values[p] + values[q]
        next_squares = squares - values[p] ** 2 + values[q] ** 2
        after = moments.misfit(n, next_total, next_squares)
        if after < misfit + tolerance(trial, tries):
            values[p], values[q] = values[q], values[p]
            total, squares, misfit = next_total, next_squares, after
    return misfit


def _ranks(values: Sequence[float | Decimal]) -> list[int]:
    """Return twice the mid-ranks of values, as whole numbers."""
    order = sorted(values)
    first: dict[float | Decimal, int] = {}
    last: dict[float | Decimal, int] = {}
    for position, value in enumerate(order):
        first.setdefault(value, position)
        last[value] = position
    return [first[value] + last[value] for value in values]


def swap_to_correlation(
    rng: random.Random,
    values: list[Decimal],
    against: Sequence[float | Decimal],
    target: float,
    *,
    half: float = 0.005,
    tries: int = 60000,
) -> float:
    """Swap values between patients until their rank correlation prints as given.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    values : list of Decimal
        Changed in place by swaps.
    against : sequence
        The other variable.
    target : float
        Spearman's coefficient as printed.
    half : float
        Half a unit of its last printed digit.
    tries : int
        Swaps tried at most.

    Returns
    -------
    float
        Spearman's coefficient reached.
    """
    x, y = _ranks(values), _ranks(against)
    n = len(x)
    sx, sy = sum(x), sum(y)
    scale = sqrt((n * sum(v * v for v in x) - sx * sx) * (n * sum(v * v for v in y) - sy * sy))
    product = sum(a * b for a, b in zip(x, y, strict=True))
    rho = (n * product - sx * sy) / scale
    for _ in range(tries):
        if abs(rho - target) < INSIDE * half:
            break
        i, j = int(rng.random() * n), int(rng.random() * n)
        after = product - (x[i] - x[j]) * (y[i] - y[j])
        moved = (n * after - sx * sy) / scale
        if abs(moved - target) < abs(rho - target):
            values[i], values[j] = values[j], values[i]
            x[i], x[j] = x[j], x[i]
            product, rho = after, moved
    return rho
