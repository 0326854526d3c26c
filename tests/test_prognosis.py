"""Prognostic factors: coding, tests alone, selection, joint model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from lifelines.statistics import logrank_test

from nissc1 import endpoints, prognosis
from nissc1.cohort.release import Cohort, load_release
from nissc1.stats import UnivariateRule


@pytest.fixture(scope="module")
def baseline() -> pd.DataFrame:
    return load_release("2021.02").baseline()


@pytest.fixture(scope="module")
def coded(baseline: pd.DataFrame) -> pd.DataFrame:
    return prognosis.covariates(baseline)


def simulated(coded: pd.DataFrame, seed: int = 3) -> pd.DataFrame:
    """Times that depend on the skin score, with about half of them censored."""
    random = np.random.default_rng(seed)
    hazard = np.exp(1.2 * coded["mrss_over_24"].to_numpy())
    time = np.ceil(random.exponential(400 / hazard))
    return pd.DataFrame(
        {
            "patient_id": coded.index.astype("string"),
            "time": np.minimum(time, 500.0),
            "event": (time <= 500).astype(int),
        }
    )


def test_age_enters_in_steps_of_ten_years(baseline: pd.DataFrame, coded: pd.DataFrame) -> None:
    assert coded["age"].tolist() == [age / 10 for age in baseline["age_years"]]


def test_an_examination_that_was_not_done_is_not_known(
    baseline: pd.DataFrame, coded: pd.DataFrame
) -> None:
    not_done = (baseline["cardiac_mri"] == "not done").to_numpy(dtype=bool)
    assert coded["mri_abnormal"].isna().to_numpy().tolist() == not_done.tolist()
    assert coded["mri_abnormal"].sum() == 11  # Henes et al. 2021, Table 1


def test_only_the_two_usual_doses_for_mobilisation_are_compared(coded: pd.DataFrame) -> None:
    counts = coded["mobilisation_cyc_4"].value_counts(dropna=False)
    # Henes et al. 2021, Table 2: 23 with 4 g/m2, 45 with 2; 10 other and 2 missing
    assert (counts[1.0], counts[0.0], counts[np.nan]) == (23, 45, 12)


def test_a_group_is_tested_as_lifelines_tests_it(coded: pd.DataFrame) -> None:
    times = simulated(coded)
    tests = prognosis.univariate(times, coded)
    high = coded["mrss_over_24"].to_numpy() == 1
    expected = logrank_test(
        times["time"][high], times["time"][~high], times["event"][high], times["event"][~high]
    )
    row = tests.loc["mrss_over_24"]
    assert row["test"] == "log-rank"
    assert row["p_value"] == pytest.approx(expected.p_value, rel=1e-9)
    assert row["n_with"] == high.sum()
    assert row["events_with"] == times["event"][high].sum()


def test_age_is_tested_by_the_wald_test_of_a_cox_model(coded: pd.DataFrame) -> None:
    times = simulated(coded)
    row = prognosis.univariate(times, coded).loc["age"]
    frame = times.assign(age=coded["age"].to_numpy())[["time", "event", "age"]]
    expected = CoxPHFitter().fit(frame, "time", "event").summary.loc["age"]
    assert row["test"] == "Wald"
    assert row["p_value"] == pytest.approx(expected["p"], rel=1e-4)
    assert row["hazard_ratio"] == pytest.approx(expected["exp(coef)"], rel=1e-4)


def test_competing_events_call_for_grays_test(coded: pd.DataFrame) -> None:
    times = simulated(coded).rename(columns={"event": "cause"})
    times.loc[:5, "cause"] = 2
    tests = prognosis.univariate(times, coded)
    assert set(tests["test"]) == {"Gray", "Wald"}
    assert tests.loc["male", "events"] == (times["cause"] == 1).sum()


def test_events_on_one_side_only_leave_a_p_value_and_no_ratio(coded: pd.DataFrame) -> None:
    times = simulated(coded)
    times["event"] = (coded["male"] == 1).to_numpy(dtype=int)
    row = prognosis.univariate(times, coded).loc["male"]
    assert np.isnan(row["hazard_ratio"])
    assert row["p_value"] < 0.001


def test_a_characteristic_that_everybody_has_cannot_be_tested(coded: pd.DataFrame) -> None:
    row = prognosis.univariate(simulated(coded), coded.assign(scl70=1.0)).loc["scl70"]
    assert np.isnan(row["p_value"])


def test_who_enters_lies_strictly_below_a_tenth() -> None:
    tests = pd.DataFrame({"p_value": [0.0999, 0.10, np.nan, 0.01]}, index=["a", "b", "c", "d"])
    assert prognosis.selected(tests) == ["a", "d"]


def test_the_joint_model_is_lifelines_cox_model(coded: pd.DataFrame) -> None:
    times = simulated(coded)
    names = ["mrss_over_24", "age"]
    model = prognosis.joint_model(times, coded, names)
    frame = times[["time", "event"]].join(coded[names].reset_index(drop=True))
    expected = CoxPHFitter().fit(frame, "time", "event").summary
    assert list(model.index) == names
    assert model["hazard_ratio"].tolist() == pytest.approx(
        expected.loc[names, "exp(coef)"].tolist(), rel=1e-4
    )
    assert set(model["events"]) == {times["event"].sum()}


@pytest.mark.parametrize(
    ("endpoint", "outcome"),
    [(endpoints.progression_free_survival, "event"), (endpoints.response, "cause")],
)
def test_the_fast_rule_for_resampling_tests_the_release_as_univariate_does(
    coded: pd.DataFrame, endpoint: Callable[[Cohort], pd.DataFrame], outcome: str
) -> None:
    times = endpoint(load_release("2021.02"))
    names = tuple(str(name) for name in coded.columns)
    rule = UnivariateRule(
        time="time", candidates=names, continuous=("age",), below=0.10, **{outcome: outcome}
    )
    tests = prognosis.univariate(times, coded)
    frame = times.set_index("patient_id").join(coded)
    found = rule.p_values(frame)
    np.testing.assert_allclose(found, tests["p_value"][found.index], rtol=1e-7)
    assert rule(frame) == prognosis.selected(tests)
