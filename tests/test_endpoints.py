"""Endpoints, by hand calculation.

The release in fixtures/releases/2020.01: P01 alive on day 740; P02 died on day 9 without
progression; P03 alive on day 735, progressed and treated on day 350; P04 progressed on day 300,
treated on day 310, died on day 414; P05 alive on day 400.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nissc1 import endpoints
from nissc1.cohort.release import Cohort, load_release

RELEASES = Path(__file__).parent / "fixtures" / "releases"


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return load_release("2020.01", RELEASES)


def made(
    outcome: dict[str, Any] | None = None,
    visits: list[dict[str, Any]] | None = None,
    transplant: dict[str, Any] | None = None,
) -> Cohort:
    """One patient, A, alive on day 500 unless told otherwise."""
    course = {"patient_id": "A", "last_contact_day": 500, "vital_status": "alive"}
    return Cohort.from_frames(
        {
            "patients": pd.DataFrame([{"patient_id": "A"}]),
            "transplants": pd.DataFrame([{"patient_id": "A"} | (transplant or {})]),
            "outcomes": pd.DataFrame([course | (outcome or {})]),
            "visits": pd.DataFrame([{"patient_id": "A"} | visit for visit in visits or []]),
        }
    )


def rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(frame.itertuples(index=False, name=None))


DEATH = {"vital_status": "dead", "cause_of_death": "other"}


def test_overall_survival(cohort: Cohort) -> None:
    frame = endpoints.overall_survival(cohort)
    assert list(frame.columns) == ["patient_id", "time", "event"]
    assert rows(frame) == [
        ("P01", 740.0, 0),
        ("P02", 9.0, 1),
        ("P03", 735.0, 0),
        ("P04", 414.0, 1),
        ("P05", 400.0, 0),
    ]


def test_progression_free_survival(cohort: Cohort) -> None:
    assert rows(endpoints.progression_free_survival(cohort)) == [
        ("P01", 740.0, 0),
        ("P02", 9.0, 1),
        ("P03", 350.0, 1),
        ("P04", 300.0, 1),
        ("P05", 400.0, 0),
    ]


def test_progression_and_non_relapse_mortality_mirror_each_other(cohort: Cohort) -> None:
    progression = endpoints.progression(cohort)
    mortality = endpoints.non_relapse_mortality(cohort)
    assert list(progression["time"]) == list(mortality["time"]) == [740, 9, 350, 300, 400]
    assert list(progression["cause"]) == [0, 2, 1, 1, 0]
    assert list(mortality["cause"]) == [0, 1, 2, 2, 0]


def test_progression_on_the_day_of_death_is_one_event_and_a_progression() -> None:
    tie = made({"last_contact_day": 128, "progression_day": 128, **DEATH})
    assert rows(endpoints.progression_free_survival(tie)) == [("A", 128.0, 1)]
    assert rows(endpoints.progression(tie)) == [("A", 128.0, 1)]
    assert rows(endpoints.non_relapse_mortality(tie)) == [("A", 128.0, 2)]
    assert rows(endpoints.overall_survival(tie)) == [("A", 128.0, 1)]


def test_death_on_day_0_keeps_its_time() -> None:
    dead = made({"last_contact_day": 0, **DEATH})
    for endpoint in (endpoints.overall_survival, endpoints.progression_free_survival):
        assert rows(endpoint(dead)) == [("A", 0.0, 1)]
    assert rows(endpoints.non_relapse_mortality(dead)) == [("A", 0.0, 1)]
    for endpoint in (endpoints.response, endpoints.neutrophil_engraftment):
        assert rows(endpoint(dead)) == [("A", 0.0, 2)]


def test_progression_on_the_last_day_seen_alive_is_an_event() -> None:
    seen = made({"progression_day": 500})
    assert rows(endpoints.progression(seen)) == [("A", 500.0, 1)]


def test_a_patient_without_last_contact_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'A' has no last contact"):
        endpoints.overall_survival(made({"last_contact_day": None}))


# Response


def test_response_and_its_component(cohort: Cohort) -> None:
    # P01: skin 24 -> 18 (25 %, not more) at day 92, -> 17 (29 %) at day 180
    # P03: skin 20 -> 15 (25 %); FVC 70 -> 77 is a tenth at day 185
    # P04: FVC 80 -> 90 at day 370, after immunosuppression on day 310
    # P05: DLCO 63.3 -> 69.6 (9.95 %) at day 90, -> 69.63 (exactly a tenth) at day 365
    assert rows(endpoints.response(cohort)) == [
        ("P01", 180.0, 1),
        ("P02", 9.0, 2),
        ("P03", 185.0, 1),
        ("P04", 414.0, 2),
        ("P05", 365.0, 1),
    ]
    component = endpoints.response_component(cohort)
    assert rows(component[["patient_id", "time", "month", "component"]]) == [
        ("P01", 180.0, 6, "mrss"),
        ("P03", 185.0, 6, "fvc"),
        ("P05", 365.0, 12, "dlco"),
    ]
    assert rows(component[["mrss", "fvc", "dlco"]])[0] == (True, False, False)


def test_percentage_points_are_another_response(cohort: Cohort) -> None:
    # P03 gains 7 points of FVC at best and later skin values are 22 and 15 of 20; P05 gains 6.33
    answer = endpoints.response(cohort, absolute=True)
    assert list(answer["cause"]) == [1, 2, 0, 2, 0]
    assert list(answer["time"]) == [180, 9, 735, 414, 400]


@pytest.mark.parametrize(
    ("baseline", "later", "responds"),
    [
        ({"mrss": 24}, {"mrss": 18}, False),
        ({"mrss": 24}, {"mrss": 17}, True),
        ({"mrss": 1}, {"mrss": 0}, True),
        ({"mrss": 0}, {"mrss": 0}, False),
        ({"fvc_pct": 60.0}, {"fvc_pct": 66.0}, True),
        ({"fvc_pct": 60.0}, {"fvc_pct": 65.9}, False),
        ({"fvc_pct": 43.1}, {"fvc_pct": 47.41}, True),
        ({"fvc_pct": 110.1}, {"fvc_pct": 121.11}, True),
        ({"dlco_pct": 34.3}, {"dlco_pct": 37.73}, True),
        ({"dlco_pct": 34.3}, {"dlco_pct": 37.72}, False),
        ({"mrss": None}, {"mrss": 3}, False),
        ({"mrss": 30}, {"mrss": None}, False),
        ({"mrss": 30, "fvc_pct": None}, {"mrss": 30, "fvc_pct": 99.0}, False),
    ],
)
def test_the_limits_of_a_response(
    baseline: dict[str, Any], later: dict[str, Any], responds: bool
) -> None:
    visits = [{"month": 0, "visit_day": -3, **baseline}, {"month": 6, "visit_day": 183, **later}]
    expected = ("A", 183.0, 1) if responds else ("A", 500.0, 0)
    assert rows(endpoints.response(made(visits=visits))) == [expected]


@pytest.mark.parametrize(("day", "responds"), [(182, False), (183, False), (184, True)])
def test_a_visit_counts_only_before_the_day_of_immunosuppression(day: int, responds: bool) -> None:
    visits = [
        {"month": 0, "visit_day": -3, "mrss": 30},
        {"month": 6, "visit_day": 183, "mrss": 10},
    ]
    answer = endpoints.response(made({"immunosuppression_day": day}, visits))
    assert list(answer["cause"]) == [int(responds)]


def test_a_progression_does_not_bar_a_response() -> None:
    visits = [
        {"month": 0, "visit_day": -3, "mrss": 30},
        {"month": 6, "visit_day": 183, "mrss": 10},
    ]
    assert rows(endpoints.response(made({"progression_day": 100}, visits))) == [("A", 183.0, 1)]


def test_the_first_visit_that_responds_counts_whatever_the_order_of_rows() -> None:
    visits = [
        {"month": 12, "visit_day": 365, "mrss": 5, "fvc_pct": 90.0},
        {"month": 6, "visit_day": 183, "mrss": 10, "fvc_pct": 90.0},
        {"month": 0, "visit_day": -3, "mrss": 30, "fvc_pct": 60.0},
        {"month": 3, "visit_day": 90, "mrss": 29, "fvc_pct": 60.0},
    ]
    (answer,) = endpoints.response_component(made(visits=visits)).to_dict("records")
    assert (answer["time"], answer["component"]) == (183.0, "mrss + fvc")


def test_without_a_baseline_or_a_later_visit_a_patient_is_censored_at_last_contact() -> None:
    for visits in ([], [{"month": 0, "visit_day": 0, "mrss": 30}], [{"month": 3, "visit_day": 90}]):
        assert rows(endpoints.response(made(visits=visits))) == [("A", 500.0, 0)]
        assert endpoints.response_component(made(visits=visits)).empty


# Engraftment


def test_engraftment(cohort: Cohort) -> None:
    assert rows(endpoints.neutrophil_engraftment(cohort)) == [
        ("P01", 11.0, 1),
        ("P02", 9.0, 2),
        ("P03", 11.0, 1),
        ("P04", 11.0, 1),
        ("P05", 11.0, 1),
    ]


def test_platelets_that_never_fell_have_nothing_to_wait_for(cohort: Cohort) -> None:
    frame = endpoints.platelet_engraftment(cohort)
    assert list(frame["patient_id"]) == ["P01", "P02", "P03", "P04"]
    assert list(frame["cause"]) == [1, 2, 1, 1]


def test_an_unreported_engraftment_is_censored_and_one_on_the_day_of_death_counts() -> None:
    assert rows(endpoints.neutrophil_engraftment(made())) == [("A", 500.0, 0)]
    tie = made({"last_contact_day": 14, **DEATH}, None, {"neutrophil_engraftment_day": 14})
    assert rows(endpoints.neutrophil_engraftment(tie)) == [("A", 14.0, 1)]


# Complications and series


def test_complications_run_from_day_0_to_day_100_both_included(cohort: Cohort) -> None:
    assert list(endpoints.complications(cohort)["event_id"]) == ["E1", "E2", "E3", "E4"]
    assert list(endpoints.complications(cohort, days=101)["event_id"])[-1] == "E5"
    assert list(endpoints.complications(cohort, days=99)["event_id"]) == ["E1", "E2", "E3"]
    flags = endpoints.complications(cohort).set_index("event_id")
    assert list(flags["infectious"]) == [True, True, False, True]
    assert list(flags["fatal"]) == [False, False, True, False]
    with pytest.raises(ValueError, match="days = -1"):
        endpoints.complications(cohort, days=-1)


def test_complications_by_patient_list_the_patients_without_any(cohort: Cohort) -> None:
    frame = endpoints.complications_by_patient(cohort).set_index("patient_id")
    assert list(frame["events"]) == [2, 1, 1, 0, 0]
    assert list(frame["followed"]) == [100, 9, 100, 100, 100]
    assert list(frame["any"]) == [True, True, True, False, False]
    assert list(frame["infectious"]) == [True, False, True, False, False]
    assert list(frame["non_infectious"]) == [False, True, False, False, False]
    assert list(frame["fatal"]) == [False, True, False, False, False]


def test_a_series_holds_the_patients_with_every_month(cohort: Cohort) -> None:
    assert rows(endpoints.complete_series(cohort, "mrss")) == [
        ("P01", 0, 24.0),
        ("P01", 12, 14.0),
        ("P01", 24, 12.0),
        ("P03", 0, 20.0),
        ("P03", 12, 22.0),
        ("P03", 24, 15.0),
    ]
    # sHAQ at month 6 is missing in P01, ESR at month 3 in P03
    assert set(endpoints.complete_series(cohort, "shaq", (0, 6))["patient_id"]) == {"P03"}
    assert set(endpoints.complete_series(cohort, "esr_mm_h", (0, 3))["patient_id"]) == {
        "P01",
        "P05",
    }
    assert endpoints.complete_series(cohort, "fvc_pct", (0, 60)).empty


def test_a_series_of_something_else_is_refused(cohort: Cohort) -> None:
    with pytest.raises(ValueError, match="'weight_kg' is not measured at visits"):
        endpoints.complete_series(cohort, "weight_kg")
    with pytest.raises(ValueError, match="each once"):
        endpoints.complete_series(cohort, "mrss", (0, 0))


# All of them

OF_TIME = [
    endpoints.overall_survival,
    endpoints.progression_free_survival,
    endpoints.progression,
    endpoints.non_relapse_mortality,
    endpoints.response,
    endpoints.neutrophil_engraftment,
    endpoints.platelet_engraftment,
]


@pytest.mark.parametrize("endpoint", OF_TIME)
def test_types_are_plain_and_the_same_for_a_cohort_of_nobody(cohort: Cohort, endpoint: Any) -> None:
    full, empty = endpoint(cohort), endpoint(cohort.select("age_years > 99"))
    assert empty.empty
    assert list(full.dtypes) == list(empty.dtypes) == ["string", float, int]


def test_the_other_frames_of_a_cohort_of_nobody_are_empty_with_their_columns(
    cohort: Cohort,
) -> None:
    nobody = cohort.select("age_years > 99")
    for function in (
        endpoints.response_component,
        endpoints.complications,
        endpoints.complications_by_patient,
    ):
        full, empty = function(cohort), function(nobody)
        assert empty.empty
        assert list(empty.dtypes.items()) == list(full.dtypes.items())
    assert endpoints.complete_series(nobody, "mrss").empty


def test_every_endpoint_is_described_and_every_description_computed() -> None:
    for name, endpoint in endpoints.ENDPOINTS.items():
        assert endpoint.name == name
        assert callable(getattr(endpoints, name))
        for text in (endpoint.label, endpoint.origin, endpoint.event, endpoint.censoring):
            assert text
    described = set(endpoints.ENDPOINTS)
    assert described == {function.__name__ for function in OF_TIME} | {"complications"}


def test_the_unpublished_definition_of_progression_is_owned_up_to() -> None:
    for name in ("progression", "progression_free_survival", "non_relapse_mortality"):
        assert "not public" in endpoints.ENDPOINTS[name].source
