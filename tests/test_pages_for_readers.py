"""Every page of every edition as readers meet it: seen, heard, typed at, offline, small."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import axe_playwright_python
import pytest

from nissc1.cohort.location import present_releases
from nissc1.publish.project import Project, commit_of
from nissc1.publish.site import faults, used_files

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_site"
RELEASES = present_releases(ROOT / "data" / "releases")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
LIMIT_KB = 500
PHONE = {"width": 360, "height": 740}

pytestmark = pytest.mark.slow


def pages_of(release: str) -> list[str]:
    path = SITE / release / "edition.json"
    return json.loads(path.read_text("utf-8"))["pages"] if path.is_file() else []


PAGES = [(release, page) for release in RELEASES for page in pages_of(release)]


@pytest.fixture(scope="module", autouse=True)
def _up_to_date() -> None:
    """A site that an older commit left would be tested in vain."""
    commit = commit_of(Project(ROOT)).id
    for release in RELEASES:
        path = SITE / release / "edition.json"
        built = json.loads(path.read_text("utf-8"))["commit"] if path.is_file() else None
        if built != commit:
            pytest.fail(f"edition {release} was not built from this commit; run: make book")


@pytest.fixture(scope="module")
def address(serve: Any) -> str:
    return serve(SITE)


def settled(seen: Any, address: str) -> Any:
    seen.page.goto(address)
    seen.page.wait_for_load_state("networkidle")
    return seen


@pytest.fixture(scope="module")
def screens(browser: Any) -> Iterator[dict[str, Any]]:
    """One window a colour mode, in which nothing fades, shared by all pages."""
    contexts = {
        mode: browser.new_context(
            color_scheme=mode, reduced_motion="reduce", viewport={"width": 1280, "height": 900}
        )
        for mode in ("light", "dark")
    }
    yield {mode: context.new_page() for mode, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize(("release", "page"), PAGES)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_page_has_no_barrier_that_axe_knows(
    mode: str, release: str, page: str, screens: dict[str, Any], address: str
) -> None:
    """All rules of axe-core, its best practices included; of dark pages, which differ in colours
    only, those about colour.
    """
    window = screens[mode]
    window.goto(f"{address}{release}/{page}.html")
    assert window.evaluate("document.documentElement.dataset.theme") == mode
    # What is folded is read, too.
    window.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    window.evaluate(f"{AXE};0")
    options = {"resultTypes": ["violations"]}
    if mode == "dark":
        options["runOnly"] = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
    found = window.evaluate("(options) => axe.run(document, options)", options)
    assert [
        (fault["id"], node["target"], node["failureSummary"])
        for fault in found["violations"]
        for node in fault["nodes"]
    ] == []
    passed = {rule["id"] for rule in found["passes"]}
    assert "color-contrast" in passed
    assert mode == "dark" or len(passed) > 20, "axe has looked at the page"


@pytest.mark.parametrize(("release", "page"), PAGES)
def test_a_page_opens_clean_fits_a_phone_and_is_small(
    release: str, page: str, visit: Any, address: str
) -> None:
    """The size is that of all that a first visit asks for, each file as gzip sends it."""
    seen = visit(viewport=PHONE)
    requested: list[str] = []
    seen.page.on("request", lambda request: requested.append(request.url))
    settled(seen, f"{address}{release}/{page}.html")
    seen.page.mouse.wheel(0, 100_000)
    seen.page.wait_for_load_state("networkidle")
    assert seen.complaints == []
    assert [each for each in requested if not each.startswith((address, "data:"))] == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    levels = seen.page.evaluate(
        "[...document.querySelectorAll('main :is(h1, h2, h3, h4, h5, h6)')]"
        ".map((each) => Number(each.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    files = {
        SITE / unquote(urlsplit(each).path).lstrip("/")
        for each in requested
        if each.startswith(address)
    }
    assert len(files) > 10
    sent = {path.name: len(gzip.compress(path.read_bytes(), 6)) for path in files}
    assert sum(sent.values()) < LIMIT_KB * 1000, sorted(sent.items(), key=lambda each: -each[1])


@pytest.mark.parametrize("release", RELEASES)
def test_no_link_and_no_place_within_a_page_is_dead(release: str) -> None:
    assert faults(SITE / release) == []


@pytest.mark.parametrize("release", RELEASES)
def test_the_theme_leaves_nothing_that_no_page_asks_for(release: str) -> None:
    folder = (SITE / release).resolve()
    asked = used_files(folder)
    left = [path for path in (folder / "_static").rglob("*") if path.is_file()]
    assert len(left) > 10
    assert [path.name for path in left if path not in asked] == []


@pytest.mark.parametrize("release", RELEASES)
def test_every_link_that_leaves_is_marked_and_listed(
    release: str, screens: dict[str, Any], address: str
) -> None:
    window = screens["light"]
    leaving: set[str] = set()
    for page in pages_of(release):
        window.goto(f"{address}{release}/{page}.html")
        for link in window.locator('a[href^="http"]:not([href*="127.0.0.1"])').all():
            leaving.add(link.get_attribute("href"))
            assert link.get_attribute("rel") == "external", page
            assert "another site" in link.text_content(), page
    window.goto(f"{address}{release}/addresses.html")
    rows = window.locator("#links-that-leave-the-book tbody a[rel]").all()
    assert {each.get_attribute("href") for each in rows} == leaving


@pytest.mark.parametrize("served", [True, False], ids=["served", "from a file"])
@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("FVC", "notebooks/figure-2"),
        ("skin score", "notebooks/figure-2"),
        ("day 414", "notebooks/table-3"),
    ],
)
def test_search_finds(asked: str, wanted: str, served: bool, visit: Any, address: str) -> None:
    start = address if served else f"{SITE.as_uri()}/"
    seen = settled(visit(), f"{start}{RELEASES[0]}/book/introduction.html")
    seen.page.keyboard.press("Control+k")
    seen.page.keyboard.type(asked)
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("#search-results .search-summary:has-text('found')")
    results = seen.page.locator("#search-results li a")
    found = [each.get_attribute("href").partition("#")[0] for each in results.all()]
    assert f"{wanted}.html" in found
    assert len(set(found)) < len(pages_of(RELEASES[0]))
    assert seen.complaints == []
    results.first.click()
    seen.page.wait_for_load_state("networkidle")
    seen.page.get_by_text(asked.split()[-1]).and_(seen.page.locator(":visible")).first.wait_for()


def focused(page: Any) -> dict[str, Any]:
    return page.evaluate(
        """() => {
          const now = document.activeElement;
          const shown = now.matches(".sd-stretched-link") ? now.closest(".sd-card") : now;
          const style = getComputedStyle(shown);
          const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
          const box = shown.getBoundingClientRect();
          return {
            text: (now.innerText || now.ariaLabel || "").trim(),
            tag: now.tagName,
            within: ["bd-docs-nav", "nissc1-switcher", "skip-link", "search-button__button"]
              .filter((name) => now.closest("." + name)),
            visible: (ring || style.boxShadow !== "none") && box.width > 0 && box.bottom > 0,
          };
        }"""
    )


@pytest.mark.parametrize("release", RELEASES)
def test_all_is_reached_by_the_tab_key_and_shows_that_it_is(
    release: str, visit: Any, address: str
) -> None:
    seen = settled(visit(reduced_motion="reduce"), f"{address}{release}/book/index.html")
    passed = []
    while len(passed) < 300:
        seen.page.keyboard.press("Tab")
        passed.append(focused(seen.page))
        if passed[-1]["tag"] == "BODY":  # the end of the page
            break
    assert passed.pop()["tag"] == "BODY"
    assert passed[0]["within"] == ["skip-link"]
    for name in ("bd-docs-nav", "nissc1-switcher", "search-button__button"):
        assert any(name in each["within"] for each in passed), name
    assert [each["text"] for each in passed if not each["visible"]] == []


def test_the_skip_link_leads_past_the_sidebar(visit: Any, address: str) -> None:
    seen = settled(visit(), f"{address}{RELEASES[-1]}/book/index.html")
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_nothing_moves_for_those_who_ask_for_stillness(visit: Any, address: str) -> None:
    seen = settled(visit(reduced_motion="reduce"), f"{address}{RELEASES[-1]}/book/index.html")
    moving = seen.page.evaluate(
        """[...document.querySelectorAll("*")].filter((each) => {
          const style = getComputedStyle(each);
          return `${style.transitionDuration}, ${style.animationDuration}`
            .split(",").some((time) => parseFloat(time) > 0.01);
        }).map((each) => each.className)"""
    )
    assert moving == []
    assert seen.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


@pytest.mark.parametrize("release", RELEASES)
def test_a_page_works_from_a_file(release: str, visit: Any) -> None:
    seen = settled(visit(), f"{(SITE / release).as_uri()}/notebooks/figure-1.html")
    assert seen.complaints == []
    assert seen.page.locator(".nissc1-wide svg").first.bounding_box()["width"] > 300
    assert seen.page.locator(".nissc1-narrow").first.is_hidden()


def test_the_site_works_in_a_folder_of_a_server(visit: Any, serve: Any, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "below").symlink_to(SITE)
    seen = settled(visit(), f"{serve(tmp_path)}far/below/index.html")
    seen.page.wait_for_url("**/book/index.html")
    seen.page.wait_for_load_state("networkidle")
    assert seen.complaints == []
    seen.page.click(".bd-docs-nav a >> nth=1")
    seen.page.wait_for_load_state("networkidle")
    assert "far/below/" in seen.page.url
    assert seen.complaints == []
