"""Log-rank test of equal hazards in several groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2

from nissc1.stats.group_counts import counts_by_group
from nissc1.stats.inputs import FloatArray, as_events, as_groups, as_times, check_equal_lengths
from nissc1.stats.result import GroupTest


def logrank_test(time: ArrayLike, event: ArrayLike, group: ArrayLike) -> GroupTest:
    """Test whether several groups have the same survival function.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time from the origin to the event or to censoring, any unit, 0 or more.
    event : array_like of {0, 1}, shape (n,)
        1 event, 0 censored.
    group : array_like, shape (n,)
        Group labels; two or more distinct ones.

    Returns
    -------
    GroupTest
        Chi-squared statistic with hypergeometric variance [1]_ [2]_, its degrees of freedom and P
        value. Groups whose patients had all left before the first event say nothing: they count
        neither in the statistic nor in the degrees of freedom (as in R's ``survdiff``). Where
        fewer than two groups remain, or everybody at risk has the event at one and the same time,
        nothing can be compared: statistic 0, 0 degrees of freedom, P value 1.

    Raises
    ------
    ValueError
        If the arrays differ in length or are empty, a time is missing, negative or infinite, an
        event is not 0 or 1, a group label is missing, or there are fewer than two groups.

    References
    ----------
    .. [1] Mantel N (1966). Evaluation of survival data and two new rank order statistics arising
       in its consideration. Cancer Chemother Rep 50:163-170.
    .. [2] Peto R, Peto J (1972). Asymptotically efficient rank invariant test procedures.
       J R Stat Soc A 135:185-207.

    Examples
    --------
    The first deaths are those of B; one of the expected 2/4 + 1/3 at the first two times:

    >>> from nissc1.stats import logrank_test
    >>> test = logrank_test([1, 2, 3, 4], [1, 1, 0, 0], ["B", "B", "A", "A"])
    >>> round(test.statistic, 3), test.df, round(test.p_value, 3)
    (2.882, 1, 0.09)
    """
    times, events = as_times(time), as_events(event)
    codes, labels = as_groups(group)
    check_equal_lengths(time=times, event=events, group=codes)

    died = events == 1
    n_events = int(died.sum())
    statistic, df = 0.0, 0
    if n_events:
        statistic, df = _chi_squared(*counts_by_group(times, codes, len(labels), died))
    return GroupTest(
        statistic=statistic,
        df=df,
        p_value=float(chi2.sf(statistic, df)) if df else 1.0,
        n=len(times),
        n_events=n_events,
        groups=labels,
    )


def _chi_squared(at_risk: FloatArray, deaths: FloatArray) -> tuple[float, int]:
    total, died = at_risk.sum(axis=0), deaths.sum(axis=0)
    share = at_risk / total
    score = deaths.sum(axis=1) - share @ died
    spread = died * (total - died) / np.maximum(total - 1, 1)
    covariance = np.diag(share @ spread) - (share * spread) @ share.T
    # at the first event all groups which are ever compared are at risk together, so that the
    # covariance of all but one of them can be inverted
    compared = np.flatnonzero(np.diag(covariance) > 0)[:-1]
    if not compared.size:
        return 0.0, 0
    score, covariance = score[compared], covariance[np.ix_(compared, compared)]
    return float(score @ np.linalg.solve(covariance, score)), len(compared)
