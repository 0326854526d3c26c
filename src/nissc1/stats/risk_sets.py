"""Sums over the patients at risk at each event time, in the time of one sort."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nissc1.stats.inputs import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Hold who is at risk at which event time.

    Attributes
    ----------
    order : ndarray of int64, shape (n,)
        Patients by falling time. All arrays of one value a patient are in this order.
    events : ndarray of int64, shape (d,)
        Places in ``order`` of the patients with an event of interest, by rising time.
    time : ndarray, shape (k,)
        Distinct times of an event of interest, ascending.
    n_events, n_at_risk : ndarray of int64, shape (k,)
        Events at this time, and patients whose time is this one or a later one.
    passed : ndarray of int64, shape (n,)
        How many event times are not after the patient's own time.
    """

    order: IntArray
    events: IntArray
    time: FloatArray
    n_events: IntArray
    n_at_risk: IntArray
    passed: IntArray

    @classmethod
    def of(cls, times: FloatArray, is_event: BoolArray) -> RiskSets:
        """Sort the patients.

        Parameters
        ----------
        times : ndarray, shape (n,)
            Observed times, in any order.
        is_event : ndarray of bool, shape (n,)
            Whether the patient has the event of interest; at least one has.

        Returns
        -------
        RiskSets
            The risk sets of all event times.
        """
        order = np.argsort(-times, kind="stable")
        event_times, n_events = np.unique(times[is_event], return_counts=True)
        falling = times[order]
        n_at_risk = len(times) - np.searchsorted(falling[::-1], event_times, side="left")
        passed = np.searchsorted(event_times, falling, side="right")
        events = np.flatnonzero(is_event[order])[::-1]
        return cls(order, events, event_times, n_events, n_at_risk, passed)

    @cached_property
    def place(self) -> IntArray:
        """Index of each event's time among the event times, shape (d,), rising."""
        return np.repeat(np.arange(len(self.time)), self.n_events)

    def at_time(self, values: FloatArray) -> FloatArray:
        """Sum values over the events of each time.

        Parameters
        ----------
        values : ndarray, shape (..., d)
            One value an event, by rising time.

        Returns
        -------
        ndarray, shape (..., k)
            Sum over the events at each event time.
        """
        if len(self.time) == len(self.events):
            return values
        begins = np.cumsum(self.n_events) - self.n_events
        summed: FloatArray = np.add.reduceat(values, begins, axis=-1)
        return summed

    def at_risk(self, values: FloatArray) -> FloatArray:
        """Sum values over each risk set.

        Parameters
        ----------
        values : ndarray, shape (..., n)
            One value a patient.

        Returns
        -------
        ndarray, shape (..., k)
            Sum over the patients at risk at each event time.
        """
        summed: FloatArray = np.cumsum(values, axis=-1)[..., self.n_at_risk - 1]
        return summed

    def up_to_own_time(self, steps: FloatArray) -> FloatArray:
        """Sum steps at the event times up to each patient's time.

        Parameters
        ----------
        steps : ndarray, shape (..., k)
            One value an event time.

        Returns
        -------
        ndarray, shape (..., n)
            Sum of the steps at event times which are not after the patient's time.
        """
        return before(steps)[..., self.passed]


def before(steps: FloatArray) -> FloatArray:
    """Sum the steps before each place.

    Parameters
    ----------
    steps : ndarray, shape (..., k)
        Values in order.

    Returns
    -------
    ndarray, shape (..., k + 1)
        0, then the sum of the first 1, 2, ..., k values.
    """
    nothing = np.zeros((*steps.shape[:-1], 1))
    return np.concatenate([nothing, np.cumsum(steps, axis=-1)], axis=-1)


def from_here(steps: FloatArray) -> FloatArray:
    """Sum the steps from each place on.

    Parameters
    ----------
    steps : ndarray, shape (..., k)
        Values in order.

    Returns
    -------
    ndarray, shape (..., k + 1)
        The sum of the last k, k - 1, ..., 1 values, then 0.
    """
    return before(steps[..., ::-1])[..., ::-1]
