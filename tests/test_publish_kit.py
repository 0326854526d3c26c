"""What readers take away: all that is needed, nobody's data, and the same figures."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from nissc1.publish import facts
from nissc1.publish.kit import pack_kit
from nissc1.publish.project import Project
from nissc1.report.records import RecordBook

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def edition(edition_records: RecordBook) -> tuple[facts.Facts, bytes]:
    """Facts and results of edition 2021.02, from notebooks run here."""
    blank: dict[str, Any] = dict.fromkeys(facts.Facts.__dataclass_fields__, "none")
    values = {
        "release": "2021.02",
        "cutoff": None,
        "horizon_months": None,
        "population": None,
        "conf_level": 0.95,
        "disclosure": "none",
    }
    known = facts.Facts(
        **{**blank, "edition": "2021.02", "release": "2021.02", "values": values, "pages": []}
    )
    return known, edition_records.to_json().encode()


@pytest.fixture(scope="module")
def kit(edition: tuple[facts.Facts, bytes]) -> bytes:
    return pack_kit(Project(ROOT), *edition, None)


def unpacked(kit: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        archive.extractall(folder)
    (home,) = folder.iterdir()
    return home


def run(home: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Run as a reader does, far from this project."""
    kept = {
        name: each
        for name, each in os.environ.items()
        if name != "PYTHONPATH" and not name.startswith("NISSC1_")
    }
    return subprocess.run(
        [sys.executable, "run.py", *names], cwd=home, env=kept, capture_output=True, text=True
    )


def test_the_same_edition_gives_the_same_bytes(
    kit: bytes, edition: tuple[facts.Facts, bytes]
) -> None:
    assert pack_kit(Project(ROOT), *edition, None) == kit


def test_later_releases_stay_behind(kit: bytes) -> None:
    names = zipfile.ZipFile(io.BytesIO(kit)).namelist()
    releases = {name.split("/")[3] for name in names if "/data/releases/" in name}
    assert releases == {"2021.02"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".ipynb")]


def test_patients_who_are_not_made_up_are_never_packed(
    edition: tuple[facts.Facts, bytes], tmp_path: Path
) -> None:
    for name, synthetic in (("2020.01", True), ("2021.02", False)):
        folder = tmp_path / "data" / "releases" / name
        folder.mkdir(parents=True)
        (folder / "datapackage.json").write_text(json.dumps({"synthetic": synthetic}))
        (folder / "patients.csv").write_text("patient_id\n")
    archive = zipfile.ZipFile(io.BytesIO(pack_kit(Project(tmp_path), *edition, None)))
    packed = [name for name in archive.namelist() if "/data/releases/" in name]
    assert {name.split("/")[3] for name in packed} == {"2020.01"}
    readme = archive.read("nissc1-2021.02/README.txt").decode()
    assert "belong to the registry and are not in this archive" in readme


@pytest.mark.slow
def test_one_command_computes_the_figures_again(kit: bytes, tmp_path: Path) -> None:
    home = unpacked(kit, tmp_path)
    done = run(home, "figure-1", "table-3", "changes")
    assert sorted(done.stdout.splitlines()) == [
        "changes: as published",
        "figure-1: as published",
        "table-3: as published",
    ], done.stderr
    assert done.returncode == 0
    assert (home / "output" / "figures" / "figure-1.svg").is_file()


@pytest.mark.slow
def test_a_figure_that_comes_out_otherwise_is_named(kit: bytes, tmp_path: Path) -> None:
    home = unpacked(kit, tmp_path)
    path = home / "edition" / "results.json"
    rows = json.loads(path.read_text("utf-8"))
    (row,) = (each for each in rows if each["id"] == "os.24m")
    row["estimate"], row["text"] = 99.0, "99.0 (98.0–100.0)"
    path.write_text(json.dumps(rows))
    done = run(home, "figure-1")
    assert done.returncode == 1
    assert "figure-1: DIFFERENT" in done.stdout
    assert "os.24m: published as 99.0 (98.0–100.0), computed 90.0" in done.stdout


@pytest.mark.slow
def test_a_notebook_that_is_not_there_is_named(kit: bytes, tmp_path: Path) -> None:
    done = run(unpacked(kit, tmp_path), "figure-9")
    assert done.returncode == 2
    assert "no notebook figure-9; there are" in done.stderr
