"""Counting complications by wording and infections by group."""

from __future__ import annotations

import pandas as pd
import pytest

from nissc1 import complications
from nissc1.cohort.release import Cohort, load_release
from nissc1.complication_terms import SEPTIC_SHOCK, TERMS


def events(*rows: tuple[str, str, str | None, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["patient_id", "category", "agent", "term"]).astype("string")


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return load_release("2021.02")


def test_every_term_has_a_record_of_its_own() -> None:
    assert len({term.record for term in TERMS}) == len(TERMS) == 37


def test_the_same_wording_counts_by_agent() -> None:
    counted = complications.by_term(
        events(
            ("A", "infectious", "viral", "Pneumonia"),
            ("A", "infectious", "bacterial", "Pneumonia"),
            ("B", "infectious", "viral", "Pneumonia"),
        )
    ).set_index("record")
    assert counted.loc["ae.infectious.viral_pneumonia", ["events", "patients"]].tolist() == [2, 2]
    assert counted.loc["ae.infectious.bacterial_pneumonia", "events"] == 1
    assert counted.loc["ae.infectious.pneumonia", "events"] == 0


def test_septic_shock_is_a_sepsis() -> None:
    counted = complications.by_term(events(("A", "infectious", "not specified", SEPTIC_SHOCK)))
    assert counted.set_index("record").loc["ae.infectious.sepsis", "events"] == 1
    assert counted["events"].sum() == 1


def test_a_complication_that_the_article_does_not_list_is_shown_in_its_group() -> None:
    counted = complications.by_term(events(("A", "infectious", "viral", "Norovirus (gut)")))
    new = counted[counted["term"] == "Norovirus (gut)"].iloc[0]
    assert new["record"] == "ae.infectious.reported_viral_norovirus_gut"
    assert new["heading"] == "Infections, viral"


def test_table_4_adds_up(cohort: Cohort) -> None:
    counted = complications.by_term(complications.complications(cohort))
    by_kind = counted.groupby(counted["heading"].str.startswith("Infections"))["events"].sum()
    assert by_kind.to_dict() == {False: 24, True: 95}  # Henes et al. 2021, Table 4


def test_infections_by_group_leave_out_whose_group_is_not_known(cohort: Cohort) -> None:
    tables = complications.infected_by_group(cohort)
    sizes = {key: table.sum(axis="columns").tolist() for key, (_, table) in tables.items()}
    # Henes et al. 2021, Table 2: 35 and 45; 45 with 2 and 23 with 4 g/m2; 34 of 79
    assert sizes == {"graft": [35, 45], "mobilisation_dose": [45, 23], "gcsf": [34, 45]}
    assert tables["graft"][1]["infected"].sum() == 60


def test_days_before_the_transplantation_cannot_be_asked_for(cohort: Cohort) -> None:
    with pytest.raises(ValueError, match="day 0"):
        complications.complications(cohort, -1)
