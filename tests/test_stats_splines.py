import numpy as np
import pandas as pd
import pytest

from nissc1.stats import (
    FitError,
    cox,
    dichotomising_cost,
    restricted_cubic_basis,
    spline_cox,
    spline_knots,
)


def frame(n=200, seed=0):
    rng = np.random.default_rng(seed)
    fvc = np.round(rng.normal(75, 15, n), 1)
    hazard = np.exp(-0.04 * (fvc - 75))
    days = np.ceil(rng.exponential(100 / hazard))
    return pd.DataFrame(
        {"days": days, "died": rng.integers(0, 2, n), "fvc": fvc, "flag": np.arange(n) % 2}
    )


def fit(data, **options):
    return spline_cox(data, time="days", event="died", covariate="fvc", **options)


def test_terms_by_hand():
    # knots 0, 1, 3: [x^3 - (x-1)^3 * 3/2 + (x-3)^3 * 1/2] / 9, each power only above its knot
    basis = restricted_cubic_basis([-1, 0.5, 2, 5], [0, 1, 3])
    expected = [0, 0.125 / 9, (8 - 1.5) / 9, (125 - 1.5 * 64 + 0.5 * 8) / 9]
    np.testing.assert_allclose(basis[:, 1], expected, rtol=1e-12, atol=1e-15)
    assert basis[:, 0].tolist() == [-1, 0.5, 2, 5]


def test_a_spline_is_straight_beyond_its_outer_knots():
    knots = [10, 20, 35, 60]
    for outside in (np.linspace(-50, 10, 7), np.linspace(60, 200, 7)):
        second_differences = np.diff(restricted_cubic_basis(outside, knots), n=2, axis=0)
        np.testing.assert_allclose(second_differences, 0, atol=1e-9)


def test_a_missing_value_has_missing_terms():
    assert np.isnan(restricted_cubic_basis([np.nan, 1], [0, 1, 2])[0]).all()


@pytest.mark.parametrize(
    ("number", "expected"),
    [(3, [10, 50, 90]), (4, [5, 35, 65, 95]), (5, [5, 27.5, 50, 72.5, 95])],
)
def test_knots_lie_at_harrell_s_quantiles(number, expected):
    np.testing.assert_allclose(spline_knots(np.arange(101.0), number), expected)


def test_knots_that_coincide_or_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="knots coincide"):
        spline_knots([1, 1, 1, 1, 5])
    with pytest.raises(ValueError, match="allowed: 3, 4, 5"):
        spline_knots([1, 2, 3], 2)
    with pytest.raises(ValueError, match="all values are missing"):
        spline_knots([np.nan])
    with pytest.raises(ValueError, match="in ascending order"):
        restricted_cubic_basis([1.0], [2, 1, 3])


def test_the_curve_is_level_at_the_reference_and_rises_where_the_hazard_does():
    model = fit(frame())
    curve = model.curve([60, 75, 90], reference=75)
    assert curve.loc[1, ["estimate", "std_error", "lower", "upper"]].tolist() == [0, 0, 0, 0]
    assert curve.loc[1, "hazard_ratio"] == 1
    assert curve.loc[0, "estimate"] > 0 > curve.loc[2, "estimate"]


def test_another_reference_shifts_the_curve():
    model = fit(frame())
    one, other = (model.curve([60, 90], reference=at)["estimate"] for at in (75, 80))
    assert np.ptp(one - other) == pytest.approx(0, abs=1e-10)


def test_association_and_non_linearity_are_told_apart():
    straight = fit(frame(n=2000)).table()["p_value"]
    assert straight["association"] < 1e-10
    assert straight["non-linearity"] > 0.01
    data = frame(n=2000)
    rng = np.random.default_rng(9)
    u_shaped = np.exp(((data["fvc"] - 75) / 15) ** 2 / 2)
    bent = fit(data.assign(days=rng.exponential(100 / u_shaped), died=1)).table()["p_value"]
    assert bent["non-linearity"] < 1e-10


def test_unit_of_the_covariate_does_not_matter():
    data = frame()
    one, other = fit(data), fit(data.assign(fvc=data["fvc"] / 100))
    np.testing.assert_allclose(one.table(), other.table(), rtol=1e-6)
    curves = (one.curve([60], reference=80), other.curve([0.60], reference=0.80))
    np.testing.assert_allclose(curves[0]["estimate"], curves[1]["estimate"], rtol=1e-6)


def test_the_curve_is_not_extrapolated():
    with pytest.raises(ValueError, match="the curve is not extrapolated"):
        fit(frame()).curve([5], reference=75)
    with pytest.raises(ValueError, match="is asked for at nan"):
        fit(frame()).curve([np.nan], reference=75)


def test_no_event_and_missing_covariates():
    data = frame()
    with pytest.raises(FitError, match="none of the 200 patients"):
        fit(data.assign(died=0))
    model = fit(data.assign(fvc=data["fvc"].mask(data.index < 4)))
    assert (model.model.n, model.model.n_missing) == (196, 4)


def test_two_groups_and_straight_line_are_the_ordinary_cox_models():
    data = frame()
    result = dichotomising_cost(
        data, time="days", event="died", covariate="fvc", cut=70, side="below"
    )
    assert result.n_with == (data["fvc"] < 70).sum()
    low = data.assign(low=data["fvc"] < 70)
    for name, column in (("two groups", "low"), ("straight line", "fvc")):
        model = cox(low, time="days", event="died", covariates=[column])
        row = result.table().loc[name]
        assert row["log_likelihood"] == pytest.approx(model.log_likelihood, rel=1e-10)
        assert row["aic"] == pytest.approx(2 - 2 * model.log_likelihood, rel=1e-10)
    spline = fit(data)
    assert result.table().loc["spline", "statistic"] == pytest.approx(
        spline.table().loc["association", "statistic"], rel=1e-8
    )


def test_cutting_costs_likelihood_and_concordance_where_the_hazard_is_a_straight_line():
    table = dichotomising_cost(
        frame(n=2000), time="days", event="died", covariate="fvc", cut=70, side="below"
    ).table()
    assert table["aic"].idxmin() != "two groups"
    assert table.loc["two groups", "concordance"] < table.loc["straight line", "lower"]


def test_a_cut_beyond_which_nobody_is_and_one_that_separates_are_errors():
    data = frame()
    with pytest.raises(FitError, match="one and the same value"):
        dichotomising_cost(data, time="days", event="died", covariate="fvc", cut=500)
    separated = data.assign(died=(data["fvc"] > 70).astype(int))
    with pytest.raises(FitError, match="no finite estimate"):
        dichotomising_cost(separated, time="days", event="died", covariate="fvc", cut=70)
    with pytest.raises(ValueError, match="allowed: 'above', 'below'"):
        dichotomising_cost(data, time="days", event="died", covariate="fvc", cut=70, side="over")
