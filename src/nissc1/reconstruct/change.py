"""The text's P values of change over time, met by pairing values of visits with each other.

Means and standard deviations of the visits say nothing about how the values of a patient go
together; the test does. Exchanging values of one visit between two patients keeps the former.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from math import log, sqrt

import numpy as np
from scipy.stats import f

from nissc1.reconstruct.calibration import INSIDE, Moments, tolerance
from nissc1.reconstruct.targets import Targets

Bounds = Sequence[Sequence[tuple[int, int]]]
#: Smallest P value told apart.
TINY = 1e-12


def printed_window(targets: Targets, figure: str) -> tuple[float, float] | None:
    """Say between which P values a printed one holds.

    Parameters
    ----------
    targets : Targets
        Printed figures.
    figure : str
        Id of the P value.

    Returns
    -------
    tuple of float or None
        Lower and upper bound; None where none is printed. A printed P = 0.001 stands for 0.0005 to
        0.0015, P < 0.001 for what is below.
    """
    printed = targets.p_value(figure)
    if printed is None:
        return None
    relation, value, half = printed
    return (
        (0.0, value * 0.99) if relation == "<" else (value - INSIDE * half, value + INSIDE * half)
    )


def residual_sd_range(targets: Targets, figure: str, legend: str) -> tuple[float, float]:
    """Say how alike the patients' courses must be for the printed means to give a P value.

    The sum of squares of the visits follows from the printed means alone, so that a P value below
    a bound is a bound on the residual. The printed SDs, on the other hand, leave a residual even
    where all patients keep their order and distances: their courses differ as much as the SDs do.

    Parameters
    ----------
    targets : Targets
        Printed figures.
    figure : str
        Start of the ids of number, means and SDs, for example ``"results.dlco"``.
    legend : str
        Id of the P value.

    Returns
    -------
    smallest : float
        Least residual SD that the printed SDs allow, all patients in lock-step.
    largest : float
        Greatest residual SD with which the means, at the ends of their rounding, give the P value
        by analysis of variance for repeated measures without correction, which is the most lenient.
    """
    n = targets.count(f"{figure}_n")
    window = printed_window(targets, legend)
    if window is None:
        raise ValueError(f"data/published/figures.csv prints no P value {legend!r}. Name another.")

    def extremes(what: str) -> list[float]:
        printed = [targets.value(f"{figure}_{what}_{month}m") for month in (0, 12, 24)]
        halves = [float(Decimal(5).scaleb(int(v.as_tuple().exponent) - 1)) for v in printed]
        ends = [(float(v) - h, float(v) + h) for v, h in zip(printed, halves, strict=True)]
        return [float(np.var(corner, ddof=1)) for corner in product(*ends)]

    needed = float(f.isf(window[1], 2, 2 * (n - 1)))
    return sqrt(min(extremes("sd"))), sqrt(n * max(extremes("mean")) / needed)


def change_p_value(columns: Sequence[Sequence[int]]) -> float:
    """Test a change over visits by analysis of variance for repeated measures.

    Parameters
    ----------
    columns : sequence of sequence of int
        Values of the patients, one column a visit.

    Returns
    -------
    float
        P value with Greenhouse and Geisser's correction (1959), as
        `nissc1.stats.repeated_measures.repeated_measures` gives it.
    """
    values = np.array(columns, dtype=float).T
    n, k = values.shape
    covariance = np.cov(values, rowvar=False)
    centred = covariance - covariance.mean(axis=0) - covariance.mean(axis=1)[:, None]
    centred += covariance.mean()
    trace = float(np.trace(centred))
    epsilon = trace**2 / ((k - 1) * float(np.sum(centred**2)))
    statistic = n * float(np.var(values.mean(axis=0), ddof=1)) / (trace / (k - 1))
    return float(f.sf(statistic, (k - 1) * epsilon, (k - 1) * (n - 1) * epsilon))


def swap_to_change(
    rng: random.Random,
    columns: list[list[int]],
    bounds: Bounds,
    moments: Sequence[Moments],
    window: tuple[float, float],
    *,
    step: int = 1,
    tries: int = 30000,
) -> float:
    """Exchange values within visits until the P value of change lies in a window.

    Every third move hands a little from one patient to another instead, where mean and SD of the
    visit still print as published.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    columns : list of list of int
        Values by visit, the baseline first; changed in place.
    bounds : sequence
        By visit, the lowest and highest value allowed in each patient.
    moments : sequence of Moments
        Printed mean and SD by visit.
    window : tuple of float
        Lowest and highest P value.
    step : int
        Values are multiples of it.
    tries : int
        Moves tried at most.

    Returns
    -------
    float
        P value reached.
    """
    low, high = (log(max(bound, TINY)) for bound in window)

    def misfit(p: float) -> float:
        value = log(max(p, TINY))
        return max(0.0, low - value, value - high)

    p_value = change_p_value(columns)
    apart = misfit(p_value)
    n = len(columns[0])
    movable = [visit for visit, pairs in enumerate(bounds) if any(a < b for a, b in pairs)]
    for trial in range(tries):
        if apart == 0.0:
            break
        visit = movable[int(rng.random() * len(movable))]
        i, j = int(rng.random() * n), int(rng.random() * n)
        column, limits = columns[visit], bounds[visit]
        before = column[i], column[j]
        by = step * (1 + int(rng.random() * 4))
        after = (before[0] + by, before[1] - by) if trial % 3 == 0 else before[::-1]
        if i == j or any(
            not limits[k][0] <= value <= limits[k][1]
            for k, value in zip((i, j), after, strict=True)
        ):
            continue
        column[i], column[j] = after
        squares = sum(value * value for value in column)
        found = misfit(change_p_value(columns))
        better = found < apart + 0.2 * tolerance(trial, tries)
        if better and not moments[visit].misfit(n, sum(column), squares):
            apart = found
        else:
            column[i], column[j] = before
    return change_p_value(columns)
