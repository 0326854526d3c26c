"""Agreement of computed figures with the printed ones, at printed precision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pandas as pd

from nissc1.report.contradictions import arithmetic_of
from nissc1.report.formatting import MINUS, exact, round_half_up
from nissc1.report.layout import Sourced
from nissc1.report.record import Record
from nissc1.report.records import RecordBook

_WITH_NUMERATOR = ("proportion", "survival", "cumulative_incidence")
#: Words by which the article says the same thing in different places.
_SAME_WORDS = {
    "f": "female",
    "m": "male",
    "not performed": "not done",
    "false": "no",
    "true": "yes",
}


class Verdict(StrEnum):
    """Name the outcome of a comparison with print."""

    AGREES = "agrees"
    DIFFERS = "differs"
    CONTRADICTION = "article contradicts itself"
    NOT_COMPUTED = "not computed"


#: Sign shown beside each verdict, so that colour never carries it alone.
MARKS = {
    Verdict.AGREES: "✓",
    Verdict.DIFFERS: "≠",
    Verdict.CONTRADICTION: "⚠\ufe0e",  # as a character, not an emoji
    Verdict.NOT_COMPUTED: "–",
}


def compare(
    published: pd.DataFrame, records: RecordBook | Iterable[Record], contradictions: pd.DataFrame
) -> pd.DataFrame:
    """Compare each printed figure with the computed one.

    A figure agrees if every printed number lies within half a unit of its last printed digit of
    the computed one, both ends included; counts must be equal and relations such as "<" hold.
    Texts agree if they say the same apart from case, spacing and dashes, or what ``reads_as`` says.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures, as `nissc1.report.published.load_published` reads them.
    records : RecordBook or iterable of Record
        Computed figures.
    contradictions : pandas.DataFrame
        As `nissc1.report.published.load_contradictions` reads them. A printed figure named there
        which does not agree gets the verdict "article contradicts itself", provided that the
        contradiction can explain the difference: the row which the cohort follows must agree, and
        where only a percentage is impossible the count must.

    Returns
    -------
    pandas.DataFrame
        One row a printed figure, in the order of `published`: ``id, where, label, printed,
        computed, verdict, detail``, all text.
    """
    by_id = {record.id: record for record in records}
    clashes = contradictions_by_row(contradictions)
    rows = []
    for index in published.index:
        printed = published.loc[index].to_dict()
        record = by_id.get(printed["record"])
        verdict, detail = judge(printed, record, clashes.get(printed["id"], ()))
        rows.append(
            {
                "id": printed["id"],
                "where": printed["where"],
                "label": printed["label"],
                "printed": printed["printed"],
                "computed": "" if record is None else Sourced(record.text, record.id),
                "verdict": verdict.value,
                "detail": detail,
            }
        )
    columns = ["id", "where", "label", "printed", "computed", "verdict", "detail"]
    return pd.DataFrame(rows, columns=columns, dtype="string")


def counts(compared: pd.DataFrame) -> dict[str, int]:
    """Count the verdicts.

    Parameters
    ----------
    compared : pandas.DataFrame
        Result of `compare`.

    Returns
    -------
    dict of str to int
        Each verdict, in fixed order, 0 where none.
    """
    found = compared["verdict"].value_counts()
    return {verdict.value: int(found.get(verdict.value, 0)) for verdict in Verdict}


def judge(
    printed: Mapping[str, Any], record: Record | None, clashes: Iterable[Mapping[str, Any]] = ()
) -> tuple[Verdict, str]:
    """Compare one printed figure with its record.

    Parameters
    ----------
    printed : mapping
        Row of the printed figures, all text.
    record : Record or None
        Computed figure; None if there is none.
    clashes : iterable of mapping
        Contradictions of the article that name this row.

    Returns
    -------
    verdict : Verdict
        The outcome.
    detail : str
        What differs and by how much, the contradiction's arithmetic, or empty.
    """
    if record is None:
        name = printed["record"]
        return Verdict.NOT_COMPUTED, f"no record {name}" if name else "no figure is computed for it"
    if record.estimate is None and record.lower is None and record.statistic != "text":
        return Verdict.NOT_COMPUTED, record.text
    differences = _differences(printed, record)
    known = tuple(clashes)
    statements = "; ".join(str(clash["statement"]) for clash in known)
    if not differences:
        return Verdict.AGREES, f"The article is at odds here: {statements}" if known else ""
    detail = "; ".join(differences.values())
    excuses = [clash for clash in known if _excuses(clash, printed["id"], set(differences))]
    if excuses:
        reasons = " ".join(f"{clash['statement']}: {arithmetic_of(clash)}" for clash in excuses)
        return Verdict.CONTRADICTION, f"{detail}. {reasons}"
    return Verdict.DIFFERS, f"{detail}. Not explained by: {statements}" if known else detail


def _excuses(clash: Mapping[str, Any], row: str, differing: set[str]) -> bool:
    """Tell whether a contradiction of the article can explain that a row does not agree.

    The row that the cohort follows must agree. An impossible percentage explains a different
    percentage but no different count, and an undeclared denominator that clashes with no other
    row explains nothing.
    """
    followed = str(clash["followed"]).split()
    if row in followed:
        return False
    if clash["kind"] == "impossible_percentage":
        return differing == {"estimate"}
    return bool(followed) or clash["kind"] != "denominator"


def contradictions_by_row(contradictions: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Sort the contradictions by the printed figures that they name.

    Parameters
    ----------
    contradictions : pandas.DataFrame
        As `nissc1.report.published.load_contradictions` reads them.

    Returns
    -------
    dict of str to list of dict
        By id of the printed figure, the contradictions that name it.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for clash in contradictions.to_dict("records"):
        for row in str(clash["rows"]).split():
            found.setdefault(row, []).append({str(key): value for key, value in clash.items()})
    return found


def _differences(printed: Mapping[str, Any], record: Record) -> dict[str, str]:
    names = ("n", "denominator", "estimate", "lower", "upper")
    given = {name: _plain(printed[name]) for name in names if printed[name].strip()}
    if not given:
        meant = printed["reads_as"] or printed["printed"]
        same = _words(meant) == _words(record.text)
        words = f"printed “{printed['printed']}”, computed “{record.text}”"
        return {} if same else {"text": words}
    computed = _computed(record, printed["statistic"], given)
    differences = {}
    for name, text in given.items():
        relation = printed["relation"] if name == "estimate" else "="
        wrong = _compare_number(text, computed[name], relation or "=", name)
        if wrong:
            differences[name] = wrong
    return differences


def _computed(
    record: Record, statistic: str, given: Mapping[str, str]
) -> dict[str, float | int | None]:
    computed: dict[str, float | int | None] = {
        "estimate": record.estimate,
        "lower": record.lower,
        "upper": record.upper,
        "denominator": record.denominator,
        "n": record.n,
    }
    if record.statistic in _WITH_NUMERATOR:
        computed["n"] = record.events
        if statistic == "count":
            computed["estimate"] = record.events
        if record.statistic != "proportion":
            computed["denominator"] = record.n
    elif record.statistic == "count" or (record.statistic == "value" and "estimate" not in given):
        computed["n"] = record.estimate
        computed["denominator"] = record.n
        if statistic == "proportion":
            known = bool(record.n) and record.estimate is not None
            computed["estimate"] = 100 * (record.estimate or 0) / (record.n or 1) if known else None
    return computed


def _compare_number(
    text: str, computed: float | int | None, relation: str, name: str
) -> str | None:
    """Return how a computed number differs from the printed one, None if it does not."""
    target = Decimal(text)
    if computed is None:
        return f"{name}: printed {text}, none computed"
    value = exact(computed)
    if name in ("n", "denominator"):
        agrees = value == target
        decimals = 0
    else:
        exponent = target.as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) else 0
        half = Decimal(1).scaleb(-decimals) / 2
        agrees = {
            "<": value < target,
            "<=": value <= target,
            ">": value > target,
            ">=": value >= target,
            "=": abs(value - target) <= half,
        }[relation]
    if agrees:
        return None
    whole = decimals == 0 and value == int(value)
    shown = round_half_up(value, 0 if whole else decimals + 2)
    sign = "" if relation == "=" else relation + " "
    difference = value - target
    by = f"{'+' if difference > 0 else MINUS}{abs(difference.normalize()):f}"
    if len(by) > 10:
        by = f"{by[0]}{round_half_up(abs(difference), decimals + 2):f}"
    return f"{name}: printed {sign}{text}, computed {shown:f} ({by})"


def _plain(text: str) -> str:
    return text.strip().replace(MINUS, "-").replace("·", ".")


def _words(text: str) -> str:
    plain = re.sub(r"[‐‑–—−-]", "-", text.replace("\u00a0", " ")).casefold()
    plain = re.sub(r"\s+", " ", plain).strip(" .")
    return _SAME_WORDS.get(plain, plain)
