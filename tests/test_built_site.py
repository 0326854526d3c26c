"""The published site itself, as `make book` left it, in Chromium over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nissc1.cohort.location import present_releases
from nissc1.publish.project import Project, commit_of

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_site"
RELEASES = present_releases(ROOT / "data" / "releases")
OLDER, NEWER = RELEASES[0], RELEASES[-1]

pytestmark = pytest.mark.slow


def facts_of(edition: str) -> dict[str, Any]:
    path = SITE / edition / "edition.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


@pytest.fixture(scope="module", autouse=True)
def _up_to_date() -> None:
    """A site that an older commit left would be tested in vain."""
    commit = commit_of(Project(ROOT)).id
    for release in RELEASES:
        if facts_of(release).get("commit") != commit:
            pytest.fail(f"edition {release} was not built from this commit; run: make book")


@pytest.fixture(scope="module")
def address(serve: Any) -> str:
    return serve(SITE)


@pytest.fixture
def opened(visit: Any, address: str) -> Any:
    def at(page: str, **options: Any) -> Any:
        seen = visit(**options)
        seen.page.goto(address + page)
        seen.page.wait_for_load_state("networkidle")
        return seen

    return at


def records(edition: str) -> dict[str, dict[str, Any]]:
    rows = json.loads((SITE / edition / "results.json").read_text("utf-8"))
    return {row["id"]: row for row in rows}


def test_the_editions_of_all_committed_releases_stand_side_by_side() -> None:
    listed = json.loads((SITE / "switcher.json").read_text("utf-8"))
    plain = [entry["version"] for entry in listed if entry["parameters"] == "none"]
    assert plain == RELEASES[::-1]
    assert (SITE / "latest").resolve().name == NEWER


def test_what_changed_sets_both_editions_side_by_side(opened: Any) -> None:
    seen = opened("latest/notebooks/changes.html")
    assert seen.complaints == []
    assert f"Edition {NEWER} beside edition {OLDER}" in seen.page.inner_text("article")
    before, after = records(OLDER), records(NEWER)
    seen.page.locator("details", has=seen.page.locator("#table-changes-figures")).click()
    rows = seen.page.locator("#table-changes-figures tbody tr").all_inner_texts()
    shown = {cells[0]: cells[1:] for cells in (row.split("\t") for row in rows) if len(cells) > 3}
    for name in ("pfs.24m", "os.24m", "baseline.female", "mrss.mean.24m"):
        label = after[name]["label"]
        cells = next(cells for shown_label, cells in shown.items() if shown_label.startswith(label))
        assert cells[:2] == [before[name]["text"], after[name]["text"]], name


def test_the_counts_of_what_changed_are_those_of_the_data(opened: Any) -> None:
    """Counted here from the CSV files themselves."""
    lines = {
        release: (ROOT / "data" / "releases" / release / "outcomes.csv").read_text().splitlines()
        for release in (OLDER, NEWER)
    }
    died = {release: sum(",dead," in line for line in rows) for release, rows in lines.items()}
    seen = opened("latest/notebooks/changes.html")
    row = seen.page.locator("#table-changes-events tbody tr", has_text="Death").inner_text()
    assert row.split("\t")[1:3] == [str(died[OLDER]), str(died[NEWER])]


def test_no_patient_is_named_in_what_changed(opened: Any) -> None:
    text = opened("latest/notebooks/changes.html").page.text_content("article")
    assert "N046" in (ROOT / "data" / "releases" / NEWER / "corrections.yml").read_text()
    assert "N046" not in text
    assert "Death 9" not in text


def test_the_older_edition_leads_to_the_same_page_of_the_newer(opened: Any, address: str) -> None:
    seen = opened(f"{OLDER}/notebooks/figure-2.html")
    seen.page.click(".nissc1-superseded a")
    assert seen.page.url == f"{address}{NEWER}/notebooks/figure-2.html"


@pytest.mark.parametrize("release", RELEASES)
def test_every_page_says_what_its_data_are(release: str) -> None:
    known = facts_of(release)
    for page in known["pages"]:
        html = (SITE / release / f"{page}.html").read_text("utf-8")
        assert known["notice"] in html, page
        assert f"data cut-off {known['cutoff']}" in html, page
        loud = "nissc1-simulated-box" in html
        assert loud is (known["simulated"] == "yes" and page != "search"), page


@pytest.mark.parametrize("release", RELEASES)
def test_figures_and_tables_reach_as_far_as_the_follow_up(release: str, opened: Any) -> None:
    months = int(facts_of(release)["horizon_months"])
    assert months == {OLDER: 24, NEWER: 60}[release]
    last = records(release)[f"os.{months}m"]
    text = opened(f"{release}/notebooks/figure-1.html").page.inner_text("#table-figure1")
    assert f"At {months} months" in text
    assert last["text"] in text
    assert f"os.{months + 12}m" not in records(release)
    visits = opened(f"{release}/notebooks/figure-2.html").page.inner_text("#table-figure-2-means")
    assert f"Mean at {months} months" in visits
