"""Table 3: order, wording and causes, against the article's own table."""

from __future__ import annotations

import pandas as pd
import pytest

from nissc1 import deaths
from nissc1.cohort.release import Cohort, load_release


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return load_release("2021.02")


@pytest.fixture(scope="module")
def died(cohort: Cohort) -> pd.DataFrame:
    return deaths.table(cohort)


def test_deaths_stand_in_the_order_of_the_article(died: pd.DataFrame) -> None:
    # Henes et al. 2021, Table 3: time to death and age, from the first row to the last
    assert died["death_day"].tolist() == [1, 1, 9, 61, 26, 128, 131, 414]
    assert died["age"].tolist() == [28, 46, 55, 35, 52, 58, 43, 51]
    assert died.index.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_catheterisation_is_told_with_its_pressure(died: pd.DataFrame) -> None:
    # Henes et al. 2021, Table 3, fifth row: "Mean PAP=17 No fluid challenge"
    assert died.loc[5, "rhc"] == "Normal, mean PAP 17 mmHg, no fluid challenge"
    assert died.loc[5, "fluid_challenge"] == "Not done"
    assert set(died["rhc"].drop(5)) == {"Not done"}


def test_a_missing_pressure_is_said_to_be_missing(died: pd.DataFrame) -> None:
    assert died.loc[4, "spap"] == "Not recorded"  # printed as a full stop
    assert died.loc[4, "scintigraphy_lvef"] == 47  # Henes et al. 2021, Results


def test_the_shown_table_has_a_heading_for_each_column(died: pd.DataFrame) -> None:
    shown = deaths.tabulated(died)
    assert len(shown) == 8
    assert shown.columns.tolist() == [f.heading for f in deaths.FIELDS if f.tabulated]
    assert shown["Age, years"].tolist() == died["age"].tolist()


def test_causes_are_read_from_the_reported_wording(cohort: Cohort) -> None:
    told = deaths.circumstances(cohort)
    early = told[~told["after_progression"]]
    # Henes et al. 2021, Results: five without progression, four cardiac, three by cyclophosphamide
    assert (len(early), early["cardiac"].sum(), early["cyclophosphamide"].sum()) == (5, 4, 3)
    assert told["after_progression"].sum() == 3


def test_nobody_dead_gives_an_empty_table(cohort: Cohort) -> None:
    nobody = cohort.select("age_years > 65")
    assert deaths.table(nobody).empty
    assert list(deaths.table(nobody).columns) == [field.name for field in deaths.FIELDS]
