"""Whether follow-up suffices for an estimate."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.release import Cohort, Release, load_release
from nissc1.maturity import Maturity, maturity, potential_follow_up

CUTOFF = dt.date(2020, 1, 1)


def transplanted(*dates: str | None) -> Cohort:
    frame = pd.DataFrame(
        {
            "patient_id": [f"P{i}" for i in range(len(dates))],
            "transplant_date": pd.to_datetime(list(dates)),
        }
    )
    release = Release("2020.01", Path(), CUTOFF, True, "none", "Test")
    return Cohort.from_frames({"transplants": frame}, release)


def test_potential_follow_up_is_the_time_from_transplantation_to_the_cut_off() -> None:
    people = transplanted("2019-12-31", "2019-01-01", None)
    np.testing.assert_array_equal(potential_follow_up(people), [1, 365, np.nan])


def test_an_earlier_cut_off_shortens_potential_follow_up() -> None:
    people = transplanted("2019-01-01")
    assert potential_follow_up(people, dt.date(2019, 1, 11)).tolist() == [10]


def test_half_of_the_patients_suffice_and_fewer_do_not() -> None:
    half = maturity(transplanted("2018-01-01", "2019-12-01"), 365)
    assert (half.followed, half.n, half.immature) == (1, 2, False)
    third = maturity(transplanted("2018-01-01", "2019-12-01", "2019-12-02"), 365)
    assert (third.followed, third.n, third.immature) == (1, 3, True)


def test_an_early_death_counts_as_potentially_followed() -> None:
    """By observed follow-up, the eight deaths of Table 3 would make 24 months less mature."""
    cohort = load_release("2021.02")
    assert maturity(cohort, 24 * DAYS_PER_MONTH) == Maturity(80, 80)


@pytest.mark.parametrize(("months", "followed", "immature"), [(36, 54, False), (48, 32, True)])
def test_the_release_is_mature_to_three_years(months: int, followed: int, immature: bool) -> None:
    """Counted by hand: transplantations up to 2015-02-28 and up to 2014-02-28."""
    found = maturity(load_release("2021.02"), months * DAYS_PER_MONTH)
    assert (found.followed, found.immature) == (followed, immature)


def test_nobody_is_neither_mature_nor_immature() -> None:
    assert not maturity(transplanted(), 365).immature


def test_a_cohort_made_in_memory_has_no_end_of_follow_up() -> None:
    frame = pd.DataFrame({"patient_id": ["P0"], "transplant_date": pd.to_datetime(["2019-01-01"])})
    assert maturity(Cohort.from_frames({"transplants": frame}), 9999).followed == 1
