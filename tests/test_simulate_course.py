"""How a simulated course goes on, on cases that can be worked out by hand."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from nissc1.simulate import hazards
from nissc1.simulate.course import Course, follow
from nissc1.simulate.early_course import until_last_contact
from nissc1.simulate.hazards import NEVER, first_day
from nissc1.simulate.measures import Level, recorded, step
from nissc1.simulate.visits import later_visits


class Fixed(random.Random):
    """Chance that always draws the same number."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self.number = number

    def random(self) -> float:
        return self.number


def cumulative(hazard: float) -> Fixed:
    """The draw that lets an event come once so much hazard has accumulated."""
    return Fixed(1 - math.exp(-hazard))


def test_an_event_comes_when_its_hazard_has_accumulated() -> None:
    # 10 % a year: a hazard of 0.05 accumulates in half a year, 182.625 days; the day is the 183rd.
    assert first_day(cumulative(0.05), ((0, 10.0),), 0) == 183
    assert first_day(cumulative(0.05), ((0, 10.0),), 1000) == 1183


def test_a_hazard_changes_at_the_years_end() -> None:
    # 0.1 in the first year, then 20 % a year: the remaining 0.1 takes half a year from day 365.25.
    assert first_day(cumulative(0.2), ((0, 10.0), (1, 20.0)), 0) == math.floor(1.5 * 365.25) + 1
    # From day 731 on only the second rate counts.
    assert first_day(cumulative(0.2), ((0, 10.0), (1, 20.0)), 731) == 731 + 365 + 1


def test_without_hazard_the_event_never_comes() -> None:
    assert first_day(cumulative(3.0), ((0, 0.0),), 0) == NEVER
    # 0.1 accumulates, then nothing more.
    assert first_day(cumulative(0.2), ((0, 10.0), (1, 0.0)), 0) == NEVER


def test_nothing_happens_before_the_day_from_which_on_a_patient_is_at_risk() -> None:
    assert first_day(Fixed(0.0), hazards.PROGRESSION, 1500) == 1501


def test_a_course_without_events_ends_with_the_last_call() -> None:
    course = follow(Fixed(1 - 1e-12), Course(700), since=1500, until=3000)
    assert course == Course(3000)


def test_with_all_hazards_at_once_the_earliest_terminal_event_ends_the_course() -> None:
    # Progression (3.7 %) accumulates faster than death without it (0.5 %); loss (4.3 %) faster
    # still: with the same draw the patient is lost before progression.
    course = follow(cumulative(0.05), Course(800), since=800, until=4000)
    assert course.last_contact == 800 + math.floor(0.05 / 0.043 * 365.25) + 1
    assert (course.dead, course.progression) == (False, None)


def test_known_events_stay_and_progression_comes_once() -> None:
    before = Course(900, progression=500, basis="skin", immunosuppression=507, late_infection=600)
    after = follow(cumulative(0.03), before, since=1000, until=4000)
    assert replace(after, last_contact=900, dead=False, cause="", detail="", autoimmunity=None) == (
        before
    )
    # Death after progression, 10 % a year, comes before loss: the cause is progression.
    assert after.dead
    assert after.cause == "progression"
    assert after.last_contact == 1000 + math.floor(0.03 / 0.1 * 365.25) + 1


def test_a_death_without_progression_is_of_another_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hazards, "PROGRESSION", ((0, 0.0),))
    monkeypatch.setattr(hazards, "LOSS", ((0, 0.0),))
    after = follow(cumulative(0.01), Course(800), since=800, until=4000)
    assert (after.dead, after.cause, after.progression) == (True, "other", None)
    assert after.detail
    assert after.last_contact == 800 + math.floor(2 * 365.25) + 1


def test_a_course_is_written_as_it_was_read() -> None:
    row = {
        "patient_id": "N900", "last_contact_day": "900", "vital_status": "dead",
        "cause_of_death": "progression", "cause_of_death_detail": "Progression",
        "progression_day": "500", "progression_basis": "lung", "immunosuppression_day": "507",
        "myeloid_malignancy_day": "", "late_infection_day": "600",
        "secondary_autoimmunity_day": "",
    }  # fmt: skip
    assert Course.read(row).written("N900") == row


@pytest.mark.parametrize(
    ("name", "level", "basis", "expected"),
    [
        ("mrss", 12, "skin", 6),
        ("mrss", 32, "skin and lung", 8),
        ("mrss", 32, "lung", 0),
        ("fvc_pct", 80, "lung", -10),
        ("fvc_pct", 80, "skin", 0),
        ("shaq", 1, "heart", 0.14),
        ("dlco_pct", 60, "lung", 0),
        ("esr_mm_h", 20, "skin", 0),
    ],
)
def test_progression_shows_in_the_measurement_of_its_organ(
    name: str, level: float, basis: str, expected: float
) -> None:
    assert step(name, level, basis) == pytest.approx(expected)


def test_a_level_drifts_from_year_2_to_year_5_only() -> None:
    course = Course(4000)
    skin = Level("mrss", 20.0, 365, -0.5)
    assert skin.on(round(2 * 365.25), course) == pytest.approx(20, abs=0.01)
    assert skin.on(round(4 * 365.25), course) == pytest.approx(19, abs=0.01)
    assert skin.on(3000, course) == pytest.approx(18.5)


def test_a_level_steps_once_between_the_last_visit_and_the_next() -> None:
    lung = Level("fvc_pct", 80.0, 700, 0.0)
    assert lung.on(1000, Course(4000, progression=1001, basis="lung")) == 80
    assert lung.on(1001, Course(4000, progression=1001, basis="lung")) == 70
    assert lung.on(1001, Course(4000, progression=700, basis="lung")) == 80  # seen already


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("mrss", -3.2, "0"),
        ("mrss", 17.6, "18"),
        ("fvc_pct", 80.04, "80"),
        ("fvc_pct", 80.06, "80.1"),
        ("shaq", 1.3, "1.25"),
        ("shaq", 3.9, "3"),
    ],
)
def test_a_value_is_rounded_to_what_can_be_recorded(name: str, value: float, expected: str) -> None:
    assert recorded(name, value) == expected


def test_nobody_is_seen_after_the_last_contact_nor_while_out_of_contact() -> None:
    known = [dict.fromkeys(("mrss", "fvc_pct", "dlco_pct", "shaq", "esr_mm_h"), "10")]
    known[0] |= {"visit_day": "730", "month": "24"}

    def months(course: Course, absent: tuple[int, int] | None = None) -> list[str]:
        # The middle of every distribution: each visit on its scheduled day, all attended.
        visits = later_visits(Fixed(0.5), "N900", course, known, absent)
        return [row["month"] for row in visits]

    assert months(Course(4000)) == ["36", "48", "60"]
    assert months(Course(1461)) == ["36", "48"]
    assert months(Course(1461, dead=True)) == ["36"]
    assert months(Course(4000), absent=(800, 1500)) == ["60"]


def test_what_a_patient_did_not_live_to_see_is_left_out_of_the_procedure() -> None:
    row = {
        "neutrophil_engraftment_day": "11", "platelet_engraftment_day": "9",
        "platelets_never_below_20": "no", "conditioning_stay_days": "24", "gcsf_after_days": "12",
    }  # fmt: skip
    made = until_last_contact(row, Course(9, dead=True))
    assert made == {
        "neutrophil_engraftment_day": "", "platelet_engraftment_day": "9",
        "platelets_never_below_20": "", "conditioning_stay_days": "16", "gcsf_after_days": "9",
    }  # fmt: skip
    assert until_last_contact(row, Course(400)) == row
