"""Against the release before: each rule speaks when it should, and only then.

The release is fixtures/releases/2020.01; the newer export is a copy of its tables with one change.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from nissc1.cohort.acceptance import AcceptanceError, kept, read_acceptances
from nissc1.cohort.comparison_rules import COMPARISON_RULES
from nissc1.cohort.inspection import Inspection, InspectionError, inspect, unmet
from nissc1.cohort.release import ReleaseError
from nissc1.cohort.schema import resource_names

RELEASES = Path(__file__).parent / "fixtures" / "releases"
SOUND = RELEASES / "2020.01"
BOOK = Path(__file__).parents[1] / "book" / "update.md"
IDENTITY = "data_cutoff: 2018-06-30\nsynthetic: true\ndisclosure: none\ntitle: Newer\n"
Found = list[tuple[str, int | None, str | None, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "incoming"
    made.mkdir()
    (made / "release.yml").write_text(IDENTITY, encoding="utf-8")
    for name in resource_names():
        (made / f"{name}.csv").write_bytes((SOUND / f"{name}.csv").read_bytes())
    return made


def rows_of(folder: Path, name: str) -> list[list[str]]:
    return list(csv.reader((folder / f"{name}.csv").read_text("utf-8").splitlines()))


def write(folder: Path, name: str, rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    (folder / f"{name}.csv").write_text(stream.getvalue(), encoding="utf-8")


def put(folder: Path, name: str, row: int, **cells: str) -> None:
    rows = rows_of(folder, name)
    for column, value in cells.items():
        rows[row - 1][rows[0].index(column)] = value
    write(folder, name, rows)


def everywhere(folder: Path, change: Callable[[list[str]], list[str] | None]) -> None:
    for name in resource_names():
        header, *rows = rows_of(folder, name)
        write(folder, name, [header, *(new for row in rows if (new := change(row)) is not None)])


def without(patient: str) -> Callable[[list[str]], list[str] | None]:
    return lambda row: None if patient in row else row


def looked_at(folder: Path, **options: str | None) -> Inspection:
    return inspect(folder, against="2020.01", data=RELEASES, options=options)


def found(folder: Path) -> Found:
    faults = looked_at(folder).faults
    return [(each.file, each.row, each.column, each.rule) for each in faults]


def test_the_same_data_again_say_nothing(folder: Path) -> None:
    assert looked_at(folder).faults == []


def test_longer_follow_up_says_nothing(folder: Path) -> None:
    put(folder, "outcomes", 2, last_contact_day="1900", late_infection_day="800")
    put(folder, "outcomes", 6, last_contact_day="800", vital_status="dead", cause_of_death="other")
    put(folder, "patients", 6, height_cm="180")  # was empty
    write(folder, "visits", [*rows_of(folder, "visits"), ["P01", "60", "1830", "10", *[""] * 4]])
    (folder / "release.yml").write_text(IDENTITY.replace("06-30", "12-31"), encoding="utf-8")
    assert looked_at(folder).faults == []


ONE_CELL = [
    ("patients", 2, {"weight_kg": "70"}, "baseline-changed"),
    ("patients", 2, {"weight_kg": ""}, "baseline-changed"),
    ("patients", 2, {"ana": "no"}, "baseline-changed"),
    ("patients", 2, {"sex": "M"}, "baseline-changed"),
    ("transplants", 2, {"cd34_dose": "5.3"}, "baseline-changed"),
    ("transplants", 2, {"transplant_date": "2013-01-16"}, "transplant-date-changed"),
    ("visits", 2, {"mrss": "25"}, "baseline-changed"),
    ("visits", 3, {"mrss": "19"}, "visit-changed"),
    ("visits", 3, {"fvc_pct": ""}, "visit-changed"),
    ("visits", 3, {"visit_day": "93"}, "visit-changed"),
    ("outcomes", 2, {"last_contact_day": "739"}, "follow-up-shorter"),
    ("outcomes", 3, {"last_contact_day": "10"}, "death-changed"),
    ("outcomes", 3, {"cause_of_death": "other"}, "death-changed"),
    ("outcomes", 3, {"cause_of_death_detail": "sepsis"}, "death-changed"),
    ("outcomes", 4, {"progression_day": "351"}, "progression-changed"),
    ("outcomes", 4, {"progression_basis": "lung"}, "progression-changed"),
    ("outcomes", 4, {"immunosuppression_day": "349"}, "late-event-changed"),
    ("outcomes", 4, {"late_infection_day": ""}, "late-event-changed"),
    ("adverse_events", 2, {"onset_day": "6"}, "adverse-event-changed"),
    ("adverse_events", 2, {"term": "fever"}, "adverse-event-changed"),
]


@pytest.mark.parametrize(("name", "row", "cells", "rule"), ONE_CELL)
def test_a_known_value_that_changed_is_named_once(
    folder: Path, name: str, row: int, cells: dict[str, str], rule: str
) -> None:
    put(folder, name, row, **cells)
    assert found(folder) == [(f"{name}.csv", row, next(iter(cells)), rule)]


def test_a_change_says_what_was_and_what_is(folder: Path) -> None:
    put(folder, "transplants", 2, transplant_date="2013-01-16")
    (fault,) = looked_at(folder).faults
    assert str(fault) == (
        "transplants.csv, row 2, column transplant_date, value '2013-01-16': Patient 'P01': "
        "transplant_date was 2013-01-15 in release 2020.01 and is 2013-01-16. Ask the centre; mend "
        "it at the source, or accept it with the reason. [transplant-date-changed, warning]"
    )


def test_a_number_written_otherwise_is_the_same_value(folder: Path) -> None:
    put(folder, "patients", 2, weight_kg="72.00")
    assert found(folder) == []


def test_an_undone_death_is_named(folder: Path) -> None:
    put(
        folder,
        "outcomes",
        3,
        vital_status="alive",
        cause_of_death="",
        cause_of_death_detail="",
        last_contact_day="500",
    )
    put(folder, "adverse_events", 4, fatal="no")
    assert found(folder) == [
        ("outcomes.csv", 3, "vital_status", "death-undone"),
        ("adverse_events.csv", 4, "fatal", "adverse-event-changed"),
    ]


def test_an_undone_progression_is_named_once(folder: Path) -> None:
    put(folder, "outcomes", 4, progression_day="", progression_basis="")
    assert found(folder) == [("outcomes.csv", 4, "progression_day", "progression-undone")]


def test_a_lost_visit_is_named(folder: Path) -> None:
    header, *rows = rows_of(folder, "visits")
    write(folder, "visits", [header, *(row for row in rows if row[:2] != ["P03", "12"])])
    (fault,) = looked_at(folder).faults
    assert (fault.row, fault.column, fault.value, fault.rule) == (
        None,
        "month",
        "'12'",
        "visit-lost",
    )
    assert "'P03'" in fault.message


def test_a_lost_adverse_event_is_named_and_a_renumbered_one_is_not_lost(folder: Path) -> None:
    header, *rows = rows_of(folder, "adverse_events")
    renumbered = [["X" + row[0], *row[1:]] for row in rows]
    write(folder, "adverse_events", [header, *renumbered])
    assert found(folder) == []
    write(folder, "adverse_events", [header, *renumbered[:-1]])
    (fault,) = looked_at(folder).faults
    assert (fault.rule, fault.value) == ("adverse-event-lost", "'E5'")


def test_a_lost_patient_is_one_fault_not_one_a_table(folder: Path) -> None:
    everywhere(folder, without("P03"))
    (fault,) = looked_at(folder).faults
    assert (fault.file, fault.value, fault.rule) == ("patients.csv", "'P03'", "patient-lost")


def test_a_renamed_patient_is_recognised_by_day_0_sex_and_age(folder: Path) -> None:
    everywhere(folder, lambda row: ["N3" if cell == "P03" else cell for cell in row])
    (fault,) = looked_at(folder).faults
    assert (fault.file, fault.row, fault.rule) == ("patients.csv", 4, "patient-renamed")
    assert fault.severity == "error"
    assert "'P03' of release 2020.01 is gone; 'N3' has the same day 0 (2014-03-10)" in fault.message


def test_a_new_patient_of_another_age_is_no_renamed_one(folder: Path) -> None:
    everywhere(folder, lambda row: ["N3" if cell == "P03" else cell for cell in row])
    put(folder, "patients", 4, age_years="31")
    assert [each[3] for each in found(folder)] == ["patient-lost"]


def test_a_second_pseudonym_of_a_patient_is_named(folder: Path) -> None:
    for name in ("patients", "transplants", "outcomes", "visits"):
        header, *rows = rows_of(folder, name)
        again = [["N3", *row[1:]] for row in rows if row[0] == "P03"]
        write(folder, name, [header, *rows, *again])
    assert found(folder) == [("patients.csv", 7, "patient_id", "patient-duplicated")]


def test_an_earlier_cut_off_is_an_error(folder: Path) -> None:
    (folder / "release.yml").write_text(IDENTITY.replace("06-30", "06-29"), encoding="utf-8")
    (fault,) = looked_at(folder).faults
    assert (fault.rule, fault.severity) == ("cutoff-earlier", "error")
    assert "2018-06-29 lies before 2018-06-30" in fault.message


def test_a_cell_at_fault_is_not_also_a_change(folder: Path) -> None:
    put(folder, "patients", 2, weight_kg="many")
    assert found(folder) == [("patients.csv", 2, "weight_kg", "type")]


def test_faults_of_the_comparison_stand_where_the_export_has_them(folder: Path) -> None:
    rows = rows_of(folder, "patients")
    rows[0][rows[0].index("weight_kg")] = "weight_g"
    for row in rows[1:]:
        row[rows[0].index("weight_g")] = str(float(row[rows[0].index("weight_g")]) * 1000)
    rows[1][rows[0].index("weight_g")] = "70000"
    write(folder, "patients", rows)
    (folder / "mapping.yml").write_text(
        "tables:\n  patients:\n    file: patients.csv\n    columns:\n"
        "      weight_kg: {from: weight_g, factor: 0.001}\n",
        encoding="utf-8",
    )
    (fault,) = [each for each in looked_at(folder).faults if each.severity != "note"]
    assert (fault.column, fault.value, fault.rule) == ("weight_g", "'70000'", "baseline-changed")
    assert "weight_kg was 72.0 in release 2020.01 and is 70.0." in fault.message


def test_every_rule_is_tried_here() -> None:
    text = Path(__file__).read_text("utf-8")
    untried = [rule.rule for rule in COMPARISON_RULES if f'"{rule.rule}"' not in text]
    assert untried == []


def test_the_book_lists_the_rules_as_they_are_declared() -> None:
    text = BOOK.read_text("utf-8")
    listed = [f"| `{each.rule}` | {each.severity} | {each.meaning} |" for each in COMPARISON_RULES]
    assert "\n".join(listed) in text


# Releases beside exports


def test_a_release_is_compared_as_well(folder: Path) -> None:
    assert inspect(SOUND, against="2020.01", data=RELEASES).faults == []


def test_a_release_needs_neither_mapping_nor_cut_off(tmp_path: Path) -> None:
    with pytest.raises(InspectionError, match="--mapping"):
        inspect(SOUND, mapping=tmp_path / "mapping.yml")
    with pytest.raises(InspectionError, match="data_cutoff"):
        inspect(SOUND, options={"data_cutoff": "2018-06-30"})


def test_an_unknown_release_to_compare_with_is_refused(folder: Path) -> None:
    with pytest.raises(ReleaseError, match=r"'1999\.01' is not in"):
        inspect(folder, against="1999.01", data=RELEASES)


# Acceptance


def test_warnings_stop_until_they_are_accepted_by_name(folder: Path) -> None:
    put(folder, "patients", 2, weight_kg="70")
    put(folder, "visits", 2, mrss="25")
    put(folder, "visits", 3, mrss="19")
    common = {"against": "2020.01", "data": RELEASES}
    assert not inspect(folder, **common).sound  # type: ignore[arg-type]
    part = read_acceptances(["baseline-changed=re-measured = twice"])
    assert not inspect(folder, **common, accepted=part).sound  # type: ignore[arg-type]
    both = part | {"visit-changed": "late entry"}
    accepted = inspect(folder, **common, accepted=both)  # type: ignore[arg-type]
    assert accepted.sound
    assert kept(accepted.faults) == [
        {"rule": "baseline-changed", "reason": "re-measured = twice", "count": 2},
        {"rule": "visit-changed", "reason": "late entry", "count": 1},
    ]
    assert "[visit-changed, warning accepted: late entry]" in str(accepted.faults[-1])
    assert unmet(accepted.faults, both | {"visit-lost": "x"}) == ["visit-lost"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["baseline=x"], "'baseline' is no rule"),
        (["Baseline-changed=x"], "is no rule"),
        (["baseline-*=x"], "is no rule"),
        (["range=x"], "is no rule"),
        (["patient-renamed=x"], "is an error and cannot be accepted"),
        (["baseline-changed"], "needs a reason"),
        (["baseline-changed=  "], "needs a reason"),
        (["baseline-changed=x", "baseline-changed=y"], "named twice"),
    ],
)
def test_only_the_exact_name_of_a_warning_with_a_reason_accepts(
    given: list[str], says: str
) -> None:
    with pytest.raises(AcceptanceError, match=says):
        read_acceptances(given)


def test_an_error_is_not_accepted_along_with_warnings(folder: Path) -> None:
    put(folder, "patients", 2, weight_kg="700")
    looked = inspect(
        folder, against="2020.01", data=RELEASES, accepted={"baseline-changed": "sure"}
    )
    assert not looked.sound
