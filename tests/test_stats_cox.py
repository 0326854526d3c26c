from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nissc1.stats import FitError, cox


def frame(n=60, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return pd.DataFrame(
        {
            "days": np.ceil(rng.exponential(20 / np.exp(0.5 * x))),
            "died": rng.integers(0, 2, n),
            "x": x,
            "flag": np.arange(n) % 2 == 0,
        }
    )


def fit(data, *covariates):
    return cox(data, time="days", event="died", covariates=covariates)


def test_two_groups_by_hand():
    # A dies at 1 (of A A B B), B at 2 (of A B B): likelihood e/(2e+2) * 1/(e+2), e = exp(beta);
    # its derivative vanishes at e*e = 2
    data = pd.DataFrame({"days": [1, 3, 2, 4], "died": [1, 0, 1, 0], "x": [1, 1, 0, 0]})
    row = fit(data, "x").table().loc["x"]
    assert row["hazard_ratio"] == pytest.approx(np.sqrt(2), rel=1e-9)


def test_table_has_the_columns_of_the_contract():
    table = fit(frame(), "x", "flag").table()
    columns = ["coef", "std_error", "hazard_ratio", "lower", "upper", "p_value"]
    assert list(table.columns) == columns
    assert list(table.index) == ["x", "flag"]


def test_unit_of_a_covariate_changes_only_its_scale():
    data = frame()
    one = fit(data, "x").table().loc["x"]
    other = fit(data.assign(x=1e6 + data["x"] * 1000), "x").table().loc["x"]
    assert other["coef"] * 1000 == pytest.approx(one["coef"], rel=1e-6)
    assert other["p_value"] == pytest.approx(one["p_value"], rel=1e-6)


def test_confidence_level_widens_the_limits():
    data = frame()
    narrow = cox(data, time="days", event="died", covariates=["x"], conf_level=0.8).table()
    wide = cox(data, time="days", event="died", covariates=["x"], conf_level=0.99).table()
    assert wide["lower"].item() < narrow["lower"].item()
    assert wide["upper"].item() > narrow["upper"].item()


def test_patients_with_a_missing_covariate_are_left_out_and_counted():
    data = frame()
    gaps = data.assign(x=data["x"].astype("Float64").mask(data.index < 5))
    result = fit(gaps, "x")
    assert (result.n, result.n_missing) == (55, 5)
    assert result.n_events == data["died"][5:].sum()
    assert result.table().equals(fit(data[5:], "x").table())


def test_no_event_is_an_error():
    with pytest.raises(FitError, match="none of the 60 patients"):
        fit(frame().assign(died=0), "x")


@pytest.mark.parametrize("extra", [[], ["x"]], ids=["alone", "adjusted"])
def test_a_group_without_events_is_an_error_never_an_infinite_ratio(extra):
    data = frame()
    separated = data.assign(died=np.where(data["flag"], 0, 1))
    with pytest.raises(FitError, match="no finite estimate"):
        fit(separated, "flag", *extra)


def test_a_covariate_in_the_order_of_the_deaths_is_an_error():
    data = pd.DataFrame({"days": np.arange(1, 21), "died": 1, "x": np.arange(20)})
    with pytest.raises(FitError, match="no finite estimate"):
        fit(data, "x")


@pytest.mark.parametrize("seed", range(40))
def test_small_samples_give_a_finite_ratio_or_an_error(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(6, 25))
    data = pd.DataFrame(
        {
            "days": rng.integers(0, 9, n),
            "died": rng.integers(0, 2, n),
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


def test_redundant_covariates_are_an_error():
    data = frame().assign(y=lambda d: 2 * d["x"] + 1)
    with pytest.raises(FitError, match="a combination of the others"):
        fit(data, "x", "y")


def test_a_unit_too_small_for_a_hazard_ratio_is_an_error():
    data = frame()
    with pytest.raises(FitError, match="Use a larger unit"):
        fit(data.assign(x=data["x"] * 1e-6), "x")


def test_text_covariate_is_refused():
    with pytest.raises(ValueError, match="covariate 'x' has type"):
        fit(frame().assign(x="a"), "x")


def test_unknown_column_is_named_with_those_present():
    with pytest.raises(ValueError, match=r"lacks the column\(s\) \['age'\]; it has"):
        fit(frame(), "age")


def test_only_efron_s_treatment_of_ties_is_offered():
    with pytest.raises(ValueError, match="allowed: 'efron'"):
        cox(frame(), time="days", event="died", covariates=["x"], ties="breslow")


def test_numpy_error_state_is_left_alone():
    before = np.geterr()
    fit(frame(), "x")
    assert np.geterr() == before


@pytest.mark.parametrize("name", ["heavy_ties", "transplant", "unequal_groups"])
def test_lifelines_finds_the_same_coefficients_and_errors(name):
    """An independent library, beside R."""
    from lifelines import CoxPHFitter

    frame = pd.read_csv(Path(__file__).parent / "reference" / "data" / f"{name}.csv")
    covariates = [column for column in ("x1", "x2") if column in frame]
    frame = frame[["time", "event", *covariates]].dropna()
    fitter = CoxPHFitter()
    precise = {"precision": 1e-12, "r_precision": 1e-14}
    fitter.fit(frame, "time", "event", fit_options=precise)
    table = cox(frame, time="time", event="event", covariates=covariates).table()
    np.testing.assert_allclose(table["coef"], fitter.params_[covariates], rtol=1e-6)
    errors = fitter.standard_errors_[covariates]
    np.testing.assert_allclose(table["std_error"], errors, rtol=1e-6)


def test_robust_errors_by_hand():
    # x is 1 in A, A and 0 in B, B; A dies at 1 of A A B B, B at 2 of A B B, ratio r = sqrt(2).
    # Contributions to the score: sum over the events at risk of (observed - expected share).
    data = pd.DataFrame({"days": [1, 3, 2, 4], "died": [1, 0, 1, 0], "x": [1, 1, 0, 0]})
    r = np.sqrt(2)
    first, second = 2 * r / (2 * r + 2), r / (r + 2)  # means of x in the two risk sets
    at_1, at_2 = 1 / (2 * r + 2), 1 / (r + 2)  # hazards of a patient with x = 0
    died_a = (1 - first) - r * at_1 * (1 - first)
    left_a = -r * (at_1 * (1 - first) + at_2 * (1 - second))
    died_b = (0 - second) - (at_1 * (0 - first) + at_2 * (0 - second))
    left_b = -(at_1 * (0 - first) + at_2 * (0 - second))
    information = first * (1 - first) + second * (1 - second)
    scores = np.array([died_a, left_a, died_b, left_b])
    assert scores.sum() == pytest.approx(0, abs=1e-12)
    model = cox(data, time="days", event="died", covariates=["x"], robust=True)
    assert model.std_error[0] == pytest.approx(np.sqrt(np.sum(scores**2)) / information, rel=1e-9)
