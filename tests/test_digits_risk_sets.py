"""Orders of events and numbers at risk that print the rates."""

from math import comb

import numpy as np
import pytest

from nissc1.digits.event_orders import (
    CENSORED,
    EVENT,
    PrintedRate,
    PrintedRates,
    event_free_rates,
    incidence_rates,
    orders,
)
from nissc1.digits.risk_sets import (
    FirstYear,
    SecondYear,
    search_first_year,
    search_second_year,
)
from nissc1.stats import cumulative_incidence, kaplan_meier

YEAR_1 = PrintedRates(PrintedRate("87.5", "80.2", "94.7"), PrintedRate("6.3", "2.3", "13.1"))
YEAR_2 = PrintedRates(PrintedRate("81.8", "73.1", "90.5"), PrintedRate("11.9", "5.8", "20.5"))


@pytest.fixture(scope="module")
def first() -> FirstYear:
    return search_first_year(80, 5, 5, YEAR_1)


@pytest.fixture(scope="module")
def second(first: FirstYear) -> SecondYear:
    return search_second_year(first, YEAR_2)


def test_every_order_ends_with_an_event_and_comes_once() -> None:
    found = orders(2, 2, 1)
    assert len(found) == comb(4, 2) * 4  # the loss stands before one of four events
    assert len({tuple(row) for row in found}) == len(found)
    assert (found[:, -1] != CENSORED).all()


def test_rates_are_those_of_the_reports_own_estimators() -> None:
    """One patient a step, the others followed to the end."""
    for row in orders(5, 5, 2)[::1999]:
        time = np.arange(1, len(row) + 1).tolist() + [99] * (80 - len(row))
        cause = row.tolist() + [0] * (80 - len(row))
        free = kaplan_meier(time, [int(c > 0) for c in cause]).at([50]).iloc[0]
        own = cumulative_incidence(time, cause).at([50]).iloc[0]
        at_risk = 80 - np.arange(len(row))
        names = ["estimate", "lower", "upper"]
        expected = [100 * free[name] for name in names], [100 * own[name] for name in names]
        assert event_free_rates(row[None, :], at_risk)[0] == pytest.approx(expected[0])
        assert incidence_rates(row[None, :], at_risk)[0] == pytest.approx(expected[1])


def test_a_printed_rate_allows_half_a_unit_either_way() -> None:
    rates = np.array([[87.45, 80.15, 94.75], [87.5, 80.251, 94.7]])
    assert YEAR_1.event_free.allows(rates).tolist() == [True, False]


def test_without_a_loss_no_order_prints_the_first_year(first: FirstYear) -> None:
    assert first.searched == {0: 252, 1: 2520, 2: 13860, 3: 55440}
    assert {lost: len(found) for lost, found in first.admissible.items()} == {
        0: 0,
        1: 322,
        2: 126,
        3: 0,
    }


def test_one_loss_lies_after_the_eighth_event_or_the_ninth(first: FirstYear) -> None:
    places = first.before_loss()
    assert places.loc[places["admissible"] > 0, "before"].tolist() == [8, 9]
    assert first.facts()["progressions_before"] == 3


def test_with_the_deaths_first_two_places_are_left(first: FirstYear) -> None:
    """The same two that the reconstruction's estimators find one by one."""
    found = first.admissible[1]
    deaths_first = found[(found[:, :5] == 2).all(axis=1)]
    letters = {"".join("CPD"[step] for step in row) for row in deaths_first}
    assert letters == {"DDDDDPPPCPP", "DDDDDPPPPCP"}


def test_the_two_deaths_of_day_1_may_be_tied_without_changing_the_places() -> None:
    """By the report's own estimators, with the days of death of Table 3."""
    places = []
    for before in range(6):
        steps = [1] * before + [0] + [1] * (5 - before)
        time = [1, 1, 9, 26, 61, *range(100, 106)] + [999] * 69
        cause = [2] * 5 + steps + [0] * 69
        free = kaplan_meier(time, [int(c > 0) for c in cause]).at([365])
        own = cumulative_incidence(time, cause).at([365])
        columns = ["estimate", "lower", "upper"]
        fits = YEAR_1.event_free.allows(100 * free[columns].to_numpy(dtype=float))
        fits &= YEAR_1.incidence.allows(100 * own[columns].to_numpy(dtype=float))
        places += [before] if fits[0] else []
    assert places == [3, 4]


def test_two_losses_lie_together_before_the_last_event(first: FirstYear) -> None:
    found = first.admissible[2]
    assert (found[:, [9, 10]] == CENSORED).all()
    assert (found[:, 11] == EVENT).all()


def test_four_progressions_and_276_sequences_print_the_second_year(second: SecondYear) -> None:
    assert second.events == (4,)
    assert second.searched[4] == comb(69, 4) == 864501
    assert len(second.at_risk[4]) == 276
    facts = second.facts()
    assert (facts["first_least"], facts["first_most"]) == (63, 69)
    assert (facts["last_least"], facts["last_most"]) == (45, 57)


def test_a_sequence_that_prints_is_found_and_one_that_does_not_is_absent(
    second: SecondYear,
) -> None:
    """By hand: 69, 68, 67, 46 after DDDDDPPPPCP gives 81.81 (73.13 to 90.49)."""
    found = {tuple(row) for row in second.at_risk[4].tolist()}
    assert (69, 68, 67, 46) in found
    assert (69, 68, 67, 66) not in found


def test_the_spread_counts_each_sequence_once_an_event(second: SecondYear) -> None:
    spread = second.spread(4)
    assert spread.groupby("event")["sequences"].sum().tolist() == [276] * 4


def test_rates_that_no_order_prints_give_an_empty_result() -> None:
    impossible = PrintedRates(PrintedRate("50.0", "40.0", "60.0"), YEAR_1.incidence)
    first = search_first_year(80, 2, 1, impossible, most_lost=1)
    assert not first.holds
    assert search_second_year(first, YEAR_2, (1, 2)).facts() == {}
