"""The public estimators: the same names for the same things, and small frozen results."""

from __future__ import annotations

import dataclasses
import inspect

import numpy as np
import pandas as pd
import pytest

from nissc1 import stats

CLASSES = {name: each for name, each in vars(stats).items() if inspect.isclass(each)}
FUNCTIONS = {
    name: each for name in stats.__all__ if inspect.isfunction(each := getattr(stats, name))
}
RESULTS = {
    name: each
    for name, each in CLASSES.items()
    if not issubclass(each, Exception) and name != "UnivariateRule"
}
#: What a parameter is called, and what else it might be called.
NAMES = {
    "time": {"times", "t", "durations", "duration"},
    "event": {"status", "observed", "died"},
    "cause": {"causes", "kind"},
    "group": {"groups", "arm", "by_group"},
    "covariates": {"predictors", "columns", "x_columns"},
    "conf_level": {"alpha", "level", "confidence"},
    "subject": {"id", "patient"},
    "outcome": {"response", "value"},
    "seed": {"rng", "random_state"},
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_frozen_and_can_be_laid_out(name: str) -> None:
    assert dataclasses.is_dataclass(RESULTS[name])
    assert RESULTS[name].__dataclass_params__.frozen
    assert callable(RESULTS[name].table)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_parameters_have_the_names_that_they_have_elsewhere(name: str) -> None:
    used = set(inspect.signature(FUNCTIONS[name]).parameters)
    allowed = {"smr": {"observed"}}.get(name, set())
    for instead, others in NAMES.items():
        assert not used & (others - allowed), f"call it {instead}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_data_come_by_place_and_options_by_name(name: str) -> None:
    parameters = inspect.signature(FUNCTIONS[name]).parameters.values()
    by_place = [each for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    assert all(each.default is each.empty for each in by_place if each.name != "n_knots")


def test_numbers_make_one_row_arrays_a_row_an_element_and_tables_stay_out() -> None:
    test = stats.logrank_test([1, 2, 3, 4], [1, 1, 1, 0], ["a", "b", "a", "b"])
    row = test.table()
    assert len(row) == 1
    assert row.loc[0, ["statistic", "df", "p_value"]].tolist() == [
        test.statistic,
        test.df,
        test.p_value,
    ]
    pooled = stats.pool([[1.0, 2.0], [1.5, 2.5]], [[0.1, 0.1], [0.1, 0.1]], df_complete=50)
    np.testing.assert_allclose(pooled.table()["estimate"], [1.25, 2.25])
    visits = pd.DataFrame(
        {
            "who": np.repeat([1, 2, 3], 2),
            "month": [0, 12] * 3,
            "mrss": [25.0, 20.0, 30.0, 22.0, 18.0, 17.0],
        }
    )
    change = stats.repeated_measures(visits, subject="who", within="month", outcome="mrss")
    assert "means" not in change.table()
    assert change.table()["n"].tolist() == [3]


def test_the_difference_of_means_has_the_error_of_independent_means() -> None:
    # by hand: 3.5 - 2.875, and the root of the sum of the squared errors
    early = stats.rmst([1, 2, 3, 4], [1, 0, 1, 0], horizon=4)
    late = stats.rmst([2, 3, 4, 4], [1, 0, 0, 0], horizon=4)
    found = stats.mean_difference(late, early)
    assert found.estimate == pytest.approx(0.625)
    assert found.std_error == pytest.approx((early.std_error**2 + late.std_error**2) ** 0.5)
    half = 1.959963984540054 * found.std_error
    assert (found.lower, found.upper) == pytest.approx((0.625 - half, 0.625 + half))
    assert (found.n, found.n_events) == (8, 3)


def test_means_over_other_horizons_are_not_compared() -> None:
    short = stats.rmst([1, 2, 3, 4], [1, 0, 1, 0], horizon=3)
    long = stats.rmst([1, 2, 3, 4], [1, 0, 1, 0], horizon=4)
    with pytest.raises(ValueError, match=r"horizon is 3.0 in the first mean and 4.0 in the second"):
        stats.mean_difference(short, long)
