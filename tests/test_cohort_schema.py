"""The template names the columns; a release's descriptor is the template plus its identity."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from nissc1.cohort import schema
from nissc1.cohort.descriptor import build_descriptor, write_descriptor

SOUND = Path(__file__).parent / "fixtures" / "releases" / "2020.01"
IDENTITY: dict[str, Any] = {
    "release_id": "2020.01",
    "data_cutoff": dt.date(2018, 6, 30),
    "synthetic": True,
    "disclosure": "none",
    "title": "Five invented patients for the tests",
}


def test_the_template_holds_the_five_tables_joined_by_patient() -> None:
    assert schema.resource_names() == (
        "patients",
        "transplants",
        "outcomes",
        "visits",
        "adverse_events",
    )
    for name in schema.resource_names():
        assert "patient_id" in schema.columns(name)


def test_every_column_has_a_title_and_a_type_that_the_loader_knows() -> None:
    from nissc1.cohort.reading import DTYPES

    for name in schema.resource_names():
        for field in schema.fields(name):
            assert field["title"]
            assert field["type"] in DTYPES


def test_changing_a_returned_template_changes_nothing() -> None:
    schema.template()["resources"].clear()
    schema.fields("patients").clear()
    assert schema.resource_names()[0] == "patients"
    assert schema.columns("patients")[0] == "patient_id"


def test_an_unknown_table_is_refused_with_the_list() -> None:
    with pytest.raises(ValueError, match=r"'labs'. Must be one of patients, transplants"):
        schema.fields("labs")


def test_the_descriptor_measures_the_files() -> None:
    descriptor = build_descriptor(folder=SOUND, **IDENTITY)
    content = (SOUND / "patients.csv").read_bytes()
    patients = descriptor["resources"][0]
    assert patients["bytes"] == len(content)
    assert patients["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert patients["rows"] == 5


def test_the_fixture_is_described_by_the_present_template() -> None:
    stored = json.loads((SOUND / "datapackage.json").read_text("utf-8"))
    assert build_descriptor(folder=SOUND, **IDENTITY) == stored


def test_writing_a_descriptor_gives_the_same_bytes_each_time(tmp_path: Path) -> None:
    descriptor = build_descriptor(folder=SOUND, **IDENTITY)
    first = write_descriptor(descriptor, tmp_path).read_bytes()
    second = write_descriptor(descriptor, tmp_path).read_bytes()
    assert first == second == (SOUND / "datapackage.json").read_bytes()


@pytest.mark.parametrize("release_id", ["2021", "2021.13", "2021.2", "../2021.02", "2021.02\n"])
def test_a_release_is_named_by_year_and_month(release_id: str) -> None:
    with pytest.raises(ValueError, match=r"YYYY\.MM"):
        build_descriptor(folder=SOUND, **IDENTITY | {"release_id": release_id})


def test_a_blank_title_is_refused() -> None:
    with pytest.raises(ValueError, match=r"title of release 2020\.01 is blank"):
        build_descriptor(folder=SOUND, **IDENTITY | {"title": " "})


def test_a_folder_without_a_table_is_refused_by_the_name_of_the_file(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SOUND, tmp_path / "release"))
    (folder / "visits.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"visits\.csv is missing"):
        build_descriptor(folder=folder, **IDENTITY)


def test_the_dictionary_has_a_line_a_column_in_words() -> None:
    frames = schema.dictionary(schema.template())
    assert list(frames) == list(schema.resource_names())
    for name, frame in frames.items():
        assert list(frame["column"]) == schema.columns(name)
        assert not frame.isna().any(axis=None)
    patients = frames["patients"].set_index("column")
    age = patients.loc["age_years"]
    assert (age["type"], age["unit"], age["allowed"]) == ("whole number", "years", "18 to 65")
    assert age["missing"] == "never missing"
    assert patients.loc["sex", "allowed"] == "F, M"
    assert patients.loc["ana", "allowed"] == "yes, no"
    assert patients.loc["ana", "missing"] == "empty cell"
    assert patients.loc["centre", "allowed"] == r"matches ^C\d{2}$"
    transplants = frames["transplants"].set_index("column")
    assert transplants.loc["transplant_date", "allowed"] == "from 2012-12-01"
