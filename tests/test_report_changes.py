"""Figures of two editions: before and after, and what crossed a threshold."""

from __future__ import annotations

from typing import Any

import pytest

from nissc1.report.changes import (
    compare_records,
    crossed,
    crossings,
    key_figures,
    moved,
    trend,
)
from nissc1.report.record import Record
from nissc1.report.records import RecordBook


def figure(identity: str = "pfs.24m", **changes: Any) -> Record:
    fields = {
        "label": "Progression-free survival at 24 months",
        "statistic": "survival",
        "estimate": 81.8,
        "lower": 73.1,
        "upper": 90.5,
        "n": 80,
        "events": 14,
        "denominator": 45,
        "unit": "%",
        "text": "81.8 (73.1–90.5)",
        "notebook": "figure-1",
        "release": "2021.02",
    }
    return Record(id=identity, **(fields | changes))


def p(value: float, text: str) -> Record:
    nothing = dict.fromkeys(("lower", "upper", "events", "denominator"))
    return figure("x.p", statistic="p_value", estimate=value, text=text, unit="", **nothing)


def ratio(estimate: float, lower: float, upper: float) -> Record:
    limits = {"estimate": estimate, "lower": lower, "upper": upper}
    return figure("x.hr", statistic="hazard_ratio", unit="", **limits)


def test_a_figure_is_changed_unchanged_new_or_gone() -> None:
    before = [figure("a.b"), figure("a.c"), figure("a.d")]
    after = [figure("a.b"), figure("a.c", estimate=80.0, text="80.0 (71.0–89.0)"), figure("a.e")]
    found = compare_records(before, after).set_index("id")
    assert found["outcome"].to_dict() == {
        "a.b": "unchanged",
        "a.c": "changed",
        "a.e": "new",
        "a.d": "gone",
    }
    assert found.loc["a.c", "difference"] == "−1.8"
    assert (found.loc["a.e", "before"], found.loc["a.d", "after"]) == ("", "")


def test_the_same_digits_over_other_patients_are_a_change() -> None:
    (row,) = compare_records([figure()], [figure(n=94)]).to_dict("records")
    assert (row["outcome"], row["difference"]) == ("changed", "0.0")


def test_an_increase_bears_its_sign() -> None:
    (row,) = compare_records([figure()], [figure(estimate=84.0, text="84.0 (76.0–92.0)")]).to_dict(
        "records"
    )
    assert row["difference"] == "+2.2"


@pytest.mark.parametrize("notebook", ["table-3", "agreement", "changes", "estimates-over-time"])
def test_single_patients_and_comparisons_are_not_compared(notebook: str) -> None:
    assert compare_records([], [figure(notebook=notebook)]).empty


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (p(0.06, "0.060"), p(0.04, "0.040"), ["P fell below 0.05"]),
        (p(0.04, "0.040"), p(0.05, "0.050"), ["P rose to 0.05 or more"]),
        (p(0.2, "0.20"), p(0.01, "0.010"), ["P fell below 0.05", "P fell below 0.1"]),
        (p(0.2, "0.20"), p(0.3, "0.30"), []),
        (ratio(3.3, 1.04, 10.6), ratio(2.9, 0.98, 8.6), ["the interval now includes 1"]),
        (ratio(0.6, 0.3, 1.2), ratio(0.5, 0.3, 0.8), ["the interval now excludes 1"]),
        (ratio(3.3, 1.04, 10.6), ratio(2.9, 1.01, 8.6), []),
        (figure(), figure(estimate=70.0), ["outside its former interval"]),
        (figure(), figure(estimate=73.1), []),
        (figure(), figure(estimate=None, lower=None, upper=None), ["can no longer be estimated"]),
        (figure(estimate=None, lower=None, upper=None), figure(), ["can now be estimated"]),
        (figure(), figure(statistic="value"), []),
    ],
)
def test_what_crosses_a_threshold(before: Record, after: Record, expected: list[str]) -> None:
    assert crossings(before, after) == expected


def test_readers_see_chapters_and_words_for_missing_sides() -> None:
    shown = moved(compare_records([figure("a.d")], [figure("a.e")]))
    assert shown["Chapter"].unique().tolist() == ["Survival and progression (Figure 1)"]
    assert shown["Figure"].unique().tolist() == ["Progression-free survival at 24 months, %"]
    assert shown[["Before", "After"]].to_numpy().tolist() == [
        ["new", "81.8 (73.1–90.5)"],
        ["81.8 (73.1–90.5)", "vanished"],
    ]


def test_only_crossings_are_listed_as_such() -> None:
    before = [figure("a.b"), p(0.06, "0.060")]
    after = [figure("a.b", estimate=80.0), p(0.04, "0.040")]
    shown = crossed(compare_records(before, after))
    assert shown["What happened"].tolist() == ["P fell below 0.05"]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (None, "first edition"),
        ([], "not in edition 2021.02"),
        ([figure()], "same as in edition 2021.02"),
        ([figure(n=94)], "same as in edition 2021.02"),
        (
            [figure(estimate=84.0, text="84.0 (76.0–92.0)")],
            "−2.2 points since edition 2021.02 (84.0)",
        ),
        (
            [figure(estimate=80.0, text="80.0 (71.0–89.0)")],
            "+1.8 points since edition 2021.02 (80.0)",
        ),
        (
            [figure(estimate=None, lower=None, upper=None, text="not estimable: no patient")],
            "in edition 2021.02: not estimable: no patient",
        ),
    ],
)
def test_a_trend_says_how_far_a_rate_moved_or_why_it_cannot(
    before: list[Record] | None, expected: str
) -> None:
    """81.8 now; the differences are worked by hand."""
    book = None if before is None else RecordBook(before)
    assert trend(figure(), book, None if before is None else "2021.02") == expected


def test_the_first_page_shows_each_key_figure_once() -> None:
    topics = ("os", "pfs", "progression", "nrm")
    book = RecordBook(
        [figure("nrm.100d"), *(figure(f"{topic}.{m}m") for topic in topics for m in (12, 24, 60))]
    )
    assert [each.id for each in key_figures(book, 24)] == [
        *(f"{topic}.24m" for topic in topics),
        "nrm.100d",
    ]
    assert len(key_figures(book, 60)) == 9
