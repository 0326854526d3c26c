import numpy as np
import pytest

from nissc1.stats import follow_up, kaplan_meier


def test_without_events_it_is_the_median_of_the_times():
    result = follow_up([6, 12, 24, 36, 57], [0] * 5)
    assert (result.median, result.minimum, result.maximum) == (24, 6, 57)
    assert result.observed_median == 24


def test_an_early_death_does_not_shorten_follow_up():
    # two deaths on day 1; the others are followed for 10, 20, 30
    result = follow_up([1, 1, 10, 20, 30], [1, 1, 0, 0, 0])
    assert result.median == 20
    assert (result.minimum, result.n_censored, result.n) == (10, 3, 5)


def test_it_is_the_quantile_of_the_reversed_curve():
    rng = np.random.default_rng(0)
    time, event = rng.integers(1, 60, 80), rng.integers(0, 2, 80)
    result = follow_up(time, event, conf_type="log-log")
    reverse = kaplan_meier(time, 1 - event, conf_type="log-log")
    assert (result.median, result.lower, result.upper) == reverse.quantile(0.5)
    assert result.lower <= result.median <= result.upper
    assert result.first_quartile <= result.median <= result.third_quartile


def test_when_everybody_died_follow_up_is_unknown():
    result = follow_up([3, 4], [1, 1])
    assert np.isnan([result.median, result.minimum, result.maximum]).all()
    assert result.n_censored == 0


def test_events_must_be_coded_zero_and_one():
    with pytest.raises(ValueError, match="event is 2 at position 1"):
        follow_up([3, 4], [1, 2])
