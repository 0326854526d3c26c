"""The page of estimators: everything public is on it, with the example that the tests run."""

from __future__ import annotations

import inspect
import re

import pytest

from nissc1 import stats
from nissc1.report.api import TOPICS, example, listing, result_rows, summary

LISTED = [name for names in TOPICS.values() for name in names]


def test_everything_public_is_listed_once() -> None:
    callables = {name for name in stats.__all__ if inspect.isfunction(getattr(stats, name))}
    assert sorted(LISTED) == sorted(callables | {"UnivariateRule"})
    faults = {name for name in stats.__all__ if name.endswith("Error")}
    assert set(result_rows()["Result"]) | set(LISTED) | faults == set(stats.__all__)


@pytest.mark.parametrize("name", LISTED)
def test_an_entry_has_a_summary_and_the_whole_example(name: str) -> None:
    thing = getattr(stats, name)
    assert summary(thing).endswith(".")
    shown = example(thing)
    assert shown.count(">>> ") == (thing.__doc__ or "").count(">>> ") > 0
    assert not re.search(r"^-{3,}$", shown, re.M)


def test_what_comes_from_docstrings_is_escaped_and_types_are_left_out() -> None:
    html = listing(["kaplan_meier"]).html
    assert "&gt;&gt;&gt; " in html
    assert ">>> " not in html
    assert "kaplan_meier(time, event, *, conf_type=&#x27;plain&#x27;, conf_level=0.95)" in html
