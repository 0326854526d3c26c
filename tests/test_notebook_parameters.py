"""Every notebook with every kind of parameter, degenerate ones included."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nissc1.cohort.release import load_release
from nissc1.publish.numbers import part_of
from nissc1.report.records import RecordBook

ROOT = Path(__file__).parents[1]
PAGES = sorted([*(ROOT / "notebooks").glob("*.py"), *(ROOT / "book").glob("*.md")])
#: A number in prose; a build ends where one is not to be had.
ROLE = re.compile(r"\{num\}`([a-z0-9_.]+(?::[a-z]+)?)`")
#: What a page shows under a condition; a build of an edition that meets it reads it.
CONDITIONAL = re.compile(r":::\{when\} .*?:::\n", re.S)
CASES = {
    "an earlier cut-off": {"cutoff": "2015-06-30"},
    "five years": {"horizon_months": 60},
    "women, with limits of 90 %": {"population": 'sex == "F"', "conf_level": 0.9},
    "a horizon beyond the data": {"horizon_months": 120, "population": 'sex == "M"'},
    "nobody": {"population": "age_years > 99"},
    "one patient": {"population": "ONE"},
    "nobody with an event": {"population": "NO EVENT"},
    "a cut-off before the first death": {"cutoff": "DAY 0"},
    "small counts withheld": {"cutoff": "2014-12-31", "disclosure": "small-counts"},
}
#: As words of their own, so that no infection is taken for infinite.
NO_NUMBER = re.compile(r"(?<![A-Za-z])(nan|NaN|NaT|inf|infinity|<NA>)(?![A-Za-z])")


def completed(case: dict[str, object]) -> dict[str, object]:
    """Fill in what depends on the release."""
    cohort = load_release("2021.02")
    base = cohort.baseline()
    if case.get("population") == "ONE":
        last = base.sort_values(["age_years", "weight_kg"]).iloc[-1]
        chosen = f"age_years == {last['age_years']} and weight_kg == {last['weight_kg']}"
        assert len(cohort.select(chosen).patients) == 1
        return {"population": chosen}
    if case.get("population") == "NO EVENT":
        outcomes = cohort.outcomes
        had = outcomes["progression_day"].notna() | (outcomes["vital_status"] == "dead")
        youngest = base.loc[outcomes.loc[had, "patient_id"], "age_years"].min()
        chosen = f"age_years < {youngest}"
        assert len(cohort.select(chosen).patients) > 1
        return {"population": chosen}
    if case.get("cutoff") == "DAY 0":
        return {"cutoff": str(base["transplant_date"].min().date())}
    return case


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_every_notebook_speaks_in_sentences_whatever_the_parameters(
    case: dict[str, object],
    tmp_path: Path,
    run_notebooks: Callable[..., RecordBook],
) -> None:
    """Warnings are errors here, as in all tests."""
    records = run_notebooks(tmp_path, completed(case))
    for page in PAGES:
        for role in ROLE.findall(CONDITIONAL.sub("", page.read_text())):
            identity, _, part = role.partition(":")
            assert part_of(records[identity], part or "text"), (page.name, role)
    for record in records:
        assert record.text.strip(), record.id
        assert not NO_NUMBER.search(record.text), (record.id, record.text)
    for table in sorted((tmp_path / "tables").glob("*.csv")):
        cells = NO_NUMBER.search(table.read_text())
        assert cells is None, (table.name, cells)
