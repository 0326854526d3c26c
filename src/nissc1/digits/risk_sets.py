"""Which orders of events, and which numbers at risk, print the rates with their limits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nissc1.digits.event_orders import (
    CENSORED,
    EVENT,
    PrintedRate,
    PrintedRates,
    Steps,
    event_free_rates,
    incidence_rates,
    orders,
)
from nissc1.digits.printed import read_number


@dataclass(frozen=True, eq=False)
class FirstYear:
    """Hold the search over orders of events up to the first landmark.

    Attributes
    ----------
    patients : int
        Patients at the start.
    searched : dict of int to int
        By number of patients lost before the last event, the orders possible.
    admissible : dict of int to ndarray
        By the same number, the orders that print both rates, shape (orders, steps).
    """

    patients: int
    searched: dict[int, int]
    admissible: dict[int, Steps]

    @property
    def fewest_lost(self) -> int | None:
        """Fewest patients lost with which the rates can be printed; None if they never can."""
        return next((lost for lost, found in self.admissible.items() if len(found)), None)

    @property
    def holds(self) -> bool:
        """Whether any order prints the rates."""
        return self.fewest_lost is not None

    @property
    def sentence(self) -> str:
        """The result."""
        parts = [
            f"with {lost} lost {len(self.admissible[lost])} of {n} orders"
            for lost, n in self.searched.items()
        ]
        return f"The rates are printed {'; '.join(parts)}."

    def facts(self) -> dict[str, int]:
        """Collect the numbers of the result.

        Returns
        -------
        dict of str to int
            ``searched_0, admissible_0, searched_1`` ... by patients lost; where a single loss can
            print the rates, ``events_before`` and ``progressions_before`` it at the least.
        """
        counted = {f"searched_{lost}": n for lost, n in self.searched.items()}
        counted |= {f"admissible_{lost}": len(found) for lost, found in self.admissible.items()}
        places = self.before_loss()
        possible = places[places["admissible"] > 0]
        if not possible.empty:
            counted["events_before"] = int(possible["before"].min())
            counted["progressions_before"] = int(possible["fewest"].min())
        return counted

    def before_loss(self) -> pd.DataFrame:
        """Place the loss where one is enough.

        Returns
        -------
        pandas.DataFrame
            ``before``, events of either kind before the loss; ``searched``, ``admissible`` orders;
            ``fewest, most`` events of interest before it among the admissible (missing if none).
        """
        found = self.admissible[1]
        place = (found == CENSORED).argmax(axis=1)
        earlier = np.arange(found.shape[1]) < place[:, None]
        own = ((found == EVENT) & earlier).sum(axis=1)
        steps = found.shape[1] - 1
        frame = pd.DataFrame({"before": range(steps)})
        frame["searched"] = self.searched[1] // steps
        frame["admissible"] = [int((place == k).sum()) for k in range(steps)]
        for name, pick in (("fewest", np.min), ("most", np.max)):
            values = [
                int(pick(own[place == k])) if (place == k).any() else None for k in range(steps)
            ]
            frame[name] = pd.array(values, dtype="Int64")
        return frame


def search_first_year(
    patients: int, events: int, competing: int, printed: PrintedRates, most_lost: int = 3
) -> FirstYear:
    """Search all orders of the events and early losses for those that print two rates.

    Parameters
    ----------
    patients : int
        Patients at the start.
    events, competing : int
        Events of interest and competing ones up to the landmark.
    printed : PrintedRates
        The rates at the landmark.
    most_lost : int
        Most patients lost before the last event; 0 upwards is searched.

    Returns
    -------
    FirstYear
        Every order with distinct times, and those that print both.
    """
    searched, admissible = {}, {}
    for lost in range(most_lost + 1):
        kinds = orders(events, competing, lost)
        at_risk = patients - np.arange(kinds.shape[1])
        fits = printed.event_free.allows(event_free_rates(kinds, at_risk))
        fits &= printed.incidence.allows(incidence_rates(kinds, at_risk))
        searched[lost], admissible[lost] = len(kinds), kinds[fits]
    return FirstYear(patients, searched, admissible)


@dataclass(frozen=True, eq=False)
class SecondYear:
    """Hold the search over numbers at risk at the events between two landmarks.

    Attributes
    ----------
    searched : dict of int to int
        By number of events, the numbers at risk possible.
    at_risk : dict of int to ndarray
        By the same number, those that print both rates after some admissible first year, shape
        (found, events), most at risk first.
    """

    searched: dict[int, int]
    at_risk: dict[int, NDArray[np.int64]]

    @property
    def events(self) -> tuple[int, ...]:
        """The numbers of events with which the rates can be printed."""
        return tuple(events for events, found in self.at_risk.items() if len(found))

    @property
    def holds(self) -> bool:
        """Whether any numbers at risk print the rates."""
        return bool(self.events)

    @property
    def sentence(self) -> str:
        """The result."""
        parts = [
            f"{len(self.at_risk[events])} of {n} with {events}"
            for events, n in self.searched.items()
        ]
        return f"Sequences of numbers at risk that print the rates, by events: {', '.join(parts)}."

    def facts(self) -> dict[str, int]:
        """Collect the numbers of the result.

        Returns
        -------
        dict of str to int
            ``events``, the least number of them that prints the rates, and for it ``searched`` and
            ``admissible`` sequences, ``first_least, first_most, last_least, last_most`` at risk at
            the first and last event; ``other_events``, how many other numbers print the rates.
            Empty if none does.
        """
        if not self.holds:
            return {}
        events = self.events[0]
        found = self.at_risk[events]
        counted = {"events": events, "other_events": len(self.events) - 1}
        counted |= {"searched": self.searched[events], "admissible": len(found)}
        for name, column in (("first", found[:, 0]), ("last", found[:, -1])):
            counted |= {f"{name}_least": int(column.min()), f"{name}_most": int(column.max())}
        return counted

    def spread(self, events: int) -> pd.DataFrame:
        """Count each number at risk at each event.

        Parameters
        ----------
        events : int
            Number of events.

        Returns
        -------
        pandas.DataFrame
            ``event`` (1, 2, ...), ``at_risk``, ``sequences``: admissible ones with that number.
        """
        found = self.at_risk[events]
        long = pd.DataFrame(found, columns=range(1, events + 1)).melt(
            var_name="event", value_name="at_risk"
        )
        counted = long.groupby(["event", "at_risk"]).size().reset_index(name="sequences")
        return counted.astype("int64")


def search_second_year(
    first: FirstYear, printed: PrintedRates, numbers: tuple[int, ...] = (1, 2, 3, 4, 5)
) -> SecondYear:
    """Search all numbers at risk at the events of the second year for those that print two rates.

    Parameters
    ----------
    first : FirstYear
        Admissible orders up to the first landmark.
    printed : PrintedRates
        The rates at the second landmark.
    numbers : tuple of int
        Numbers of events of interest in between; no competing ones.

    Returns
    -------
    SecondYear
        Every strictly falling sequence of numbers at risk, and those that print both rates after at
        least one admissible order of the first year.
    """
    starts = [row for lost in first.admissible.values() for row in lost]
    most = first.patients - min((len(row) for row in starts), default=first.patients)
    searched, at_risk = {}, {}
    for events in numbers:
        searched[events] = comb(most, events)
        found: set[tuple[int, ...]] = set()
        if not _exceeds(starts, first.patients, events, printed.incidence):
            sequences = _falling(most, events)
            for group in _same_losses(starts):
                found |= _second_year_of(group, first.patients, sequences, printed)
        at_risk[events] = np.array(sorted(found, reverse=True), dtype=np.int64).reshape(-1, events)
    return SecondYear(searched, at_risk)


def _falling(most: int, events: int) -> NDArray[np.int64]:
    """List every strictly falling sequence of `events` numbers from `most` to 1."""
    every = chain.from_iterable(combinations(range(most, 0, -1), events))
    return np.fromiter(every, np.int64, comb(most, events) * events).reshape(-1, events)


def _exceeds(starts: list[Steps], patients: int, events: int, printed: PrintedRate) -> bool:
    """Tell whether the incidence is too high even if nobody else is lost, which keeps it lowest."""
    ceiling = float(read_number(printed.estimate).high)
    for start in starts:
        kinds = np.append(start, np.full(events, EVENT))[None, :]
        lowest = incidence_rates(kinds, patients - np.arange(kinds.shape[1]))[0, 0]
        if lowest <= ceiling:
            return False
    return True


def _same_losses(starts: list[Steps]) -> list[Steps]:
    """Group first years that have the same event-free rate: the same losses at the same steps."""
    groups: dict[tuple[int, ...], list[Steps]] = {}
    for start in starts:
        groups.setdefault((len(start), *np.flatnonzero(start == CENSORED)), []).append(start)
    return [np.array(group) for group in groups.values()]


def _second_year_of(
    starts: Steps, patients: int, sequences: NDArray[np.int64], printed: PrintedRates
) -> set[tuple[int, ...]]:
    steps = starts.shape[1]
    possible = sequences[sequences[:, 0] <= patients - steps]
    early = np.arange(patients, patients - steps, -1)
    kinds, at_risk = _joined(starts[0], early, possible)
    candidates = possible[printed.event_free.allows(event_free_rates(kinds, at_risk))]
    found: set[tuple[int, ...]] = set()
    for start in starts if len(candidates) else ():
        kinds, at_risk = _joined(start, early, candidates)
        fits = printed.incidence.allows(incidence_rates(kinds, at_risk))
        found |= {tuple(int(n) for n in row) for row in candidates[fits]}
    return found


def _joined(
    start: Steps, early: NDArray[np.int64], later: NDArray[np.int64]
) -> tuple[Steps, NDArray[np.int64]]:
    """Put one first year before each sequence of numbers at risk."""
    many = len(later)
    kinds = np.column_stack([np.tile(start, (many, 1)), np.full(later.shape, EVENT)])
    return kinds, np.column_stack([np.tile(early, (many, 1)), later])
