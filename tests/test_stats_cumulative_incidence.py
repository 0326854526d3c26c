import numpy as np
import pandas as pd
import pytest

from nissc1.stats import cumulative_incidence, kaplan_meier


def random_data(seed, n=80, causes=4, top=12):
    rng = np.random.default_rng(seed)
    return rng.integers(0, top, n), rng.integers(0, causes, n)


def test_small_example_by_hand():
    # at risk 4, 3, 1: F1 = 1/4; free 3/4; then F2 += 3/4 * 1/3; free 1/2; F1 += 1/2 * 1/1
    curve = cumulative_incidence([1, 2, 2, 5], [1, 2, 0, 1])
    assert curve.at([1, 2, 5])["estimate"].tolist() == pytest.approx([0.25, 0.25, 0.75])
    other = cumulative_incidence([1, 2, 2, 5], [1, 2, 0, 1], of=2)
    assert other.at([1, 2, 5])["estimate"].tolist() == pytest.approx([0, 0.25, 0.25])


@pytest.mark.parametrize(("censored", "printed"), [(False, "2.3-13.0"), (True, "2.3-13.1")])
def test_progression_of_80_patients_prints_the_article_s_limits(censored, printed):
    # five progressions and five deaths without, in year 1 (Henes et al. 2021: 6.3% (2.3-13.1))
    time = [5, 12, 21, 26, 58, 60, 150, 200, 260, 340, 300 if censored else 900, *[1000] * 69]
    cause = [2] * 5 + [1] * 5 + [0] * 70
    row = cumulative_incidence(time, cause).at(365.25).iloc[0]
    assert f"{100 * row['lower']:.1f}-{100 * row['upper']:.1f}" == printed
    assert row["n_events"] == 5


def test_five_deaths_without_progression_among_80_print_the_article_s_limits():
    # non-relapse mortality by day 100 (Henes et al. 2021: 6.25% (2.3-13))
    row = (
        cumulative_incidence([5, 12, 21, 26, 58, *[1000] * 75], [1] * 5 + [0] * 75).at(100).iloc[0]
    )
    assert row["estimate"] == pytest.approx(0.0625)
    assert f"{100 * row['lower']:.1f}-{100 * row['upper']:.1f}" == "2.3-13.0"


def test_uncensored_estimate_is_the_proportion():
    time, cause = random_data(1, causes=3)
    cause = cause + 1
    points = np.arange(12)
    estimate = cumulative_incidence(time, cause).at(points)["estimate"]
    shares = [np.mean((time <= t) & (cause == 1)) for t in points]
    np.testing.assert_allclose(estimate, shares, atol=1e-14)


@pytest.mark.parametrize("seed", range(20))
def test_incidences_of_all_causes_and_event_free_survival_sum_to_one(seed):
    time, cause = random_data(seed)
    total = kaplan_meier(time, cause > 0).table()["estimate"]
    for of in (1, 2, 3):
        total = total + cumulative_incidence(time, cause, of=of).table()["estimate"]
    np.testing.assert_allclose(total, 1, atol=1e-13)


@pytest.mark.parametrize("seed", range(20))
def test_without_competing_events_it_is_one_minus_kaplan_meier(seed):
    time, cause = random_data(seed, causes=2)
    incidence = cumulative_incidence(time, cause, conf_type="plain").table()
    survival = kaplan_meier(time, cause).table()
    np.testing.assert_allclose(incidence["estimate"], 1 - survival["estimate"], atol=1e-14)


