"""Aalen-Johansen estimate of the probabilities of being in each of several states."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from nissc1.stats.curve import CONF_TYPES, limits
from nissc1.stats.inputs import FloatArray, IntArray, as_times
from nissc1.stats.options import check_choice, check_conf_level
from nissc1.stats.state_history import read_history, walk

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class StateOccupation:
    """Hold the probabilities of being in each state over time.

    Attributes
    ----------
    states : tuple
        States.
    n : int
        Patients.
    conf_type, conf_level
        Kind and level of the pointwise limits.
    time : ndarray, shape (k,)
        Distinct times at which a stay ends, ascending, 0 first.
    n_at_risk : ndarray of int, shape (k, s)
        Patients under observation in each state just before the time; at time 0, at it.
    estimate, std_error, lower, upper : ndarray, shape (k, s)
        Probabilities from this time on (up to, not including, the next).
    moves : ndarray of int, shape (s, s)
        Moves from each state (row) to each (column).
    settled : bool
        Whether all who are observed to the last time move there into a state without exit.
    """

    states: tuple[Hashable, ...]
    n: int
    conf_type: str
    conf_level: float
    time: FloatArray
    n_at_risk: IntArray
    estimate: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    moves: IntArray
    settled: bool

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def at(self, times: ArrayLike) -> pd.DataFrame:
        """Read the probabilities at given times.

        Parameters
        ----------
        times : array_like, shape (m,) or scalar
            Times in the unit of the data, 0 or more.

        Returns
        -------
        pandas.DataFrame
            One row a time and state, in the order given: ``time``, ``state``, ``n_at_risk``
            (patients under observation in the state just before the time), ``estimate``,
            ``std_error``, ``lower``, ``upper``; moves at the time included. Beyond the last
            observed time they are NaN, unless nobody was left who could move.

        Raises
        ------
        ValueError
            If a time is missing, negative or infinite.
        """
        points = as_times(np.atleast_1d(np.asarray(times)), "times")
        last = np.searchsorted(self.time, points, side="right") - 1
        following = np.searchsorted(self.time, points, side="left")
        known = (points <= self.time[-1]) | self.settled
        size = len(self.states)
        at_risk = np.vstack([self.n_at_risk, np.zeros((1, size), dtype=np.int64)])
        frame = pd.DataFrame(
            {
                "time": np.repeat(points, size),
                "state": list(self.states) * len(points),
                "n_at_risk": at_risk[following].ravel(),
            }
        )
        for name in ("estimate", "std_error", "lower", "upper"):
            values = getattr(self, name)[last]
            frame[name] = np.where(known[:, None], values, np.nan).ravel()
        return frame

    def table(self) -> pd.DataFrame:
        """Return the whole step functions, for drawing.

        Returns
        -------
        pandas.DataFrame
            As `at`, for every distinct time.
        """
        return self.at(self.time)

    def transitions(self) -> pd.DataFrame:
        """Return the number of moves.

        Returns
        -------
        pandas.DataFrame
            States before (rows) by states after (columns).
        """
        names = list(self.states)
        return pd.DataFrame(self.moves, index=names, columns=names)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the probabilities on top of each other, the first state at the bottom.

        `nissc1.report.figures`, and with it matplotlib, is imported only now.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; by default those of a new figure of pyplot.

        Returns
        -------
        matplotlib.axes.Axes
            The axes.
        """
        from nissc1.report.figures.results import plot_states

        return plot_states(self, ax)


