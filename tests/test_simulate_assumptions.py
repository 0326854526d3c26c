"""Each rate of the simulation follows from the figures that its source prints."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from nissc1.simulate import assumptions_frame, export_choices, measurement_choices, rates
from nissc1.simulate.assumption import ASSUMPTION, CITED, VERIFIED
from nissc1.simulate.assumptions import ASSUMPTIONS
from nissc1.simulate.known import read_known

ROOT = Path(__file__).parents[1]
BIBLIOGRAPHY = (ROOT / "book" / "references.bib").read_text("utf-8")

# Survival and incidence as printed, per cent: this study (Henes 2021) at 1 and 2 years, Brazil at 8
# years, relapse-free at 5 years with 6 % treatment-related deaths (Burt 2013), event-free in the
# Netherlands at 5, 10 and 15 years (van Bijnen 2020).
PFS_1, PFS_2, PFS_BRAZIL_8 = 87.5, 81.8, 70.5
NETHERLANDS_5, NETHERLANDS_10 = 78, 76


def per_year(before: float, after: float, years: float) -> float:
    """Constant hazard between two points of a survival curve, per cent a year."""
    return -100 * math.log(after / before) / years


DEATH = per_year(NETHERLANDS_5, NETHERLANDS_10, 5)
JOINED = per_year(PFS_2, PFS_BRAZIL_8, 6) - DEATH
BURT = per_year(94, 70, 5) - DEATH
PERSON_YEARS_FRANCE = 104 / (per_year(100, 71.7, 10) / 100)

DERIVED = {
    "PROGRESSION_YEAR_1": 6.25 / ((100 + PFS_1) / 2) * 100,
    "PROGRESSION_YEAR_2": (11.9 - 6.3) / ((PFS_1 + PFS_2) / 2) * 100,
    "PROGRESSION_YEARS_3_TO_5": (JOINED + BURT) / 2,
    "PROGRESSION_LATER": JOINED,
    "DEATH_WITHOUT_PROGRESSION": DEATH,
    "LOSS": 133 / PERSON_YEARS_FRANCE * 100,
    "IMMUNOSUPPRESSION": per_year(33, 30, 4.5),
    "AUTOIMMUNITY_YEARS_1_TO_2": per_year(100, 100 - 9.8 / 2, 2),
    "AUTOIMMUNITY_YEARS_3_TO_5": per_year(100 - 9.8 / 2, 100 - 9.8, 3),
    "LATE_INFECTION": 39.6 / 1000 * 100,
    "LUNG_NOISE": 19.1 * math.sqrt(1 - 0.93),
}


@pytest.mark.parametrize(("name", "expected"), DERIVED.items())
def test_a_rate_is_its_sources_arithmetic_to_the_digit_that_is_used(
    name: str, expected: float
) -> None:
    module = measurement_choices if name == "LUNG_NOISE" else rates
    value = getattr(module, name).value
    assert abs(value - expected) <= 0.05


def test_the_rate_of_myeloid_malignancy_lies_between_the_two_that_the_sources_give() -> None:
    # 20.6 times leukaemia at 40 to 59 years (mean of 2.3 and 4.3), without and with 3.3 of
    # myelodysplasia, each per 100,000.
    leukaemia = (2.3 + 4.3) / 2
    low, high = (20.6 * rate / 100_000 * 100 for rate in (leukaemia, leukaemia + 3.3))
    assert low < rates.MYELOID_MALIGNANCY.value < high


def test_missing_measurements_are_those_of_two_years() -> None:
    # Patients with a value at 2 years, of 72 alive (90 % of 80), by the article's text.
    counts = {"mrss": 55, "fvc_pct": 37, "dlco_pct": 35, "shaq": 15, "esr_mm_h": 38}
    expected = {name: round(100 * (1 - count / 72)) for name, count in counts.items()}
    assert dict(measurement_choices.MISSING.value) == expected


def test_death_after_progression_gives_the_survival_that_it_is_calibrated_to() -> None:
    """Step a three-state model from year 2 to year 8 by the day: 81 % alive in Brazil."""
    well, progressed = 0.818, 0.900 - 0.818
    for day in range(6 * 365):
        rate = rates.PROGRESSION_YEARS_3_TO_5 if day < 3 * 365 else rates.PROGRESSION_LATER
        daily = [
            each.value / 100 / 365
            for each in (rate, rates.DEATH_WITHOUT_PROGRESSION, rates.DEATH_AFTER_PROGRESSION)
        ]
        progressed += well * daily[0] - progressed * daily[2]
        well -= well * (daily[0] + daily[1])
    assert 0.80 <= well + progressed <= 0.815


def test_counts_to_draw_from_are_those_of_the_release() -> None:
    known = read_known()
    causes = [row["cause_of_death"] for row in known.tables["outcomes"]]
    assert rates.TRANSPLANT_DEATHS.value == causes.count("transplant related")
    assert export_choices.TEMPLATES.value == len(known.living())


def test_every_work_cited_is_in_the_bibliography_under_its_author_and_year() -> None:
    used = {key for each in ASSUMPTIONS for key in each.cited}
    assert used == set(CITED)
    for key, shown in CITED.items():
        entry = BIBLIOGRAPHY[BIBLIOGRAPHY.index(f"{{{key},") :].split("\n}")[0]
        author, year = shown.rsplit(" ", 1)
        assert f"year = {{{year}}}" in entry
        assert re.search(rf"author = {{{author}\b", entry), shown


def test_the_frame_shows_each_assumption_with_its_source_and_kind() -> None:
    frame = assumptions_frame()
    assert list(frame.columns) == ["what", "value", "source", "kind"]
    assert len(frame) == len(ASSUMPTIONS)
    assert set(frame["kind"]) == {VERIFIED, ASSUMPTION}
    assert not frame.isna().any().any()
    row = frame.loc[frame["what"].str.startswith("Death without progression")].iloc[0]
    assert (row["value"], row["kind"]) == ("0.5 % a year", VERIFIED)
    assert row["source"].endswith("(van Bijnen 2020)")
    values = frame.set_index("what")["value"]
    assert values["Transplantations of the new patients"] == "2018-03-01 to 2024-12-31"
    missing = values["Measurements missing at a visit from month 36 on"]
    assert missing.startswith("skin score: 24, FVC: 49, DLCO: 51")


def test_what_is_verified_cites_a_work() -> None:
    assert all(each.cited for each in ASSUMPTIONS if each.kind == VERIFIED)
