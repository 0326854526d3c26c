import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import chi2

from nissc1.stats import FitError, cox, firth_cox


def frame(n=60, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    days = np.ceil(rng.exponential(20 / np.exp(0.5 * x)))
    flag = np.arange(n) % 2 == 0
    return pd.DataFrame({"days": days, "died": rng.integers(0, 2, n), "x": x, "flag": flag})


def fit(data, *covariates, **options):
    return firth_cox(data, time="days", event="died", covariates=covariates, **options)


# Half of those at risk are treated at either event, and both events are theirs. With q the
# probability that an event is a treated patient's, the log likelihood is 2 ln q, the information
# 2 q (1 - q), so the penalised log likelihood 2.5 ln q + 0.5 ln (1 - q) and a constant.
SEPARATED = pd.DataFrame(
    {"days": [1, 2, 3, 4, 5, 6], "died": [1, 0, 1, 0, 0, 0], "x": [1, 0, 1, 0, 1, 0]}
)


def by_hand(log_ratio):
    q = 1 / (1 + np.exp(-log_ratio))
    return 2.5 * np.log(q) + 0.5 * np.log(1 - q)


def test_separated_groups_by_hand():
    model = fit(SEPARATED, "x")
    assert model.coef[0] == pytest.approx(np.log(5), rel=1e-9)  # q = 2.5 / 3
    assert model.std_error[0] == pytest.approx(1 / np.sqrt(2 * 5 / 6 * 1 / 6), rel=1e-9)
    # one of three treated at day 1, one of two at day 3
    constant = 0.5 * np.log(2) - np.log(3) - np.log(2)
    assert model.log_likelihood == pytest.approx(by_hand(np.log(5)) + constant, rel=1e-9)


def test_limits_and_p_value_of_separated_groups_by_hand():
    def fallen(log_ratio):
        return 2 * (by_hand(np.log(5)) - by_hand(log_ratio)) - chi2.ppf(0.9, 1)

    model = fit(SEPARATED, "x", conf_level=0.9)
    assert model.lower[0] == pytest.approx(brentq(fallen, -5, np.log(5)), rel=1e-8)
    assert model.upper[0] == pytest.approx(brentq(fallen, np.log(5), 20), rel=1e-8)
    statistic = 2 * (by_hand(np.log(5)) - by_hand(0.0))
    assert model.p_value[0] == pytest.approx(chi2.sf(statistic, 1), rel=1e-8)


def test_the_mirror_image_has_the_inverse_ratio():
    one = fit(SEPARATED, "x").table().loc["x"]
    other = fit(SEPARATED.assign(x=1 - SEPARATED["x"]), "x").table().loc["x"]
    assert other["hazard_ratio"] == pytest.approx(1 / one["hazard_ratio"])
    assert other["lower"] == pytest.approx(1 / one["upper"])
    assert other["p_value"] == pytest.approx(one["p_value"])


def test_with_many_events_it_comes_close_to_the_cox_model():
    # the penalty's effect is of the order of 1 / events
    data = frame(n=3000, seed=1)
    ordinary = cox(data, time="days", event="died", covariates=["x", "flag"])
    np.testing.assert_allclose(fit(data, "x", "flag").coef, ordinary.coef, atol=0.002)


def test_unit_and_origin_of_a_covariate_do_not_matter():
    data = frame()
    one = fit(data, "x", "flag")
    other = fit(data.assign(x=1e5 + 1000 * data["x"]), "x", "flag")
    np.testing.assert_allclose(other.coef * [1000, 1], one.coef, rtol=1e-6)
    np.testing.assert_allclose(other.lower * [1000, 1], one.lower, rtol=1e-6)
    np.testing.assert_allclose(other.p_value, one.p_value, rtol=1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_small_samples_always_give_finite_ratios(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 25))
    data = pd.DataFrame(
        {
            "days": rng.integers(0, 9, n),
            "died": np.where(np.arange(n) < 3, 1, rng.integers(0, 2, n)),
            "x": np.arange(n) % 2,
            "z": rng.normal(size=n),
        }
    )
    table = fit(data, "x", "z").table()
    assert np.isfinite(table.to_numpy()).all()
    assert (table["lower"] < table["hazard_ratio"]).all()
    assert (table["hazard_ratio"] < table["upper"]).all()


@pytest.mark.parametrize("seed", range(5))
def test_the_interval_leaves_out_1_exactly_when_p_is_below_its_level(seed):
    data = frame(n=25, seed=seed)
    for row in fit(data, "x", "flag").table().itertuples():
        assert (row.lower > 1 or row.upper < 1) == (row.p_value < 0.05)


def test_table_has_the_columns_of_the_cox_model():
    data = frame()
    ordinary = cox(data, time="days", event="died", covariates=["x"]).table()
    assert list(fit(data, "x").table().columns) == list(ordinary.columns)


def test_one_event_is_enough():
    data = pd.DataFrame({"days": [1, 2, 3], "died": [1, 0, 0], "x": [1, 0, 0]})
    # q = e / (e + 2): 1.5 ln q + 0.5 ln (1 - q) is largest at q = 3/4, e = 6
    assert fit(data, "x").table()["hazard_ratio"].item() == pytest.approx(6)


def test_a_covariate_that_varies_at_no_event_is_an_error():
    data = pd.DataFrame({"days": [1, 2, 3, 4], "died": [0, 0, 1, 0], "x": [1, 0, 1, 1]})
    with pytest.raises(FitError, match="vary independently among the patients at risk"):
        fit(data, "x")


def test_covariates_that_never_vary_together_at_risk_are_an_error():
    # whoever has z leaves before the first event
    data = pd.DataFrame({"days": [1, 2, 3, 4, 5], "died": [0, 0, 1, 1, 0], "z": [1, 1, 0, 0, 0]})
    data["x"] = [0.4, 1.6, -0.7, 0.5, 0.1]
    with pytest.raises(FitError, match="vary independently among the patients at risk"):
        fit(data, "x", "z")


def test_as_many_covariates_as_events_may_leave_ridges_without_a_limit():
    data = pd.DataFrame({"days": [4, 4, 2, 5], "died": [0, 1, 1, 0], "z": [0, 1, 0, 0]})
    data["x"] = [0.21, 2.04, -1.54, 0.34]
    with pytest.raises(FitError, match="more events than covariates are needed"):
        fit(data, "x", "z")


def test_no_event_and_redundant_covariates_are_errors():
    with pytest.raises(FitError, match="none of the 60 patients"):
        fit(frame().assign(died=0), "x")
    with pytest.raises(FitError, match="a combination of the others"):
        fit(frame().assign(y=lambda d: 2 * d["x"]), "x", "y")
    with pytest.raises(FitError, match="one and the same value"):
        fit(frame().assign(x=1.0), "x")


def test_a_unit_too_small_for_a_hazard_ratio_is_an_error():
    with pytest.raises(FitError, match="Use a larger unit"):
        fit(frame().assign(x=lambda d: d["x"] * 1e-6), "x")


def test_unknown_ties_and_columns_are_refused():
    with pytest.raises(ValueError, match="allowed: 'efron', 'breslow'"):
        fit(frame(), "x", ties="exact")
    with pytest.raises(ValueError, match="lacks the column"):
        fit(frame(), "age")
    with pytest.raises(ValueError, match="numbers and booleans are allowed"):
        fit(frame().assign(x="a"), "x")
