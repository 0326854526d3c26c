"""How a reader gets from edition to edition: a small site of three, in Chromium."""

from __future__ import annotations

import re

import pytest

from nissc1.publish.build import build
from nissc1.publish.planning import Request

pytestmark = pytest.mark.slow
PAGES = ("book/index.html", "notebooks/first.html", "search.html?q=first")
SPECIAL = "2026.02-conf-level-0.9"


@pytest.fixture(scope="module")
def site(tmp_path_factory, silent, make_mini, fake_release):
    """Editions 2021.02 and 2026.02, which has one page more, and one of other parameters."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("report.parameters.open_release", "publish.planning.load_release"):
            patch.setattr(f"nissc1.{name}", fake_release)
        patch.delenv("NISSC1_DATA", raising=False)
        mini = make_mini(tmp_path_factory.mktemp("mini"))
        build(mini.project, Request(release="2021.02"), silent)
        mini.page("added", "# Added\n\nOnly here.\n")
        mini.toc("notebooks/first", "notebooks/second", "book/added")
        build(mini.project, Request(release="2026.02"), silent)
        build(mini.project, Request("2026.02", settings=("conf_level=0.9",)), silent)
    return mini.root / "_site"


@pytest.fixture(scope="module")
def address(site, serve):
    return serve(site)


def opened(visit, address, **options):
    seen = visit(**options)
    seen.page.goto(address)
    seen.page.wait_for_load_state("networkidle")
    return seen


def chosen(seen, edition):
    """Choose an edition in the switcher, as a reader does."""
    seen.page.click(".nissc1-switcher summary")
    link = seen.page.locator(f".nissc1-switcher a:has(strong:text-matches('^{edition}( |$)'))")
    seen.page.wait_for_load_state("networkidle")
    link.click()
    seen.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("edition", ["2021.02", "2026.02", SPECIAL])
def test_every_page_opens_over_http_without_a_complaint(visit, address, edition, page):
    seen = opened(visit, f"{address}{edition}/{page}")
    assert seen.complaints == []
    assert "Synthetic reconstruction" in seen.page.inner_text(".bd-header-announcement")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_from_a_file_without_a_complaint(visit, site, page):
    name, mark, query = page.partition("?")
    seen = opened(visit, (site / "2021.02" / name).as_uri() + mark + query)
    assert seen.complaints == []


def test_a_file_says_why_it_cannot_switch(visit, site):
    seen = opened(visit, (site / "2021.02" / "book" / "index.html").as_uri())
    seen.page.click(".nissc1-switcher summary")
    assert "opened from a file" in seen.page.inner_text(".nissc1-switcher__list")
    assert seen.page.locator(".nissc1-superseded").count() == 0


@pytest.mark.parametrize("edition", ["2021.02", "2026.02", SPECIAL, "latest"])
def test_each_edition_lists_all_of_them_the_older_ones_too(visit, address, edition):
    seen = opened(visit, f"{address}{edition}/notebooks/first.html")
    seen.page.click(".nissc1-switcher summary")
    names = seen.page.locator(".nissc1-switcher strong").all_inner_texts()
    assert names[1:] == [SPECIAL, "2026.02 (latest)", "2021.02"]
    assert seen.page.locator(".nissc1-switcher a[aria-current]").count() == 1


def test_switching_keeps_the_page(visit, address):
    seen = opened(visit, f"{address}2021.02/notebooks/second.html")
    chosen(seen, "2026.02")
    assert seen.page.url == f"{address}2026.02/notebooks/second.html"
    chosen(seen, "2021.02")
    assert seen.page.url == f"{address}2021.02/notebooks/second.html"


def test_from_a_page_that_the_other_edition_lacks_a_reader_comes_to_its_first(visit, address):
    seen = opened(visit, f"{address}latest/book/added.html")
    chosen(seen, "2021.02")
    assert seen.page.url == f"{address}2021.02/book/index.html"
    assert seen.complaints == []


def test_an_old_edition_leads_to_the_same_page_of_the_latest(visit, address):
    seen = opened(visit, f"{address}2021.02/notebooks/first.html")
    banner = seen.page.locator(".nissc1-superseded")
    assert "superseded" in banner.inner_text()
    assert "2026.02" in banner.inner_text()
    banner.locator("a").click()
    assert seen.page.url == f"{address}2026.02/notebooks/first.html"
    seen.page.wait_for_load_state("networkidle")
    assert seen.page.locator(".nissc1-superseded").count() == 0


def test_an_edition_of_other_parameters_says_so(visit, address):
    seen = opened(visit, f"{address}{SPECIAL}/notebooks/first.html")
    text = seen.page.locator(".nissc1-superseded").inner_text()
    assert "other parameters (conf_level = 0.9)" in text


def test_the_header_tells_edition_and_date_and_the_banner_the_cut_off(visit, address):
    seen = opened(visit, f"{address}2021.02/notebooks/first.html")
    assert "Edition 2021.02" in seen.page.inner_text(".nissc1-header")
    assert re.search(r"Last updated (\d{4}-\d\d-\d\d|unknown)", seen.page.inner_text("body"))
    assert "data cut-off 2018-02-28" in seen.page.inner_text(".bd-header-announcement")


def test_the_switcher_works_from_the_keyboard(visit, address):
    seen = opened(visit, f"{address}2021.02/notebooks/first.html")
    seen.page.focus(".nissc1-switcher summary")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector(".nissc1-switcher[open] a")
    seen.page.keyboard.press("Escape")
    assert seen.page.locator(".nissc1-switcher[open]").count() == 0
    assert seen.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_phone_shows_the_switcher_within_its_width(visit, address):
    size = {"width": 360, "height": 740}
    seen = opened(visit, f"{address}2021.02/notebooks/first.html", viewport=size)
    seen.page.click(".nissc1-switcher summary")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
    box = seen.page.locator(".nissc1-switcher__list").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


def test_a_missing_list_of_editions_is_named(visit, site, serve, tmp_path):
    (tmp_path / "2021.02").symlink_to(site / "2021.02")
    seen = visit()
    seen.page.goto(f"{serve(tmp_path)}2021.02/book/index.html")
    seen.page.wait_for_load_state("networkidle")
    seen.page.click(".nissc1-switcher summary")
    assert "switcher.json" in seen.page.inner_text(".nissc1-switcher__list")
