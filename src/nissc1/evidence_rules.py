"""What each row of the published outcomes must obey."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from nissc1.digits.printed import read_number
from nissc1.evidence_columns import COHORTS, OUTCOMES

ARMS = (
    "transplantation",
    "cyclophosphamide",
    "no transplantation",
    "transplantation against cyclophosphamide",
)
PROPORTION, RATIO, STATEMENT = "proportion", "hazard ratio", "statement"
MEASURES = (
    PROPORTION,
    "kaplan-meier",
    "cumulative incidence",
    RATIO,
    "pooled proportion",
    "range of sources",
    STATEMENT,
)
VERIFIED = ("yes", "yes-secondary")
POOLS = ("", "main", "overlap")
KINDS = (
    "randomised trial",
    "single-arm trial",
    "cohort",
    "registry",
    "meta-analysis",
    "editorial",
    "without transplantation",
)
SECONDARY = "secondary"
_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+")
_WHOLE = re.compile(r"\d+")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_KEY = re.compile(r"[a-z][a-z0-9_]*")


def cohort_faults(cohorts: pd.DataFrame) -> list[str]:
    """Check the rows that describe the studies.

    Parameters
    ----------
    cohorts : pandas.DataFrame
        All text, the columns of `COHORTS`.

    Returns
    -------
    list of str
        One line a fault: file, line, column, value, what is allowed, what to do.
    """
    known = set(cohorts["study"])
    faults = []
    for line, row in _lines(cohorts):
        at = f"{COHORTS.file}, line {line}"
        if not _KEY.fullmatch(row["study"]) or list(cohorts["study"]).count(row["study"]) > 1:
            faults.append(
                f"{at}, study: {row['study']!r}; a short name of lower-case letters, digits and _ "
                "that no other row has is needed. Rename it."
            )
        faults += [
            f"{at}, {name}: empty; it is shown to readers. Fill it in."
            for name in ("label", "source")
            if not row[name]
        ]
        faults += _one_of(at, "kind", row["kind"], KINDS)
        faults += _pattern(at, "patients", row["patients"], _WHOLE, "a whole number or nothing")
        faults += _pattern(at, "doi", row["doi"], _DOI, "a DOI such as 10.1000/xyz, or nothing")
        strange = [name for name in row["shares_patients_with"].split("; ") if name not in known]
        if row["shares_patients_with"] and strange:
            faults.append(
                f"{at}, shares_patients_with: {', '.join(strange)}; names of other rows, joined by "
                "'; ', are allowed. Correct it."
            )
    return faults


def outcome_faults(outcomes: pd.DataFrame, known: set[str]) -> list[str]:
    """Check the rows of outcomes.

    Parameters
    ----------
    outcomes : pandas.DataFrame
        All text, the columns of `OUTCOMES`.
    known : set of str
        Studies that are described.

    Returns
    -------
    list of str
        One line a fault: file, line, column, value, what is allowed, what to do.
    """
    faults = []
    for line, row in _lines(outcomes):
        at = f"{OUTCOMES.file}, line {line}"
        if row["study"] not in known:
            faults.append(
                f"{at}, study: {row['study']!r} is not described in {COHORTS.file}. Add it there."
            )
        faults += _one_of(at, "arm", row["arm"], ARMS)
        faults += _one_of(at, "measure", row["measure"], MEASURES)
        faults += _one_of(at, "verified", row["verified"], VERIFIED)
        faults += _one_of(at, "pool", row["pool"], POOLS)
        faults += _pattern(at, "doi", row["doi"], _DOI, "a DOI such as 10.1000/xyz, or nothing")
        if (row["verified"] == "yes-secondary") != row["read_in"].startswith(SECONDARY):
            faults.append(
                f"{at}, read_in: {row['read_in']!r} with verified = {row['verified']!r}; where it "
                f"was read must begin with {SECONDARY!r} if, and only if, that was not the study's "
                "own report. Make them agree."
            )
        faults += [
            f"{at}, {name}: empty; it is shown to readers. Fill it in."
            for name in ("outcome", "time_origin", "read_by", "read_in")
            if not row[name]
        ]
        numbers = [*_number_faults(at, row), *_said(at, row)]
        faults += numbers or [*_counts(at, row), *_limits(at, row), *_pooled(at, row)]
    return [*faults, *_repeated(outcomes)]


def _lines(frame: pd.DataFrame) -> Iterator[tuple[int, dict[str, str]]]:
    for place, row in enumerate(frame.to_dict("records"), start=2):
        yield place, {str(name): str(value) for name, value in row.items()}


def _one_of(at: str, name: str, value: str, allowed: tuple[str, ...]) -> list[str]:
    if value in allowed:
        return []
    known = ", ".join(repr(each) for each in allowed)
    return [f"{at}, {name}: {value!r}; allowed are {known}. Take one of them."]


def _pattern(at: str, name: str, value: str, pattern: re.Pattern[str], allowed: str) -> list[str]:
    if not value or pattern.fullmatch(value):
        return []
    return [f"{at}, {name}: {value!r}; {allowed} is allowed. Correct it."]


def _number_faults(at: str, row: dict[str, str]) -> list[str]:
    faults = []
    for name in ("n", "N"):
        faults += _pattern(at, name, row[name], _WHOLE, "a whole number or nothing")
    for name in ("estimate", "lower", "upper", "horizon_months"):
        faults += _pattern(at, name, row[name], _NUMBER, "a number as printed, or nothing")
    return faults


def _said(at: str, row: dict[str, str]) -> list[str]:
    printed = [name for name in ("n", "estimate", "lower", "upper") if row[name]]
    if row["measure"] == STATEMENT:
        if row["note"] and not printed:
            return []
        return [
            f"{at}, measure: a {STATEMENT} is words in note, without n, estimate or limits. Put it "
            "there, or name another measure."
        ]
    if printed:
        return []
    return [f"{at}: no n, estimate or limits. Give what is printed, or make it a {STATEMENT}."]


def _counts(at: str, row: dict[str, str]) -> list[str]:
    if not (row["n"] and row["N"]):
        return []
    n, size = int(row["n"]), int(row["N"])
    if size == 0 or n > size:
        return [f"{at}, n: {n} of N = {size}; no more than N, which is above 0. Check the source."]
    if row["measure"] != PROPORTION or not row["estimate"]:
        return []
    percent = 100 * n / size
    unit = 10.0 ** -read_number(row["estimate"]).decimals
    if abs(percent - float(row["estimate"])) < unit:  # rounded or cut off
        return []
    return [
        f"{at}, estimate: {row['estimate']} %, but {n} of {size} is {percent:.2f} %. Check the "
        "source; leave out what does not fit, and say so in note."
    ]


def _limits(at: str, row: dict[str, str]) -> list[str]:
    faults = []
    shown = {name: row[name] for name in ("lower", "estimate", "upper") if row[name]}
    if bool(row["lower"]) != bool(row["upper"]):
        faults.append(f"{at}, lower and upper: one is empty; give both or neither.")
    values = [float(value) for value in shown.values()]
    if values != sorted(values):
        faults.append(
            f"{at}, {', '.join(shown)}: {', '.join(shown.values())}; they must not decrease. "
            "Check the source."
        )
    if row["measure"] != RATIO and any(value > 100 for value in values):
        faults.append(f"{at}, {', '.join(shown)}: above 100 %. Check the source.")
    return faults


def _pooled(at: str, row: dict[str, str]) -> list[str]:
    if not row["pool"]:
        return []
    fits = row["outcome"] == "treatment-related death" and row["measure"] == PROPORTION
    if fits and row["n"] and row["N"] and row["arm"] == "transplantation":
        return []
    return [
        f"{at}, pool: {row['pool']!r}; only treatment-related deaths after transplantation with "
        "both n and N can be pooled. Empty it, or give the counts."
    ]


def _repeated(outcomes: pd.DataFrame) -> list[str]:
    keys = ["study", "outcome", "arm", "measure", "horizon_months", "population"]
    faults = [
        f"{OUTCOMES.file}, line {place + 2}: the same study, outcome, arm, measure, horizon and "
        "population as an earlier line. Leave one out."
        for place in outcomes.index[outcomes.duplicated(keys)]
    ]
    taken = outcomes[outcomes["pool"] != ""]
    faults += [
        f"{OUTCOMES.file}, line {place + 2}, pool: {taken.at[place, 'study']!r} is pooled twice; "
        "a study counts once. Empty one."
        for place in taken.index[taken.duplicated("study")]
    ]
    return faults
