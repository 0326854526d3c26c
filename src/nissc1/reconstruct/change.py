"""The printed P values of change over time, met by pairing values of visits with each other.

Means and standard deviations of the visits say nothing about how the values of a patient go
together; the test does. Exchanging values of one visit between two patients keeps the former.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import log

import numpy as np
from scipy.stats import f

from nissc1.reconstruct.calibration import Moments
from nissc1.reconstruct.targets import Targets

Bounds = Sequence[Sequence[tuple[int, int]]]
#: Smallest P value told apart.
TINY = 1e-12


def change_window(targets: Targets, figure: str) -> tuple[float, float]:
    """Say between which P values both printed ones hold: the text's and the figure legend's.

    Parameters
    ----------
    targets : Targets
        Printed figures.
    figure : str
        Start of the id of the text's, for example ``"results.fvc"``.

    Returns
    -------
    tuple of float
        Lower and upper bound. A printed P = 0.001 stands for 0.0005 to 0.0015, P < 0.001 for what
        is below.
    """
    low, high = 0.0, 1.0
    for name in (f"{figure}_p", figure.replace("results", "figure2") + "_p"):
        printed = targets.p_value(name)
        if printed is None:
            continue
        relation, value, half = printed
        if relation == "<":
            high = min(high, value * 0.98)
        else:
            low, high = max(low, value - 0.9 * half), min(high, value + 0.9 * half)
    return low, high


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
    tries: int = 9000,
) -> float:
    """Exchange values within visits until the P value of change lies in a window.

    Every third move hands a little from one patient to another instead, where mean and SD of the
    visit still print as published.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    columns : list of list of int
        Values by visit, the baseline first; the later ones are changed in place.
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
    for trial in range(tries):
        if apart == 0.0:
            break
        visit = 1 + int(rng.random() * (len(columns) - 1))
        i, j = int(rng.random() * n), int(rng.random() * n)
        column, limits = columns[visit], bounds[visit]
        before = column[i], column[j]
        after = (before[0] + step, before[1] - step) if trial % 3 == 0 else before[::-1]
        if i == j or any(
            not limits[k][0] <= value <= limits[k][1]
            for k, value in zip((i, j), after, strict=True)
        ):
            continue
        column[i], column[j] = after
        squares = sum(value * value for value in column)
        found = change_p_value(columns)
        if misfit(found) < apart and not moments[visit].misfit(n, sum(column), squares):
            p_value, apart = found, misfit(found)
        else:
            column[i], column[j] = before
    return p_value
