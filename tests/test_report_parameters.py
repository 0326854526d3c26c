"""The parameters of a notebook are checked."""

import datetime as dt
from typing import Any

import pytest

from nissc1.report.parameters import ParameterError, Parameters, check_parameters, landmarks

DEFAULT: dict[str, Any] = {
    "release": "2021.02",
    "cutoff": None,
    "horizon_months": 24,
    "population": None,
    "conf_level": 0.95,
    "disclosure": "none",
}


def checked(**changes: Any) -> Parameters:
    return check_parameters(**(DEFAULT | changes))


def test_the_defaults_are_allowed_and_comparable_with_print() -> None:
    assert checked().comparable


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("release", "", "id of a data release"),
        ("release", 2021.02, "id of a data release"),
        ("cutoff", "31.12.2016", "YYYY-MM-DD"),
        ("cutoff", "2016-02-30", "YYYY-MM-DD"),
        ("cutoff", "20161231", "YYYY-MM-DD"),
        ("cutoff", 2016, "YYYY-MM-DD"),
        ("horizon_months", 0, "whole number above 0"),
        ("horizon_months", -12, "whole number above 0"),
        ("horizon_months", 24.0, "whole number above 0"),
        ("horizon_months", True, "whole number above 0"),
        ("population", "", "filter as text"),
        ("population", 3, "filter as text"),
        ("conf_level", 95, "above 0 and below 1"),
        ("conf_level", 1.0, "above 0 and below 1"),
        ("conf_level", float("nan"), "above 0 and below 1"),
        ("conf_level", "0.95", "above 0 and below 1"),
        ("disclosure", "small", "'none' or 'small-counts'"),
        ("disclosure", None, "'none' or 'small-counts'"),
    ],
)
def test_a_wrong_parameter_is_named_with_its_value_and_what_is_allowed(
    name: str, value: Any, allowed: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        checked(**{name: value})
    message = str(caught.value)
    assert f"parameter {name} is {value!r}" in message
    assert allowed in message


def test_a_cutoff_may_be_text_or_a_date() -> None:
    assert checked(cutoff="2016-12-31").cutoff == dt.date(2016, 12, 31)
    assert checked(cutoff=dt.date(2016, 12, 31)).cutoff == dt.date(2016, 12, 31)


@pytest.mark.parametrize(
    ("horizon", "months"),
    [(24, (12, 24)), (36, (12, 24, 36)), (18, (12, 18, 24)), (6, (6, 12, 24))],
)
def test_rates_are_given_each_year_and_at_the_horizon(
    horizon: int, months: tuple[int, ...]
) -> None:
    assert landmarks(horizon) == months


@pytest.mark.parametrize(
    "change",
    [
        {"release": "2023.06"},
        {"cutoff": "2016-12-31"},
        {"population": 'sex == "F"'},
        {"conf_level": 0.9},
        {"disclosure": "small-counts"},
    ],
)
def test_other_patients_follow_up_limits_or_rounding_cannot_agree_with_print(
    change: dict[str, Any],
) -> None:
    assert not checked(**change).comparable
