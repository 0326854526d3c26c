"""Tables: escaping, stability and layout."""

import datetime as dt
import re

import pandas as pd
import pytest

from nissc1.report.agreement import Verdict
from nissc1.report.layout import Layout, Sourced
from nissc1.report.record import Record
from nissc1.report.table_html import table_html
from nissc1.report.tables import cell_text, frame_layout, label_of, record_layout

EVIL = '<script>alert("x")</script>'


def record(**changes: object) -> Record:
    values: dict[str, object] = {
        "id": "a.b", "label": "Label", "statistic": "value", "estimate": 1.0, "lower": None,
        "upper": None, "n": None, "events": None, "denominator": None, "unit": "", "text": "1",
        "notebook": "t", "release": "2021.02",
    }  # fmt: skip
    return Record(**(values | changes))  # type: ignore[arg-type]


def layout(**changes: object) -> Layout:
    options: dict[str, object] = {
        "name": "t",
        "title": EVIL,
        "groups": {EVIL: [record(label=EVIL, text=EVIL)]},
        "printed": {"a.b": (EVIL, Verdict.DIFFERS, EVIL)},
        "release": EVIL,
        "printed_heading": EVIL,
        "footnotes": [EVIL],
    }
    return record_layout(**(options | changes))  # type: ignore[arg-type]


def table(**changes: object) -> str:
    return table_html(layout(**changes))


def frame_html(frame: pd.DataFrame, title: str = "T", **options: object) -> str:
    return table_html(frame_layout("t", title, frame, **options))  # type: ignore[arg-type]


def test_markup_in_any_part_of_a_record_table_is_shown_and_never_run() -> None:
    html = table()
    assert "<script" not in html
    assert '="<' not in html
    # title, group, label, two cells, two headings, tooltip, footnote
    assert html.count("&lt;script&gt;") == 9
    assert "&amp;lt;" not in html


def test_markup_in_a_frame_is_shown_and_never_run() -> None:
    frame = pd.DataFrame({EVIL: [EVIL], "b": [EVIL], "g": [EVIL]})
    html = frame_html(frame, EVIL, group="g", footnotes=[EVIL])
    assert "<script" not in html
    assert "&amp;lt;" not in html


def test_a_quote_cannot_leave_an_attribute() -> None:
    html = table(title='x" onfocus="alert(1)', printed={"a.b": ("1", Verdict.DIFFERS, '" on="')})
    assert 'onfocus="' not in html
    assert '" on="' not in html


def test_the_same_table_has_the_same_bytes() -> None:
    assert table() == table()
    frame = pd.DataFrame({"a": ["x"], "b": [1.5]})
    assert frame_html(frame) == frame_html(frame)


def test_the_table_scrolls_by_itself_and_can_be_reached_by_keyboard() -> None:
    html = table(title="Baseline")
    region = re.search(r'<div class="nissc1-scroll" ([^>]*)>\s*<table ([^>]*)>', html)
    assert region is not None
    assert 'role="region" tabindex="0" aria-labelledby="table-t-title"' in region[1]
    assert 'id="table-t-title">Baseline<' in html


def test_every_heading_says_what_it_heads() -> None:
    html = table(groups={"G": [record()]})
    assert re.findall(r'<th\b(?! scope="(?:col|row|rowgroup)")', html) == []
    for scope, text in (("rowgroup", "G"), ("row", "Label")):
        assert re.search(rf'<th scope="{scope}"[^>]*>(?:<span>)?{text}<', html)


def test_what_is_printed_stands_in_columns_that_are_shown_on_demand() -> None:
    shown = layout(printed={"a.b": ("1", Verdict.AGREES, "")})
    assert [column.printed for column in shown.columns] == [False, True, True]
    assert table_html(shown).count('type="checkbox"') == 1
    assert 'type="checkbox"' not in table(printed={})


def test_cells_name_their_record() -> None:
    assert 'data-record="a.b">1</a>' in table(groups={"": [record()]})
    frame = pd.DataFrame({"what": ["x", "y"], "value": [record(), Sourced("2", "c.d")]})
    html = frame_html(frame)
    assert re.findall(r'data-record="([^"]*)"', html) == ["a.b", "c.d"]


def test_rates_have_events_and_numbers_at_risk_beside_them() -> None:
    rate = record(statistic="survival", n=80, events=8, denominator=49, unit="%")
    shown = layout(groups={"": [rate]}, printed={})
    assert [column.heading for column in shown.columns[1:]] == ["Events", "At risk"]
    assert [cell.text for cell in shown.groups[0].rows[0].cells] == ["1", "8", "49"]


def test_descriptions_have_the_number_with_a_known_value_where_it_differs() -> None:
    known = [record(id=f"a.{n}", statistic="median_range", n=n) for n in (80, 71)]
    shown = layout(groups={"": known}, printed={})
    assert shown.columns[1].heading == "Known"
    assert [row.cells[1].text for row in shown.groups[0].rows] == ["80", "71"]


def test_a_table_brings_no_colour_of_its_own_and_asks_no_one_for_anything() -> None:
    html = table()
    assert not re.search(r"#[0-9A-Fa-f]{6}", html)
    assert "http" not in html
    assert "url(" not in html


@pytest.mark.parametrize(
    ("verdict", "mark", "word"),
    [
        (Verdict.AGREES, "✓", "agrees"),
        (Verdict.DIFFERS, "≠", "differs"),
        (Verdict.CONTRADICTION, "⚠", "contradiction"),
        (Verdict.NOT_COMPUTED, "–", "not computed"),
    ],
)
def test_a_verdict_is_sign_and_word(verdict: Verdict, mark: str, word: str) -> None:
    html = table(printed={"a.b": ("1", verdict, "why")})
    assert re.search(rf'title="{word}: why"><b aria-hidden="true">{mark}\ufe0e?</b> {word}<', html)


def test_without_verdicts_the_column_is_absent() -> None:
    html = table(printed={"a.b": ("1", None, "")})
    assert "Agreement" not in html


def test_a_figure_that_is_not_printed_has_a_dash_beside_it() -> None:
    printed = {"a.b": ("", None, ""), "a.c": ("1", None, "")}
    html = table(groups={"": [record(), record(id="a.c")]}, printed=printed)
    assert '<span class="nissc1-line">–</span>' in html


@pytest.mark.parametrize(
    ("statistic", "unit", "label"),
    [
        ("median_range", "years", "Age, years"),
        ("proportion", "%", "Age"),
        ("survival", "%", "Age, %"),
        ("count", "patients", "Age"),
    ],
)
def test_a_label_has_its_unit_unless_the_layout_implies_it(
    statistic: str, unit: str, label: str
) -> None:
    assert label_of(record(label="Age", statistic=statistic, unit=unit)) == label


def test_a_unit_already_in_the_label_is_not_repeated() -> None:
    assert label_of(record(label="Age, years", unit="years")) == "Age, years"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (pd.NA, "–"),
        (float("nan"), "–"),
        (pd.NaT, "–"),
        (True, "yes"),
        (3, "3"),
        (2.25, "2.3"),
        (dt.date(2016, 2, 1), "2016-02-01"),
        (pd.Timestamp("2016-02-01"), "2016-02-01"),
        ("x", "x"),
    ],
)
def test_cells_are_written_for_people(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_a_record_that_is_not_estimable_is_a_dash_with_the_reason() -> None:
    empty = record(estimate=None, text="not estimable: no patients")
    assert cell_text(empty) == "– not estimable: no patients"
