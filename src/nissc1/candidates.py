"""The possible prognostic factors of the analysis plan, and how they are read off the baseline.

The article does not list its candidates: the plan holds the characteristics that it tabulates and
discusses. Measured values are split at the cut that the article prints or, where it prints none, at
a customary one; age stays continuous, as the article states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

import pandas as pd

from nissc1.analysis_plan import PlanError, candidate_label, listed

Values = Callable[[pd.DataFrame], "pd.Series[Any]"]


@dataclass(frozen=True)
class Candidate:
    """Describe a possible prognostic factor.

    Parameters
    ----------
    name : str
        Column of `nissc1.prognosis.covariates`.
    label : str
        Name for people.
    values : callable
        From the baseline frame to one number a patient: 1 with the characteristic, 0 without, NA
        unknown; for a continuous candidate its value.
    continuous : bool
        Whether it enters as a number and not as two groups.
    rule : mapping
        As the plan states it.
    """

    name: str
    label: str
    values: Values
    continuous: bool = False
    rule: Mapping[str, Any] = field(default_factory=dict)


def _equals(column: pd.Series[Any], value: Any) -> pd.Series[Any]:
    return column.eq(value)


def _answer(column: pd.Series[Any], value: bool) -> pd.Series[Any]:
    return column if value else ~column


def _finding(column: pd.Series[Any], value: str) -> pd.Series[Any]:
    return (column == value).mask(column == "not done")


_KINDS: dict[str, Callable[[pd.Series[Any], Any], pd.Series[Any]]] = {
    "holds": _answer,
    "equals": _equals,
    "other_than": lambda column, value: column != value,
    "above": lambda column, value: column > value,
    "below": lambda column, value: column < value,
    "finding": _finding,
    "per": lambda column, value: column / value,
}


def rule_values(rule: Mapping[str, Any]) -> Values:
    """Turn a rule of the plan into a function of the baseline.

    Parameters
    ----------
    rule : mapping
        ``column`` and one of ``holds``, ``equals``, ``other_than``, ``above``, ``below``,
        ``finding`` and ``per``, with ``among`` for the values outside which nothing is known; or
        ``any`` with a list of rules.

    Returns
    -------
    callable
        Values of a `Candidate`.

    Raises
    ------
    PlanError
        If it is none of these.
    """
    if set(rule) == {"any"}:
        parts = [rule_values(part) for part in rule["any"]]
        return lambda baseline: reduce(or_, (part(baseline) for part in parts))
    kinds = [kind for kind in _KINDS if kind in rule]
    if len(kinds) != 1 or set(rule) - {"column", "among", *kinds}:
        raise PlanError(
            f"a candidate's rule is {dict(rule)}; allowed are a column and one of "
            f"{', '.join(_KINDS)}, with among, or any alone."
        )
    column, kind, among = str(rule["column"]), kinds[0], rule.get("among")

    def values(baseline: pd.DataFrame) -> pd.Series[Any]:
        found = _KINDS[kind](baseline[column], rule[kind])
        return found if among is None else found.mask(~baseline[column].isin(among))

    return values


CANDIDATES: tuple[Candidate, ...] = tuple(
    Candidate(
        each["name"],
        candidate_label(each),
        rule_values(each["rule"]),
        "per" in each["rule"],
        each["rule"],
    )
    for each in listed("candidates")
)


def candidate(name: str) -> Candidate:
    """Look up a candidate.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    Candidate
        The candidate.

    Raises
    ------
    PlanError
        If there is none of this name.
    """
    known = {each.name: each for each in CANDIDATES}
    if name not in known:
        raise PlanError(f"the plan has no candidate {name!r}; it has {', '.join(known)}.")
    return known[name]
