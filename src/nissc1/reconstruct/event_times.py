"""Which orders of events and censorings print the article's rates with their limits.

A printed estimate with its limits fixes the numbers at risk at each event. The functions below
search them: every pattern is turned into data (one patient a row, ranks for times) and estimated
with the project's own estimators, then compared at printed precision.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import combinations
from math import sqrt

from nissc1.reconstruct.assumptions import N_PATIENTS
from nissc1.reconstruct.targets import Targets
from nissc1.stats.cumulative_incidence import cumulative_incidence
from nissc1.stats.curve import Curve
from nissc1.stats.kaplan_meier import kaplan_meier

Limits = tuple[Decimal, Decimal, Decimal]
#: Deaths before any progression: two on day 1, three more by day 61.
EARLY_DEATHS = 5
FIRST_YEAR_PROGRESSIONS = 5
SECOND_YEAR_PROGRESSIONS = 4
#: Fewest at risk searched at a progression of the second year.
FEWEST_AT_RISK = 20
#: A computed limit may miss half a unit of the last digit by this much (floating point).
SLACK = 1e-9


class NoPatternError(RuntimeError):
    """Report that no order of events gives the printed limits."""


@dataclass(frozen=True, order=True)
class ProgressionPattern:
    """Hold an order of progressions and of one early censoring.

    Attributes
    ----------
    before_censoring : int
        First-year progressions before the one event-free patient is censored.
    at_risk : tuple of int
        Event-free patients at risk at each progression of the second year.
    """

    before_censoring: int
    at_risk: tuple[int, ...]


@dataclass(frozen=True, order=True)
class ResponsePattern:
    """Hold an order of first responses and deaths.

    Attributes
    ----------
    before_progression_deaths : int
        Responders before the deaths on days 128 and 131, of patients without a response.
    first_year, second_year : int
        Responders up to one year, and in the second year.
    last_death_responded : bool
        Whether the patient who died on day 414 had responded before.
    """

    before_progression_deaths: int
    first_year: int
    second_year: int
    last_death_responded: bool


def prints_as(curve: Curve, time: float, printed: Limits) -> bool:
    """Tell whether a curve at a time prints as given, rounding half either way.

    Parameters
    ----------
    curve : Curve
        Survival or cumulative incidence.
    time : float
        Where to read it.
    printed : tuple of Decimal
        Estimate and limits, percent.

    Returns
    -------
    bool
        True where the three components are each within half a unit of the last printed digit.
    """
    row = curve.at([time]).iloc[0]
    decimals = max(-int(value.as_tuple().exponent) for value in printed)
    computed = (row["estimate"], row["lower"], row["upper"])
    return all(
        abs(100 * value - float(target)) <= 0.5 * 10 ** -_own(target, decimals) + SLACK
        for value, target in zip(computed, printed, strict=True)
    )


def _own(value: Decimal, largest: int) -> int:
    """Decimals of a limit; a whole number beside decimals is one with the zero left off."""
    own = -int(value.as_tuple().exponent)
    return own if own else largest


def _sequence_data(steps: Sequence[str]) -> tuple[list[float], list[int]]:
    """Turn a string of events into ranks and causes: D death, P progression, R response, C none."""
    causes = {"C": 0, "P": 1, "R": 1, "D": 2}
    return [float(rank) for rank, _ in enumerate(steps, 1)], [causes[step] for step in steps]


def _progression_steps(pattern: ProgressionPattern) -> str:
    """Write a pattern as a string of events, all patients, in the order of time."""
    early = pattern.before_censoring
    steps = "D" * EARLY_DEATHS + "P" * early + "C" + "P" * (FIRST_YEAR_PROGRESSIONS - early)
    left = N_PATIENTS - len(steps)
    for at_risk in pattern.at_risk:
        steps += "C" * (left - at_risk) + "P"
        left = at_risk - 1
    return steps + "C" * left


def _second_year_candidates(printed: Limits) -> Iterator[tuple[int, ...]]:
    """List numbers at risk whose product-limit estimate and Greenwood limits may print as given.

    Quick arithmetic that leaves a few hundred of all combinations for the estimators.
    """
    left = N_PATIENTS - EARLY_DEATHS - FIRST_YEAR_PROGRESSIONS - 1
    events = EARLY_DEATHS + FIRST_YEAR_PROGRESSIONS
    # The first year with its censoring before the last event or before the last two.
    start = (N_PATIENTS - events) / N_PATIENTS
    spread = events / N_PATIENTS / (N_PATIENTS - events)
    estimate, lower, upper = (float(value) / 100 for value in printed)
    for at_risk in combinations(range(left, FEWEST_AT_RISK, -1), SECOND_YEAR_PROGRESSIONS):
        survival, variance = start, spread
        for n in at_risk:
            survival *= 1 - 1 / n
            variance += 1 / n / (n - 1)
        half = 1.96 * survival * sqrt(variance)
        # The early censoring shifts the estimate by some hundredths of a percent.
        close = abs(survival - estimate) < 0.0015
        if close and abs(survival - half - lower) < 0.002 and abs(survival + half - upper) < 0.002:
            yield at_risk


def find_progression_patterns(targets: Targets) -> list[ProgressionPattern]:
    """Search the orders that print progression and progression-free survival with their limits.

    Parameters
    ----------
    targets : Targets
        Printed figures.

    Returns
    -------
    list of ProgressionPattern
        All admissible ones, those with the fewest early losses first.

    Raises
    ------
    NoPatternError
        When there is none.
    """
    return list(
        _progression_patterns(
            *(
                targets.limits(f"results.{kind}_{months}m")
                for kind in ("progression", "pfs")
                for months in (12, 24)
            )
        )
    )


@cache  # the search takes seconds, and every cohort needs it
def _progression_patterns(
    progression_12: Limits, progression_24: Limits, pfs_12: Limits, pfs_24: Limits
) -> tuple[ProgressionPattern, ...]:
    """Search the orders that print the four rates."""
    printed = {12: (progression_12, pfs_12), 24: (progression_24, pfs_24)}
    events = EARLY_DEATHS + FIRST_YEAR_PROGRESSIONS
    one_year = float(events + 1)

    def holds(steps: str, time: float, months: int) -> bool:
        ranks, causes = _sequence_data(steps)
        incidence = cumulative_incidence(ranks, causes)
        if not prints_as(incidence, time, printed[months][0]):
            return False
        survival = kaplan_meier(ranks, [int(cause > 0) for cause in causes])
        return prints_as(survival, time, printed[months][1])

    def at_one_year(early: int) -> bool:
        pattern = ProgressionPattern(early, ())
        return holds(_progression_steps(pattern), one_year, 12)

    found = []
    early = [k for k in range(FIRST_YEAR_PROGRESSIONS + 1) if at_one_year(k)]
    for at_risk in _second_year_candidates(pfs_24):
        for before in early:
            pattern = ProgressionPattern(before, at_risk)
            steps = _progression_steps(pattern)
            if holds(steps, float(steps.rindex("P") + 1), 24):
                found.append(pattern)
    if not found:
        raise NoPatternError(
            "No order of the nine progressions and one early censoring prints the rates of "
            "progression and progression-free survival with their limits. Check the figures "
            "results.progression_12m, results.pfs_12m and those at 24 months."
        )
    return tuple(sorted(found, reverse=True, key=lambda p: (p.at_risk, p.before_censoring)))


def _response_steps(pattern: ResponsePattern) -> tuple[str, str]:
    """Write a response pattern as strings of events, of the first year and of all patients."""
    later = pattern.first_year - pattern.before_progression_deaths
    first = "D" * EARLY_DEATHS + "R" * pattern.before_progression_deaths + "DD" + "R" * later
    steps = first + ("" if pattern.last_death_responded else "D") + "R" * pattern.second_year
    return first, steps + "C" * (N_PATIENTS - len(steps))


def find_response_patterns(targets: Targets) -> list[ResponsePattern]:
    """Search the orders that print the response rates with their limits, death competing.

    Patterns in which a patient without a response is lost before the last response of the second
    year are left out: none of them reaches the printed limits.

    Parameters
    ----------
    targets : Targets
        Printed figures.

    Returns
    -------
    list of ResponsePattern
        All admissible ones.

    Raises
    ------
    NoPatternError
        When there is none.
    """
    return list(
        _response_patterns(
            targets.limits("results.response_12m"), targets.limits("results.response_24m")
        )
    )


@cache
def _response_patterns(at_one_year: Limits, at_two_years: Limits) -> tuple[ResponsePattern, ...]:
    """Search the orders that print the two rates."""
    # The limits of the first year are printed with a decimal, its estimate without.
    found = []
    for first_year in range(58, 63):
        for before in range(20, first_year + 1):
            start = ResponsePattern(before, first_year, 0, True)
            ranks, causes = _sequence_data(_response_steps(start)[1])
            time = float(EARLY_DEATHS + 2 + first_year)
            if not prints_as(cumulative_incidence(ranks, causes), time, at_one_year):
                continue
            for second_year in range(6, 14):
                for responded in (True, False):
                    pattern = ResponsePattern(before, first_year, second_year, responded)
                    steps = _response_steps(pattern)[1]
                    if len(steps) > N_PATIENTS:
                        continue
                    ranks, causes = _sequence_data(steps)
                    last = float(steps.rindex("R") + 1)
                    if prints_as(cumulative_incidence(ranks, causes), last, at_two_years):
                        found.append(pattern)
    if not found:
        raise NoPatternError(
            "No order of responses and deaths prints the response rates with their limits. Check "
            "the figures results.response_12m and results.response_24m."
        )
    return tuple(found)
