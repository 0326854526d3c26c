"""The committed release is what the generator writes, and is whole in itself."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from nissc1.cohort.checks import check
from nissc1.cohort.schema import columns, resource_names
from nissc1.reconstruct import FolderNotEmptyError, write_release

RELEASE = Path(__file__).resolve().parents[1] / "data" / "releases" / "2021.02"
FILES = sorted([*(f"{name}.csv" for name in resource_names()), "datapackage.json"])


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Write the release anew, with its messages."""
    folder = tmp_path_factory.mktemp("releases") / "2021.02"
    messages: list[str] = []
    write_release(folder, progress=messages.append)
    return folder, messages


@pytest.mark.parametrize("name", FILES)
def test_the_committed_file_is_written_again_byte_for_byte(
    rewritten: tuple[Path, list[str]], name: str
) -> None:
    assert (rewritten[0] / name).read_bytes() == (RELEASE / name).read_bytes()


def test_the_generator_says_how_many_orders_of_events_print_the_limits(
    rewritten: tuple[Path, list[str]],
) -> None:
    text = "\n".join(rewritten[1])
    assert "progression: " in text
    assert "orders print the published limits" in text
    assert "response: " in text


def test_the_release_has_no_fault() -> None:
    assert check(RELEASE) == []


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(FolderNotEmptyError, match="new folder"):
        write_release(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_files_end_their_lines_with_a_single_line_feed() -> None:
    for name in FILES:
        content = (RELEASE / name).read_bytes()
        assert b"\r" not in content
        assert content.endswith(b"\n")
        assert not content.endswith(b"\n\n")


@pytest.mark.parametrize("table", resource_names())
def test_columns_stand_in_the_order_of_the_schema(table: str) -> None:
    header = (RELEASE / f"{table}.csv").read_text("utf-8").splitlines()[0].split(",")
    assert header == columns(table)


def test_the_descriptor_says_what_the_release_is_and_measures_its_files() -> None:
    descriptor = json.loads((RELEASE / "datapackage.json").read_text("utf-8"))
    assert descriptor["synthetic"] is True
    assert descriptor["version"] == "2021.02"
    assert descriptor["data_cutoff"] == "2018-02-28"
    assert descriptor["disclosure"] == "none"
    assert "made up" in descriptor["synthetic_notice"]
    assert "assumption" in descriptor["description"]
    assert "10.3324/haematol.2019.230128" in descriptor["sources"][0]["path"]
    for resource in descriptor["resources"]:
        content = (RELEASE / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()


def test_patients_are_numbered_by_date_of_transplantation_not_by_outcome() -> None:
    transplants = pd.read_csv(RELEASE / "transplants.csv")
    outcomes = pd.read_csv(RELEASE / "outcomes.csv")
    assert transplants["patient_id"].tolist() == [f"N{number:03d}" for number in range(1, 81)]
    assert transplants["transplant_date"].is_monotonic_increasing
    dead = outcomes.index[outcomes["vital_status"] == "dead"]
    assert dead.max() - dead.min() > 40
