"""The analysis plan as an edition keeps it, and what differs between those of two editions."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from nissc1 import analysis_plan
from nissc1.report import Report
from nissc1.report.changes import compare_records
from nissc1.report.plan import (
    candidate_rows,
    decision_rows,
    endpoint_rows,
    plan_changes,
    rule_text,
)
from nissc1.report.records import RecordBook


def kept() -> RecordBook:
    """The records of the plan as it stands."""
    report = Report.open(notebook="analysis-plan", release="2021.02")
    for rows in (decision_rows, endpoint_rows, candidate_rows):
        rows(report)
    return report.records


@pytest.fixture
def with_limit(monkeypatch: pytest.MonkeyPatch) -> RecordBook:
    """The records of a plan in which candidates enter with P below 0.05 and one decision is new."""
    content = copy.deepcopy(analysis_plan._content())
    for section in content["sections"]:
        for entry in section["entries"]:
            if entry["id"] == "prognosis.rule":
                entry["settings"]["p_below"] = 0.05
    content["sections"][0]["entries"].append(
        {"id": "time.new", "title": "New", "text": "A new one.", "source": "chosen"}
    )
    monkeypatch.setattr(analysis_plan, "_content", lambda: content)
    analysis_plan.entries.cache_clear()
    records = kept()
    monkeypatch.undo()
    analysis_plan.entries.cache_clear()
    return records


def test_an_edition_keeps_every_decision_endpoint_and_candidate() -> None:
    names = {record.id for record in kept()}
    assert {"plan.time.origin", "plan.endpoint.response", "plan.candidate.age"} <= names
    listed = len(analysis_plan.listed("endpoints")) + len(analysis_plan.listed("candidates"))
    assert len(names) == len(analysis_plan.entries()) + listed


def test_a_changed_setting_shows_before_and_after(with_limit: RecordBook) -> None:
    changes = plan_changes(kept(), with_limit)
    assert changes is not None
    rows = changes.set_index("Decision")
    assert set(rows.index) == {"Choice of factors", "New"}
    assert "P below 0.1 enter" in rows.loc["Choice of factors", "Before"]
    assert "P below 0.05 enter" in rows.loc["Choice of factors", "After"]
    assert rows.loc["New", ["Part", "Before", "After"]].tolist() == [
        "Patients and time",
        "new",
        "A new one.",
    ]
    dropped = plan_changes(with_limit, kept())
    assert dropped is not None
    assert dropped.set_index("Decision").loc["New", "After"] == "dropped"


def test_the_same_plan_has_no_changes_and_an_edition_without_one_none_to_tell() -> None:
    changes = plan_changes(kept(), kept())
    assert changes is not None
    assert changes.empty
    assert plan_changes(RecordBook(), kept()) is None


def test_the_plan_is_not_counted_among_the_figures(with_limit: RecordBook) -> None:
    assert compare_records(kept(), with_limit).empty


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"column": "mrss", "above": 24}, "mrss > 24"),
        ({"column": "scl70", "holds": False}, "scl70 is no"),
        ({"column": "dose", "equals": 4, "among": [2, 4]}, "dose = 4, known if 2 or 4"),
        (
            {"any": [{"column": "a", "other_than": 1}, {"column": "b", "below": 2}]},
            "a ≠ 1 or b < 2",
        ),
    ],
)
def test_rules_are_said_in_words(rule: dict[str, Any], text: str) -> None:
    assert rule_text(rule) == text
