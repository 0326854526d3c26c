import numpy as np
import pytest

from nissc1.stats import rmst, time_lost

TIME, EVENT, CAUSE = [1, 2, 3, 4], [1, 0, 1, 0], [1, 0, 2, 0]


def areas_by_leaving_one_out(time, cause, of, horizon):
    """Pseudo-values: n times the whole estimate less n - 1 times that without one patient."""
    time, cause = np.asarray(time), np.asarray(cause)
    whole = time_lost(time, cause, of=of, horizon=horizon).estimate
    n = len(time)
    for left_out in range(n):
        kept = np.arange(n) != left_out
        without = time_lost(time[kept], cause[kept], of=of, horizon=horizon).estimate
        yield n * whole - (n - 1) * without


def test_area_and_variance_by_hand():
    # S = 1, 3/4, 3/8 on [0, 1), [1, 3), [3, 4]; area to come after 1: 15/8, after 3: 3/8;
    # variance (15/8)^2 / (4 * 3) + (3/8)^2 / (2 * 1)
    result = rmst(TIME, EVENT, horizon=4)
    assert result.estimate == pytest.approx(1 + 2 * 3 / 4 + 3 / 8)
    assert result.std_error**2 == pytest.approx((15 / 8) ** 2 / 12 + (3 / 8) ** 2 / 2)
    assert (result.n, result.n_events, result.kind) == (4, 2, "time lived")


def test_times_lost_and_time_lived_add_up_to_the_horizon():
    rng = np.random.default_rng(1)
    time, cause = rng.integers(0, 30, 60), rng.integers(0, 3, 60)
    lived = rmst(time, cause > 0, horizon=25).estimate
    lost = [time_lost(time, cause, of=of, horizon=25).estimate for of in (1, 2)]
    assert lived + sum(lost) == pytest.approx(25, abs=1e-12)


def test_time_lost_to_the_only_cause_has_the_error_of_the_time_lived():
    rng = np.random.default_rng(2)
    time, event = rng.integers(0, 30, 50), rng.integers(0, 2, 50)
    lived, lost = rmst(time, event, horizon=20), time_lost(time, event, horizon=20)
    assert lost.estimate == pytest.approx(20 - lived.estimate, rel=1e-12)
    assert lost.std_error == pytest.approx(lived.std_error, rel=1e-12)


def test_error_of_time_lost_is_near_that_of_pseudo_values():
    # the jackknife and its infinitesimal form differ by terms of the order of 1 / n
    rng = np.random.default_rng(3)
    time, cause = rng.exponential(10, 400), rng.integers(0, 3, 400)
    pseudo = np.array(list(areas_by_leaving_one_out(time, cause, 1, 12.0)))
    result = time_lost(time, cause, of=1, horizon=12.0)
    assert result.std_error == pytest.approx(pseudo.std(ddof=1) / np.sqrt(400), rel=0.01)


def test_without_censoring_it_is_the_mean_of_the_times_cut_at_the_horizon():
    time = np.array([2.0, 5.0, 9.0, 14.0])
    result = rmst(time, [1, 1, 1, 1], horizon=10)
    cut = np.minimum(time, 10)
    assert result.estimate == pytest.approx(cut.mean())
    assert result.std_error == pytest.approx(cut.std() / 2)


def test_an_exhausted_curve_may_be_followed_beyond_its_last_event():
    assert rmst([1, 2], [1, 1], horizon=10).estimate == pytest.approx(1.5)
    assert time_lost([1, 2], [1, 1], horizon=10).estimate == pytest.approx(8.5)


def test_no_event_means_the_whole_period_with_no_spread():
    result = rmst([5, 6, 7], [0, 0, 0], horizon=5)
    assert (result.estimate, result.std_error, result.lower, result.upper) == (5, 0, 5, 5)
    nothing = time_lost([5, 6, 7], [0, 0, 2], of=1, horizon=5)
    assert (nothing.estimate, nothing.std_error, nothing.n_events) == (0, 0, 0)


def test_a_horizon_before_the_first_observation_loses_nothing():
    assert rmst(TIME, EVENT, horizon=0.5).estimate == 0.5
    assert time_lost(TIME, CAUSE, horizon=0.5).estimate == 0


def test_one_patient():
    assert rmst([3], [1], horizon=2).estimate == 2
    assert rmst([3], [1], horizon=4).std_error == 0


def test_limits_stay_between_zero_and_the_horizon():
    lost = time_lost(TIME, CAUSE, horizon=4)
    assert (lost.lower, rmst(TIME, EVENT, horizon=4).upper) == (0, 4)


@pytest.mark.parametrize("horizon", [4.5, 100])
def test_a_curve_is_not_followed_beyond_the_last_patient_under_observation(horizon):
    with pytest.raises(ValueError, match="last patient left event-free at 4"):
        rmst(TIME, EVENT, horizon=horizon)
    with pytest.raises(ValueError, match="Choose a horizon up to that time"):
        time_lost(TIME, CAUSE, horizon=horizon)


@pytest.mark.parametrize("horizon", [0, -1, float("nan"), float("inf")])
def test_a_horizon_that_is_no_time_is_refused(horizon):
    with pytest.raises(ValueError, match="a finite number above 0"):
        rmst(TIME, EVENT, horizon=horizon)
