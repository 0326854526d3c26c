"""Gray's test of equal cumulative incidence in several groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2

from nissc1.stats.cumulative_incidence import event_free, tie_factor
from nissc1.stats.group_counts import counts_by_group
from nissc1.stats.inputs import (
    FloatArray,
    as_causes,
    as_groups,
    as_times,
    check_equal_lengths,
)
from nissc1.stats.options import check_cause_of_interest
from nissc1.stats.result import GroupTest

#: Eigenvalues of the covariance matrix below this share of the largest count as zero.
_RANK_TOLERANCE = 1e-10
#: A pooled probability of being free of the event closer to 0 than this has been used up.
_ZERO = 1e-12


def gray_test(time: ArrayLike, cause: ArrayLike, group: ArrayLike, *, of: int = 1) -> GroupTest:
    """Test whether several groups have the same cumulative incidence of one cause.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time from the origin to the first event or to censoring, any unit, 0 or more.
    cause : array_like of int, shape (n,)
        0 censored; 1, 2, ... the kind of event.
    group : array_like, shape (n,)
        Group labels; two or more distinct ones.
    of : int
        The cause of interest; every other positive cause competes with it.

    Returns
    -------
    GroupTest
        Gray's K-sample statistic [1]_ with weight 1 (rho = 0), degrees of freedom (the rank of the
        covariance matrix: one less than the number of groups, unless groups had nobody at risk at
        any event of interest) and P value. Without an event of interest, or with fewer than two
        groups at risk at one: statistic 0, 0 degrees of freedom, P value 1.

    Raises
    ------
    ValueError
        If the arrays differ in length or are empty, a time is missing, negative or infinite, a
        cause is not a whole number from 0 upwards, a group label is missing, or there are fewer
        than two groups.

    Notes
    -----
    For group j at time t, Y_j is the number at risk, S_j the product-limit estimate of being free
    of any event, F_j the cumulative incidence, h_j = Y_j / S_j(t-), R_j = h_j (1 - F_j(t-)); a dot
    stands for the sum over the groups. The score of group i is the sum over times of
    d_1i - d_1. R_i / R. .

    Its covariance: the score is written as integrals over the groups' estimated incidences, these
    by the Aalen-Johansen expansion as integrals over the martingales of both kinds of event. With
    the incidence F common to the groups under the null hypothesis, dF = d_1. / h. , and

    * e_ij(t) = h_j (1[i = j] - h_i / h.),
    * c_ij(t) = sum over u > t of e_ij(u) dF(u) / (1 - F(u-)),
    * q_j(t) = (1 - F(t)) / S_j(t),

    the covariance of the scores i and k is the sum over groups j and times t of

    * (e_ij + (1 - q_j) c_ij) (e_kj + (1 - q_j) c_kj) dF / h_j   for the cause of interest,
    * (q_j c_ij) (q_j c_kj) S_j(t-)² d_2j / Y_j²                  for the other causes,

    each with the hypergeometric factor (Y - d) / (Y - 1) for ties, where the first takes h. S_j(t-)
    for Y and d_1. for d (the null hypothesis' share of the pooled risk set), the second Y_j and
    d_2j. Work and memory are of the order of the number of distinct event times times the number
    of groups, after one sort.

    References
    ----------
    .. [1] Gray RJ (1988). A class of K-sample tests for comparing the cumulative incidence of a
       competing risk. Ann Stat 16:1141-1154.

    Examples
    --------
    Both of B relapse at once; of A one dies at 3 and one relapses at 4. The numbers are those of
    R's ``cmprsk::cuminc``:

    >>> from nissc1.stats import gray_test
    >>> test = gray_test([1, 2, 3, 4, 5], [1, 1, 2, 1, 0], ["B", "B", "A", "A", "A"])
    >>> round(test.statistic, 3), round(test.p_value, 3)
    (4.051, 0.044)
    """
    times, causes = as_times(time), as_causes(cause)
    codes, labels = as_groups(group)
    check_equal_lengths(time=times, cause=causes, group=codes)
    check_cause_of_interest(of)

    own, other = causes == of, (causes > 0) & (causes != of)
    n_events = int(own.sum())
    statistic, df = 0.0, 0
    if n_events:
        score, covariance = _score_and_covariance(
            *counts_by_group(times, codes, len(labels), own, other)
        )
        statistic, df = _quadratic_form(score, covariance)
    return GroupTest(
        statistic=statistic,
        df=df,
        p_value=float(chi2.sf(statistic, df)) if df else 1.0,
        n=len(times),
        n_events=n_events,
        groups=labels,
    )


def _score_and_covariance(
    at_risk: FloatArray, own: FloatArray, other: FloatArray
) -> tuple[FloatArray, FloatArray]:
    n_groups = len(at_risk)
    free = [event_free(*each) for each in zip(at_risk, own + other, strict=True)]
    before, after = (np.stack(side) for side in zip(*free, strict=True))
    adjusted = np.divide(at_risk, before, out=np.zeros_like(at_risk), where=at_risk > 0)
    jumps = np.divide(before * own, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0)
    incidence_before = np.cumsum(jumps, axis=1) - jumps
    pooled, all_own = adjusted.sum(axis=0), own.sum(axis=0)

    expected_weight = adjusted * (1 - incidence_before)
    share = expected_weight / expected_weight.sum(axis=0)
    score = own.sum(axis=1) - share @ all_own

    null_jump = all_own / pooled
    null_after = np.cumsum(null_jump)
    null_free = 1 - (null_after - null_jump)
    usable = np.abs(null_free) > _ZERO
    step = np.divide(null_jump, null_free, out=np.zeros(len(null_jump)), where=usable)
    covariance = np.zeros((n_groups, n_groups))
    for j, last in enumerate(np.count_nonzero(at_risk, axis=1)):
        here = slice(0, last)  # a group is at risk up to some time and not after it
        h, total = adjusted[j, here], pooled[here]
        e = -h / total * adjusted[:, here]
        e[j] += h
        passed = np.cumsum(e * step[here], axis=1)
        c = passed[:, -1:] - passed
        q = np.divide(
            1 - null_after[here], after[j, here], out=np.zeros(last), where=after[j, here] > 0
        )
        first = null_jump[here] / h * tie_factor(total * before[j, here], all_own[here])
        second = other[j, here] / h**2 * tie_factor(at_risk[j, here], other[j, here])
        of_interest, competing = e + (1 - q) * c, q * c
        covariance += (of_interest * first) @ of_interest.T + (competing * second) @ competing.T
    return score, covariance


def _quadratic_form(score: FloatArray, covariance: FloatArray) -> tuple[float, int]:
    values, vectors = np.linalg.eigh(covariance)
    # a few tied events among fewer at risk can make a tie factor, and so an eigenvalue, negative;
    # it is kept, as in a plain matrix inverse
    kept = np.abs(values) > _RANK_TOLERANCE * np.abs(values).max()
    projected = vectors[:, kept].T @ score
    return max(float(np.sum(projected**2 / values[kept])), 0.0), int(kept.sum())
