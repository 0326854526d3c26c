"""Editions appear at once and whole, or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nissc1.publish import editions, facts
from nissc1.publish.editions import LATEST, Outcome, publish
from nissc1.publish.errors import BuildError


@pytest.fixture
def candidate(tmp_path):
    def make(edition, text="page", release=None, values=None):
        folder = tmp_path / "candidate"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "book").mkdir(parents=True)
        (folder / "index.html").write_text(text)
        (folder / "book" / "index.html").write_text(text)
        names = dict.fromkeys(facts.Facts.__dataclass_fields__, "x")
        names |= {"edition": edition, "release": release or edition[:7], "pages": ["book/index"]}
        names |= {"values": {"release": release or edition[:7], **(values or {})}}
        facts.write(facts.Facts(**names), folder)
        return folder

    return make


@pytest.fixture
def site(tmp_path):
    return tmp_path / "_site"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_first_edition_becomes_the_latest(candidate, site):
    assert publish(candidate("2021.02"), site, "2021.02", replace=False) is Outcome.NEW
    assert (site / LATEST / "index.html").read_text() == "page"
    assert (site / LATEST).readlink() == Path("2021.02")
    assert 'href="latest/index.html"' in (site / "index.html").read_text()


def test_the_switcher_lists_the_newest_first(candidate, site):
    for edition in ("2021.02", "2026.02"):
        publish(candidate(edition), site, edition, replace=False)
    entries = json.loads((site / "switcher.json").read_text())
    assert [entry["version"] for entry in entries] == ["2026.02", "2021.02"]
    assert [entry["preferred"] for entry in entries] == [True, False]


def test_other_parameters_do_not_become_the_latest(candidate, site):
    publish(candidate("2021.02"), site, "2021.02", replace=False)
    name = "2021.02-cutoff-2015-06-30"
    publish(candidate(name), site, name, replace=False)
    assert (site / LATEST).readlink() == Path("2021.02")


def test_the_same_build_again_is_identical(candidate, site):
    publish(candidate("2021.02"), site, "2021.02", replace=False)
    assert publish(candidate("2021.02"), site, "2021.02", replace=False) is Outcome.IDENTICAL


def test_an_edition_is_not_overwritten_unasked(candidate, site):
    publish(candidate("2021.02"), site, "2021.02", replace=False)
    before = files(site)
    with pytest.raises(
        BuildError, match=r"differs from it \(first in book/index.html\).*--replace"
    ):
        publish(candidate("2021.02", "other"), site, "2021.02", replace=False)
    assert files(site) == before


def test_an_edition_is_replaced_on_request_and_nothing_is_left_over(candidate, site):
    publish(candidate("2021.02"), site, "2021.02", replace=False)
    outcome = publish(candidate("2021.02", "other"), site, "2021.02", replace=True)
    assert outcome is Outcome.REPLACED
    assert (site / LATEST / "index.html").read_text() == "other"
    assert {path.name for path in site.iterdir()} == {
        "2021.02",
        "latest",
        "editions.html",
        "index.html",
        "switcher.json",
    }


def test_a_copy_that_breaks_off_leaves_the_site_as_it_was(candidate, site, monkeypatch):
    publish(candidate("2021.02"), site, "2021.02", replace=False)
    before = files(site)
    changed = candidate("2021.02", "other")

    def full_disk(source, target):
        target.mkdir()
        shutil.copy(source / "index.html", target)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full_disk)
    with pytest.raises(OSError, match="No space left"):
        publish(changed, site, "2021.02", replace=True)
    assert files(site) == before


def test_a_rename_that_fails_puts_the_old_edition_back(candidate, site, monkeypatch):
    publish(candidate("2021.02"), site, "2021.02", replace=False)
    before = files(site)
    rename = Path.rename
    calls = []

    def fails_once(self, target):
        calls.append(target)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    changed = candidate("2021.02", "other")
    monkeypatch.setattr(Path, "rename", fails_once)
    with pytest.raises(OSError, match="Input/output"):
        publish(changed, site, "2021.02", replace=True)
    assert files(site) == before


def test_without_symbolic_links_the_latest_is_a_copy(candidate, site, monkeypatch):
    def refused(self, *arguments, **options):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refused)
    for text in ("page", "other"):
        publish(candidate("2021.02", text), site, "2021.02", replace=True)
        assert not (site / LATEST).is_symlink()
        assert (site / LATEST / "index.html").read_text() == text
    assert editions.editions(site) == ["2021.02"]


def test_an_edition_is_compared_with_that_of_the_latest_earlier_release(candidate, site):
    for edition in ("2021.02", "2023.01", "2026.02"):
        publish(candidate(edition), site, edition, replace=False)
    assert editions.previous(site, {"release": "2026.02"}) == "2023.01"
    assert editions.previous(site, {"release": "2024.01"}) == "2023.01"
    assert editions.previous(site, {"release": "2021.02"}) is None


def test_editions_of_other_parameters_are_not_compared(candidate, site):
    publish(candidate("2021.02"), site, "2021.02", replace=False)
    name = "2021.02-conf-level-0.9"
    publish(candidate(name, values={"conf_level": 0.9}), site, name, replace=False)
    assert editions.previous(site, {"release": "2026.02"}) == "2021.02"
    assert editions.previous(site, {"release": "2026.02", "conf_level": 0.9}) == name
    assert editions.previous(site, {"release": "2026.02", "conf_level": 0.8}) is None


def test_a_newer_edition_leaves_every_byte_of_the_older_ones(candidate, site):
    publish(candidate("2021.02"), site, "2021.02", replace=False)
    before = files(site / "2021.02")
    publish(candidate("2026.02", "other"), site, "2026.02", replace=False)
    assert files(site / "2021.02") == before
    assert (site / LATEST).readlink() == Path("2026.02")


def test_the_latest_moves_last(candidate, site, monkeypatch):
    publish(candidate("2021.02"), site, "2021.02", replace=False)

    def refused(self, *arguments, **options):
        assert (site / "2026.02" / "index.html").is_file()
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "symlink_to", refused)
    with pytest.raises(KeyboardInterrupt):
        publish(candidate("2026.02"), site, "2026.02", replace=False)
    assert (site / LATEST).readlink() == Path("2021.02")


def test_an_edition_of_an_older_program_is_still_listed(candidate, site):
    publish(candidate("2021.02"), site, "2021.02", replace=False)
    path = site / "2021.02" / facts.FILE
    path.write_text('{"edition": "2021.02", "release": "2021.02", "colour": "blue"}')
    publish(candidate("2026.02"), site, "2026.02", replace=False)
    (newer, older) = json.loads((site / "switcher.json").read_text())
    assert (older["version"], older["cutoff"], newer["preferred"]) == ("2021.02", "unknown", True)


@pytest.mark.parametrize("text", ["", "[]", '"x"', '{"edition": "2021.02"}'])
def test_a_file_that_is_no_record_of_an_edition_is_named(tmp_path, text):
    (tmp_path / facts.FILE).write_text(text)
    with pytest.raises(BuildError, match=r"edition\.json in .* is no record of an edition"):
        facts.read(tmp_path / facts.FILE)
