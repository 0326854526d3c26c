"""The analysis plan: what it says is what the code does."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nissc1 import analysis_plan, complications, endpoints, maturity, prognosis
from nissc1.analysis_plan import PlanError, entries, filled, setting, settings
from nissc1.candidates import candidate, rule_values
from nissc1.report.changes import P_THRESHOLDS
from nissc1.report.parameters import CONF_LEVEL, landmarks
from nissc1.stats import cumulative_incidence, kaplan_meier
from nissc1.stats.sequential import TIGHTEST_AT

#: Settings that are names for the code, not decisions.
NAMES = {"column", "label", "unit", "improves", "cites"}


def default(function: Any, option: str) -> Any:
    return inspect.signature(function).parameters[option].default


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.id)
def test_every_setting_of_the_code_is_said_in_words(entry: analysis_plan.Entry) -> None:
    described = {
        each["id"]: each["text"]
        for section in analysis_plan._content()["sections"]
        for each in section["entries"]
    }
    unsaid = {name for name in entry.settings if f"{{{name}}}" not in described[entry.id]}
    assert unsaid <= NAMES
    assert "{" not in entry.text


def test_what_the_article_states_is_what_the_plan_says() -> None:
    # Henes et al. 2021, Methods: response, early complications, entry into the joint model
    assert settings("endpoints.response_definition") == {"mrss_fall": 25, "lung_rise": 10}
    assert (complications.WINDOW, prognosis.ENTRY, CONF_LEVEL) == (100, 0.10, 0.95)
    assert landmarks(24) == (12, 24)
    assert landmarks(60) == (12, 24, 36, 48, 60)
    assert maturity.ARTICLE_HORIZON == 24
    assert P_THRESHOLDS == (0.05, 0.10)


def test_defaults_of_the_estimators_are_those_of_the_plan() -> None:
    assert default(kaplan_meier, "conf_type") == setting("rates.survival", "limits")
    assert default(cumulative_incidence, "conf_type") == setting("rates.incidence", "limits")
    assert setting("multiplicity.looks", "events") == TIGHTEST_AT


def test_definitions_of_endpoints_say_the_thresholds_that_are_applied() -> None:
    assert "more than 25 %" in endpoints.ENDPOINTS["response"].event
    assert "at least 10 %" in endpoints.ENDPOINTS["response"].event
    assert endpoints.ENDPOINTS["complications"].label == "Complications within 100 days"


def test_unknown_entries_and_settings_are_named_with_those_there_are() -> None:
    with pytest.raises(PlanError, match=r"no entry 'rates.none'; it has time.origin"):
        settings("rates.none")
    with pytest.raises(PlanError, match="no setting 'none'; it has p_below"):
        setting("prognosis.rule", "none")
    with pytest.raises(PlanError, match=r"no candidate 'none'; it has age"):
        candidate("none")


def test_a_text_lists_in_words() -> None:
    assert filled("at {m} months", {"m": (0, 12, 24)}, "x") == "at 0, 12 and 24 months"
    assert filled("{p} and {n}", {"p": 0.10, "n": ("scl70",)}, "x") == "0.1 and “Scl-70 antibodies”"
    with pytest.raises(PlanError, match="entry 'x' of the plan has no setting 'p'; it has none"):
        filled("{p}", {}, "x")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "time.origin"}, "'time.origin' of the plan comes twice"),
        ({"source": "memory"}, "source 'memory'; allowed: article, chosen, beyond"),
        ({"text": "at {none}"}, "no setting 'none'"),
    ],
)
def test_a_faulty_plan_is_refused(
    change: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = {"title": "A", "text": "B.", "source": "chosen"}
    faulty = [plain | {"id": "time.origin"}, plain | {"id": "time.other"} | change]
    content = {"sections": [{"title": "S", "entries": faulty}], "candidates": []}
    monkeypatch.setattr(analysis_plan, "_content", lambda: content)
    with pytest.raises(PlanError, match=message):
        entries.__wrapped__()


BASELINE = pd.DataFrame(
    {
        "age_years": pd.array([40, 55, None], dtype="Int64"),
        "sex": pd.array(["M", "F", None], dtype="string"),
        "cardiac_mri": pd.array(["abnormal", "normal", "not done"], dtype="string"),
        "anti_scl70": pd.array([True, False, None], dtype="boolean"),
        "dose": pd.array([4, 2, 3], dtype="Int64"),
        "mrss": pd.array([25, 24, None], dtype="Int64"),
    }
)


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ({"column": "age_years", "per": 10}, [4.0, 5.5, None]),
        ({"column": "sex", "equals": "M"}, [True, False, None]),
        ({"column": "cardiac_mri", "finding": "abnormal"}, [True, False, None]),
        ({"column": "anti_scl70", "holds": True}, [True, False, None]),
        ({"column": "anti_scl70", "holds": False}, [False, True, None]),
        ({"column": "dose", "equals": 4, "among": [2, 4]}, [True, False, None]),
        ({"column": "dose", "other_than": 4}, [False, True, True]),
        ({"column": "mrss", "above": 24}, [True, False, None]),
        ({"column": "mrss", "below": 25}, [False, True, None]),
        (
            {"any": [{"column": "dose", "equals": 2}, {"column": "mrss", "above": 24}]},
            [True, True, None],
        ),
    ],
)
def test_a_rule_reads_the_baseline_and_what_is_missing_stays_unknown(
    rule: dict[str, Any], values: list[Any]
) -> None:
    found = [None if pd.isna(value) else value for value in rule_values(rule)(BASELINE)]
    assert found == values


@pytest.mark.parametrize("rule", [{"column": "mrss"}, {"column": "mrss", "over": 3}, {}])
def test_a_rule_of_another_form_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(PlanError, match="allowed are a column and one of holds, equals"):
        rule_values(rule)


def test_a_notebook_depends_on_the_plan_even_if_it_was_read_before_the_trace_began(
    tmp_path: Path,
) -> None:
    script = (
        "import json\nfrom nissc1 import prognosis, tracing\nfrom pathlib import Path\n"
        f"tracing.start(Path({str(tmp_path)!r}))\n"
        "print(json.dumps([[d.kind, d.name, d.digest] for d in tracing.finish()]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    found = {name: digest for _, name, digest in json.loads(done.stdout)}
    expected = analysis_plan.tracing.file_digest(analysis_plan.PLAN)
    assert found["nissc1/analysis_plan.yml"] == expected
