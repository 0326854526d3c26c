"""Rates with their limits for many orders of events at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nissc1.digits.hazard_ratios import Z
from nissc1.digits.printed import read_number

#: One step of an order: a patient lost, the event of interest, a competing event.
CENSORED, EVENT, COMPETING = 0, 1, 2
Steps = NDArray[np.int64]
Numbers = NDArray[np.float64]
#: A limit may miss half a unit of its last digit by this much (floating point), in percent.
_NOISE = 1e-9


@dataclass(frozen=True)
class PrintedRate:
    """Hold a printed rate with its 95 % limits, in percent.

    Attributes
    ----------
    estimate, lower, upper : str
        As printed.
    """

    estimate: str
    lower: str
    upper: str

    def allows(self, rates: Numbers) -> NDArray[np.bool_]:
        """Tell which rates print as given.

        Parameters
        ----------
        rates : ndarray, shape (n, 3)
            Estimate, lower and upper limit in percent.

        Returns
        -------
        ndarray of bool, shape (n,)
            Whether all three lie within half a unit of the last printed digit.
        """
        read = [read_number(text) for text in (self.estimate, self.lower, self.upper)]
        low = np.array([float(number.low) for number in read]) - _NOISE
        high = np.array([float(number.high) for number in read]) + _NOISE
        return np.asarray(((rates >= low) & (rates <= high)).all(axis=1), dtype=np.bool_)


@dataclass(frozen=True)
class PrintedRates:
    """Hold the two rates printed for one landmark.

    Attributes
    ----------
    event_free : PrintedRate
        Rate without an event of either kind.
    incidence : PrintedRate
        Cumulative incidence of the event of interest.
    """

    event_free: PrintedRate
    incidence: PrintedRate


def printed_rates(figures: pd.DataFrame, event_free: str, incidence: str) -> PrintedRates:
    """Read the two rates of a landmark from the printed figures.

    Parameters
    ----------
    figures : pandas.DataFrame
        Printed figures with ``estimate, lower, upper``, indexed by id.
    event_free, incidence : str
        Ids of the two rates.

    Returns
    -------
    PrintedRates
        The rates as printed.
    """
    columns = ["estimate", "lower", "upper"]
    free, of = (PrintedRate(*figures.loc[row, columns]) for row in (event_free, incidence))
    return PrintedRates(free, of)


def orders(events: int, competing: int, censored: int) -> Steps:
    """List every order of so many events, competing events and losses that ends with an event.

    Parameters
    ----------
    events, competing, censored : int
        Numbers of each.

    Returns
    -------
    ndarray of int, shape (orders, steps)
        `CENSORED`, `EVENT` or `COMPETING` at each step. A loss after the last event or competing
        event changes no rate and is left out.
    """
    steps = events + competing + censored
    found = []
    for lost in combinations(range(steps - 1), censored):
        kept = [place for place in range(steps) if place not in lost]
        for chosen in combinations(kept, events):
            row = np.full(steps, COMPETING)
            row[list(lost)] = CENSORED
            row[list(chosen)] = EVENT
            found.append(row)
    return np.array(found, dtype=np.int64).reshape(-1, steps)


def event_free_rates(kinds: Steps, at_risk: Any) -> Numbers:
    """Estimate the rate without any event, after Kaplan and Meier, at the last step.

    Parameters
    ----------
    kinds : ndarray of int, shape (n, k)
        What happens at each step, one patient a step.
    at_risk : array_like of int, shape (n, k) or (k,)
        Patients at risk at each step.

    Returns
    -------
    ndarray, shape (n, 3)
        Estimate and plain 95 % limits from Greenwood's variance (1926), percent.
    """
    number = np.broadcast_to(np.asarray(at_risk, dtype=np.float64), kinds.shape)
    happened = kinds != CENSORED
    free = np.prod(np.where(happened, 1 - 1 / number, 1.0), axis=1)
    spread = np.where(happened, 1 / (number * np.maximum(number - 1, 1)), 0.0).sum(axis=1)
    half = Z * free * np.sqrt(spread)
    return 100 * np.column_stack([free, free - half, free + half])


def incidence_rates(kinds: Steps, at_risk: Any) -> Numbers:
    """Estimate the cumulative incidence of the event, after Aalen and Johansen, at the last step.

    Parameters
    ----------
    kinds : ndarray of int, shape (n, k)
        What happens at each step, one patient a step.
    at_risk : array_like of int, shape (n, k) or (k,)
        Patients at risk at each step.

    Returns
    -------
    ndarray, shape (n, 3)
        Estimate and log(-log) limits from Aalen's variance (1978), percent; the same as
        `nissc1.stats.cumulative_incidence` gives for one order, without ties.
    """
    number = np.broadcast_to(np.asarray(at_risk, dtype=np.float64), kinds.shape)
    own, happened = kinds == EVENT, kinds != CENSORED
    after = np.cumprod(np.where(happened, 1 - 1 / number, 1.0), axis=1)
    before = np.column_stack([np.ones(len(after)), after[:, :-1]])
    hazard = before / number
    grown = np.cumsum(np.where(own, hazard, 0.0), axis=1)
    total = grown[:, -1]
    to_come = (total[:, None] - grown) / after
    weight = np.where(own, (1 - to_come) ** 2, np.where(happened, to_come**2, 0.0))
    error = np.sqrt((hazard**2 * weight).sum(axis=1))
    power = np.exp(Z * error / (total * -np.log(total)))
    return 100 * np.column_stack([total, total**power, total ** (1 / power)])
