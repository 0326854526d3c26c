"""The history of patients who move between states, and the estimate it leads to."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nissc1.stats.inputs import FloatArray, IntArray, as_times
from nissc1.stats.options import check_columns


@dataclass(frozen=True, eq=False)
class StateHistory:
    """Hold stays of patients in states, a row each, as numbers.

    Attributes
    ----------
    states : tuple
        Names of the states.
    n : int
        Patients.
    patient, state, following : ndarray of int, shape (r,)
        Patient, state, and state afterwards; the same one where the stay ends without a move.
    start, stop : ndarray, shape (r,)
        Begin and end of the stay; a first stay begins before time 0, so that moves at time 0 count.
    initial : ndarray of int, shape (n,)
        State at time 0.
    """

    states: tuple[Hashable, ...]
    n: int
    patient: IntArray
    state: IntArray
    following: IntArray
    start: FloatArray
    stop: FloatArray
    initial: IntArray

    @property
    def moves(self) -> IntArray:
        """Number of moves from each state to each, shape (s, s)."""
        size = len(self.states)
        moved = self.following != self.state
        pairs = self.state[moved] * size + self.following[moved]
        return np.bincount(pairs, minlength=size * size).reshape(size, size).astype(np.int64)

    @property
    def settled(self) -> bool:
        """Whether all who are observed to the last time move there into a state without exit."""
        exits = self.moves.sum(axis=1) > 0
        exits[self.state] = True
        last = self.stop == self.stop.max()
        return not bool(exits[self.following[last]].any())


def read_history(
    frame: pd.DataFrame,
    *,
    subject: str,
    start: str,
    stop: str,
    from_state: str,
    to_state: str,
    states: Sequence[Hashable] | None = None,
) -> StateHistory:
    """Read stays from a frame and check that they form whole histories.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a stay.
    subject, start, stop, from_state, to_state : str
        Columns, as for `state_occupation`.
    states : sequence of hashable, optional
        All states in order; by default in order of their first appearance.

    Returns
    -------
    StateHistory
        Stays, sorted by patient and time.

    Raises
    ------
    ValueError
        If a column is absent, the frame is empty, a time is missing or negative, a stay ends before
        it begins or is unknown, or a patient's stays do not begin at 0 or do not follow one upon
        the other.
    """
    check_columns(frame, [subject, start, stop, from_state, to_state])
    begin, end = as_times(frame[start], start), as_times(frame[stop], stop)
    for name in (subject, from_state):
        if frame[name].isna().any():
            raise ValueError(
                f"{name!r} is missing in {int(frame[name].isna().sum())} row(s); it is needed in "
                "each. Complete it or leave the patients out."
            )
    moved = frame[to_state].notna().to_numpy()
    arriving = frame[to_state].where(frame[to_state].notna(), frame[from_state])
    seen = list(pd.unique(pd.concat([frame[from_state], arriving], ignore_index=True)))
    names = seen if states is None else list(states)
    unknown = [each for each in seen if each not in names]
    if unknown:
        raise ValueError(
            f"states lacks {unknown}, which the frame has; all are needed. Add them to the list."
        )
    place = {name: k for k, name in enumerate(names)}
    patient, _ = pd.factorize(frame[subject])
    order = np.lexsort((end, begin, patient))
    patient, begin, end, moved = patient[order], begin[order], end[order], moved[order]
    here = frame[from_state].map(place).to_numpy(dtype=np.int64)[order]
    there = arriving.map(place).to_numpy(dtype=np.int64)[order]
    first = np.append(True, patient[1:] != patient[:-1])
    _check_stays(frame[subject].to_numpy()[order], first, begin, end, here, there, moved, names)
    return StateHistory(
        states=tuple(names),
        n=int(patient.max()) + 1,
        patient=patient.astype(np.int64),
        state=here,
        following=there,
        start=np.where(first, -1.0, begin),
        stop=end,
        initial=here[first],
    )


def walk(
    history: StateHistory, times: FloatArray
) -> Iterator[tuple[IntArray, FloatArray, FloatArray]]:
    """Carry the Aalen-Johansen estimate and the patients' influence on it from time to time.

    Parameters
    ----------
    history : StateHistory
        Stays of the patients.
    times : ndarray, shape (k,)
        All distinct times at which a stay ends, ascending.

    Yields
    ------
    number : ndarray of int, shape (s,)
        Patients at risk in each state just before the time.
    probability : ndarray, shape (s,)
        Probability of each state from the time on.
    influence : ndarray, shape (n, s)
        Derivatives of the probabilities by the patients' weights.
    """
    size = len(history.states)
    probability = np.bincount(history.initial, minlength=size) / history.n
    influence = (np.eye(size)[history.initial] - probability) / history.n
    for time in times:
        here = np.flatnonzero((history.start < time) & (history.stop >= time))
        state = history.state[here]
        number = np.bincount(state, minlength=size)
        goes = history.stop[here] == time
        following = np.where(goes, history.following[here], state)
        if (following != state).any():
            moves = np.bincount(state * size + following, minlength=size * size)
            step = np.eye(size)
            occupied = number > 0
            step[occupied] = moves.reshape(size, size)[occupied] / number[occupied, None]
            share = (probability[state] / number[state])[:, None]
            own = share * (np.eye(size)[following] - step[state])
            influence = influence @ step
            influence[history.patient[here]] += own
            probability = probability @ step
        yield number, probability, influence


def _check_stays(
    who: np.ndarray[tuple[int], np.dtype[np.object_]],
    first: np.ndarray[tuple[int], np.dtype[np.bool_]],
    begin: FloatArray,
    end: FloatArray,
    here: IntArray,
    there: IntArray,
    moved: np.ndarray[tuple[int], np.dtype[np.bool_]],
    names: Sequence[Hashable],
) -> None:
    advice = "Correct the rows of this patient."

    def refuse(wrong: object, what: str, allowed: str) -> None:
        rows = np.flatnonzero(np.asarray(wrong))
        if rows.size:
            k = int(rows[0])
            found = what.format(
                who=who[k],
                begin=f"{begin[k]:g}",
                end=f"{end[k]:g}",
                here=names[here[k]],
                before=f"{end[k - 1]:g}",
                left=names[there[k - 1]],
            )
            raise ValueError(f"{found}; {allowed}. {advice}")

    refuse(
        first & (begin != 0),
        "the first stay of {who} begins at {begin}",
        "0 is allowed: everybody must be observed from time 0",
    )
    refuse(
        (end < begin) | ((end == begin) & ~first),
        "a stay of {who} lasts from {begin} to {end}",
        "an end after the begin is needed (a first stay may end at 0)",
    )
    refuse(
        ~first & (begin != np.append(0.0, end[:-1])),
        "a stay of {who} begins at {begin} and the one before ends at {before}",
        "the same time is needed",
    )
    refuse(
        ~first & (here != np.append(0, there[:-1])),
        "{who} is in {here} from {begin}, but was in {left} before",
        "a stay must begin where the one before led",
    )
    refuse(
        moved & (here == there),
        "{who} moves at {end} from {here} to {here}",
        "another state, or a missing one where the stay ends without a move, is needed",
    )
