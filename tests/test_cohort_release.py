"""A release is read only when it is the one registered, and by its schema alone."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from nissc1.cohort import schema
from nissc1.cohort.descriptor import build_descriptor, write_descriptor
from nissc1.cohort.release import Cohort, Release, ReleaseError, load_release

RELEASES = Path(__file__).parent / "fixtures" / "releases"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RELEASES, tmp_path / "releases"))


@pytest.fixture
def cohort() -> Cohort:
    return load_release("2020.01", RELEASES)


def register(folder: Path) -> None:
    """Describe an edited folder anew, as if it had been registered so."""
    descriptor = build_descriptor(
        release_id="2020.01",
        data_cutoff=dt.date(2018, 6, 30),
        synthetic=True,
        disclosure="none",
        title="Edited",
        folder=folder,
    )
    write_descriptor(descriptor, folder)


def test_a_release_carries_its_identity_and_digests(cohort: Cohort) -> None:
    release = cohort.release
    assert (release.id, release.data_cutoff) == ("2020.01", dt.date(2018, 6, 30))
    assert (release.synthetic, release.disclosure) == (True, "none")
    assert set(release.hashes) == {f"{name}.csv" for name in schema.resource_names()}
    assert release.hashes["patients.csv"] == release.descriptor["resources"][0]["hash"][7:]


def test_columns_have_the_types_of_the_schema_and_rows_the_order_of_the_file(
    cohort: Cohort,
) -> None:
    assert list(cohort.patients["patient_id"]) == ["P01", "P02", "P03", "P04", "P05"]
    for name, table in cohort.tables().items():
        assert list(table.columns) == schema.columns(name)
    types = cohort.patients.dtypes
    assert types["sex"] == "string"
    assert types["age_years"] == "Int64"
    assert types["weight_kg"] == "Float64"
    assert types["ana"] == "boolean"
    assert cohort.transplants["transplant_date"].dtype == "datetime64[ns]"
    assert cohort.patients.loc[4, "height_cm"] is pd.NA


def test_words_for_missing_are_text_like_any_other(data: Path) -> None:
    path = data / "2020.01" / "adverse_events.csv"
    text = path.read_text("utf-8").replace("neutropenic fever", "NA").replace("pneumonia", "None")
    path.write_text(text, encoding="utf-8")
    register(path.parent)
    terms = load_release("2020.01", data).adverse_events["term"]
    assert list(terms.iloc[[0, 3]]) == ["NA", "None"]
    assert not terms.isna().any()


def test_an_edited_file_is_refused_by_name(data: Path) -> None:
    path = data / "2020.01" / "outcomes.csv"
    path.write_bytes(path.read_bytes().replace(b"740", b"741"))
    with pytest.raises(ReleaseError, match=r"2020\.01: outcomes\.csv is not the file that was"):
        load_release("2020.01", data)


def test_a_missing_file_is_refused_by_name(data: Path) -> None:
    (data / "2020.01" / "visits.csv").unlink()
    with pytest.raises(ReleaseError, match=r"visits\.csv cannot be opened"):
        load_release("2020.01", data)


def test_an_unknown_release_is_refused_with_those_present(data: Path) -> None:
    for name in ("2019.09", "drafts"):
        shutil.copytree(RELEASES / "2020.01", data / name)
    with pytest.raises(ReleaseError, match=r"'2021\.02' is not in .*: 2019\.09, 2020\.01\.$"):
        load_release("2021.02", data)
    with pytest.raises(ReleaseError, match="none"):
        load_release("2021.02", data / "nowhere")
    with pytest.raises(ReleaseError, match="is not in"):
        load_release("../releases/2020.01", data)


def test_the_folder_of_another_release_is_refused(data: Path) -> None:
    (data / "2020.01").rename(data / "2020.02")
    with pytest.raises(ReleaseError, match=r"2020\.02 holds release '2020\.01'"):
        load_release("2020.02", data)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"resources": [{}]}'])
def test_a_broken_descriptor_is_refused(data: Path, content: str) -> None:
    (data / "2020.01" / "datapackage.json").write_text(content, encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"datapackage\.json"):
        load_release("2020.01", data)


def test_a_registered_cell_of_the_wrong_type_is_named_by_row(data: Path) -> None:
    path = data / "2020.01" / "patients.csv"
    path.write_bytes(path.read_bytes().replace(b"P03,C01,EU1,F,30", b"P03,C01,EU1,F,old"))
    register(path.parent)
    with pytest.raises(
        ReleaseError, match=r"patients\.csv, row 4: age_years is 'old', not a whole"
    ):
        load_release("2020.01", data)


def test_a_registered_duplicate_is_refused(data: Path) -> None:
    path = data / "2020.01" / "patients.csv"
    path.write_bytes(path.read_bytes().replace(b"P03", b"P02"))
    register(path.parent)
    with pytest.raises(ReleaseError, match="'P02' has more than one row"):
        load_release("2020.01", data)


def test_the_place_of_the_releases_may_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NISSC1_DATA", str(RELEASES))
    assert load_release("2020.01").release.folder == RELEASES / "2020.01"
    monkeypatch.delenv("NISSC1_DATA")
    monkeypatch.setenv("NISSC1_HOME", str(tmp_path))
    shutil.copytree(RELEASES, tmp_path / "data" / "releases")
    assert load_release("2020.01").release.folder == tmp_path / "data" / "releases" / "2020.01"


def test_the_baseline_joins_patient_transplant_and_month_0(cohort: Cohort) -> None:
    baseline = cohort.baseline()
    assert list(baseline.index) == ["P01", "P02", "P03", "P04", "P05"]
    assert baseline.loc["P04", "atg_brand"] == "Grafalon"
    assert baseline.loc["P01", "mrss"] == 24
    assert pd.isna(baseline.loc["P05", "fvc_pct"])


def test_body_mass_index_and_creatinine_clearance_agree_with_hand_calculation(
    cohort: Cohort,
) -> None:
    baseline = cohort.baseline()
    # 60.5 / 1.7² = 20.934; (140 - 60) / (50 / 88.4) x 60.5 / 72 = 118.849
    assert baseline.loc["P04", "bmi"] == pytest.approx(20.934256)
    assert baseline.loc["P04", "creatinine_clearance"] == pytest.approx(118.848889)
    # a woman of 40: (140 - 40) / (88 / 88.4) x 72 / 72 = 100.4545, no factor for women
    assert baseline.loc["P01", "creatinine_clearance"] == pytest.approx(100.454545)
    assert pd.isna(baseline.loc["P05", "bmi"])


def test_a_patient_without_a_baseline_visit_keeps_a_row(cohort: Cohort) -> None:
    tables = cohort.tables() | {"visits": cohort.visits.loc[cohort.visits["patient_id"] != "P02"]}
    baseline = Cohort.from_frames(tables).baseline()
    assert len(baseline) == 5
    assert pd.isna(baseline.loc["P02", "mrss"])


def test_a_cohort_in_memory_gets_the_schema_s_columns_and_types() -> None:
    outcomes = pd.DataFrame({"patient_id": ["A"], "last_contact_day": [3.0], "site": ["x"]})
    made = Cohort.from_frames({"outcomes": outcomes})
    assert list(made.outcomes.columns) == [*schema.columns("outcomes"), "site"]
    assert made.outcomes["last_contact_day"].dtype == "Int64"
    assert made.outcomes["vital_status"].isna().all()
    assert made.visits.empty
    assert made.visits["mrss"].dtype == "Int64"
    assert made.release.synthetic
    with pytest.raises(ValueError, match="'labs'"):
        Cohort.from_frames({"labs": outcomes})


# Administrative censoring. P01 was transplanted on 2013-01-15, P02 2013-06-01, P03 2014-03-10.


def test_at_a_cutoff_nothing_later_is_known(cohort: Cohort) -> None:
    # 2015-02-23 is day 350 of P03, the day of progression and immunosuppression
    seen = cohort.censored_at(dt.date(2015, 2, 23))
    assert list(seen.patients["patient_id"]) == ["P01", "P02", "P03"]
    third = seen.outcomes.iloc[2]
    assert (third["last_contact_day"], third["progression_day"]) == (350, 350)
    day_before = cohort.censored_at(dt.date(2015, 2, 22)).outcomes.iloc[2]
    assert day_before["last_contact_day"] == 349
    assert pd.isna(day_before["progression_day"])
    assert pd.isna(day_before["progression_basis"])
    assert pd.isna(day_before["immunosuppression_day"])
    assert day_before["late_infection_day"] == 200
    assert seen.visits["visit_day"].max() == 735  # of P01, whose day 735 is 2015-01-20
    assert seen.visits.groupby("patient_id")["visit_day"].max()["P03"] == 185


def test_who_dies_after_the_cutoff_is_alive_and_no_event_of_theirs_is_fatal_yet(
    cohort: Cohort,
) -> None:
    # P02 had a fatal event on day 3 (2013-06-04) and died on day 9 (2013-06-10)
    before = cohort.censored_at(dt.date(2013, 6, 9))
    patient = before.outcomes.iloc[1]
    assert (patient["vital_status"], patient["last_contact_day"]) == ("alive", 8)
    assert pd.isna(patient["cause_of_death"])
    assert pd.isna(patient["cause_of_death_detail"])
    event = before.adverse_events.set_index("event_id").loc["E3"]
    assert not event["fatal"]
    on_the_day = cohort.censored_at(dt.date(2013, 6, 10))
    assert on_the_day.outcomes.iloc[1]["vital_status"] == "dead"
    assert on_the_day.adverse_events.set_index("event_id").loc["E3", "fatal"]


def test_engraftment_and_stay_beyond_the_cutoff_are_unknown(cohort: Cohort) -> None:
    # day 10 of P01 is 2013-01-25: platelets on day 9, neutrophils on day 11, a stay of 24 days
    (row,) = cohort.censored_at(dt.date(2013, 1, 25)).transplants.to_dict("records")
    assert row["platelet_engraftment_day"] == 9
    assert pd.isna(row["neutrophil_engraftment_day"])
    assert pd.isna(row["conditioning_stay_days"])


def test_censoring_leaves_the_cohort_as_it_was_and_at_the_data_cutoff_changes_nothing(
    cohort: Cohort,
) -> None:
    before = {name: table.copy() for name, table in cohort.tables().items()}
    cohort.censored_at(dt.date(2013, 6, 9))
    same = cohort.censored_at(cohort.release.data_cutoff)
    for name, table in before.items():
        pd.testing.assert_frame_equal(cohort.tables()[name], table)
        pd.testing.assert_frame_equal(same.tables()[name], table)


def test_a_cutoff_before_the_first_transplant_leaves_nobody(cohort: Cohort) -> None:
    assert cohort.censored_at(dt.date(2012, 1, 1)).patients.empty


def test_a_cutoff_after_the_data_is_refused(cohort: Cohort) -> None:
    with pytest.raises(ReleaseError, match=r"2018-07-01 lies after .* end on 2018-06-30"):
        cohort.censored_at(dt.date(2018, 7, 1))


def test_releases_are_told_apart_by_identity_and_cannot_be_changed(cohort: Cohort) -> None:
    with pytest.raises(AttributeError):
        cohort.release.id = "2021.02"  # type: ignore[misc]
    assert isinstance(cohort.release, Release)
    assert json.dumps(cohort.release.descriptor)


@pytest.mark.parametrize("name", ["patients", "transplants", "visits"])
def test_a_patient_with_two_rows_has_no_baseline(cohort: Cohort, name: str) -> None:
    table = cohort.tables()[name]
    twice = pd.concat([table, table.iloc[:1]], ignore_index=True)
    with pytest.raises(ValueError, match="Patient 'P01' has more than one row"):
        Cohort.from_frames(cohort.tables() | {name: twice}).baseline()
