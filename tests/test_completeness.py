"""Enrolment, visits and missing values, against the article and a small release by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nissc1 import completeness
from nissc1.cohort.release import Cohort, load_release

RELEASES = Path(__file__).parent / "fixtures" / "releases"


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return load_release("2021.02")


def test_enrolment_is_the_articles(cohort: Cohort) -> None:
    facts = completeness.enrolment(cohort).set_index("name")["value"].to_dict()
    assert facts == {  # Henes et al. 2021, Methods and Results
        "centres": 13,
        "countries": 7,
        "european_countries": 6,
        "inclusion_start": "December 2012",
        "inclusion_end": "February 2016",
        "age_min": 18,
        "age_max": 65,
        "visit_months": "3, 6, 12, 18 and 24 months",
    }


def test_patients_are_counted_by_visit_and_by_what_ended_follow_up() -> None:
    counted = completeness.by_visit(load_release("2020.01", RELEASES)).set_index("Month")
    # by hand: P02 died on day 9 and P04 on day 414 (13.6 months); P05 left on day 400 (13.1)
    assert counted.loc[24, ["Died before", "Follow-up ended before"]].tolist() == [2, 1]
    assert counted.loc[12, ["Died before", "Follow-up ended before"]].tolist() == [1, 0]
    assert counted.loc[0, ["Died before", "Follow-up ended before"]].tolist() == [0, 0]


def test_missing_values_of_table_1_are_counted(cohort: Cohort) -> None:
    lacking = completeness.missing(cohort).set_index("Column")["Patients"]
    assert lacking["Height"] == 2  # BMI of 78: 8 + 65 + 5, Henes et al. 2021, Table 1
    assert lacking["Pericardial effusion"] == 1  # 5/79
    assert lacking["Creatine kinase"] == 8  # 9 of 72 are 12.5 %
    assert lacking.is_monotonic_decreasing
    assert "Mean pulmonary artery pressure" not in lacking.index  # not measured, so not missing


def test_nobody_is_described_without_failing(cohort: Cohort) -> None:
    nobody = cohort.select("age_years > 65")
    facts = completeness.enrolment(nobody).set_index("name")["value"]
    assert facts["centres"] == 0
    assert pd.isna(facts["inclusion_start"])
    assert pd.isna(facts["visit_months"])
    assert completeness.missing(nobody).empty
