"""Which visits were due, and what became of them, on the release in fixtures/releases/2020.01.

Its data end on 30 June 2018. P02 dies on day 9 and P04 on day 414; P05, transplanted on 1 February
2016, is seen at months 0, 3 and 12.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from nissc1.cohort.release import Cohort, load_release
from nissc1.meaningful_change import IMPORTANT, improvement, reached
from nissc1.report.figures import reached_panels, visit_bars
from nissc1.visits_due import (
    DEAD,
    MEASURED,
    MISSED,
    NO_LATER,
    NOT_DUE,
    NOT_MEASURED,
    by_month,
    progressed_before,
    reachable,
    visit_status,
)

MONTHS = (0, 3, 6, 12, 24)
MRSS, FVC, SHAQ = IMPORTANT


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return load_release("2020.01", Path(__file__).parent / "fixtures" / "releases")


def test_each_visit_is_told_by_what_became_of_it(cohort: Cohort) -> None:
    status = visit_status(cohort, "fvc_pct", MONTHS)
    assert status.loc["P02"].tolist() == [MEASURED, DEAD, DEAD, DEAD, DEAD]
    assert status.loc["P04"].tolist() == [MEASURED, MEASURED, MISSED, MEASURED, DEAD]
    assert status.loc["P05"].tolist() == [NOT_MEASURED, MEASURED, MISSED, MEASURED, NO_LATER]


def test_a_visit_after_the_cut_off_is_not_due(cohort: Cohort) -> None:
    status = visit_status(cohort, "fvc_pct", MONTHS, dt.date(2017, 2, 1))
    assert status.loc["P05", 24] == NOT_DUE
    assert list(reachable(cohort, 24, dt.date(2017, 2, 1))) == ["P01", "P03"]
    assert list(reachable(cohort, 24)) == ["P01", "P03", "P05"]


def test_every_patient_is_counted_at_every_month(cohort: Cohort) -> None:
    counts = by_month(visit_status(cohort, "fvc_pct", MONTHS))
    assert (counts.sum(axis=1) == 5).all()
    assert counts.loc[24, [MEASURED, DEAD, NO_LATER]].tolist() == [2, 2, 1]
    drawing = visit_bars(counts[[MEASURED, DEAD, NO_LATER, MISSED, NOT_MEASURED]])
    assert drawing is not None
    assert list(drawing.data.loc[drawing.data["month"] == 24].iloc[0]) == [24, 40, 40, 20, 0, 0]
    assert len(drawing.draw(False).axes[0].patches) == drawing.data.size - len(drawing.data)
    assert visit_bars(counts.iloc[:0]) is None


def test_progression_before_a_month(cohort: Cohort) -> None:
    assert progressed_before(cohort, 12).to_list() == [False, False, True, True, False]
    assert not progressed_before(cohort, 6).any()


def test_improvement_is_positive_whichever_way_is_better(cohort: Cohort) -> None:
    skin, lung = improvement(cohort, MRSS, 24), improvement(cohort, FVC, 24)
    assert skin.dropna().to_dict() == {"P01": 12, "P03": 5}
    assert lung.dropna().to_dict() == {"P01": 8, "P03": 0.5}
    assert list(skin.index) == ["P01", "P02", "P03", "P04", "P05"]  # the dead count among all
    assert "P05" not in lung.index  # no value at baseline


def test_who_could_not_have_been_followed_so_long_is_left_out(cohort: Cohort) -> None:
    found = improvement(cohort, MRSS, 24, dt.date(2016, 6, 1))
    assert list(found.index) == ["P01", "P02", "P03"]


def test_limits_count_from_the_limit_on_and_what_is_not_known_stays_unknown() -> None:
    change = pd.Series([45.3 - 40.0, 5.2, -3.0, float("nan")])
    assert reached(change, 5.3).tolist()[:3] == [True, False, False]
    assert reached(change, -3.0).tolist()[:3] == [False, False, True]
    assert reached(change, 5.3).isna().tolist() == [False, False, False, True]


def test_the_limits_are_those_of_the_sources() -> None:
    # Khanna et al. 2006, abstract: mRSS 3.2 to 5.3, HAQ-DI 0.10 to 0.14; Kafaja et al. 2018,
    # abstract: FVC 3.0 to 5.3 for an improvement, -3.0 to -3.3 for a worsening
    found = {each.column: (each.smaller, each.larger, each.improves) for each in IMPORTANT}
    assert found == {
        "mrss": (3.2, 5.3, "down"),
        "fvc_pct": (3.0, 5.3, "up"),
        "shaq": (0.10, 0.14, "down"),
    }
    assert (FVC.worse_smaller, FVC.worse_larger) == (3.0, 3.3)


def test_the_share_falls_from_all_to_none(cohort: Cohort) -> None:
    drawing = reached_panels({MRSS: improvement(cohort, MRSS, 24), SHAQ: pd.Series([float("nan")])})
    assert drawing is not None
    (axes,) = drawing.draw(False).axes
    steps = axes.lines[-1].get_ydata()
    assert list(steps) == [100, 100, 50, 0]
    assert reached_panels({SHAQ: pd.Series([float("nan")])}) is None