@pytest.mark.parametrize("seed", range(10))
def test_without_ties_each_variance_is_that_of_the_formula_summed_directly(seed):
    # Aalen (1978): a double sum over t and u <= t, against the cumulative sums of the package
    rng = np.random.default_rng(seed)
    n = 30
    time, cause = rng.permutation(n).astype(float), rng.integers(0, 3, n)
    curve = cumulative_incidence(time, cause)
    order = np.argsort(time)
    at_risk, free, incidence = np.arange(n, 0, -1), 1.0, 0.0
    before, after, f = [], [], []
    for y, c in zip(at_risk, cause[order], strict=True):
        before.append(free)
        incidence += free / y * (c == 1)
        free *= 1 - (c > 0) / y
        after.append(free)
        f.append(incidence)
    for k in range(n):
        variance = 0.0
        for u in range(k + 1):
            quotient = (f[k] - f[u]) / after[u] if after[u] > 0 else 0.0
            weight = {0: 0.0, 1: 1 - quotient, 2: quotient}[int(cause[order][u])]
            variance += (before[u] * weight / at_risk[u]) ** 2
        assert curve.std_error[k] ** 2 == pytest.approx(variance, abs=1e-13)


def test_day_0_events_and_ties_do_not_depend_on_the_order_of_rows():
    time, cause = random_data(3, top=4)
    expected = cumulative_incidence(time, cause).table()
    assert expected["n_events"].iloc[0] > 0
    rng = np.random.default_rng(0)
    for _ in range(5):
        order = rng.permutation(len(time))
        result = cumulative_incidence(time[order], cause[order]).table()
        pd.testing.assert_frame_equal(result, expected)


@pytest.mark.parametrize("conf_type", ["plain", "log", "log-log"])
@pytest.mark.parametrize(
    ("time", "cause"),
    [
        ([3], [0]),
        ([3], [1]),
        ([3], [2]),
        ([0, 0], [1, 1]),
        ([1, 2, 3], [0, 0, 0]),
        ([1, 2, 3], [2, 2, 2]),
        ([1, 2, 3], [1, 1, 1]),
        ([1, 1, 1], [1, 2, 2]),
        ([1, *[2] * 9998, 3, 4], [2] + [0] * 9998 + [1, 1]),  # nearly 1, with a wide error
    ],
)
def test_degenerate_data_give_defined_limits(time, cause, conf_type):
    table = cumulative_incidence(time, cause, conf_type=conf_type).table()
    assert table.notna().all(axis=None)
    assert (table["lower"] <= table["estimate"] + 1e-15).all()
    assert (table["estimate"] <= table["upper"] + 1e-15).all()
    assert table[["lower", "upper"]].isin([0, 1]).all(axis=None) or table["std_error"].max() > 0


def test_before_the_first_event_of_interest_the_limits_are_zero():
    row = cumulative_incidence([1, 5, 9], [2, 1, 0]).at(2).iloc[0]
    assert row[["estimate", "std_error", "lower", "upper"]].tolist() == [0, 0, 0, 0]


def test_nothing_is_extrapolated_beyond_the_last_censored_patient():
    curve = cumulative_incidence([1, 5, 9], [2, 1, 0])
    assert np.isnan(curve.at(10)["estimate"].item())


def test_after_everybody_had_an_event_the_curve_is_level():
    curve = cumulative_incidence([1, 5, 9], [2, 1, 2])
    assert curve.at(10)["estimate"].item() == pytest.approx(1 / 3)


def test_an_absent_cause_has_incidence_zero():
    assert cumulative_incidence([1, 2], [1, 0], of=3).at(1)["estimate"].item() == 0


@pytest.mark.parametrize("of", [0, -1, 1.5, True])
def test_a_cause_of_interest_which_is_no_event_is_refused(of):
    with pytest.raises(ValueError, match="whole number from 1 upwards"):
        cumulative_incidence([1, 2], [1, 0], of=of)


def test_an_unknown_variance_is_refused():
    with pytest.raises(ValueError, match="variance is 'survfit'; allowed: 'cmprsk'"):
        cumulative_incidence([1, 2], [1, 0], variance="survfit")


def test_a_long_tail_keeps_its_variance_non_negative():
    rng = np.random.default_rng(5)
    time, cause = rng.exponential(size=200_000), rng.integers(1, 3, 200_000)
    error = cumulative_incidence(time, cause).table()["std_error"]
    estimate = np.mean(cause == 1)
    # uncensored: binomial at the end
    binomial = np.sqrt(estimate * (1 - estimate) / len(time))
    assert error.iloc[-1] == pytest.approx(binomial, rel=1e-3)
    assert (error >= 0).all()
