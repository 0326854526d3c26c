"""Corrections are data beside the tables: applied when confirmed, refused when they do not fit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nissc1.cohort.checks import check
from nissc1.cohort.descriptor import digest
from nissc1.cohort.release import ReleaseError, load_release

RELEASES = Path(__file__).parent / "fixtures" / "releases"
WEIGHT = """
- table: patients
  patient: P01
  column: weight_kg
  expected: 72
  value: 70.5
  reason: typed from the wrong line
  status: confirmed
"""
VISIT = """
- table: visits
  patient: P03
  month: 12
  column: mrss
  expected: 22
  value:
  reason: taken by an untrained observer
  status: confirmed
"""
EVENT = """
- table: adverse_events
  patient: P04
  event_id: E5
  column: onset_day
  expected: 101
  value: 99
  reason: the centre's letter of March
  status: confirmed
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RELEASES, tmp_path / "releases"))


def register(data: Path, text: str) -> Path:
    """Put corrections into the release and its descriptor."""
    folder = data / "2020.01"
    path = folder / "corrections.yml"
    path.write_text(text, encoding="utf-8")
    size, sha256 = digest(path)
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    descriptor["corrections"] = {"path": path.name, "bytes": size, "hash": f"sha256:{sha256}"}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def test_a_confirmed_correction_is_applied_and_the_file_is_left_alone(data: Path) -> None:
    before = (data / "2020.01" / "patients.csv").read_bytes()
    folder = register(data, WEIGHT + VISIT + EVENT)
    cohort = load_release("2020.01", data)
    assert cohort.patients.loc[0, "weight_kg"] == 70.5
    visit = cohort.visits.query("patient_id == 'P03' and month == 12")
    assert visit["mrss"].isna().all()
    assert cohort.adverse_events.set_index("event_id").loc["E5", "onset_day"] == 99
    assert (folder / "patients.csv").read_bytes() == before
    assert check(folder) == []


def test_the_release_lists_its_corrections_so_that_a_page_can_count_them(data: Path) -> None:
    register(data, WEIGHT + VISIT.replace("confirmed", "open"))
    release = load_release("2020.01", data).release
    counted = release.corrections.value_counts(["table", "column", "status"]).to_dict()
    assert counted == {("patients", "weight_kg", "confirmed"): 1, ("visits", "mrss", "open"): 1}
    assert release.corrections.loc[1, "month"] == "12"
    assert release.corrections.loc[1, "value"] == ""
    assert "corrections.yml" in release.hashes


def test_a_release_without_corrections_has_an_empty_list(data: Path) -> None:
    release = load_release("2020.01", data).release
    assert release.corrections.empty
    assert list(release.corrections.columns[:4]) == ["table", "patient", "month", "event_id"]


@pytest.mark.parametrize("status", ["open", "withdrawn"])
def test_what_is_not_confirmed_is_not_applied(data: Path, status: str) -> None:
    folder = register(data, WEIGHT.replace("confirmed", status))
    assert load_release("2020.01", data).patients.loc[0, "weight_kg"] == 72
    assert check(folder) == []


@pytest.mark.parametrize("status", ["confirmed", "open"])
def test_one_whose_expected_value_is_gone_is_named_and_stops_the_loader(
    data: Path, status: str
) -> None:
    folder = register(data, WEIGHT.replace("72", "73").replace("confirmed", status))
    (fault,) = check(folder)
    assert (fault.file, fault.row, fault.column, fault.value, fault.rule) == (
        "corrections.yml",
        2,
        "weight_kg",
        "'72'",
        "correction",
    )
    assert "no longer the expected '73'" in fault.message
    with pytest.raises(ReleaseError, match=r"2020\.01, corrections\.yml, row 2.*'P01'"):
        load_release("2020.01", data)


def test_a_withdrawn_one_may_have_lost_its_expected_value(data: Path) -> None:
    folder = register(data, WEIGHT.replace("72", "73").replace("confirmed", "withdrawn"))
    assert check(folder) == []


