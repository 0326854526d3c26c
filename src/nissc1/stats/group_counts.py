"""Numbers at risk and of events in each group, at the times of an event."""

from __future__ import annotations

import numpy as np

from nissc1.stats.inputs import BoolArray, FloatArray, IntArray


def counts_by_group(
    times: FloatArray, codes: IntArray, n_groups: int, *kinds: BoolArray
) -> tuple[FloatArray, ...]:
    """Count the patients at risk and the events in each group.

    Parameters
    ----------
    times : ndarray, shape (n,)
        Observed times.
    codes : ndarray of int64, shape (n,)
        Number of each patient's group, from 0 on.
    n_groups : int
        Number of groups.
    *kinds : ndarray of bool, shape (n,)
        For each kind of event, who has it; an event time is one at which anybody has any.

    Returns
    -------
    tuple of ndarray, each of shape (groups, event times)
        Numbers at risk (a time equal to the event time counts), then of events of each kind.
    """
    order = np.argsort(times)  # whatever is looked up in order is looked up fast
    times, codes, kinds = times[order], codes[order], tuple(kind[order] for kind in kinds)
    event_times = np.unique(times[np.logical_or.reduce(kinds)])
    size = len(event_times)

    def tally(place: IntArray, group: IntArray, columns: int) -> FloatArray:
        flat = np.bincount(group * columns + place, minlength=n_groups * columns)
        return flat.reshape(n_groups, columns).astype(np.float64)

    # a patient is at risk at every event time up to and including the own time
    leaves_after = np.searchsorted(event_times, times, side="right")
    leaving = tally(leaves_after, codes, size + 1)
    at_risk = np.cumsum(leaving[:, ::-1], axis=1)[:, ::-1][:, 1:]
    place = leaves_after - 1
    return at_risk, *(tally(place[kind], codes[kind], size) for kind in kinds)
