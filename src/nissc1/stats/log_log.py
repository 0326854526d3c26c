"""Survival curves on the scales on which proportional hazards show."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from nissc1.stats.curve import Curve, distinct_times
from nissc1.stats.inputs import as_events, as_times, check_equal_lengths
from nissc1.stats.options import check_conf_level


def log_log(curve: Curve) -> pd.DataFrame:
    """Return a survival curve as log cumulative hazard against log time.

    Parameters
    ----------
    curve : Curve
        Kaplan-Meier estimate; a cumulative incidence is taken as one minus itself.

    Returns
    -------
    pandas.DataFrame
        One row a time above 0 with an event after which the curve is between 0 and 1: ``time``,
        ``log_time``, ``estimate`` (log(-log S)), ``std_error``, ``lower``, ``upper`` (at the
        curve's level, by the delta method). Draw with steps after each point. Curves of groups with
        proportional hazards keep the same vertical distance [1]_. Empty without such a time.

    References
    ----------
    .. [1] Kalbfleisch JD, Prentice RL (1980). The Statistical Analysis of Failure Time Data.
       Wiley, New York.

    Examples
    --------
    >>> from nissc1.stats import kaplan_meier, log_log
    >>> log_log(kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0])).round(3)["estimate"].tolist()
    [-1.246, -0.019]
    """
    survival = curve.estimate if curve.kind == "survival" else 1 - curve.estimate
    kept = (curve.time > 0) & (curve.n_events > 0) & (survival > 0) & (survival < 1)
    survival, time = survival[kept], curve.time[kept]
    hazard = -np.log(survival)
    std_error = curve.std_error[kept] / (survival * hazard)
    half = float(norm.ppf(0.5 + curve.conf_level / 2)) * std_error
    estimate = np.log(hazard)
    return pd.DataFrame(
        {
            "time": time,
            "log_time": np.log(time),
            "estimate": estimate,
            "std_error": std_error,
            "lower": estimate - half,
            "upper": estimate + half,
        }
    )


def cumulative_hazard(
    time: ArrayLike, event: ArrayLike, *, conf_level: float = 0.95
) -> pd.DataFrame:
    """Estimate a cumulative hazard by Nelson and Aalen's method.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time from the origin to the event or to censoring, any unit, 0 or more.
    event : array_like of {0, 1}, shape (n,)
        1 where the event was seen at ``time``, 0 where observation ended there.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    pandas.DataFrame
        One row a distinct observed time: ``time``, ``n_at_risk``, ``n_events``, ``estimate`` (sum
        of events by patients at risk [1]_), ``std_error`` (root of the sum of events by squared
        patients at risk [2]_), ``lower``, ``upper`` (on the log scale; 0 while the estimate is).

    Raises
    ------
    ValueError
        If the arrays differ in length or are empty, a time is missing, negative or infinite, or an
        event is not 0 or 1.

    References
    ----------
    .. [1] Nelson W (1972). Theory and applications of hazard plotting for censored failure data.
       Technometrics 14:945-966.
    .. [2] Aalen OO (1978). Nonparametric inference for a family of counting processes. Ann Stat
       6:701-726.

    Examples
    --------
    >>> from nissc1.stats import cumulative_hazard
    >>> cumulative_hazard([1, 2, 3, 4], [1, 0, 1, 0])["estimate"].tolist()
    [0.25, 0.25, 0.75, 0.75]
    """
    times, events = as_times(time), as_events(event)
    check_equal_lengths(time=times, event=events)
    check_conf_level(conf_level)
    distinct, place, at_risk = distinct_times(times)
    deaths = np.bincount(place, weights=events, minlength=len(distinct))
    number = at_risk.astype(np.float64)
    estimate = np.cumsum(deaths / number)
    std_error = np.sqrt(np.cumsum(deaths / number**2))
    z = float(norm.ppf(0.5 + conf_level / 2))
    some = estimate > 0
    width = np.exp(z * np.divide(std_error, estimate, out=np.zeros(len(some)), where=some))
    return pd.DataFrame(
        {
            "time": distinct,
            "n_at_risk": at_risk,
            "n_events": deaths.astype(np.int64),
            "estimate": estimate,
            "std_error": std_error,
            "lower": estimate / width,
            "upper": estimate * width,
        }
    )
