"""Whether follow-up suffices for an estimate."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.release import Cohort, Release, load_release
from nissc1.endpoints import overall_survival, response
from nissc1.maturity import Maturity, maturity, potential_follow_up
from nissc1.report import Report
from nissc1.report.record import Record
from nissc1.stats import cumulative_incidence, kaplan_meier

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


def listed_by(date: str) -> int:
    """Transplantations up to an ISO date, counted in the CSV file as text."""
    path = Path(__file__).parents[1] / "data" / "releases" / "2021.02" / "transplants.csv"
    with path.open(newline="", encoding="utf-8") as lines:
        return sum(row["transplant_date"] <= date for row in csv.DictReader(lines))


@pytest.mark.parametrize(
    ("months", "last", "immature"), [(36, "2015-02-28", False), (48, "2014-02-28", True)]
)
def test_the_release_is_mature_to_three_years(months: int, last: str, immature: bool) -> None:
    """By hand: 36 months before the cut-off, 2018-02-28, is 2015-02-28."""
    found = maturity(load_release("2021.02"), months * DAYS_PER_MONTH)
    assert (found.followed, found.immature) == (listed_by(last), immature)


def test_nobody_is_neither_mature_nor_immature() -> None:
    assert not maturity(transplanted(), 365).immature


def test_a_cohort_made_in_memory_has_no_end_of_follow_up() -> None:
    frame = pd.DataFrame({"patient_id": ["P0"], "transplant_date": pd.to_datetime(["2019-01-01"])})
    assert maturity(Cohort.from_frames({"transplants": frame}), 9999).followed == 1


def opened(**changes: Any) -> Report:
    values = {"horizon_months": 72} | changes
    return Report.open(notebook="figure-1", release="2021.02", **values)


def survival_rate(report: Report, months: int) -> Record:
    frame = overall_survival(report.cohort)
    curve = kaplan_meier(frame["time"], frame["event"])
    return report.rate(f"os.{months}m", "Overall survival", curve, months=months)


def test_an_immature_rate_bears_a_mark_that_a_footnote_explains() -> None:
    report = opened()
    assert survival_rate(report, 36).text == "90.0 (83.4–96.6)"
    assert report.maturity_notes == []
    assert survival_rate(report, 48).text == "90.0 (83.4–96.6)\u00a0†"
    assert f"(48 months: {listed_by('2014-02-28')} of 80)" in report.maturity_notes[0]
    assert report.records["os.48m"].part("lower") == "83.4"


def test_a_curve_that_has_ended_is_not_read_where_nobody_could_have_been_followed() -> None:
    """All those still at risk had the event: the curve runs on, but not beyond the calendar."""
    report = opened()
    rate = report.rate("os.72m", "Survival", kaplan_meier([1, 2], [1, 1]), months=72)
    assert rate.estimate is None
    assert rate.text == (
        "not estimable: by the data cut-off nobody could have been followed up to 72 months"
    )


def test_maturity_follows_the_cut_off_of_the_report() -> None:
    report = opened(cutoff="2015-06-30")
    assert survival_rate(report, 12).text.endswith(")")
    assert survival_rate(report, 24).text.endswith("†")
    # 730 days lie between 2013-06-30 and the cut-off, half a day less than 24 months
    followed, n = listed_by("2013-06-29"), listed_by("2015-06-30")
    assert f"(24 months: {followed} of {n})" in report.maturity_notes[0]


def test_the_counts_of_a_mark_are_disclosed_like_any_other() -> None:
    report = opened(cutoff="2015-12-31", disclosure="small-counts")
    frame = response(report.cohort)
    curve = cumulative_incidence(frame["time"], frame["cause"])
    assert report.rate("response.24m", "Response", curve, months=24).text.endswith("\u00a0†")
    followed, n = (5 * round(listed_by(date) / 5) for date in ("2013-12-30", "2015-12-31"))
    assert f"(24 months: {followed} of {n})" in report.maturity_notes[0]
    assert survival_rate(report, 36).text == "withheld (≤\u00a07 events)"
