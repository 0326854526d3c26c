"""Knots and terms of a restricted cubic spline."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from nissc1.stats.inputs import FloatArray, to_numbers

#: Quantiles at which knots lie, by their number.
KNOT_QUANTILES = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
}


def spline_knots(values: ArrayLike, n_knots: int = 3) -> FloatArray:
    """Place knots at quantiles of a covariate.

    Parameters
    ----------
    values : array_like, shape (n,)
        Values of the covariate; missing ones are left out.
    n_knots : {3, 4, 5}
        Number of knots: at the 10th, 50th and 90th percentile; the 5th, 35th, 65th and 95th; the
        5th, 27.5th, 50th, 72.5th and 95th [1]_.

    Returns
    -------
    ndarray, shape (n_knots,)
        Knots, ascending.

    Raises
    ------
    ValueError
        If the number of knots is not allowed, or so many values are equal that knots coincide.

    References
    ----------
    .. [1] Harrell FE (2015). Regression Modeling Strategies. 2nd edition. Springer, Cham.

    Examples
    --------
    >>> from nissc1.stats import spline_knots
    >>> spline_knots(range(101), 3).tolist()
    [10.0, 50.0, 90.0]
    """
    if n_knots not in KNOT_QUANTILES:
        raise ValueError(
            f"n_knots is {n_knots!r}; allowed: {', '.join(map(str, KNOT_QUANTILES))}. With few "
            "events choose 3."
        )
    numbers = to_numbers(values, "values")
    known = numbers[~np.isnan(numbers)]
    if known.size == 0:
        raise ValueError("all values are missing; some are needed to place knots. Give others.")
    knots = np.quantile(known, KNOT_QUANTILES[n_knots])
    if np.any(np.diff(knots) <= 0):
        raise ValueError(
            f"the {n_knots} knots coincide in part ({', '.join(f'{k:g}' for k in knots)}); "
            "distinct ones are needed. Take fewer, or keep the covariate as a straight line."
        )
    return knots


def restricted_cubic_basis(values: ArrayLike, knots: ArrayLike) -> FloatArray:
    """Compute the terms of a restricted cubic spline.

    Parameters
    ----------
    values : array_like, shape (n,)
        Values of the covariate.
    knots : array_like, shape (k,)
        Knots, ascending, 3 or more.

    Returns
    -------
    ndarray, shape (n, k - 1)
        The covariate itself and k - 2 terms that are cubic between knots and straight beyond the
        outer ones [1]_, divided by the squared distance of the outer knots [2]_, so that all are in
        the unit of the covariate. NaN where it is missing.

    Raises
    ------
    ValueError
        If there are fewer than 3 knots or they do not ascend.

    References
    ----------
    .. [1] Stone CJ, Koo CY (1985). Additive splines in statistics. Proc Stat Comp Sect Am Stat
       Assoc: 45-48.
    .. [2] Harrell FE (2015). Regression Modeling Strategies. 2nd edition. Springer, Cham.

    Examples
    --------
    >>> from nissc1.stats import restricted_cubic_basis
    >>> restricted_cubic_basis([1, 2, 3, 4], [1, 2, 3]).tolist()
    [[1.0, 0.0], [2.0, 0.25], [3.0, 1.5], [4.0, 3.0]]
    """
    x, t = to_numbers(values, "values"), to_numbers(knots, "knots")
    if len(t) < 3 or not np.all(np.diff(t) > 0):
        raise ValueError(
            f"the knots are {t.tolist()}; 3 or more in ascending order are needed. See "
            "spline_knots."
        )

    def cubed(knot: float) -> FloatArray:
        power: FloatArray = np.maximum(x - knot, 0.0) ** 3
        return power

    last, before = float(t[-1]), float(t[-2])
    terms = [x]
    for knot in t[:-2]:
        inner = cubed(before) * (last - knot) / (last - before)
        outer = cubed(last) * (before - knot) / (last - before)
        terms.append((cubed(knot) - inner + outer) / (last - t[0]) ** 2)
    return np.column_stack(terms)
