"""Figures, tables and numbers of the published site as readers use them, in Chromium."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from nissc1.cohort.location import present_releases
from nissc1.publish.project import Project, commit_of

ROOT = Path(__file__).parents[1]
RELEASE = present_releases(ROOT / "data" / "releases")[0]
SITE = ROOT / "_site" / RELEASE
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def _up_to_date() -> None:
    facts = SITE / "edition.json"
    built = json.loads(facts.read_text("utf-8"))["commit"] if facts.is_file() else None
    if built != commit_of(Project(ROOT)).id:
        pytest.fail(f"edition {RELEASE} was not built from this commit; run: make book")


@pytest.fixture(scope="module")
def address(serve: Any) -> str:
    return serve(SITE)


@pytest.fixture
def opened(visit: Any, address: str) -> Any:
    def at(page: str, **options: Any) -> Any:
        seen = visit(**options)
        seen.page.goto(f"{address}{page}.html")
        seen.page.wait_for_load_state("networkidle")
        return seen.page

    return at


def records() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in json.loads((SITE / "results.json").read_text("utf-8"))}


def pages(having: str) -> list[str]:
    """Pages whose HTML has a piece of text."""
    found = sorted(SITE.rglob("*.html"))
    return [
        path.relative_to(SITE).with_suffix("").as_posix()
        for path in found
        if having in path.read_text("utf-8")
    ]


def cells_of(page: Any, table: str) -> list[list[str]]:
    """Text of the rows of a table, those of row groups with one cell; of marks the long one."""
    return page.locator(f"#table-{table} tr").evaluate_all(
        """rows => rows.map(row => [...row.cells].map(cell =>
            cell.querySelector(".nissc1-mark")?.title ?? cell.textContent.trim()))"""
    )


def downloaded(page: Any, exhibit: str, ending: str) -> Path:
    href = page.locator(f'#exhibit-{exhibit} .nissc1-files a[href$=".{ending}"]').get_attribute(
        "href"
    )
    return (SITE / "notebooks" / href).resolve()


def word_rows(path: Path) -> list[list[str]]:
    with zipfile.ZipFile(path) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
    return [
        ["".join(text.text or "" for text in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")]
        for row in body.iter(f"{W}tr")
    ]


@pytest.mark.parametrize("table", ["table-1", "table-2", "table-4", "figure1", "pfs-univariate"])
def test_a_table_is_the_same_on_the_page_and_in_each_file(table: str, opened: Any) -> None:
    where = {"figure1": "figure-1", "pfs-univariate": "prognostic-factors"}.get(table, table)
    page = opened(f"notebooks/{where}")
    shown = cells_of(page, table)
    assert len(shown) > 5
    assert word_rows(downloaded(page, table, "docx")) == shown
    sheet = openpyxl.load_workbook(downloaded(page, table, "xlsx"))["Table"]
    written = [
        ["" if cell is None else str(cell) for cell in row]
        for row in sheet.iter_rows(min_row=3, max_row=2 + len(shown), values_only=True)
    ]
    for there, here in zip(written, shown, strict=True):
        assert there[: len(here)] == here
    text = downloaded(page, table, "tex").read_text("utf-8")
    assert text.count(r" \\") == len(shown)


@pytest.mark.parametrize("table", ["table-1", "table-2", "table-4", "figure1"])
def test_the_numbers_of_the_csv_are_those_of_the_page_and_of_the_records(
    table: str, opened: Any
) -> None:
    page = opened(f"notebooks/{'figure-1' if table == 'figure1' else table}")
    with downloaded(page, table, "csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    numbers = page.locator(f"#table-{table} [data-record]")
    shown = dict(numbers.evaluate_all("all => all.map(a => [a.dataset.record, a.textContent])"))
    assert shown == {identity: row["computed"] for identity, row in rows.items()}
    known = records()
    for identity, row in rows.items():
        assert known[identity]["text"] in row["computed"]
        estimate = known[identity]["estimate"]
        assert float(row["estimate"]) == estimate if row["estimate"] else estimate is None


@pytest.mark.parametrize("release", present_releases(ROOT / "data" / "releases"))
def test_no_figure_is_above_200_kb(release: str) -> None:
    edition = ROOT / "_site" / release
    figures = sorted((edition / "figures").glob("*.svg"))
    assert len(figures) >= 8
    inline = [
        svg
        for path in edition.rglob("*.html")
        for svg in re.findall(r"<svg role=.*?</svg>", path.read_text("utf-8"), re.DOTALL)
    ]
    assert len(inline) >= 2 * len(figures)
    assert max(len(svg.encode()) for svg in inline) < 200_000
    assert max(path.stat().st_size for path in figures) < 200_000


def test_each_figure_can_be_taken_away_as_svg_png_and_data() -> None:
    for path in (SITE / "figures").glob("*.svg"):
        page = next(iter(pages(f'id="exhibit-{path.stem}"')))
        html = (SITE / f"{page}.html").read_text("utf-8")
        for ending in ("svg", "png", "csv"):
            assert path.with_suffix(f".{ending}").stat().st_size > 0
            assert f'href="../figures/{path.stem}.{ending}"' in html


@pytest.mark.parametrize(
    ("figure", "page", "shown"),
    [
        ("figure-1", "figure-1", ["os.24m", "pfs.24m", "progression.24m", "nrm.24m"]),
        ("figure-2", "figure-2", ["figure2.mrss.0m", "figure2.mrss.24m"]),
        ("response-curve", "response", ["response.12m", "response.24m"]),
        ("prognostic-factors", "prognostic-factors", ["pfs.univariate.mrss_over_24"]),
        ("engraftment-by-dose", "engraftment", ["engraftment.cd34_correlation"]),
    ],
)
def test_the_alternative_text_tells_the_numbers_of_the_records(
    figure: str, page: str, shown: list[str], opened: Any
) -> None:
    drawing = opened(f"notebooks/{page}").locator(f"#exhibit-{figure} svg").first
    told = drawing.get_attribute("aria-label")
    known = records()
    for identity in shown:
        assert known[identity]["text"].split()[0] in told, identity
        assert known[identity]["label"].removeprefix("Rates: ") in told, identity
    title = ElementTree.parse(SITE / "figures" / f"{figure}.svg").getroot().get("aria-label")
    assert title == told


def test_the_plotted_data_are_what_is_drawn(opened: Any) -> None:
    page = opened("notebooks/figure-1")
    text = downloaded(page, "figure-1", "csv").read_text("utf-8")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["curve"] == "Overall survival"]
    assert float(rows[-1]["estimate"]) == pytest.approx(records()["os.24m"]["estimate"])
    assert float(rows[-1]["lower"]) == pytest.approx(records()["os.24m"]["lower"])


def origin(page: Any) -> str:
    return page.locator(".nissc1-origin").inner_text()


def expected(identity: str) -> list[str]:
    row = records()[identity]
    return [identity, row["label"], f"n {row['n']}", row["release"], row["notebook"]]


@pytest.mark.parametrize("place", ["article > section > p", "#table-figure1"])
def test_a_number_answers_where_from_to_a_mouse(place: str, opened: Any) -> None:
    page = opened("notebooks/figure-1")
    number = page.locator(f'{place} [data-record="os.24m"]').first
    number.hover()
    told = " ".join(origin(page).split())
    assert all(fact in told for fact in expected("os.24m")), told
    assert "Interval 83.4–96.6" in told
    assert "At risk 49" in told
    page.locator(".nissc1-origin a").hover()  # it stays while the pointer is in it
    page.wait_for_timeout(400)
    assert page.locator(".nissc1-origin").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".nissc1-origin").count() == 0


def test_a_number_answers_where_from_to_the_keyboard(opened: Any) -> None:
    page = opened("notebooks/figure-1")
    page.locator(".nissc1-code").focus()
    page.keyboard.press("Tab")
    identity = page.evaluate("document.activeElement.dataset.record")
    assert identity == "os.24m"
    told = " ".join(origin(page).split())
    assert all(fact in told for fact in expected(identity)), told
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert page.locator(f"#{described}").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.nissc1-origin') !== null")
    page.keyboard.press("Enter")
    cell = re.search(r"#(cell-\d+)$", page.url)
    assert cell is not None
    code = page.locator(f"#{cell[1]} > details")
    assert code.evaluate("details => details.open")
    assert 'report.rate("nrm.100d"' in code.inner_text()


def test_a_number_answers_where_from_to_a_finger(opened: Any) -> None:
    page = opened("notebooks/table-1", **PHONE)
    page.locator('#table-table-1 [data-record="baseline.age"]').tap()
    told = " ".join(origin(page).split())
    assert all(fact in told for fact in expected("baseline.age")), told
    assert page.url.endswith("table-1.html")  # a tap does not lead away
    box = page.locator(".nissc1-origin").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.locator("article h1").tap()
    assert page.locator(".nissc1-origin").count() == 0


def test_a_number_on_another_page_leads_to_the_cell_of_its_notebook(opened: Any) -> None:
    page = opened("notebooks/agreement")
    link = page.locator('[data-record="os.24m"]').first
    assert re.fullmatch(r"figure-1\.html#cell-\d+", link.get_attribute("href"))
    page.locator("details.below-input", has=link).locator("summary").click()
    link.click()
    assert page.locator("div.cell:target > details").evaluate("details => details.open")


def test_every_page_with_numbers_links_its_sources(opened: Any) -> None:
    for page in pages('class="nissc1-number"'):
        html = (SITE / f"{page}.html").read_text("utf-8")
        line = re.search(r'<p class="nissc1-sources">.*?</p>', html)
        assert line is not None, page
        targets = re.findall(r'href="([^"]*)"', line[0])
        files = [(SITE / page).parent / target for target in targets]
        assert all(file.is_file() for file in files), page
        assert "json" in {file.suffix.removeprefix(".") for file in files}
        if page.startswith("notebooks/"):
            assert [file.suffix for file in files] == [".py", ".ipynb", ".json"]


def test_code_is_folded_and_one_control_unfolds_it(opened: Any) -> None:
    page = opened("notebooks/figure-1")
    folded = page.locator("div.cell > details.above-input")
    assert folded.count() >= 4
    state = "all => all.map(each => each.open)"
    assert not any(folded.evaluate_all(state))
    page.get_by_role("button", name="Show all code").click()
    assert all(folded.evaluate_all(state))
    page.get_by_role("button", name="Hide all code").click()
    assert not any(folded.evaluate_all(state))


def test_curves_can_be_asked_by_pointer_and_by_slider(opened: Any) -> None:
    page = opened("notebooks/figure-1")
    box = page.locator("#exhibit-figure-1 .nissc1-explore:has(input)")
    row = box.locator("tbody tr", has_text="Overall survival")
    known = records()["os.24m"]
    estimate, interval = known["text"].strip(")").split(" (")
    assert row.inner_text().split("\t")[1:] == [f"{estimate} %", interval, "49"]
    slider = box.locator("input")
    slider.focus()
    page.keyboard.press("Home")
    assert box.locator("output").inner_text() == "0.0 months, day 0"
    assert row.inner_text().split("\t")[1:] == ["100.0 %", "100.0–100.0", "80"]
    area = page.locator(".nissc1-wide [id$=panel-0] path").bounding_box()
    page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    assert box.locator("output").inner_text().startswith("12.0 months")
    assert row.inner_text().split("\t")[1] == f"{known_at_12()} %"
    tip = page.locator("#exhibit-figure-1 .nissc1-tip")
    assert row.inner_text() in tip.inner_text()
    assert 0 < tip.bounding_box()["y"] - (area["y"] + area["height"] / 2) < 30
    cursor = page.locator("#exhibit-figure-1 .nissc1-wide .nissc1-cursor").bounding_box()
    assert cursor["x"] == pytest.approx(area["x"] + area["width"] / 2, abs=2)


def known_at_12() -> str:
    return records()["os.12m"]["text"].split()[0]


def test_boxes_can_be_asked_visit_by_visit(opened: Any) -> None:
    page = opened("notebooks/figure-2")
    box = page.locator("#exhibit-figure-2 .nissc1-explore:has(input)")
    row = box.locator("tbody tr", has_text="mRSS")
    median = records()["figure2.mrss.24m"]["text"].split()[0]
    assert row.inner_text().split("\t")[1] == median
    slider = box.locator("input")
    slider.focus()
    page.keyboard.press("Home")
    assert box.locator("output").inner_text() == "0 months"
    assert row.inner_text().split("\t")[1] == records()["figure2.mrss.0m"]["text"].split()[0]


def test_the_script_that_explores_is_loaded_where_it_is_used_only() -> None:
    assert pages("explore.js") == pages('class="nissc1-exploration"')
    scripts = [SITE / "_static" / name for name in ("numbers.js", "explore.js")]
    assert sum(path.stat().st_size for path in scripts) < 15_000


def test_printed_figures_stand_beside_on_demand(opened: Any) -> None:
    page = opened("notebooks/table-1")
    printed = page.locator("#table-table-1 td.nissc1-printed").first
    assert not printed.is_visible()
    page.get_by_label("Show the printed figures").check()
    assert printed.is_visible()


@pytest.mark.parametrize("page", ["figure-1", "figure-2", "table-1"])
def test_everything_reads_without_javascript(page: str, opened: Any) -> None:
    seen = opened(f"notebooks/{page}", java_script_enabled=False)
    number = seen.locator("a[data-record]").first
    assert records()[number.get_attribute("data-record")]["label"] in number.get_attribute("title")
    assert "#cell-" in number.get_attribute("href")
    if page == "table-1":
        seen.get_by_label("Show the printed figures").check()
        assert seen.locator("td.nissc1-printed").first.is_visible()
    else:
        assert seen.locator(".nissc1-wide svg").first.is_visible()
    fold = seen.locator("details.above-input").first
    fold.locator("summary").click()
    assert fold.locator("pre").is_visible()


@pytest.mark.parametrize("page", ["table-1", "table-3", "pfs-univariate"])
def test_on_a_phone_a_table_scrolls_inside_itself_with_its_first_column_in_place(
    page: str, opened: Any
) -> None:
    where = {"pfs-univariate": "prognostic-factors"}.get(page, page)
    seen = opened(f"notebooks/{where}", **PHONE)
    assert seen.evaluate("document.documentElement.scrollWidth") <= 390
    scroll = seen.locator(f"#exhibit-{page} .nissc1-scroll")
    if page == "table-1":
        seen.get_by_label("Show the printed figures").check()
    first = scroll.locator("tbody th[scope=row]").first
    before = first.bounding_box()["x"]
    assert scroll.evaluate("box => { box.scrollLeft = 120; return box.scrollLeft }") == 120
    assert first.bounding_box()["x"] == pytest.approx(before, abs=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_figure_writes_is_legible_in_light_and_dark(scheme: str, opened: Any) -> None:
    """Contrast as the Web Content Accessibility Guidelines 2.1 define it, at least 4.5 : 1."""
    for name in ("figure-1", "figure-2", "prognostic-factors"):
        page = opened(f"notebooks/{name}", color_scheme=scheme)
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        inks = page.locator(".nissc1-wide svg text").evaluate_all(
            "all => [...new Set(all.map(text => getComputedStyle(text).fill))]"
        )
        assert inks
        for ink in inks:
            lights = sorted(luminance(colour) for colour in (ink, ground))
            assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5, (name, ink, ground)


def luminance(colour: str) -> float:
    channels = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_table_is_copied_as_it_is_shown(opened: Any) -> None:
    page = opened("notebooks/figure-1", permissions=["clipboard-read", "clipboard-write"])
    page.locator("#exhibit-figure1").get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert f"At 24 months, %\t{records()['os.24m']['text']}\t8\t49" in text.splitlines()
    assert "Printed" not in text
