"""What differs between two releases, in counts worked out by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from nissc1.cohort.differences import Differences, differences
from nissc1.cohort.release import Cohort
from nissc1.cohort.tables import Tables

DAY_0 = {"A": "2016-01-01", "B": "2016-01-01", "C": "2017-01-01", "D": "2019-01-01"}


def cohort(cutoff: str, outcomes: list[dict[str, Any]], **tables: list[dict[str, Any]]) -> Cohort:
    patients = [row["patient_id"] for row in outcomes]
    frames = {
        "patients": pd.DataFrame(
            tables.get("patients", [{"patient_id": each} for each in patients])
        ),
        "transplants": pd.DataFrame(
            {
                "patient_id": patients,
                "transplant_date": pd.to_datetime([DAY_0[each] for each in patients]),
            }
        ),
        "outcomes": pd.DataFrame(outcomes),
        "visits": pd.DataFrame(tables.get("visits", [])),
    }
    made = Cohort.from_frames(frames)
    release = replace(made.release, data_cutoff=dt.date.fromisoformat(cutoff))
    return Cohort(release, Tables.of(made.tables()))


def alive(patient: str, day: int, **more: Any) -> dict[str, Any]:
    return {"patient_id": patient, "last_contact_day": day, "vital_status": "alive"} | more


def dead(patient: str, day: int, **more: Any) -> dict[str, Any]:
    return alive(patient, day) | {"vital_status": "dead", "cause_of_death": "other"} | more


def row(frame: pd.DataFrame, name: str) -> dict[str, Any]:
    return dict(frame.set_index("name").loc[name])


@pytest.fixture(scope="module")
def found() -> Differences:
    """A dies later, B progressed before the old cut-off unnoticed, C is gone, D is new and died."""
    before = cohort(
        "2018-01-01",
        [alive("A", 700), alive("B", 700), alive("C", 300, progression_day=200)],
        visits=[
            {"patient_id": "A", "month": 12, "visit_day": 365, "mrss": 20, "fvc_pct": 80.0},
            {"patient_id": "B", "month": 12, "visit_day": 366, "shaq": 1.0},
        ],
    )
    after = cohort(
        "2020-01-01",
        [dead("A", 1200), alive("B", 1000, progression_day=600), dead("D", 50)],
        visits=[
            {"patient_id": "A", "month": 12, "visit_day": 365, "mrss": 2, "fvc_pct": 80.0},
            {"patient_id": "A", "month": 24, "visit_day": 730, "mrss": 9},
            {"patient_id": "B", "month": 12, "visit_day": 366, "mrss": 7},
        ],
    )
    return differences(before, after)


def test_sizes_stand_side_by_side(found: Differences) -> None:
    assert row(found.sizes, "patients") == {"item": "Patients", "before": 3, "after": 3}
    assert row(found.sizes, "visits")["after"] == 3
    # 1,700 and 2,250 days over 365.25
    years = row(found.sizes, "years")
    assert (years["before"], years["after"]) == (4.7, 6.2)


def test_who_is_new_gone_and_followed_for_longer(found: Differences) -> None:
    counts = dict(zip(found.patients["name"], found.patients["patients"], strict=True))
    assert counts == {"new": 1, "gone": 1, "longer": 2, "shorter": 0}


def test_a_death_is_of_a_new_patient_or_since_the_cut_off(found: Differences) -> None:
    deaths = row(found.events, "death")
    assert (deaths["before"], deaths["after"]) == (0, 2)
    assert (deaths["of_new_patients"], deaths["since"], deaths["reported_late"]) == (1, 1, 0)


def test_an_event_that_had_happened_by_the_earlier_cut_off_was_reported_late(
    found: Differences,
) -> None:
    """Day 600 of B is 2017-08-23, before 2018-01-01. C, who is gone, had progressed."""
    progressions = row(found.events, "progression")
    assert (progressions["before"], progressions["after"]) == (1, 1)
    assert (progressions["since"], progressions["reported_late"]) == (0, 1)
    assert progressions["withdrawn"] == 0


def test_values_are_counted_by_column_and_new_visits_are_no_corrections(
    found: Differences,
) -> None:
    listed = found.values[["table", "column", "corrected", "filled_in", "emptied"]]
    assert listed.values.tolist() == [
        ["visits", "mrss", 1, 1, 0],
        ["visits", "shaq", 0, 0, 1],
    ]


def test_follow_up_is_no_correction_but_what_it_undoes_is() -> None:
    before = cohort("2018-01-01", [dead("A", 100), alive("B", 700, progression_day=200)])
    after = cohort("2018-01-01", [alive("A", 400), alive("B", 600, progression_day=210)])
    found = differences(before, after)
    counts = dict(zip(found.values["column"], found.values["corrected"], strict=True))
    assert counts == {"last_contact_day": 2, "vital_status": 1, "progression_day": 1}
    assert row(found.events, "death")["withdrawn"] == 1
    assert row(found.events, "progression")["withdrawn"] == 0


def test_a_cohort_does_not_differ_from_itself(found: Differences) -> None:
    same = cohort("2018-01-01", [dead("A", 100), alive("B", 700)])
    nothing = differences(same, same)
    assert nothing.values.empty
    counted = ["of_new_patients", "since", "reported_late", "withdrawn"]
    assert nothing.events[counted].to_numpy().sum() == 0
