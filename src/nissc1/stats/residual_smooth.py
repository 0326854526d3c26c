"""A smooth line through Schoenfeld residuals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from nissc1.stats.inputs import FloatArray
from nissc1.stats.options import check_conf_level
from nissc1.stats.restricted_cubic import restricted_cubic_basis, spline_knots


def smooth_residuals(
    place: FloatArray,
    time: FloatArray,
    residuals: FloatArray,
    std_error: float,
    *,
    n_knots: int,
    n_points: int,
    conf_level: float,
) -> pd.DataFrame:
    """Fit a natural spline to scaled residuals by least squares.

    Parameters
    ----------
    place, time : ndarray, shape (d,)
        Places of the events on the scale of the line, ascending, and their times.
    residuals : ndarray, shape (d,)
        Scaled residuals plus the coefficient.
    std_error : float
        Standard error of the coefficient; a residual has d times its variance.
    n_knots : {3, 4, 5}
        Knots, as for `spline_knots`.
    n_points : int
        Points of the line, evenly spaced, 2 or more.
    conf_level : float
        Two-sided level of the pointwise limits.

    Returns
    -------
    pandas.DataFrame
        One row a point: ``transformed``, ``time`` (interpolated), ``estimate``, ``lower``,
        ``upper``.

    Raises
    ------
    ValueError
        If there are no more distinct places than knots, or knots coincide.
    """
    check_conf_level(conf_level)
    distinct, first = np.unique(place, return_index=True)
    if len(distinct) <= n_knots:
        raise ValueError(
            f"the events happen at {len(distinct)} times; more than {n_knots} are needed for a "
            f"line of {n_knots} knots. Look at the points."
        )
    knots = spline_knots(place, n_knots)
    grid = np.linspace(place[0], place[-1], n_points)

    def terms(values: FloatArray) -> FloatArray:
        return np.column_stack([np.ones(len(values)), restricted_cubic_basis(values, knots)])

    weights = terms(grid) @ np.linalg.pinv(terms(place))
    estimate = weights @ residuals
    half = float(norm.ppf(0.5 + conf_level / 2)) * std_error
    half = half * np.sqrt(len(place) * np.sum(weights**2, axis=1))
    return pd.DataFrame(
        {
            "transformed": grid,
            "time": np.interp(grid, distinct, time[first]),
            "estimate": estimate,
            "lower": estimate - half,
            "upper": estimate + half,
        }
    )