def test_a_number_is_expected_by_value_not_by_spelling(data: Path) -> None:
    assert check(register(data, WEIGHT.replace("72", "72.0"))) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (WEIGHT.replace("weight_kg", "mass"), "'mass' cannot be corrected"),
        (WEIGHT.replace("weight_kg", "patient_id"), "'patient_id' cannot be corrected"),
        (WEIGHT.replace("P01", "P99"), "Patient 'P99' of patients has 0 rows"),
        (WEIGHT.replace("70.5", "705"), "must be 30 to 180 kg"),
        (WEIGHT.replace("70.5", "70,5"), "must be a number with a decimal point"),
        (WEIGHT.replace("patients", "labs"), "table must be one of patients"),
        (WEIGHT.replace("confirmed", "sure"), "status must be one of open"),
        (WEIGHT.replace("typed from the wrong line", ""), "reason is empty"),
        (WEIGHT.replace("  value: 70.5\n", ""), "The entry lacks value"),
        (WEIGHT + "  who: me\n", "The key 'who' is unknown"),
        (VISIT.replace("  month: 12\n", ""), "The entry lacks month"),
        (VISIT.replace("12", "18"), "Patient 'P03', month 18 of visits has 0 rows"),
        (WEIGHT + WEIGHT, "corrected on line 2 already"),
        ("weights: 3\n", "must be a list"),
        ("- weights\n", "keys and values"),
        ("- a: [\n", "The file is not YAML"),
        ("- a: 1\n  a: 2\n", "'a' stands twice"),
        ("- &x {a: 1}\n- *x\n", "alias"),
    ],
)
def test_a_correction_that_cannot_be_is_a_fault_of_its_file(
    data: Path, text: str, says: str
) -> None:
    faults = check(register(data, text))
    assert {fault.file for fault in faults} == {"corrections.yml"}
    assert any(says in fault.message for fault in faults), [str(fault) for fault in faults]


def test_clinical_rules_look_at_the_corrected_table(data: Path) -> None:
    text = VISIT.replace("mrss", "visit_day").replace("22", "360").replace("value:", "value: 900")
    faults = check(register(data, text))
    assert [(fault.file, fault.row, fault.rule) for fault in faults] == [
        ("visits.csv", 11, "after-last-contact"),
        ("visits.csv", 11, "visit-window"),
    ]


def test_a_fault_of_the_source_may_be_mended_by_a_correction(data: Path) -> None:
    folder = register(data, WEIGHT.replace("72", "7200"))
    path = folder / "patients.csv"
    path.write_bytes(path.read_bytes().replace(b"170,72,24.5,78,no", b"170,7200,24.5,78,no", 1))
    assert {fault.rule for fault in check(folder)} == {"hash"}


def test_corrections_are_frozen_with_the_release(data: Path) -> None:
    folder = register(data, WEIGHT)
    path = folder / "corrections.yml"
    path.write_text(WEIGHT.replace("70.5", "71"), encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"corrections\.yml.* not the one that was registered"):
        load_release("2020.01", data)
    path.unlink()
    assert [(fault.file, fault.rule) for fault in check(folder)] == [("corrections.yml", "hash")]
    with pytest.raises(ReleaseError, match=r"corrections\.yml.* missing"):
        load_release("2020.01", data)


def test_corrections_added_by_hand_are_refused(data: Path) -> None:
    (data / "2020.01" / "corrections.yml").write_text(WEIGHT, encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"corrections\.yml.* was added since"):
        load_release("2020.01", data)


def test_a_cell_that_was_mistyped_loads_once_it_is_corrected(data: Path) -> None:
    path = data / "2020.01" / "patients.csv"
    path.write_bytes(path.read_bytes().replace(b"P03,C01,EU1,F,30", b"P03,C01,EU1,F,3O"))
    descriptor = json.loads((data / "2020.01" / "datapackage.json").read_text("utf-8"))
    size, sha256 = digest(path)
    descriptor["resources"][0] |= {"bytes": size, "hash": f"sha256:{sha256}"}
    (data / "2020.01" / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(ReleaseError, match="age_years is '3O', not a whole number"):
        load_release("2020.01", data)
    text = WEIGHT.replace("P01", "P03").replace("weight_kg", "age_years")
    register(data, text.replace("72", "3O").replace("70.5", "30"))
    assert load_release("2020.01", data).patients["age_years"][2] == 30
