"""The difference of the restricted means of two groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from nissc1.stats.restricted_mean import RestrictedMean
from nissc1.stats.result import Tabled


@dataclass(frozen=True)
class MeanDifference(Tabled):
    """Hold the difference of two restricted means.

    Attributes
    ----------
    horizon : float
        End of the period, in the unit of the times.
    estimate, std_error, lower, upper : float
        First mean minus second, its standard error and limits.
    p_value : float
        Two-sided, of no difference; NaN where the standard error is 0.
    conf_level : float
        Two-sided level of the limits.
    n, n_events : int
        Patients, and events of interest among them up to and including the horizon.
    """

    horizon: float
    estimate: float
    std_error: float
    lower: float
    upper: float
    p_value: float
    conf_level: float
    n: int
    n_events: int


def mean_difference(first: RestrictedMean, second: RestrictedMean) -> MeanDifference:
    """Compare the restricted means of two groups.

    Parameters
    ----------
    first, second : RestrictedMean
        Of the same kind, horizon and level, of different patients.

    Returns
    -------
    MeanDifference
        First minus second [1]_, with the normal limits of independent estimates. They need no
        proportional hazards.

    Raises
    ------
    ValueError
        If kinds, horizons or levels differ.

    References
    ----------
    .. [1] Royston P, Parmar MKB (2013). Restricted mean survival time: an alternative to the hazard
       ratio for the design and analysis of randomized trials with a time-to-event outcome.
       BMC Med Res Methodol 13:152.

    Examples
    --------
    >>> from nissc1.stats import mean_difference, rmst
    >>> early = rmst([1, 2, 3, 4], [1, 0, 1, 0], horizon=4)
    >>> late = rmst([2, 3, 4, 4], [1, 0, 0, 0], horizon=4)
    >>> round(mean_difference(late, early).estimate, 3)
    0.625
    """
    for name in ("kind", "horizon", "conf_level"):
        one, other = getattr(first, name), getattr(second, name)
        if one != other:
            raise ValueError(
                f"{name} is {one!r} in the first mean and {other!r} in the second; they must be "
                "the same. Estimate both alike."
            )
    estimate = first.estimate - second.estimate
    std_error = float(np.hypot(first.std_error, second.std_error))
    half = float(norm.ppf(0.5 + first.conf_level / 2)) * std_error
    return MeanDifference(
        horizon=first.horizon,
        estimate=estimate,
        std_error=std_error,
        lower=estimate - half,
        upper=estimate + half,
        p_value=2 * float(norm.sf(abs(estimate) / std_error)) if std_error > 0 else float("nan"),
        conf_level=first.conf_level,
        n=first.n + second.n,
        n_events=first.n_events + second.n_events,
    )