def state_occupation(
    frame: pd.DataFrame,
    *,
    subject: str,
    start: str,
    stop: str,
    from_state: str,
    to_state: str,
    states: Sequence[Hashable] | None = None,
    conf_type: str = "log-log",
    conf_level: float = 0.95,
) -> StateOccupation:
    """Estimate the probabilities of being in each of several states.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a stay: a patient is in ``from_state`` after ``start`` up to ``stop`` and moves then
        to ``to_state``, which is missing where observation ends, or goes on in the same state,
        without a move. A patient's stays begin at 0 and follow one upon the other; after a move
        into a state that nobody leaves, no row is needed.
    subject, start, stop, from_state, to_state : str
        Columns. Times in any unit; a first stay may end at 0, for moves on day 0.
    states : sequence of hashable, optional
        All states in order; by default in order of their first appearance.
    conf_type : {"log-log", "log", "plain"}
        Kind of pointwise limits.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    StateOccupation
        Aalen-Johansen estimate [1]_ from the distribution at time 0. Who ends observation at a time
        is still at risk of the moves at it. It is consistent whether or not moves depend on the
        past in more ways than by the present state, if censoring is independent [2]_. Standard
        errors are the infinitesimal jackknife's, by patient, and hold in that case too.

    Raises
    ------
    ValueError
        If the frame or an option is not allowed (see `read_history`).

    Notes
    -----
    With Y_j patients at risk in state j at u, of whom d_jk move to k, the probabilities p pass to
    p H with H_jk = d_jk / Y_j, and H_jj what is missing to 1. A patient at risk in j who goes on to
    k (or stays: k = j) has the influence p_j (1[k] - H_j.) / Y_j on them, and the influences from
    before are carried on by H. The variance is the sum of their squares over patients.

    References
    ----------
    .. [1] Aalen OO, Johansen S (1978). An empirical transition matrix for non-homogeneous Markov
       chains based on censored observations. Scand J Stat 5:141-150.
    .. [2] Datta S, Satten GA (2001). Validity of the Aalen-Johansen estimators of stage occupation
       probabilities and Nelson-Aalen estimators of integrated transition hazards for non-Markov
       models. Stat Probab Lett 55:403-411.

    Examples
    --------
    Of three patients one responds at 2 and progresses at 5, one dies at 3, one is censored at 4:

    >>> import pandas as pd
    >>> from nissc1.stats import state_occupation
    >>> frame = pd.DataFrame(
    ...     [
    ...         (1, 0, 2, "treated", "response"),
    ...         (1, 2, 5, "response", "progressed"),
    ...         (2, 0, 3, "treated", "dead"),
    ...         (3, 0, 4, "treated", None),
    ...     ],
    ...     columns=["who", "start", "stop", "from", "to"],
    ... )
    >>> result = state_occupation(
    ...     frame, subject="who", start="start", stop="stop", from_state="from", to_state="to"
    ... )
    >>> result.at(5)[["state", "estimate"]].round(3).values.tolist()
    [['treated', 0.333], ['response', 0.0], ['progressed', 0.333], ['dead', 0.333]]
    """
    check_choice("conf_type", conf_type, CONF_TYPES)
    check_conf_level(conf_level)
    history = read_history(
        frame,
        subject=subject,
        start=start,
        stop=stop,
        from_state=from_state,
        to_state=to_state,
        states=states,
    )
    time = np.unique(np.append(history.stop, 0.0))
    size = len(history.states)
    estimate, error = np.empty((len(time), size)), np.empty((len(time), size))
    at_risk = np.empty((len(time), size), dtype=np.int64)
    for k, (number, probability, influence) in enumerate(walk(history, time)):
        at_risk[k], estimate[k] = number, probability
        error[k] = np.sqrt(np.sum(influence**2, axis=0))
    estimate = np.clip(estimate, 0.0, 1.0)
    bounds = [limits(p, s, conf_type, conf_level) for p, s in zip(estimate.T, error.T, strict=True)]
    return StateOccupation(
        states=history.states,
        n=history.n,
        conf_type=conf_type,
        conf_level=conf_level,
        time=time,
        n_at_risk=at_risk,
        estimate=estimate,
        std_error=error,
        lower=np.column_stack([low for low, _ in bounds]),
        upper=np.column_stack([high for _, high in bounds]),
        moves=history.moves,
        settled=history.settled,
    )
