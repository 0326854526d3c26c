"""Where an edition's numbers come from."""

import datetime as dt
import hashlib
import subprocess
from pathlib import Path

import pytest

from nissc1.cohort.release import Release, open_release
from nissc1.report import provenance

RELEASE = Release(
    "2021.02",
    Path("somewhere") / "secret",
    dt.date(2018, 2, 28),
    True,
    "none",
    "Reconstruction",
)


def test_the_commit_is_taken_from_the_environment_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NISSC1_COMMIT", "abc123")
    assert provenance.commit() == "abc123"


def test_without_a_repository_the_commit_is_plainly_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NISSC1_COMMIT", raising=False)
    monkeypatch.setenv("NISSC1_HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert provenance.commit() == "unknown"


def test_in_a_repository_git_tells_the_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NISSC1_COMMIT", raising=False)
    monkeypatch.setenv("NISSC1_HOME", str(tmp_path))
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    assert len(provenance.commit()) == 40


def test_software_names_python_and_what_is_absent() -> None:
    frame = provenance.software(["numpy", "no-such-package-at-all"])
    assert frame["Software"].tolist() == ["Python", "numpy", "no-such-package-at-all"]
    assert frame["Version"].iloc[2] == "not installed"


def test_files_come_by_name_with_their_hashes_and_no_folder(root: Path) -> None:
    folder = root / "data" / "releases" / "2021.02"
    frame = provenance.release_files(open_release("2021.02", folder.parent).release)
    tables = sorted(folder.glob("*.csv"))
    assert frame["File"].tolist() == [path.name for path in tables]
    assert frame["SHA-256"].tolist() == [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in tables
    ]


def test_the_origin_says_synthetic_and_shows_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NISSC1_COMMIT", "abc123")
    frame = provenance.origin(RELEASE)
    assert "synthetic reconstruction" in frame["Value"].tolist()
    assert not frame["Value"].str.contains("secret").any()
