"""Repeated looks: critical values, coverage at every look, and error rates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nissc1.stats import cumulative_incidence, kaplan_meier
from nissc1.stats.curve import Curve
from nissc1.stats.sequential import (
    TIGHTEST_AT,
    curve_information,
    every_look,
    miss_probability,
    mixture_critical_value,
)

EQUAL = np.arange(1, 6)


@pytest.mark.parametrize(
    ("looks", "error"),
    [(1, 0.050), (2, 0.083), (3, 0.107), (4, 0.126), (5, 0.142), (10, 0.193), (20, 0.248)],
)
def test_repeated_usual_intervals_miss_as_armitage_mcpherson_and_rowe_tabulated(
    looks: int, error: float
) -> None:
    """Armitage, McPherson & Rowe (1969): nominal two-sided 5 % level, normal mean."""
    assert miss_probability(np.arange(1, looks + 1), 1.959964) == pytest.approx(error, abs=6e-4)


@pytest.mark.parametrize(
    "bounds",
    [
        [4.877, 3.357, 2.680, 2.290, 2.031],  # Lan & DeMets (1983), O'Brien-Fleming-type spending
        [4.562, 3.226, 2.634, 2.281, 2.040],  # O'Brien & Fleming (1979)
        [2.413] * 5,  # Pocock (1977)
    ],
)
def test_published_group_sequential_bounds_spend_five_percent(bounds: list[float]) -> None:
    assert miss_probability(EQUAL, bounds) == pytest.approx(0.05, abs=1e-4)


def test_only_ratios_of_information_matter() -> None:
    one = miss_probability([1, 2, 7], [2.0, 2.2, 2.1])
    assert miss_probability([100, 200, 700], [2.0, 2.2, 2.1]) == pytest.approx(one, rel=1e-9)


def test_a_look_that_brings_no_information_adds_no_error() -> None:
    assert miss_probability([0, 0, 5, 5, 5.001, 4], 1.96) == pytest.approx(0.05, abs=1e-4)
    assert miss_probability([0, 0], 1.96) == 0
    assert miss_probability([], 1.96) == 0


def test_the_critical_value_is_robbins_normal_mixture_boundary() -> None:
    """Worked by hand for a mixing weight r: |S| = sqrt((I + r) log((I + r) / (r a**2)))."""
    weight = TIGHTEST_AT / 8.2120  # -W(-0.05**2 / e) - 1 = 8.2120, from w - log w = 1 - log a**2
    assert 9.2120 - np.log(9.2120) == pytest.approx(1 - np.log(0.05**2), abs=1e-4)
    for known in (0.5, 10.0, 65.0):
        score = np.sqrt((known + weight) * np.log((known + weight) / (weight * 0.0025)))
        assert mixture_critical_value([known])[0] == pytest.approx(score / np.sqrt(known), rel=1e-4)


def test_the_interval_is_tightest_where_it_was_asked_to_be() -> None:
    around = [
        mixture_critical_value([20.0], tightest_at=target)[0] for target in (10, 19, 20, 21, 40)
    ]
    assert int(np.argmin(around)) == 2


def test_without_information_no_factor_is_large_enough() -> None:
    assert mixture_critical_value([0.0]).tolist() == [np.inf]


def test_even_sixty_looks_miss_at_most_as_often_as_stated() -> None:
    """Numerical integration over 60 looks, information from 0.1 to 10000."""
    known = np.geomspace(0.1, 1e4, 60)
    missed = miss_probability(known, mixture_critical_value(known))
    assert 0.02 < missed < 0.05
    missed = miss_probability(known, mixture_critical_value(known, conf_level=0.9))
    assert 0.04 < missed < 0.10


def test_a_simulated_brownian_motion_rarely_leaves_the_sequence() -> None:
    """4000 paths with 4000 looks: the boundary is left with probability 5 % in the limit."""
    rng = np.random.default_rng(20)
    known = np.geomspace(1e-3, 1e6, 4000)
    bounds = mixture_critical_value(known) * np.sqrt(known)
    score, left = np.zeros(4000), np.zeros(4000, dtype=bool)
    for step, bound in zip(np.diff(known, prepend=0.0), bounds, strict=True):
        score += rng.normal(size=4000) * np.sqrt(step)
        left |= np.abs(score) > bound
    assert 0.03 < left.mean() < 0.056


def looks_of_a_simulated_study(rng: np.random.Generator, risk: float) -> list[Curve]:
    """80 patients enter over 39 months, are followed to month 63, and are looked at half-yearly."""
    entry, lost = rng.uniform(0, 39, 80), rng.exponential(200, 80)
    death = rng.exponential(-24 / np.log(1 - risk), 80)
    looks = []
    for now in range(30, 64, 6):
        there = entry < now
        end = np.minimum(lost, now - entry)[there]
        time, event = np.minimum(death[there], end), (death[there] <= end).astype(int)
        looks.append(cumulative_incidence(time, event))
    return looks


@pytest.mark.parametrize("risk", [0.1, 0.2])
def test_intervals_at_a_landmark_hold_at_every_look_and_usual_ones_do_not(risk: float) -> None:
    rng, studies, every, usual = np.random.default_rng(4), 250, 0, 0
    for _ in range(studies):
        looks = looks_of_a_simulated_study(rng, risk)
        reached = [curve for curve in looks if not np.isnan(curve.at([24])["estimate"].iloc[0])]
        rows = [curve.at([24]).iloc[0] for curve in reached]
        usual += any(not row.lower <= risk <= row.upper for row in rows if row.std_error > 0)
        rows = [every_look(curve).at([24]).iloc[0] for curve in reached]
        every += any(not row.lower <= risk <= row.upper for row in rows if row.n_events > 0)
    assert every / studies <= 0.05
    assert usual / studies > 0.07


def test_the_information_is_about_the_number_of_events_while_they_are_few() -> None:
    time = np.concatenate([np.arange(1, 9), np.full(192, 100)])
    curve = kaplan_meier(time, (time < 100).astype(int))
    error = curve_information(curve).at([50])["std_error"].iloc[0]
    assert 1 / error**2 == pytest.approx(8, rel=0.05)


def test_limits_of_survival_and_incidence_mirror_each_other() -> None:
    time, event = np.array([1, 2, 3, 4, 5, 6.0]), np.array([0, 1, 0, 1, 0, 0])
    curve = kaplan_meier(time, event)
    survival = every_look(curve).at([4]).iloc[0]
    mirrored = replace(curve, kind="cumulative incidence", estimate=1 - curve.estimate)
    incidence = every_look(mirrored).at([4]).iloc[0]
    assert incidence.lower == pytest.approx(1 - survival.upper, abs=1e-9)
    assert incidence.upper == pytest.approx(1 - survival.lower, abs=1e-9)
    assert 0 < survival.lower < survival.estimate < survival.upper < 1


def test_before_any_event_the_interval_excludes_nothing() -> None:
    for curve in (kaplan_meier([5, 6], [0, 0]), cumulative_incidence([5, 6], [0, 0])):
        for time in (0, 3, 5, 6):
            row = every_look(curve).at([time]).iloc[0]
            assert (row.lower, row.upper) == (0, 1)


def test_when_all_have_had_the_event_the_interval_excludes_nothing() -> None:
    row = every_look(kaplan_meier([1, 2], [1, 1])).at([2]).iloc[0]
    assert (row.estimate, row.lower, row.upper) == (0, 0, 1)


def test_beyond_follow_up_nothing_is_extrapolated() -> None:
    row = every_look(kaplan_meier([1, 2], [1, 0])).at([3]).iloc[0]
    assert np.isnan([row.estimate, row.lower, row.upper]).all()


def test_what_is_not_allowed_is_named() -> None:
    with pytest.raises(ValueError, match="information is negative"):
        mixture_critical_value([-1.0])
    with pytest.raises(ValueError, match="tightest_at is 0"):
        mixture_critical_value([1.0], tightest_at=0)
    with pytest.raises(ValueError, match="conf_level is 1"):
        mixture_critical_value([1.0], conf_level=1)
    with pytest.raises(ValueError, match="3 looks and critical 2"):
        miss_probability([1, 2, 3], [2.0, 2.0])
    with pytest.raises(ValueError, match="not above 0"):
        miss_probability([1, 2], [2.0, 0.0])
