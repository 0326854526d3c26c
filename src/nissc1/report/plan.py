"""The analysis plan as rows of a page and as records, so that editions keep it and can differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from nissc1.analysis_plan import SOURCES, entries
from nissc1.candidates import CANDIDATES
from nissc1.endpoint_definitions import ENDPOINTS
from nissc1.report.record import Record
from nissc1.report.session import Report

PLAN = "plan."
"""How the ids of the plan's records begin."""
COLUMNS = ["Part", "Decision", "Before", "After"]
_BETWEEN = ": "


def decision_rows(report: Report) -> pd.DataFrame:
    """Record the decisions of the plan.

    Parameters
    ----------
    report : Report
        The notebook's session.

    Returns
    -------
    DataFrame
        One row a decision: ``Part``, ``Decision``, record of ``What is done``, ``Source``.
    """
    return pd.DataFrame(
        [
            {
                "Part": entry.section,
                "Decision": entry.title,
                "What is done": _kept(report, entry.id, entry.section, entry.title, entry.text),
                "Source": SOURCES[entry.source],
            }
            for entry in entries()
        ]
    )


def endpoint_rows(report: Report) -> pd.DataFrame:
    """Record the definitions of the endpoints.

    Parameters
    ----------
    report : Report
        The notebook's session.

    Returns
    -------
    DataFrame
        One row an endpoint: ``Endpoint`` and record of its ``Definition``.
    """
    rows = []
    for endpoint in ENDPOINTS.values():
        parts = {
            "Event": endpoint.event,
            "Competing": endpoint.competing,
            "Censored": endpoint.censoring,
        }
        text = " ".join(f"{name}: {part}." for name, part in parts.items() if part)
        kept = _kept(report, f"endpoint.{endpoint.name}", "Endpoints", endpoint.label, text)
        rows.append({"Endpoint": endpoint.label, "Definition": kept})
    return pd.DataFrame(rows)


def candidate_rows(report: Report) -> pd.DataFrame:
    """Record the candidates for prognostic factors, and how they are read off the baseline.

    Parameters
    ----------
    report : Report
        The notebook's session.

    Returns
    -------
    DataFrame
        One row a candidate: ``Candidate`` and record of its ``Rule``.
    """
    return pd.DataFrame(
        [
            {
                "Candidate": each.label,
                "Rule": _kept(
                    report,
                    f"candidate.{each.name}",
                    "Candidates",
                    each.label,
                    rule_text(each.rule),
                ),
            }
            for each in CANDIDATES
        ]
    )


def rule_text(rule: Mapping[str, Any]) -> str:
    """Say how a candidate is read off the baseline.

    Parameters
    ----------
    rule : mapping
        Rule of the plan.

    Returns
    -------
    str
        Columns as they are named in the data, with the comparison.
    """
    if "any" in rule:
        return " or ".join(rule_text(part) for part in rule["any"])
    column = rule["column"]
    words = {
        "holds": lambda value: f"{column} is {'yes' if value else 'no'}",
        "equals": lambda value: f"{column} = {value}",
        "other_than": lambda value: f"{column} ≠ {value}",
        "above": lambda value: f"{column} > {value}",
        "below": lambda value: f"{column} < {value}",
        "finding": lambda value: f"{column} is {value}; unknown where not done",
        "per": lambda value: f"{column} ÷ {value}, as a number",
    }
    kind = next(kind for kind in words if kind in rule)
    among = f", known if {' or '.join(map(str, rule['among']))}" if "among" in rule else ""
    return words[kind](rule[kind]) + among


def _kept(report: Report, name: str, part: str, title: str, text: str) -> Record:
    return report.value(f"{PLAN}{name}", f"{part}{_BETWEEN}{title}", text)


def plan_changes(before: Iterable[Record], after: Iterable[Record]) -> pd.DataFrame | None:
    """List what differs between the plans of two editions.

    Parameters
    ----------
    before, after : RecordBook or iterable of Record
        Records of the earlier and of the later edition.

    Returns
    -------
    DataFrame or None
        One row a decision that changed, is new or was dropped: ``Part``, ``Decision``, ``Before``,
        ``After``. None where one of the editions has kept no plan.
    """
    was, now = (
        {each.id: each for each in book if each.id.startswith(PLAN)} for book in (before, after)
    )
    if not was or not now:
        return None
    rows = []
    for name in [*now, *(name for name in was if name not in now)]:
        old, new = was.get(name), now.get(name)
        if old is None or new is None or old.text != new.text:
            part, _, decision = (new or was[name]).label.partition(_BETWEEN)
            rows.append(
                [part, decision, old.text if old else "new", new.text if new else "dropped"]
            )
    return pd.DataFrame(rows, columns=COLUMNS)
