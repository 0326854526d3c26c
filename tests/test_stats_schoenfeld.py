import numpy as np
import pandas as pd
import pytest

from nissc1.stats import FitError, schoenfeld_test


def frame(n=80, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    days = np.ceil(rng.exponential(20 / np.exp(0.5 * x)))
    flag = np.arange(n) % 2 == 0
    return pd.DataFrame({"days": days, "died": rng.integers(0, 2, n), "x": x, "flag": flag})


def run(data, *covariates, **options):
    return schoenfeld_test(data, time="days", event="died", covariates=covariates, **options)


def test_two_groups_by_hand():
    # as in test_stats_cox: A dies at 1 (of A A B B), B at 2 (of A B B), hazard ratio sqrt(2)
    data = pd.DataFrame({"days": [1, 3, 2, 4], "died": [1, 0, 1, 0], "x": [1, 1, 0, 0]})
    result = run(data, "x", transform="identity")
    ratio = np.sqrt(2)
    mean = np.array([2 * ratio / (2 * ratio + 2), ratio / (ratio + 2)])
    g, v = np.array([-0.5, 0.5]), mean * (1 - mean)
    residual = np.array([1, 0]) - mean
    variance = np.sum(g**2 * v) - np.sum(g * v) ** 2 / np.sum(v)
    assert result.statistic[0] == pytest.approx(np.sum(g * residual) ** 2 / variance, rel=1e-9)
    scaled = 2 * residual / np.sum(v) + np.log(ratio)
    np.testing.assert_allclose(result.scaled_residuals[:, 0], scaled, rtol=1e-9)


def test_one_covariate_alone_is_the_global_test():
    table = run(frame(), "x").table()
    assert table.loc["x"].tolist() == pytest.approx(table.loc["global"].tolist())


def test_scaled_residuals_average_to_the_coefficients():
    # the score vanishes at the estimate, so the residuals sum to 0
    result = run(frame(), "x", "flag")
    np.testing.assert_allclose(result.scaled_residuals.mean(axis=0), result.coef, atol=1e-9)


def test_unit_of_time_and_of_covariates_do_not_matter():
    data = frame()
    other = data.assign(days=data["days"] / 30.4375, x=1e3 * data["x"])
    for transform in ("km", "identity", "rank", "log"):
        one, two = (run(each, "x", "flag", transform=transform) for each in (data, other))
        np.testing.assert_allclose(two.statistic, one.statistic, rtol=1e-7)


def test_a_ratio_that_reverses_is_found_and_a_constant_one_is_not():
    # piecewise exponential: hazard ratio 5 before day 10 and 1/5 after, against 2 throughout
    rng = np.random.default_rng(4)
    x = np.repeat([0, 1], 300)
    early = rng.exponential(20 / np.where(x, 5, 1))
    late = 10 + rng.exponential(20 / np.where(x, 0.2, 1))
    reverses = pd.DataFrame({"days": np.where(early < 10, early, late), "died": 1, "x": x})
    constant = reverses.assign(days=rng.exponential(20 / np.where(x, 2, 1)))
    assert run(reverses, "x").p_value[-1] < 1e-10
    assert run(constant, "x").p_value[-1] > 0.01


def test_patients_with_a_missing_covariate_are_left_out_and_counted():
    data = frame()
    result = run(data.assign(x=data["x"].mask(data.index < 5)), "x")
    assert (result.n, result.n_missing) == (75, 5)
    np.testing.assert_allclose(result.statistic, run(data[5:], "x").statistic, rtol=1e-12)


def test_events_at_one_time_show_no_change():
    data = pd.DataFrame({"days": [3, 3, 5, 6], "died": [1, 1, 0, 0], "x": [1, 0, 1, 0]})
    with pytest.raises(FitError, match="events at several times"):
        run(data, "x")


def test_no_event_and_separation_are_errors_of_the_model():
    with pytest.raises(FitError, match="none of the 80 patients"):
        run(frame().assign(died=0), "x")
    with pytest.raises(FitError, match="no finite estimate"):
        run(frame().assign(died=lambda d: np.where(d["flag"], 0, 1)), "flag")


def test_log_of_time_zero_is_refused():
    data = frame()
    data.loc[0, ["days", "died"]] = [0, 1]
    with pytest.raises(ValueError, match="Choose another scale"):
        run(data, "x", transform="log")


def test_unknown_scale_is_refused():
    with pytest.raises(ValueError, match="allowed: 'km', 'identity', 'log', 'rank'"):
        run(frame(), "x", transform="sqrt")


def test_results_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        run(frame(), "x").statistic[0] = 0
