import numpy as np
import pandas as pd
import pytest

from nissc1.stats import FitError, cox, fine_gray


def frame(n=80, seed=0, causes=3):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return pd.DataFrame(
        {
            "days": np.floor(rng.exponential(20 / np.exp(0.5 * x))),
            "what": rng.integers(0, causes, n),
            "x": x,
            "flag": np.arange(n) % 2 == 0,
        }
    )


def fit(data, *covariates, of=1):
    return fine_gray(data, time="days", cause="what", of=of, covariates=covariates)


def test_who_had_a_competing_event_stays_at_risk_by_hand():
    # A has the event at 1 (of A A B B), the other A a competing one at 2, B the event at 3 (of
    # A B B): likelihood e/(2e+2) * 1/(e+2), e = exp(beta); its derivative vanishes at e*e = 2
    data = pd.DataFrame({"days": [1, 2, 3, 4], "what": [1, 2, 1, 0], "x": [1, 1, 0, 0]})
    row = fit(data, "x").table().loc["x"]
    assert row["hazard_ratio"] == pytest.approx(np.sqrt(2), rel=1e-9)


def test_the_weight_falls_as_others_are_censored_by_hand():
    # as above, but one of three B is censored at 3, before the event at 4: A counts for 2/3 there,
    # likelihood e/(2e+3) * 1/(2e/3+2); its derivative vanishes at e*e = 9/2
    data = pd.DataFrame({"days": [1, 2, 3, 4, 5], "what": [1, 2, 0, 1, 0], "x": [1, 1, 0, 0, 0]})
    row = fit(data, "x").table().loc["x"]
    assert row["hazard_ratio"] == pytest.approx(np.sqrt(4.5), rel=1e-9)


def test_table_has_the_columns_of_the_contract():
    table = fit(frame(), "x", "flag").table()
    columns = ["coef", "std_error", "hazard_ratio", "lower", "upper", "p_value"]
    assert list(table.columns) == columns
    assert list(table.index) == ["x", "flag"]


def test_without_competing_events_and_ties_the_coefficients_are_those_of_cox():
    data = frame(causes=2).assign(days=lambda d: d["days"] + np.arange(len(d)) / 1000)
    model = fit(data, "x", "flag")
    expected = cox(data, time="days", event="what", covariates=["x", "flag"])
    np.testing.assert_allclose(model.coef, expected.coef, rtol=1e-9)
    assert model.n_competing == 0


def test_the_parameter_of_the_simulation_of_fine_and_gray_is_found():
    # Fine & Gray 1999, section 5: P(T <= t, cause 1 | x) = 1 - (1 - p (1 - exp(-t)))^exp(b x)
    rng = np.random.default_rng(99)
    n, p, b = 20_000, 0.6, 0.5
    x = rng.normal(size=n)
    share = 1 - (1 - p) ** np.exp(b * x)
    u = rng.uniform(size=n)
    own = u < share
    inner = (1 - np.where(own, u, 0)) ** np.exp(-b * x)
    time = np.where(own, -np.log(1 - (1 - inner) / p), rng.exponential(np.exp(0.5 * x)))
    end = rng.uniform(0, 4, n)
    data = pd.DataFrame(
        {
            "days": np.minimum(time, end),
            "what": np.where(time > end, 0, np.where(own, 1, 2)),
            "x": x,
        }
    )
    row = fit(data, "x").table().loc["x"]
    assert row["std_error"] < 0.02
    assert abs(row["coef"] - b) < 4 * row["std_error"]


def test_only_the_order_of_the_times_counts_and_day_0_is_a_time():
    data = frame()
    assert (data.loc[data["what"] == 1, "days"] == 0).any()
    one = fit(data, "x", "flag").table()
    other = fit(data.assign(days=np.exp(data["days"] / 10) - 1), "x", "flag").table()
    pd.testing.assert_frame_equal(one, other, rtol=1e-10)


def test_the_order_of_the_rows_does_not_count():
    data = frame()
    mixed = data.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(fit(data, "x").table(), fit(mixed, "x").table(), rtol=1e-10)


def test_all_other_causes_compete_alike():
    data = frame(causes=5)
    merged = data.assign(what=data["what"].map({0: 0, 1: 1, 2: 2, 3: 1, 4: 1}))
    one, other = fit(data, "x", of=2), fit(merged, "x", of=2)
    pd.testing.assert_frame_equal(one.table(), other.table())
    assert one.n_competing == int(data["what"].isin([1, 3, 4]).sum())


def test_unit_of_a_covariate_changes_only_its_scale():
    data = frame()
    one = fit(data, "x").table().loc["x"]
    other = fit(data.assign(x=1e6 + data["x"] * 1000), "x").table().loc["x"]
    assert other["coef"] * 1000 == pytest.approx(one["coef"], rel=1e-6)
    assert other["p_value"] == pytest.approx(one["p_value"], rel=1e-6)


def test_patients_with_a_missing_covariate_are_left_out_and_counted():
    data = frame()
    gaps = data.assign(x=data["x"].astype("Float64").mask(data.index < 5))
    result = fit(gaps, "x")
    assert (result.n, result.n_missing) == (75, 5)
    assert result.n_events == (data["what"][5:] == 1).sum()
    assert result.table().equals(fit(data[5:], "x").table())


def test_one_and_the_same_day_for_everybody_is_fitted():
    # one risk set of all: the score is a difference of means, as in a logistic model's first step
    data = frame().assign(days=7.0)
    with_event = data["what"] == 1
    model = fit(data, "flag")
    weights = np.exp(model.coef[0] * data["flag"])
    share = np.average(data["flag"], weights=weights)
    assert share == pytest.approx(data.loc[with_event, "flag"].mean(), abs=1e-10)


def test_no_event_of_interest_is_an_error():
    with pytest.raises(FitError, match="none of the 80 patients"):
        fit(frame(causes=2), "x", of=2)


def test_a_group_without_events_is_an_error_never_an_infinite_ratio():
    data = frame()
    separated = data.assign(what=np.where(data["flag"], 2, 1))
    with pytest.raises(
        FitError, match=r"Fine–Gray model of .* with 40 events among 80 patients has no"
    ):
        fit(separated, "flag")


@pytest.mark.parametrize("seed", range(40))
def test_small_samples_give_a_finite_ratio_or_an_error(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(6, 25))
    data = pd.DataFrame(
        {
            "days": rng.integers(0, 9, n),
            "what": rng.integers(0, 4, n),
            "x": rng.integers(0, 2, n),
            "z": rng.normal(size=n),
        }
    )
    try:
        table = fit(data, "x", "z").table()
    except FitError:
        return
    assert np.isfinite(table.to_numpy()).all()
    assert table["std_error"].max() < 20


def test_a_constant_covariate_is_named():
    with pytest.raises(FitError, match=r"\['x'\] have one and the same value"):
        fit(frame().assign(x=3.0), "x", "flag")


@pytest.mark.parametrize("of", [0, -1, 1.5, True])
def test_a_cause_of_interest_must_stand_for_an_event(of):
    with pytest.raises(ValueError, match="a whole number from 1 upwards"):
        fit(frame(), "x", of=of)


def test_a_cause_which_is_no_whole_number_is_refused():
    with pytest.raises(ValueError, match=r"what is 0\.5 at position 0"):
        fit(frame().assign(what=0.5), "x")


def test_unknown_column_is_named_with_those_present():
    with pytest.raises(ValueError, match=r"lacks the column\(s\) \['age'\]; it has"):
        fit(frame(), "age")
