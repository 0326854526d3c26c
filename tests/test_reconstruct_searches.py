"""The searches behind the reconstructed cohort, on small cases that can be checked by hand."""

from __future__ import annotations

import random
from decimal import Decimal
from statistics import mean, median, stdev

import numpy as np
import pandas as pd
import pytest

from nissc1.reconstruct.between_visits import all_visits_p_value
from nissc1.reconstruct.body import clearance
from nissc1.reconstruct.calibration import Moments, nudge, swap_into, swap_to_correlation
from nissc1.reconstruct.change import change_p_value, printed_window, residual_sd_range
from nissc1.reconstruct.event_times import find_progression_patterns, find_response_patterns
from nissc1.reconstruct.infections import TESTS, find_splits
from nissc1.reconstruct.marginals import MarginalError, Shape, assign_by_rank, spread
from nissc1.reconstruct.partial_likelihood import RiskSets
from nissc1.reconstruct.targets import MedianRange, PublishedFigureError, Targets
from nissc1.stats.cox import cox
from nissc1.stats.logrank import logrank_test
from nissc1.stats.repeated_measures import repeated_measures

TARGETS = Targets()


def _target(middle: str, low: str, high: str) -> MedianRange:
    return MedianRange(Decimal(middle), Decimal(low), Decimal(high))


@pytest.mark.parametrize("n", [7, 8, 79, 80])
def test_a_sample_has_the_median_and_range_it_was_asked_for(n: int) -> None:
    values = spread(random.Random(1), n, _target("23.8", "5.3", "103.7"), decimals=1)
    assert len(values) == n
    assert median(values) == Decimal("23.8")
    assert (min(values), max(values)) == (Decimal("5.3"), Decimal("103.7"))


def test_known_values_count_towards_median_and_range() -> None:
    fixed = [28, 46, 55, 35, 52, 58, 43, 51]
    free = spread(random.Random(1), 80, _target("43", "20", "62"), fixed=fixed)
    together = [*free, *map(Decimal, fixed)]
    assert len(free) == 72
    assert median(together) == 43
    assert (min(together), max(together)) == (20, 62)


def test_a_median_that_the_known_values_rule_out_is_refused() -> None:
    with pytest.raises(MarginalError, match="cannot hold the known values"):
        spread(random.Random(1), 4, _target("5", "1", "9"), fixed=[8, 8, 8])


def test_a_bound_on_the_inner_values_keeps_the_end_itself() -> None:
    shape = Shape(inner_low=15)
    values = spread(random.Random(1), 60, _target("24", "7", "128"), shape=shape)
    assert sorted(values)[0] == 7
    assert sorted(values)[1] >= 15


def test_ranks_decide_who_gets_which_value() -> None:
    values = [Decimal(3), Decimal(1), Decimal(2)]
    assert assign_by_rank(values, [0, 1, 2], [0.5, 0.9, -1.0]) == {2: 1, 0: 2, 1: 3}


def test_values_are_moved_to_a_printed_mean_and_deviation_within_their_bounds() -> None:
    values = list(range(10, 40))
    low, high = [5] * 30, [60] * 30
    moments = Moments.printed(Decimal("23.2"), Decimal("11.9"), 0)
    assert nudge(random.Random(3), values, low, high, moments) == 0.0
    assert abs(mean(values) - 23.2) <= 0.05
    assert abs(stdev(values) - 11.9) <= 0.05
    assert all(5 <= value <= 60 for value in values)


def test_swaps_into_a_subset_leave_the_whole_as_it_was() -> None:
    values = list(range(2, 50)) * 2
    before = sorted(values)
    inside = list(range(40))
    moments = Moments.printed(Decimal("24.0"), Decimal("11.0"), 0)
    misfit = swap_into(random.Random(4), values, inside, [0] * 96, moments)
    assert misfit == 0.0
    assert sorted(values) == before
    assert abs(mean(values[:40]) - 24.0) <= 0.05


def test_swaps_reach_a_rank_correlation() -> None:
    rng = random.Random(5)
    values = [Decimal(rng.randrange(8, 25)) for _ in range(77)]
    against = [rng.random() for _ in range(77)]
    swap_to_correlation(rng, values, against, -0.31)
    found = pd.Series([float(v) for v in values]).corr(pd.Series(against), method="spearman")
    assert round(found, 2) == -0.31


def test_the_printed_limits_leave_few_orders_of_progression() -> None:
    patterns = find_progression_patterns(TARGETS)
    # All place the one early censoring after three or four of the five first-year progressions.
    assert {pattern.before_censoring for pattern in patterns} == {3, 4}
    # A separate search by hand-written product-limit and cmprsk formulas found the same ends.
    assert {pattern.at_risk[3] for pattern in patterns} <= set(range(45, 58))
    assert len(patterns) == len(set(patterns)) == 293
    assert patterns[0].at_risk == (69, 68, 67, 46)


