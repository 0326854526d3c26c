"""Exact limits of proportions and rates, standardised mortality ratios, expected deaths."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, poisson

from nissc1.stats import exact_interval, exact_rate, expected_deaths, person_years, smr


def test_no_event_and_all_events_by_hand():
    none, every = exact_interval(0, 20), exact_interval(20, 20)
    assert (none.estimate, none.lower) == (0, 0)
    assert none.upper == pytest.approx(1 - 0.025 ** (1 / 20))
    assert (every.estimate, every.upper) == (1, 1)
    assert every.lower == pytest.approx(0.025 ** (1 / 20))


@pytest.mark.parametrize(("events", "n"), [(5, 80), (1, 3), (14, 80)])
def test_at_a_limit_the_tail_has_half_of_the_error(events, n):
    result = exact_interval(events, n, conf_level=0.9)
    assert binom.sf(events - 1, n, result.lower) == pytest.approx(0.05)
    assert binom.cdf(events, n, result.upper) == pytest.approx(0.05)


def test_rate_is_per_unit_of_time_and_its_tails_have_half_of_the_error():
    result = exact_rate(8, 250.0, conf_level=0.9)
    assert result.estimate == pytest.approx(0.032)
    assert poisson.sf(7, 250 * result.lower) == pytest.approx(0.05)
    assert poisson.cdf(8, 250 * result.upper) == pytest.approx(0.05)
    assert exact_rate(0, 250.0).upper == pytest.approx(-np.log(0.025) / 250)


def test_ratio_without_a_death_by_hand():
    result = smr(0, 2.0)
    assert (result.estimate, result.lower, result.lower_mid_p) == (0, 0, 0)
    assert result.upper == pytest.approx(-np.log(0.025) / 2)
    assert result.upper_mid_p == pytest.approx(-np.log(0.05) / 2)  # half of exp(-m) is 0.025
    assert result.p_value == pytest.approx(2 * np.exp(-2))
    assert result.p_value_mid == pytest.approx(np.exp(-2))


def test_exact_limits_leave_out_1_exactly_when_p_is_below_the_level():
    for deaths in range(25):
        result = smr(deaths, 7.3)
        assert (result.lower > 1 or result.upper < 1) == (result.p_value < 0.05)
        outside = result.lower_mid_p > 1 or result.upper_mid_p < 1
        assert outside == (result.p_value_mid < 0.05)
        assert result.lower <= result.lower_mid_p <= result.estimate
        assert result.estimate <= result.upper_mid_p <= result.upper


def test_as_many_deaths_as_expected_have_p_value_1():
    assert smr(5, 5.0).p_value == 1


@pytest.mark.parametrize("level", [0.05, 0.5, 0.999])
def test_any_level_of_the_mid_p_limits_is_reached(level):
    result = smr(1, 1.0, conf_level=level)
    tail = poisson.sf(1, result.lower_mid_p) + poisson.pmf(1, result.lower_mid_p) / 2
    assert tail == pytest.approx((1 - level) / 2, rel=1e-6)


def test_follow_up_is_split_at_birthdays_and_at_the_turn_of_the_year():
    # 42.5 at 2012.75: a new year after 0.25, a birthday after 0.5, a new year after 1.25
    frame = pd.DataFrame({"sex": ["F"], "age": [42.5], "start": [2012.75], "years": [1.375]})
    cells = person_years(frame, age="age", year="start", followed="years")
    assert cells["age"].tolist() == [42, 42, 43, 43]
    assert cells["year"].tolist() == [2012, 2013, 2013, 2014]
    assert cells["person_years"].tolist() == [0.25, 0.25, 0.75, 0.125]


def test_patients_in_one_cell_are_added_up_and_none_of_their_time_is_lost():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "sex": rng.choice(["F", "M"], 50),
            "centre": rng.choice(["A", "B"], 50),
            "age": rng.uniform(20, 70, 50),
            "start": rng.uniform(2000, 2015, 50),
            "years": rng.exponential(4, 50),
        }
    )
    cells = person_years(frame, age="age", year="start", followed="years", by=["sex", "centre"])
    assert cells["person_years"].sum() == pytest.approx(frame["years"].sum())
    assert not cells.duplicated(["sex", "centre", "age", "year"]).any()
    assert (cells["person_years"] > 0).all()


def test_no_follow_up_and_no_patients_give_no_cell():
    frame = pd.DataFrame({"sex": ["F"], "age": [40.0], "start": [2010.0], "years": [0.0]})
    for patients in (frame, frame.iloc[:0]):
        cells = person_years(patients, age="age", year="start", followed="years")
        assert cells.empty
        assert list(cells.columns) == ["sex", "age", "year", "person_years"]


def test_a_patient_who_starts_on_a_birthday_is_of_that_age():
    frame = pd.DataFrame({"sex": ["M"], "age": [50.0], "start": [2010.0], "years": [1.0]})
    cells = person_years(frame, age="age", year="start", followed="years")
    assert cells[["age", "year", "person_years"]].values.tolist() == [[50, 2010, 1]]


LIFE_TABLE = pd.DataFrame({"sex": ["F", "M"], "age": 60, "year": 2010, "rate": [0.01, 0.02]})
CELLS = pd.DataFrame({"sex": ["F", "M"], "age": 60, "year": 2010, "person_years": [10.0, 5.0]})


def test_expected_deaths_are_person_years_times_rates():
    result = expected_deaths(CELLS, LIFE_TABLE)
    assert result.estimate == pytest.approx(0.2)
    assert result.person_years == 15
    assert result.cells["expected"].tolist() == pytest.approx([0.1, 0.1])


def test_a_cell_that_the_life_table_lacks_is_named():
    with pytest.raises(ValueError, match=r"lacks 1 cell\(s\).*'year': 2031"):
        expected_deaths(CELLS.assign(year=[2010, 2031]), LIFE_TABLE)


def test_a_life_table_with_a_cell_twice_or_a_wrong_rate_is_refused():
    with pytest.raises(ValueError, match="one row a cell"):
        expected_deaths(CELLS, pd.concat([LIFE_TABLE, LIFE_TABLE.iloc[[0]]]))
    for rate in (-0.1, np.nan):
        with pytest.raises(ValueError, match="a rate of the life table"):
            expected_deaths(CELLS, LIFE_TABLE.assign(rate=[rate, 0.1]))


def test_follow_up_that_is_missing_or_negative_is_refused():
    frame = pd.DataFrame({"sex": ["F"], "age": [40.0], "start": [2010.0], "years": [1.0]})
    options = {"age": "age", "year": "start", "followed": "years"}
    for change in ({"years": [-1.0]}, {"age": [np.nan]}):
        with pytest.raises(ValueError, match="finite numbers from 0 upwards"):
            person_years(frame.assign(**change), **options)
    with pytest.raises(ValueError, match="a label is needed for each"):
        person_years(frame.assign(sex=[None]), **options)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: exact_interval(5, 4), "no more events than patients"),
        (lambda: exact_interval(0, 0), "at least 1 patient"),
        (lambda: exact_interval(1.5, 4), "whole number"),
        (lambda: exact_interval(float("nan"), 4), "whole number"),
        (lambda: exact_interval(-1, 4), "whole number"),
        (lambda: exact_interval(1, 4, conf_level=95), "conf_level is 95"),
        (lambda: exact_rate(1, 0.0), "person_time is 0.0"),
        (lambda: smr(1, 0.0), "expected is 0.0"),
        (lambda: smr(-1, 1.0), "observed is -1"),
    ],
)
def test_what_is_no_count_or_no_time_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
