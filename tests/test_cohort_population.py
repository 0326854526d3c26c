"""A population is a comparison of baseline columns; nothing else is ever evaluated."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nissc1.cohort.population import PopulationError, select_rows
from nissc1.cohort.release import Cohort, load_release

RELEASES = Path(__file__).parent / "fixtures" / "releases"
ALL = ["P01", "P02", "P03", "P04", "P05"]


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return load_release("2020.01", RELEASES)


@pytest.mark.parametrize(
    ("population", "patients"),
    [
        ('sex == "F"', ["P01", "P03", "P04"]),
        ('"F" == sex', ["P01", "P03", "P04"]),
        ('sex != "F"', ["P02", "P05"]),
        ("age_years > 40", ["P02", "P04"]),
        ("40 <= age_years", ["P01", "P02", "P04"]),
        ("30 <= age_years < 55", ["P01", "P03"]),
        ("thiotepa_mg_kg > -1", ALL),
        ("weight_kg == 60.5", ["P04"]),
        ("cd34_selection", ["P03", "P05"]),
        ("not cd34_selection", ["P01", "P02", "P04"]),
        ("cd34_selection == False", ["P01", "P02", "P04"]),
        ('sex == "F" and age_years > 30 or centre == "C02"', ["P01", "P02", "P04"]),
        ('sex == "F" and (age_years > 30 or centre == "C02")', ["P01", "P04"]),
        ('centre in ["C02", "C03"]', ["P02"]),
        ('centre not in ("C02",)', ["P01", "P03", "P04", "P05"]),
        ("leukaphereses in [1, 2]", ALL),
        ("centre in []", []),
        ('transplant_date >= "2014-03-10"', ["P03", "P04", "P05"]),
        ('transplant_date in ["2014-03-10"]', ["P03"]),
        ("neutrophil_engraftment_day > platelet_engraftment_day", ["P01", "P03", "P04"]),
        ("True", ALL),
        ("age_years > 99", []),
        ('  sex == "F"\n', ["P01", "P03", "P04"]),
    ],
)
def test_an_expression_chooses(cohort: Cohort, population: str, patients: list[str]) -> None:
    chosen = cohort.select(population)
    assert list(chosen.patients["patient_id"]) == patients
    for table in chosen.tables().values():
        assert set(table["patient_id"]) <= set(patients)
    assert list(chosen.outcomes["patient_id"]) == patients


@pytest.mark.parametrize(
    "population",
    [
        "fev1_pct == 78",
        "fev1_pct != 78",
        "fev1_pct < 99",
        "fev1_pct not in [1]",
        "fev1_pct in [78]",
        "fev1_pct == fev1_pct",
    ],
)
def test_a_comparison_with_a_missing_value_is_false(cohort: Cohort, population: str) -> None:
    # FEV1 of P04 is missing; of the others it is 78
    assert "P04" not in list(cohort.select(population).patients["patient_id"])


def test_not_inverts_what_was_decided_for_a_missing_value(cohort: Cohort) -> None:
    assert list(cohort.select("not fev1_pct == 78").patients["patient_id"]) == ["P04"]


@pytest.mark.parametrize(
    ("population", "says"),
    [
        ("", "is not an expression"),
        ("(", "was never closed"),
        ("sex = 'F'", "is not an expression"),
        ("sex == 'F'; 1", "is not an expression"),
        ("gender == 'F'", "gender is not a baseline column. Columns: age_years, ana"),
        ("__import__('os').system('true')", "__import__('os').system('true') is neither"),
        ("sex == open('x')", r"open('x') is not allowed"),
        ("sex.str == 'F'", "sex.str is not allowed"),
        ("patients['sex'] == 'F'", "patients['sex'] is not allowed"),
        ("age_years + 1 > 3", "age_years + 1 is not allowed"),
        ("[a for a in (1,)] == sex", "is not allowed"),
        ("(lambda: sex) == 'F'", "is not allowed"),
        ("sex == f'{age_years}'", "is not allowed"),
        ("sex == b'F'", "is not allowed"),
        ("sex == None", "None is not allowed"),
        ("sex is 'F'", "write == instead"),
        ("(x := 3) > 2", "is not allowed"),
        ("sex", "sex is a text column"),
        ("'F'", "'F' is neither a comparison nor a yes/no column"),
        ("1 < 2", "one of the two must be a column"),
        ("sex == 3", "sex is a text column and 3 is number"),
        ("age_years == '40'", "age_years is a number column and '40' is text"),
        ("cd34_selection == 1", "cd34_selection is a yes/no column and 1 is number"),
        ("sex == age_years", "sex is a text column and age_years is number"),
        ("sex in 'F'", "stands after 'in' and is not a list"),
        ("'F' in sex", "stands before 'in' and is not a column"),
        ("sex in [centre]", "a list holds numbers or quoted text"),
        ("sex in ['F', 1]", "1 is number"),
        ("transplant_date > 'spring'", "not a date written YYYY-MM-DD"),
        ("age_years > 1" + "0" * 900, "is too large a number"),
        ("not " * 300 + "cd34_selection", "has 1214 characters"),
        ("not " * 240 + "age_years", "age_years is a number column"),
        ("(" * 400 + "sex" + ")" * 400, "is not an expression"),
    ],
)
def test_anything_else_is_refused_by_its_part(cohort: Cohort, population: str, says: str) -> None:
    with pytest.raises(PopulationError) as refused:
        cohort.select(population)
    assert says in str(refused.value)


def test_an_empty_selection_is_a_cohort_of_nobody(cohort: Cohort) -> None:
    nobody = cohort.select("age_years > 99")
    assert nobody.patients.empty
    assert list(nobody.patients.columns) == list(cohort.patients.columns)
    assert nobody.baseline().empty
    assert nobody.select('sex == "F"').patients.empty


def test_the_result_is_plain_and_on_the_index_of_the_baseline() -> None:
    baseline = pd.DataFrame({"mrss": pd.array([30, None], dtype="Int64")}, index=["A", "B"])
    chosen = select_rows("mrss > 24", baseline)
    assert chosen.dtype == bool
    assert chosen.to_dict() == {"A": True, "B": False}
