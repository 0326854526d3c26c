"""The key estimates at earlier data cut-offs."""

import datetime as dt

import numpy as np
import pytest

from nissc1 import endpoints
from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.release import Cohort, load_release
from nissc1.replay import KEY_ENDPOINTS, Look, half_yearly, miss_probabilities, replay
from nissc1.stats import kaplan_meier


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return load_release("2021.02")


@pytest.fixture(scope="module")
def looks(cohort: Cohort) -> list[Look]:
    return replay(cohort)


def test_looks_fall_on_the_ends_of_half_years_and_on_the_cut_off() -> None:
    found = half_yearly(dt.date(2012, 12, 5), dt.date(2013, 11, 30))
    assert [date.isoformat() for date in found] == ["2012-12-31", "2013-06-30", "2013-11-30"]


def test_the_last_look_takes_the_place_of_one_less_than_three_months_before() -> None:
    found = half_yearly(dt.date(2013, 6, 5), dt.date(2014, 2, 28))
    assert [date.isoformat() for date in found] == ["2013-06-30", "2014-02-28"]
    assert half_yearly(dt.date(2013, 7, 1), dt.date(2014, 4, 1))[0] == dt.date(2013, 12, 31)


def test_a_cut_off_at_the_end_of_a_half_year_is_one_look() -> None:
    assert half_yearly(dt.date(2013, 6, 30), dt.date(2013, 6, 30)) == [dt.date(2013, 6, 30)]
    assert half_yearly(dt.date(2013, 7, 1), dt.date(2013, 6, 30)) == []


def test_the_last_look_is_the_analysis_itself(cohort: Cohort, looks: list[Look]) -> None:
    frame = endpoints.overall_survival(cohort)
    now = kaplan_meier(frame["time"], frame["event"])
    assert looks[-1].cutoff == cohort.release.data_cutoff
    np.testing.assert_array_equal(looks[-1].curves["os"].estimate, now.estimate)


def test_a_look_knows_only_who_was_transplanted_and_what_had_happened(
    cohort: Cohort, looks: list[Look]
) -> None:
    for look in looks:
        until = np.datetime64(look.cutoff, "D")
        dates = cohort.transplants.set_index("patient_id")["transplant_date"]
        assert look.curves["os"].n == (dates.to_numpy("datetime64[D]") <= until).sum()
        dead = cohort.outcomes[cohort.outcomes["vital_status"] == "dead"]
        start = dead["patient_id"].map(dates).to_numpy("datetime64[D]")
        day = start + dead["last_contact_day"].to_numpy("timedelta64[D]")
        assert look.curves["os"].n_events.sum() == (day <= until).sum()


def test_patients_and_events_never_shrink(looks: list[Look]) -> None:
    for key in KEY_ENDPOINTS:
        assert (np.diff([look.curves[key].n for look in looks]) >= 0).all()
        assert (np.diff([look.curves[key].n_events.sum() for look in looks]) >= 0).all()


def test_a_landmark_that_nobody_reached_is_not_estimated(looks: list[Look]) -> None:
    first = looks[0]
    assert first.cutoff == dt.date(2012, 12, 31)
    assert first.maturity(12).followed == 0
    assert np.isnan(first.curves["os"].at([12 * DAYS_PER_MONTH])["estimate"].iloc[0])


def test_an_earlier_cut_off_ends_the_looks(cohort: Cohort, looks: list[Look]) -> None:
    until = dt.date(2015, 6, 30)
    fewer = replay(cohort.censored_at(until), until)
    assert [look.name for look in fewer] == [look.name for look in looks if look.cutoff <= until]
    assert fewer[-1].name == "2015_06_30"
    for key in KEY_ENDPOINTS:
        np.testing.assert_array_equal(fewer[-1].curves[key].estimate, looks[5].curves[key].estimate)


def test_without_patients_there_is_no_look(cohort: Cohort) -> None:
    assert replay(cohort.select("age_years > 99")) == []


def test_usual_intervals_miss_more_often_than_stated_and_the_others_do_not(
    looks: list[Look],
) -> None:
    for key in KEY_ENDPOINTS:
        seen, usual, every = miss_probabilities(looks, key, 24)
        assert 5 <= seen <= len(looks)
        assert 0.06 < usual < 0.25
        assert 0 < every < 0.05


def test_without_a_look_nothing_is_missed(cohort: Cohort) -> None:
    assert miss_probabilities([], "os", 24) == (0, 0.0, 0.0)
    early = replay(cohort.censored_at(dt.date(2013, 6, 30)), dt.date(2013, 6, 30))
    assert miss_probabilities(early, "os", 24) == (0, 0.0, 0.0)
