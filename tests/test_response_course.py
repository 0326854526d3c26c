"""The course of responses, by hand calculation on the release in fixtures/releases/2020.01.

P01 responds by skin on day 180 and is followed to 740; P02 dies on day 9; P03 responds by FVC on
day 185, progresses on 350 and is followed to 735; P04 progresses on day 300 and dies on 414; P05
responds by DLCO on day 365 and is followed to 400.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nissc1.cohort.release import Cohort, load_release
from nissc1.report import NotEstimable
from nissc1.report.disclosure import Disclosure
from nissc1.report.figures import state_areas
from nissc1.response_course import (
    DEAD,
    PROGRESSED,
    RESPONSE,
    STATES,
    STAYS,
    WITHOUT,
    component_alone,
    response_states,
)
from nissc1.stats import state_occupation


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return load_release("2020.01", Path(__file__).parent / "fixtures" / "releases")


def rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return [
        tuple(None if pd.isna(cell) else cell for cell in row)
        for row in frame.itertuples(index=False, name=None)
    ]


def one(outcome: dict[str, Any], *scores: tuple[int, int]) -> Cohort:
    """One patient, A, with a skin score of 40 before, and others at (day, score)."""
    course = {"patient_id": "A", "last_contact_day": 500, "vital_status": "alive"}
    visits = [{"patient_id": "A", "month": 0, "visit_day": -9, "mrss": 40}]
    visits += [
        {"patient_id": "A", "month": day // 30, "visit_day": day, "mrss": score}
        for day, score in scores
    ]
    return Cohort.from_frames(
        {
            "patients": pd.DataFrame([{"patient_id": "A"}]),
            "transplants": pd.DataFrame([{"patient_id": "A"}]),
            "outcomes": pd.DataFrame([course | outcome]),
            "visits": pd.DataFrame(visits),
        }
    )


def test_patients_move_through_the_states(cohort: Cohort) -> None:
    assert rows(response_states(cohort)) == [
        ("P01", 0, 180, WITHOUT, RESPONSE),
        ("P01", 180, 740, RESPONSE, None),
        ("P02", 0, 9, WITHOUT, DEAD),
        ("P03", 0, 185, WITHOUT, RESPONSE),
        ("P03", 185, 350, RESPONSE, PROGRESSED),
        ("P03", 350, 735, PROGRESSED, None),
        ("P04", 0, 300, WITHOUT, PROGRESSED),
        ("P04", 300, 414, PROGRESSED, DEAD),
        ("P05", 0, 365, WITHOUT, RESPONSE),
        ("P05", 365, 400, RESPONSE, None),
    ]


def test_one_measurement_alone_defines_response(cohort: Cohort) -> None:
    found = component_alone(cohort, "mrss")
    assert found["time"].tolist() == [180, 9, 735, 414, 400]
    assert found["cause"].tolist() == [1, 2, 0, 2, 0]
    assert component_alone(cohort, "fvc")["time"].tolist()[2] == 185


def test_further_immunosuppression_ends_a_response() -> None:
    found = response_states(one({"immunosuppression_day": 200}, (90, 20), (300, 20)))
    assert rows(found)[1:] == [
        ("A", 90, 200, RESPONSE, WITHOUT),
        ("A", 200, 500, WITHOUT, None),
    ]


@pytest.mark.parametrize(
    ("lost_at_visits", "stays"),
    [
        (False, [("A", 90, 500, RESPONSE, None)]),
        (True, [("A", 90, 180, RESPONSE, WITHOUT), ("A", 180, 500, WITHOUT, None)]),
    ],
)
def test_a_visit_that_no_longer_meets_the_definition_counts_in_the_second_reading_only(
    lost_at_visits: bool, stays: list[tuple[Any, ...]]
) -> None:
    course = one({}, (90, 20), (180, 38), (300, 20))
    assert rows(response_states(course, lost_at_visits=lost_at_visits))[1:] == stays


def test_progression_comes_before_a_response_of_the_same_day_and_death_before_both() -> None:
    same = one({"progression_day": 90}, (90, 20))
    assert rows(response_states(same)) == [
        ("A", 0, 90, WITHOUT, PROGRESSED),
        ("A", 90, 500, PROGRESSED, None),
    ]
    dead = {"progression_day": 90, "last_contact_day": 90, "vital_status": "dead"}
    assert rows(response_states(one(dead, (90, 20)))) == [("A", 0, 90, WITHOUT, DEAD)]


def test_areas_add_up_to_all_patients(cohort: Cohort) -> None:
    found = state_occupation(response_states(cohort), states=STATES, **STAYS)
    names = dict(zip(STATES, STATES, strict=True))
    drawing = state_areas(found, names, 24)
    assert drawing is not None
    assert drawing.data[list(STATES)].sum(axis=1).to_numpy() == pytest.approx(100)
    tops = [lines.get_ydata()[-1] for lines in drawing.draw(False).axes[0].lines]
    assert tops[-1] == 100
    assert np.all(np.diff(tops) >= 0)
    coarse = state_areas(found, names, 24, disclosure=Disclosure.SMALL_COUNTS)
    assert coarse is not None
    shares = np.concatenate([line.get_ydata() for line in coarse.draw(True).axes[0].lines])
    assert set(np.round(shares, 6)) <= {0.0, 100.0}  # 5 patients: steps of 5
    assert list(coarse.data["month"]) == [*range(0, 25, 3)]
    assert state_areas(NotEstimable("no patient"), names) is None
