"""Complications by system and time of onset, on the release in fixtures/releases/2020.01.

P01 has infections on days 5 and 60 and P03 on day 100; P02 has another complication on day 3 and
dies on day 9; P04's, on day 101, is too late.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nissc1.cohort.release import Cohort, load_release
from nissc1.complication_systems import NOT_GROUPED, SYSTEMS, system_of
from nissc1.complication_terms import SEPTIC_SHOCK, TERMS
from nissc1.onset import by_period, first_onset
from nissc1.report import NotEstimable
from nissc1.report.disclosure import Disclosure
from nissc1.report.figures import early_incidence
from nissc1.stats import cumulative_incidence


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return load_release("2020.01", Path(__file__).parent / "fixtures" / "releases")


def test_every_complication_of_the_article_belongs_to_a_system() -> None:
    terms = pd.Series([*(term.term for term in TERMS), SEPTIC_SHOCK])
    assert set(system_of(terms)) == set(SYSTEMS) - {NOT_GROUPED}


def test_a_new_wording_is_not_grouped() -> None:
    assert system_of(pd.Series(["Norovirus", "Sepsis"])).tolist() == [NOT_GROUPED, "general"]


def test_the_first_complication_counts_and_death_competes(cohort: Cohort) -> None:
    infections = first_onset(cohort, "infectious")
    assert infections["time"].tolist() == [5, 9, 100, 100, 100]
    assert infections["cause"].tolist() == [1, 2, 1, 0, 0]
    others = first_onset(cohort, "noninfectious")
    assert others["time"].tolist() == [100, 3, 100, 100, 100]
    assert others["cause"].tolist() == [0, 1, 0, 0, 0]


def test_periods_follow_one_upon_the_other_and_patients_count_while_they_live(
    cohort: Cohort,
) -> None:
    assert by_period(cohort, "infectious", (14, 30, 100)) == [
        (0, 14, 1, 4 * 14 + 9.0),
        (15, 30, 0, 4 * 16.0),
        (31, 100, 2, 4 * 70.0),
    ]


def test_curves_run_to_the_last_day(cohort: Cohort) -> None:
    times = first_onset(cohort, "infectious")
    curve = cumulative_incidence(times["time"], times["cause"])
    drawing = early_incidence({"Infection": curve, "Other": NotEstimable("none")}, 100)
    assert drawing is not None
    assert drawing.data["estimate"].iloc[-1] == pytest.approx(40)
    (line,) = drawing.draw(False).axes[0].lines
    assert line.get_xdata()[-1] == 100
    assert line.get_ydata()[-1] == pytest.approx(40)  # 2 of 5
    coarse = early_incidence({"Infection": curve}, 100, disclosure=Disclosure.SMALL_COUNTS)
    assert coarse is not None
    assert set(coarse.draw(True).axes[0].lines[0].get_ydata()) <= {0.0, 100.0}
    assert list(coarse.data["day"]) == [0, 20, 40, 60, 80, 100]
    assert early_incidence({"Other": NotEstimable("none")}, 100) is None