def test_the_printed_limits_of_response_fix_the_numbers_of_responders() -> None:
    patterns = find_response_patterns(TARGETS)
    assert {pattern.first_year for pattern in patterns} == {60}
    assert {pattern.second_year for pattern in patterns} == {11}
    assert {pattern.last_death_responded for pattern in patterns} == {True}


def test_no_single_test_prints_all_three_p_values_of_infections() -> None:
    by_comparison = find_splits(TARGETS).values()
    for test in TESTS:
        assert not all(any(split.test == test for split in found) for found in by_comparison)
    assert all(by_comparison)


def test_fishers_test_agrees_with_tea_tasting() -> None:
    # Fisher 1935: three of four cups of each kind named right, P = 34/70 two-sided.
    assert TESTS["Fisher"](3, 4, 1, 4) == pytest.approx(34 / 70)


def _small_cohort() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    return pd.DataFrame(
        {
            "time": rng.integers(1, 30, 60).astype(float),  # with ties
            "event": rng.integers(0, 2, 60),
            "x": rng.integers(0, 2, 60),
            "y": rng.normal(size=60),
        }
    )


def test_the_fast_cox_model_is_the_projects() -> None:
    frame = _small_cohort()
    reference = cox(frame, time="time", event="event", covariates=["x", "y"]).table()
    sets = RiskSets(frame["time"].tolist(), frame["event"].astype(bool).tolist())
    for name, found in zip(
        ("x", "y"), sets.cox(frame["x"].tolist(), frame["y"].tolist()), strict=True
    ):
        assert found.coefficient == pytest.approx(reference.loc[name, "coef"], abs=1e-6)
        assert found.std_error == pytest.approx(reference.loc[name, "std_error"], abs=1e-6)


def test_the_fast_log_rank_test_is_the_projects() -> None:
    frame = _small_cohort()
    reference = logrank_test(frame["time"], frame["event"], frame["x"]).p_value
    sets = RiskSets(frame["time"].tolist(), frame["event"].astype(bool).tolist())
    assert sets.logrank_p(frame["x"].tolist()) == pytest.approx(reference)


def test_the_fast_test_of_change_is_the_projects() -> None:
    columns = [[24, 30, 11, 40, 18], [20, 21, 9, 22, 19], [14, 24, 10, 20, 12]]
    long = pd.DataFrame(columns).T.stack().rename("value").reset_index()
    reference = repeated_measures(long, subject="level_0", within="level_1", outcome="value")
    assert change_p_value(columns) == pytest.approx(reference.p_corrected)


def test_the_printed_means_of_dlco_give_the_legends_p_value_only_in_lock_step() -> None:
    smallest, largest = residual_sd_range(TARGETS, "results.dlco", "figure2.dlco_p")
    # By hand: the SDs 19.25, 17.75 and 19.05 have themselves an SD of 0.81; the means 60.15 or
    # 60.25, 59.65 and 60.45 a variance of 0.173 at most, and F(2, 68) = 4.47 at P = 0.0145.
    assert smallest == pytest.approx(0.81, abs=0.01)
    assert largest == pytest.approx((35 * 0.1733 / 4.5) ** 0.5, abs=0.02)


def test_a_printed_p_value_stands_for_what_rounds_to_it() -> None:
    low, high = printed_window(TARGETS, "figure2.dlco_p") or (0, 1)
    assert 0.005 < low < 0.01 < high < 0.015
    assert printed_window(TARGETS, "results.dlco_p") is None
    assert (printed_window(TARGETS, "results.fvc_p") or (0, 1))[1] < 0.001


def test_all_visits_are_tested_by_the_projects_mixed_model() -> None:
    values = {
        (p, m): 20 + p + m // 9 + (7 * p + m) ** 2 % 11 for p in range(20) for m in (0, 3, 12, 24)
    }
    del values[3, 3], values[7, 3]
    long = pd.DataFrame([(p, m, v) for (p, m), v in values.items()], columns=["p", "m", "v"])
    reference = repeated_measures(long, subject="p", within="m", outcome="v", method="mixed")
    assert 1e-8 < reference.p_value < 0.9
    assert all_visits_p_value(values) == pytest.approx(reference.p_value)


def test_clearance_follows_the_articles_formula() -> None:
    # (140 - 40) / (88.4/88.4) * 72 / 72, by hand.
    assert clearance(40, Decimal(72), 88) == pytest.approx(Decimal(100) * Decimal("88.4") / 88)


def test_a_missing_printed_figure_is_named() -> None:
    with pytest.raises(PublishedFigureError, match=r"table1\.no_such_row"):
        TARGETS.count("table1.no_such_row")
