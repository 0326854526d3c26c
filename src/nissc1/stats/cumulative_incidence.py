"""Aalen-Johansen estimate of a cumulative incidence function with competing events."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from nissc1.stats.curve import CONF_TYPES, Curve, distinct_times, limits
from nissc1.stats.inputs import FloatArray, IntArray, as_causes, as_times, check_equal_lengths
from nissc1.stats.options import check_cause_of_interest, check_choice, check_conf_level

VARIANCES = ("cmprsk",)


def cumulative_incidence(
    time: ArrayLike,
    cause: ArrayLike,
    *,
    of: int = 1,
    conf_type: str = "log-log",
    variance: str = "cmprsk",
    conf_level: float = 0.95,
) -> Curve:
    """Estimate the cumulative incidence of one cause in the presence of others.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time from the origin to the first event or to censoring, any unit, 0 or more. Events at
        time 0 count.
    cause : array_like of int, shape (n,)
        0 where observation ended at ``time`` without an event; 1, 2, ... the kind of event. A
        patient censored on the day of an event is still at risk of it.
    of : int
        The cause of interest; every other positive cause competes with it.
    conf_type : {"log-log", "log", "plain"}
        Kind of pointwise limits. ``log-log``: F ** exp(± z s / (F ln F)), the delta method on
        ln(-ln F) [4]_.
    variance : {"cmprsk"}
        Aalen's estimator with a factor for ties, the one which R's ``cmprsk::cuminc`` prints.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    Curve
        Estimate [1]_, its standard error [2]_ [3]_ and limits. Tied times are treated exactly: all
        events of a time share one risk set, in any order of the rows. Where F is 0 (no event of
        interest yet) or 1, log-log limits are undefined and both equal the estimate.

    Raises
    ------
    ValueError
        If the arrays differ in length or are empty, a time is missing, negative or infinite, a
        cause is not a whole number from 0 upwards, or an option is not allowed.

    Notes
    -----
    With Y at risk and d_r events of cause r at u, S the Kaplan-Meier estimate of being free of any
    event, and F(t) the sum of S(u-) d_1 / Y over u <= t, the variance at t is the sum over u <= t
    of

    * S(u-)² [1 - (F(t) - F(u)) / S(u)]² (d_1 / Y²) (Y - d_1) / (Y - 1) for the cause of interest,
    * S(u-)² [(F(t) - F(u)) / S(u)]² (d_2 / Y²) (Y - d_2) / (Y - 1) for the other causes together,

    with the last factor 1 where d_r is at most 1, and the quotient by S(u) 0 once S is 0. The
    square is expanded around F at the last time rather than around 0, so that nothing cancels in a
    long tail; the work is one sort and a few cumulative sums.

    References
    ----------
    .. [1] Aalen OO, Johansen S (1978). An empirical transition matrix for non-homogeneous Markov
       chains based on censored observations. Scand J Stat 5:141-150.
    .. [2] Aalen OO (1978). Nonparametric estimation of partial transition probabilities in
       multiple decrement models. Ann Stat 6:534-545.
    .. [3] Gray RJ (1988). A class of K-sample tests for comparing the cumulative incidence of a
       competing risk. Ann Stat 16:1141-1154.
    .. [4] Pintilie M (2006). Competing Risks: A Practical Perspective. Wiley, Chichester.

    Examples
    --------
    Of four patients one relapses at 1 and one dies at 3, when two were left:

    >>> from nissc1.stats import cumulative_incidence
    >>> time, cause = [1, 2, 3, 4], [1, 0, 2, 0]
    >>> [cumulative_incidence(time, cause, of=k).at(4)["estimate"].item() for k in (1, 2)]
    [0.25, 0.375]
    """
    times, causes = as_times(time), as_causes(cause)
    check_equal_lengths(time=times, cause=causes)
    check_cause_of_interest(of)
    check_choice("conf_type", conf_type, CONF_TYPES)
    check_choice("variance", variance, VARIANCES)
    check_conf_level(conf_level)

    distinct, place, at_risk = distinct_times(times)
    size = len(distinct)
    own = np.bincount(place[causes == of], minlength=size).astype(np.int64)
    other = np.bincount(place[(causes != of) & (causes > 0)], minlength=size).astype(np.int64)
    estimate, std_error = _aalen_johansen(at_risk, own, other)
    lower, upper = limits(estimate, std_error, conf_type, conf_level)
    return Curve(
        kind="cumulative incidence",
        n=len(times),
        conf_type=conf_type,
        conf_level=conf_level,
        time=distinct,
        n_at_risk=at_risk,
        n_events=own,
        n_competing=other,
        n_censored=at_risk - np.append(at_risk[1:], 0) - own - other,
        estimate=estimate,
        std_error=std_error,
        lower=lower,
        upper=upper,
    )


def event_free(
    at_risk: IntArray | FloatArray, events: IntArray | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the product-limit estimate just before and just after each time.

    Parameters
    ----------
    at_risk, events : ndarray, shape (k,)
        Numbers at risk and of events of any kind at the distinct times, ascending.

    Returns
    -------
    before, after : ndarray of float64, shape (k,)
        Estimate of being event-free, left and right of each time. Where nobody is at risk it stays
        as it was.
    """
    share = np.divide(events, at_risk, out=np.zeros(len(events)), where=at_risk > 0)
    after = np.cumprod(1 - share)
    return np.concatenate([[1.0], after[:-1]]), after


def tie_factor(at_risk: FloatArray, events: FloatArray) -> FloatArray:
    """Return (Y - d) / (Y - 1), the factor of a hypergeometric variance; 1 where d is at most 1.

    Parameters
    ----------
    at_risk, events : ndarray, shape (k,)
        Numbers at risk (possibly weighted) and of events.

    Returns
    -------
    ndarray of float64, shape (k,)
        The factor at each time.
    """
    tied = (events > 1) & (at_risk > 1)
    return np.divide(at_risk - events, at_risk - 1, out=np.ones(len(events)), where=tied)


def _aalen_johansen(
    at_risk: IntArray, own: IntArray, other: IntArray
) -> tuple[FloatArray, FloatArray]:
    before, after = event_free(at_risk, own + other)
    number = at_risk.astype(np.float64)
    estimate = np.minimum(np.cumsum(before * own / number), 1.0)
    # free of rounding where nothing has competed, so that an exhausted curve ends at 1 exactly
    estimate = np.where(np.cumsum(other) == 0, 1 - after, estimate)

    inverse = np.divide(1.0, after, out=np.zeros(len(after)), where=after > 0)
    scale = (before / number) ** 2
    weight_own = scale * own * tie_factor(number, own.astype(np.float64))
    weight_other = scale * other * tie_factor(number, other.astype(np.float64))
    to_come = estimate[-1] - estimate
    # F(t) - F(u) = to_come(u) - to_come(t): sums over u of the parts which do not depend on t
    fixed_own, fixed_other = 1 - to_come * inverse, -to_come * inverse
    constant = np.cumsum(weight_own * fixed_own**2 + weight_other * fixed_other**2)
    linear = np.cumsum((weight_own * fixed_own + weight_other * fixed_other) * inverse)
    square = np.cumsum((weight_own + weight_other) * inverse**2)
    variance = constant + 2 * to_come * linear + to_come**2 * square
    variance = np.where(np.cumsum(own) > 0, np.maximum(variance, 0.0), 0.0)
    return estimate, np.sqrt(variance)
