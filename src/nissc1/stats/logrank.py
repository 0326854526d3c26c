"""Log-rank test of equal hazards in several groups."""

from __future__ import annotations

import numpy as np
from lifelines.statistics import multivariate_logrank_test
from numpy.typing import ArrayLike

from nissc1.stats.inputs import as_events, as_groups, as_times, check_equal_lengths
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
    """
    times, events = as_times(time), as_events(event)
    codes, labels = as_groups(group)
    check_equal_lengths(time=times, event=events, group=codes)

    informed = np.zeros(len(times), dtype=np.bool_)
    if events.any():
        first = times[events == 1].min()
        latest = np.full(len(labels), -np.inf)
        np.maximum.at(latest, codes, times)
        informed = (latest >= first)[codes]
        at_first = times >= first
        all_at_once = bool(np.all((times[at_first] == first) & (events[at_first] == 1)))
        if all_at_once:
            informed[:] = False
    compared = len(np.unique(codes[informed]))
    n_events = int(events.sum())
    if compared < 2:
        return GroupTest(0.0, 0, 1.0, len(times), n_events, labels)
    result = multivariate_logrank_test(times[informed], codes[informed], events[informed])
    return GroupTest(
        statistic=float(result.test_statistic),
        df=compared - 1,
        p_value=float(result.p_value),
        n=len(times),
        n_events=n_events,
        groups=labels,
    )
