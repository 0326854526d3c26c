"""Mean time lived, and mean time lost to one cause, up to a horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from nissc1.stats.cumulative_incidence import cumulative_incidence, event_free
from nissc1.stats.curve import Curve
from nissc1.stats.inputs import FloatArray
from nissc1.stats.kaplan_meier import kaplan_meier
from nissc1.stats.result import Tabled


@dataclass(frozen=True)
class RestrictedMean(Tabled):
    """Hold an area under a curve from day 0 to a horizon.

    Attributes
    ----------
    kind : str
        ``"time lived"`` (area under a survival curve) or ``"time lost"`` (area under a cumulative
        incidence curve).
    horizon : float
        End of the period, in the unit of the times.
    estimate, std_error, lower, upper : float
        Mean time in the same unit, its standard error and limits.
    conf_level : float
        Two-sided level of the limits.
    n, n_events : int
        Patients, and events of interest among them up to and including the horizon.
    """

    kind: str
    horizon: float
    estimate: float
    std_error: float
    lower: float
    upper: float
    conf_level: float
    n: int
    n_events: int


def rmst(
    time: ArrayLike, event: ArrayLike, *, horizon: float, conf_level: float = 0.95
) -> RestrictedMean:
    """Estimate the restricted mean survival time.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time from the origin to the event or to censoring, any unit, 0 or more.
    event : array_like of {0, 1}, shape (n,)
        1 where the event was seen at ``time``, 0 where observation ended there.
    horizon : float
        End of the period over which the mean is taken, above 0, in the same unit.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    RestrictedMean
        Area under the Kaplan-Meier curve from 0 to the horizon [1]_ [2]_ with the variance of the
        product-limit integral: the sum over event times u of A(u)² d / (Y (Y - d)), where A(u) is
        the area from u to the horizon. Limits are the estimate plus and minus the normal quantile
        times the standard error, clipped to [0, horizon]. Without an event up to the horizon the
        standard error is 0 and the limits equal the estimate: the method offers no others.

    Raises
    ------
    ValueError
        If the arrays or options are not allowed (see `kaplan_meier`), the horizon is not above 0,
        or nobody is observed up to it and the curve is not at 0: it would be extrapolated.

    References
    ----------
    .. [1] Irwin JO (1949). The standard error of an estimate of expectation of life.
       J Hyg 47:188-189.
    .. [2] Royston P, Parmar MKB (2013). Restricted mean survival time: an alternative to the hazard
       ratio for the design and analysis of randomized trials with a time-to-event outcome.
       BMC Med Res Methodol 13:152.

    Examples
    --------
    Of four patients one dies at 1 and one at 3; the curve is 1, 0.75 and 0.375:

    >>> from nissc1.stats import rmst
    >>> result = rmst([1, 2, 3, 4], [1, 0, 1, 0], horizon=4)
    >>> round(result.estimate, 4)
    2.875
    >>> round(result.std_error, 4)
    0.6027
    """
    curve = kaplan_meier(time, event, conf_level=conf_level)
    used, width = _steps(curve, horizon)
    survival = curve.estimate[used]
    to_come = _from_here_on(survival * width)
    estimate = float(curve.time[0] + to_come[0]) if len(width) else horizon
    at_risk, deaths = curve.n_at_risk[used].astype(np.float64), curve.n_events[used]
    left = at_risk * (at_risk - deaths)
    term = np.divide(deaths, left, out=np.zeros(len(left)), where=left > 0)
    variance = float(np.sum(to_come**2 * term))
    return _result("time lived", curve, horizon, estimate, variance)


def time_lost(
    time: ArrayLike,
    cause: ArrayLike,
    *,
    of: int = 1,
    horizon: float,
    conf_level: float = 0.95,
) -> RestrictedMean:
    """Estimate the mean time lost to one cause before a horizon.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time from the origin to the first event or to censoring, any unit, 0 or more.
    cause : array_like of int, shape (n,)
        0 where observation ended at ``time`` without an event; 1, 2, ... the kind of event.
    of : int
        The cause of interest; every other positive cause competes with it.
    horizon : float
        End of the period, above 0, in the same unit.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    RestrictedMean
        Area under the Aalen-Johansen curve of the cause from 0 to the horizon [1]_. The times lost
        to all causes and the restricted mean event-free time add up to the horizon. Limits as for
        `rmst`.

    Raises
    ------
    ValueError
        If the arrays or options are not allowed (see `cumulative_incidence`), the horizon is not
        above 0, or nobody is observed up to it and somebody is still event-free: the curve would be
        extrapolated.

    Notes
    -----
    The variance is the infinitesimal jackknife's [2]_, which here has a closed form. A patient who
    has an event of cause r at u, where Y are at risk and d of them have any event, changes the
    area L by c_r / Y with

    * c_1 = S(u-) (horizon - u) - G(u) / (1 - d / Y) for the cause of interest,
    * c_2 = -G(u) / (1 - d / Y) for the others,
    * G(u) = the integral of F(t) - F(u) from u to the horizon,

    and the variance is the sum over u of (d_1 c_1² + d_2 c_2² - (d_1 c_1 + d_2 c_2)² / Y) / Y².
    With one cause it is that of `rmst`.

    References
    ----------
    .. [1] Andersen PK (2013). Decomposition of number of life years lost according to causes of
       death. Stat Med 32:5278-5285.
    .. [2] Jaeckel LA (1972). The infinitesimal jackknife. Memorandum MM 72-1215-11, Bell
       Laboratories, Murray Hill.

    Examples
    --------
    Of four patients one relapses at 1 and one dies at 3, over a horizon of 4: a quarter of the
    patients loses 3 to relapse.

    >>> from nissc1.stats import time_lost
    >>> relapse = time_lost([1, 2, 3, 4], [1, 0, 2, 0], of=1, horizon=4)
    >>> death = time_lost([1, 2, 3, 4], [1, 0, 2, 0], of=2, horizon=4)
    >>> relapse.estimate, death.estimate
    (0.75, 0.375)
    """
    curve = cumulative_incidence(time, cause, of=of, conf_level=conf_level)
    used, width = _steps(curve, horizon)
    at_risk = curve.n_at_risk[used].astype(np.float64)
    own, other = curve.n_events[used], curve.n_competing[used]
    before, _ = event_free(at_risk, own + other)
    incidence = curve.estimate[used]
    rest = horizon - curve.time[used]
    gained = _from_here_on(incidence * width) - incidence * rest
    staying = 1 - (own + other) / at_risk
    share = np.divide(gained, staying, out=np.zeros(len(gained)), where=staying > 0)
    first, second = before * rest - share, -share
    mean = (own * first + other * second) ** 2 / at_risk
    variance = np.sum((own * first**2 + other * second**2 - mean) / at_risk**2)
    estimate = float(np.sum(incidence * width))
    return _result("time lost", curve, horizon, estimate, max(float(variance), 0.0))


def _steps(curve: Curve, horizon: float) -> tuple[NDArray[np.bool_], FloatArray]:
    """Return which times of a curve count, and how long it stays level after each of them."""
    if not (np.isfinite(horizon) and horizon > 0):
        raise ValueError(
            f"horizon is {horizon:g}; a finite number above 0 is allowed. Give the end of the "
            "period in the unit of the times."
        )
    end = curve.time[-1]
    if horizon > end and curve.n_censored[-1] > 0:
        raise ValueError(
            f"horizon is {horizon:g}, but the last patient left event-free at {end:g}; beyond that "
            "the curve is unknown. Choose a horizon up to that time."
        )
    used = curve.time <= horizon
    return used, np.diff(np.append(curve.time[used], horizon))


def _from_here_on(area: FloatArray) -> FloatArray:
    total: FloatArray = np.cumsum(area[::-1])[::-1]
    return total


def _result(
    kind: str, curve: Curve, horizon: float, estimate: float, variance: float
) -> RestrictedMean:
    std_error = float(np.sqrt(variance))
    half = float(norm.ppf(0.5 + curve.conf_level / 2)) * std_error
    return RestrictedMean(
        kind=kind,
        horizon=float(horizon),
        estimate=estimate,
        std_error=std_error,
        lower=max(estimate - half, 0.0),
        upper=min(estimate + half, float(horizon)),
        conf_level=curve.conf_level,
        n=curve.n,
        n_events=int(curve.n_events[curve.time <= horizon].sum()),
    )
