"""Repeated looks at accumulating data: intervals that hold at every one, and what others miss.

An estimate that is worked out anew whenever follow-up arrives has many chances to be wrong. On the
complementary log-log scale, theta = log(-log q) with q the probability of being without the event,
the estimates at successive looks behave, in large samples, like a Brownian motion observed when
its clock shows the *information*, 1 / variance of theta, which is about the number of events while
events are few.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import lambertw

from nissc1.stats.curve import Curve
from nissc1.stats.inputs import FloatArray
from nissc1.stats.options import check_conf_level

TIGHTEST_AT = 10.0
"""Information (about as many events) at which the intervals are made tightest; not to be tuned."""

#: An information that grows by less than this share brings no new look.
_NO_GROWTH = 1e-3
#: Points of the grid of the numerical integration; odd, for Simpson's rule.
_POINTS = 801
#: exp of more than this overflows; a limit is then 0 or 1 to every digit.
_LARGEST_POWER = 700.0


def mixture_critical_value(
    information: ArrayLike, *, conf_level: float = 0.95, tightest_at: float = TIGHTEST_AT
) -> FloatArray:
    """Compute the factor of the standard error that holds at every look, however many.

    Parameters
    ----------
    information : array_like, shape (k,)
        1 / variance of the estimate at each look, 0 or more.
    conf_level : float
        Probability that all intervals together hold.
    tightest_at : float
        Information at which the factor times the standard error is smallest, among all factors of
        this family; above 0. It must not be chosen from the data.

    Returns
    -------
    ndarray, shape (k,)
        Factors sqrt((1 + r / I) log((I + r) / (r a²))), with I the information, a = 1 - level, and
        r = I* / (-W(-a² / e) - 1) for `tightest_at` I*, W the lower branch of Lambert's function;
        infinite without information.

    Raises
    ------
    ValueError
        If an information is negative or missing, or an option is not allowed.

    Notes
    -----
    A normal mixture of likelihood ratios is a martingale; that it ever exceeds 1 / a has
    probability a at most [1]_. No number of looks and no end need be planned. It carries over to
    estimates that are normal in large samples [2]_; the best r is given in [3]_.

    References
    ----------
    .. [1] Robbins H (1970). Statistical methods related to the law of the iterated logarithm.
       Ann Math Stat 41:1397-1409.
    .. [2] Waudby-Smith I, Arbour D, Sinha R, Kennedy EH, Ramdas A (2024). Time-uniform central
       limit theory and asymptotic confidence sequences. Ann Stat 52:2613-2640.
    .. [3] Howard SR, Ramdas A, McAuliffe J, Sekhon J (2021). Time-uniform, nonparametric,
       nonasymptotic confidence sequences. Ann Stat 49:1055-1080.

    Examples
    --------
    >>> from nissc1.stats import mixture_critical_value
    >>> mixture_critical_value([5, 10, 20]).round(2).tolist()
    [3.08, 3.04, 3.06]
    """
    check_conf_level(conf_level)
    if not tightest_at > 0:
        raise ValueError(
            f"tightest_at is {tightest_at}; a number above 0 is allowed. "
            "Give the number of events for which the study was planned."
        )
    known = _information(information)
    squared = (1 - conf_level) ** 2
    rho = tightest_at / (-float(np.real(lambertw(-squared * np.exp(-1.0), -1))) - 1)
    some = known > 0
    used = np.where(some, known, 1.0)
    value = np.sqrt((1 + rho / used) * np.log((used + rho) / (rho * squared)))
    return np.where(some, value, np.inf)


def curve_information(curve: Curve) -> Curve:
    """Return a curve whose standard errors are those of log(-log q).

    Parameters
    ----------
    curve : Curve
        Survival, then q is the estimate; or cumulative incidence, then q is one minus it.

    Returns
    -------
    Curve
        The same, with 1 / information as the square of ``std_error``; it is infinite where no event
        has been seen, or nobody is left without one: there is nothing to learn the variance from.

    Examples
    --------
    >>> from nissc1.stats import curve_information, kaplan_meier
    >>> curve = kaplan_meier(range(1, 81), [1] * 8 + [0] * 72)
    >>> information = curve_information(curve).at(8)["std_error"].item() ** -2
    >>> round(information, 1)  # about the number of events, which is 8
    8.0
    """
    q = curve.estimate if curve.kind == "survival" else 1 - curve.estimate
    inner = (q > 0) & (q < 1) & (curve.std_error > 0)
    safe = np.where(inner, q, 0.5)
    error = np.where(inner, curve.std_error / (safe * -np.log(safe)), np.inf)
    return replace(curve, std_error=error)


def every_look(curve: Curve, *, tightest_at: float = TIGHTEST_AT) -> Curve:
    """Replace a curve's pointwise limits by limits that hold at every look.

    Parameters
    ----------
    curve : Curve
        Kaplan-Meier or cumulative incidence estimate at one look.
    tightest_at : float
        As for `mixture_critical_value`; the same at every look.

    Returns
    -------
    Curve
        The same estimate; ``conf_type`` ``"every look"``. At a given time after day 0, all looks
        past and to come contain the truth together with probability ``conf_level``. Limits are set
        on the scale of log(-log q) and are 0 and 1 where that has no variance. They do not hold for
        several times of the curve together.

    Notes
    -----
    The estimates at successive looks have independent increments in information, for Kaplan-Meier
    with staggered entry [1]_ as for any efficient estimator [2]_.

    References
    ----------
    .. [1] Lin DY, Shen L, Ying Z, Breslow NE (1996). Group sequential designs for monitoring
       survival probabilities. Biometrics 52:1033-1041.
    .. [2] Jennison C, Turnbull BW (1997). Group-sequential analysis incorporating covariate
       information. J Am Stat Assoc 92:1330-1341.

    Examples
    --------
    >>> from nissc1.stats import every_look, kaplan_meier
    >>> curve = kaplan_meier(range(1, 81), [1] * 8 + [0] * 72)
    >>> for each in (curve, every_look(curve)):
    ...     print(each.at(8)[["lower", "upper"]].round(3).values.tolist())
    [[0.834, 0.966]]
    [[0.734, 0.965]]
    """
    curve = _from_time_0(curve)
    error = curve_information(curve).std_error
    some = np.isfinite(error)
    known = np.where(some, 1 / np.where(some, error, 1.0) ** 2, 0.0)
    factor = mixture_critical_value(known, conf_level=curve.conf_level, tightest_at=tightest_at)
    q = curve.estimate if curve.kind == "survival" else 1 - curve.estimate
    hazard = -np.log(np.where(some, q, 0.5))
    width = np.where(some, factor, 0.0) * np.where(some, error, 0.0)
    width = np.minimum(width, _LARGEST_POWER)
    low = np.where(some, np.exp(-hazard * np.exp(width)), 0.0)
    high = np.where(some, np.exp(-hazard * np.exp(-width)), 1.0)
    if curve.kind != "survival":
        low, high = 1 - high, 1 - low
    return replace(curve, conf_type="every look", lower=low, upper=high)


def miss_probability(information: ArrayLike, critical: ArrayLike) -> float:
    """Compute how probably at least one of several intervals misses the truth.

    Parameters
    ----------
    information : array_like, shape (k,)
        Information at each look, ascending. Only its ratios matter. A look at which it is 0, or has
        not grown by a thousandth, is none.
    critical : array_like, shape (k,) or scalar
        Factors of the standard error, above 0: 1.96 for a usual 95 % interval.

    Returns
    -------
    float
        Probability that the standardised estimate leaves the factors at one look or more; 0 without
        any look.

    Raises
    ------
    ValueError
        If an information is negative or missing, a factor is not above 0, or the lengths differ.

    Notes
    -----
    The density of the score of those who have not left is carried from look to look by numerical
    integration [1]_.

    References
    ----------
    .. [1] Armitage P, McPherson CK, Rowe BC (1969). Repeated significance tests on accumulating
       data. J R Stat Soc A 132:235-244.

    Examples
    --------
    Five usual intervals at evenly growing information:

    >>> from nissc1.stats import miss_probability
    >>> round(miss_probability([1, 2, 3, 4, 5], [1.96] * 5), 3)
    0.142
    """
    known = _information(information)
    factors = np.broadcast_to(np.asarray(critical, dtype=np.float64), np.shape(critical) or (1,))
    if factors.size == 1:
        factors = np.repeat(factors, known.size)
    if factors.shape != known.shape:
        raise ValueError(
            f"information has {known.size} looks and critical {factors.size}; they must match. "
            "Give one factor, or one a look."
        )
    if not (factors > 0).all():
        raise ValueError("a critical value is not above 0; factors such as 1.96 are allowed.")
    looks = _new_looks(known)
    if looks.size == 0:
        return 0.0
    clock, bounds = known[looks], factors[looks] * np.sqrt(known[looks])
    score, weight = _grid(bounds[0])
    density = _normal_density(score, clock[0])
    for step, bound in zip(np.diff(clock), bounds[1:], strict=True):
        onward, onward_weight = _grid(bound)
        kernel = _normal_density(onward[:, None] - score[None, :], step)
        density = kernel @ (weight * density)
        score, weight = onward, onward_weight
    return float(np.clip(1 - weight @ density, 0.0, 1.0))


def _from_time_0(curve: Curve) -> Curve:
    """Return a curve that has time 0 among its times, so that limits can be set there too."""
    if curve.time[0] == 0:
        return curve
    start = {"n_at_risk": curve.n, "estimate": curve.start, "lower": curve.start}
    start |= {"upper": curve.start}
    names = [name for name, value in vars(curve).items() if isinstance(value, np.ndarray)]
    padded: dict[str, Any] = {
        name: np.insert(getattr(curve, name), 0, start.get(name, 0)) for name in names
    }
    return replace(curve, **padded)


def _information(information: ArrayLike) -> FloatArray:
    known = np.atleast_1d(np.asarray(information, dtype=np.float64))
    if not ((known >= 0) & np.isfinite(known)).all():
        raise ValueError(
            "an information is negative, missing or infinite; finite numbers from 0 are allowed. "
            "It is 1 / variance; give 0 where the estimate has none."
        )
    return known


def _new_looks(known: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the places at which the information has grown beyond what it ever was."""
    looks, reached = [], 0.0
    for place, value in enumerate(known):
        if value > reached * (1 + _NO_GROWTH):
            looks.append(place)
            reached = float(value)
    return np.asarray(looks, dtype=np.int64)


def _normal_density(deviation: FloatArray, variance: float) -> FloatArray:
    density: FloatArray = np.exp(-0.5 * deviation**2 / variance) / np.sqrt(2 * np.pi * variance)
    return density


def _grid(bound: float) -> tuple[FloatArray, FloatArray]:
    """Return points from -bound to bound and the weights of Simpson's rule."""
    points = np.linspace(-bound, bound, _POINTS)
    pattern = np.ones(_POINTS)
    pattern[1:-1:2], pattern[2:-1:2] = 4.0, 2.0
    return points, pattern * (points[1] - points[0]) / 3
