"""An export becomes a release whole or not at all, and never in the place of another one."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nissc1.cohort import registration
from nissc1.cohort.checks import check
from nissc1.cohort.registration import RegistrationError, ReleaseNameError, add
from nissc1.cohort.release import load_release
from nissc1.cohort.schema import resource_names

RELEASES = Path(__file__).parent / "fixtures" / "releases"
SOUND = RELEASES / "2020.01"
IDENTITY = """data_cutoff: 2018-12-31
synthetic: true
disclosure: none
title: Five invented patients, half a year later
synthetic_notice: Nobody of these lives.
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RELEASES, tmp_path / "releases"))


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    made = tmp_path / "incoming"
    made.mkdir()
    (made / "release.yml").write_text(IDENTITY, encoding="utf-8")
    for name in resource_names():
        content = (SOUND / f"{name}.csv").read_bytes()
        (made / f"{name}.csv").write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
    return made


def state(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder, hidden files included."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def reread(folder: Path) -> Any:
    return json.loads((folder / "datapackage.json").read_text("utf-8"))


def test_a_sound_export_becomes_a_release_that_is_checked_and_loaded(
    incoming: Path, data: Path
) -> None:
    registered = add(incoming, "2020.06", data=data, notes="second export of the registry")
    assert registered.folder == data / "2020.06"
    assert registered.against == "2020.01"
    assert check(registered.folder) == []
    release = load_release("2020.06", data).release
    assert (release.data_cutoff, release.synthetic) == (dt.date(2018, 12, 31), True)
    assert release.title == "Five invented patients, half a year later"
    for name in resource_names():
        assert (registered.folder / f"{name}.csv").read_bytes() == (
            SOUND / f"{name}.csv"
        ).read_bytes()


def test_the_descriptor_keeps_where_the_release_comes_from(incoming: Path, data: Path) -> None:
    path = incoming / "patients.csv"
    path.write_bytes(path.read_bytes().replace(b"170,72,", b"170,71,", 1))
    reason = "weighed again"
    accepted = {"baseline-changed": reason, "visit-lost": "not met"}
    folder = add(incoming, "2020.06", data=data, accepted=accepted, notes=" note ").folder
    descriptor = reread(folder)
    assert descriptor["notes"] == "note"
    assert descriptor["compared_with"] == "2020.01"
    assert descriptor["synthetic_notice"] == "Nobody of these lives."
    assert descriptor["accepted"] == [{"rule": "baseline-changed", "reason": reason, "count": 1}]
    sources = {each["path"]: each["hash"] for each in descriptor["source_files"]}
    assert set(sources) == {"release.yml", *(f"{name}.csv" for name in resource_names())}
    assert sources["patients.csv"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def test_a_simulated_release_says_after_which_day_it_is_simulated(
    incoming: Path, data: Path
) -> None:
    with (incoming / "release.yml").open("a") as stream:
        stream.write("simulated_after: 2018-06-30\n")
    folder = add(incoming, "2020.06", data=data).folder
    assert reread(folder)["simulated_after"] == "2018-06-30"
    assert load_release("2020.06", data).release.simulated_after == dt.date(2018, 6, 30)
    assert load_release("2020.01", data).release.simulated_after is None


def test_nothing_that_was_there_changes(incoming: Path, data: Path) -> None:
    before, of_export = state(data), state(incoming)
    add(incoming, "2020.06", data=data)
    after = state(data)
    assert {name: after[name] for name in before} == before
    assert {name.partition("/")[0] for name in set(after) - set(before)} == {"2020.06"}
    assert state(incoming) == of_export


def test_the_same_export_gives_the_same_bytes(incoming: Path, data: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(data, tmp_path / "elsewhere"))
    first = add(incoming, "2020.06", data=data).folder
    second = add(incoming, "2020.06", data=other).folder
    assert state(first) == state(second)


def test_the_first_release_of_a_new_folder_is_compared_with_nothing(
    incoming: Path, tmp_path: Path
) -> None:
    registered = add(incoming, "2020.06", data=tmp_path / "far" / "releases")
    assert registered.against is None
    assert "compared_with" not in reread(registered.folder)
    assert load_release("2020.06", tmp_path / "far" / "releases").patients.shape[0] == 5


def test_corrections_travel_with_the_release_and_its_csv_stays_as_it_came(
    incoming: Path, data: Path
) -> None:
    (incoming / "corrections.yml").write_text(
        "- table: patients\n  patient: P01\n  column: weight_kg\n  expected: 72\n  value: 71\n"
        "  reason: weighed again\n  status: confirmed\n",
        encoding="utf-8",
    )
    with pytest.raises(RegistrationError) as refused:
        add(incoming, "2020.06", data=data)
    assert [each.rule for each in refused.value.faults if each.stops] == ["baseline-changed"]
    folder = add(incoming, "2020.06", data=data, accepted={"baseline-changed": "yes"}).folder
    assert (folder / "patients.csv").read_bytes() == (SOUND / "patients.csv").read_bytes()
    assert load_release("2020.06", data).patients.loc[0, "weight_kg"] == 71
    assert reread(folder)["corrections"]["path"] == "corrections.yml"
    # the next export still has the error: the change back is named, with where it was corrected
    (incoming / "corrections.yml").unlink()
    with pytest.raises(RegistrationError) as refused:
        add(incoming, "2020.12", data=data)
    (fault,) = [each for each in refused.value.faults if each.stops]
    assert "corrects it in corrections.yml" in fault.message


def test_the_folder_of_a_release_is_registered_under_another_name(data: Path) -> None:
    other = data.parent / "prepared"
    shutil.copytree(SOUND, other)
    folder = add(other, "2020.06", data=data).folder
    assert reread(folder)["version"] == "2020.06"
    assert reread(folder)["title"] == reread(other)["title"]
    assert [each["path"] for each in reread(folder)["source_files"]] == ["datapackage.json"]


def test_an_edited_copy_of_a_release_is_refused_by_file(data: Path) -> None:
    other = data.parent / "prepared"
    shutil.copytree(SOUND, other)
    path = other / "outcomes.csv"
    path.write_bytes(path.read_bytes().replace(b"740", b"741"))
    with pytest.raises(RegistrationError) as refused:
        add(other, "2020.06", data=data)
    assert [(each.file, each.rule) for each in refused.value.faults] == [("outcomes.csv", "hash")]


# Refusals


@pytest.mark.parametrize("name", ["2020", "2020.13", "2020.6", "2020-06", "../2020.06", "latest"])
def test_a_name_that_is_no_year_and_month_is_refused(incoming: Path, data: Path, name: str) -> None:
    before = state(data)
    with pytest.raises(ReleaseNameError, match=r"YYYY\.MM"):
        add(incoming, name, data=data)
    assert state(data) == before


def test_a_release_is_never_overwritten(incoming: Path, data: Path) -> None:
    before = state(data)
    with pytest.raises(RegistrationError, match="registered already"):
        add(incoming, "2020.01", data=data)
    assert state(data) == before


def test_a_folder_in_the_way_is_not_taken_over(incoming: Path, data: Path) -> None:
    (data / "2020.06").mkdir()
    with pytest.raises(RegistrationError, match="registered already"):
        add(incoming, "2020.06", data=data)


def test_a_release_must_be_later_than_those_present(incoming: Path, data: Path) -> None:
    with pytest.raises(RegistrationError, match=r"2019\.12 is not later than 2020\.01"):
        add(incoming, "2019.12", data=data)


def test_a_fault_or_an_incomplete_identity_leaves_the_folder_as_it_was(
    incoming: Path, data: Path
) -> None:
    before = state(data)
    (incoming / "release.yml").write_text(IDENTITY.replace("title", "# title"), encoding="utf-8")
    path = incoming / "visits.csv"
    path.write_bytes(path.read_bytes().replace(b"P01,0,-20,24", b"P01,0,-20,99"))
    with pytest.raises(RegistrationError, match="2 faults") as refused:
        add(incoming, "2020.06", data=data)
    assert {each.rule for each in refused.value.faults if each.stops} == {"identity", "range"}
    assert state(data) == before


def broken(*_: Any, **__: Any) -> Any:
    raise OSError(28, "No space left on device")


def unsound(folder: Path) -> Any:
    return [registration.Fault("visits.csv", None, None, None, "hash", "Broken.", "Mend it.")]


def partly(descriptor: Any, folder: Path) -> Any:
    (folder / "datapackage.json").write_text("{", encoding="utf-8")
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("step", "failure"),
    [
        ("build_descriptor", broken),
        ("write_descriptor", partly),
        ("_verify", broken),
        ("_publish", broken),
        ("check", unsound),
        ("load_release", broken),
    ],
)
def test_a_failure_at_any_step_leaves_the_folder_as_it_was(
    incoming: Path,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    failure: Callable[..., Any],
) -> None:
    before = state(data)
    monkeypatch.setattr(registration, step, failure)
    with pytest.raises((OSError, RegistrationError)):
        add(incoming, "2020.06", data=data)
    assert state(data) == before


def test_a_failure_does_not_leave_the_folder_that_it_made(
    incoming: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "_verify", broken)
    with pytest.raises(OSError, match="No space"):
        add(incoming, "2020.06", data=tmp_path / "far" / "releases")
    assert not (tmp_path / "far").exists()


def test_who_comes_second_does_not_replace_the_first(
    incoming: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(prepared: Path, release: str) -> None:
        (data / release).mkdir()
        (data / release / "mine").write_text("x", encoding="utf-8")

    monkeypatch.setattr(registration, "_verify", meanwhile)
    with pytest.raises(RegistrationError, match="meanwhile"):
        add(incoming, "2020.06", data=data)
    assert [path.name for path in (data / "2020.06").iterdir()] == ["mine"]
    assert sorted(path.name for path in data.iterdir()) == ["2020.01", "2020.06"]
