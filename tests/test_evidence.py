"""Published outcomes of other studies: what was read, what a row must obey, and the pooling."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nissc1.cohort.location import project_root
from nissc1.evidence import (
    EvidenceError,
    leave_one_out,
    load_evidence,
    pooled,
    treatment_deaths,
)

FOLDER = project_root() / "data" / "evidence"
EVIDENCE = load_evidence()
OUTCOMES = EVIDENCE.outcomes


def rewritten(folder: Path, file: str, *changes: dict[str, str], place: int = 0) -> Path:
    """Copy the committed files and change a row, or append rows if place is -1."""
    folder.mkdir(exist_ok=True)
    for name in ("studies.csv", "cohorts.csv"):
        if not (folder / name).exists():
            shutil.copy(FOLDER / name, folder / name)
    with (folder / file).open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    if place == -1:
        rows += [dict.fromkeys(rows[0], "") | change for change in changes]
    else:
        rows[place] |= changes[0]
    with (folder / file).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


NEW_STUDY = {
    "study": "new",
    "label": "New 2027",
    "kind": "cohort",
    "source": "Somebody et al. 2027",
}
NEW_OUTCOME = {
    "study": "new",
    "outcome": "treatment-related death",
    "arm": "transplantation",
    "measure": "proportion",
    "n": "2",
    "N": "40",
    "time_origin": "stem-cell infusion",
    "pool": "main",
    "read_by": "maintainers",
    "read_in": "abstract",
    "verified": "yes",
}


def test_each_study_that_the_question_names_has_an_outcome() -> None:
    named = {"assist", "astis", "scot", "netherlands", "germany", "us_pilot", "nissc1"}
    assert named <= set(OUTCOMES["study"])


def test_each_row_says_who_read_it_where_and_its_study_has_a_source() -> None:
    assert (OUTCOMES[["read_by", "read_in", "verified", "time_origin"]] != "").all(axis=None)
    assert (EVIDENCE.cohorts["source"] != "").all()
    secondary = OUTCOMES["read_in"].str.startswith("secondary")
    assert (secondary == OUTCOMES["verified"].eq("yes-secondary")).all()


def test_nissc1_enters_with_the_printed_figures_and_not_with_those_of_a_release() -> None:
    printed = pd.read_csv(
        project_root() / "data" / "published" / "figures.csv", dtype=str, keep_default_na=False
    ).set_index("id")
    here = {
        ("overall survival", 12): "results.os_12m",
        ("overall survival", 24): "results.os_24m",
        ("progression-free survival", 12): "results.pfs_12m",
        ("progression-free survival", 24): "results.pfs_24m",
        ("progression", 24): "results.progression_24m",
        ("treatment-related death", 24): "results.nrm_24m",
    }
    own = OUTCOMES[OUTCOMES["study"] == "nissc1"].set_index(["outcome", "horizon_months"])
    names = ["estimate", "lower", "upper"]
    for key, figure in here.items():
        assert own.loc[key, names].tolist() == printed.loc[figure, names].astype(float).tolist()


def test_the_editorials_words_are_a_range_without_a_cohort() -> None:
    row = OUTCOMES[OUTCOMES["study"] == "editorial2014"].iloc[0]
    # "has a mortality of 30% to 50% at 5 years", Khanna et al. 2014, first paragraph
    assert (row["lower"], row["upper"], row["horizon_months"]) == (30, 50, 60)
    assert (row["printed"], np.isnan(row["N"]), np.isnan(row["estimate"])) == ("30–50", True, True)


def test_the_pooled_studies_have_no_patients_in_common() -> None:
    shares = EVIDENCE.cohorts.set_index("study")["shares_patients_with"].str.split("; ")
    main = set(treatment_deaths(EVIDENCE)["study"])
    for study in main:
        assert main.isdisjoint(shares[study]), study


def test_sharing_patients_is_mutual() -> None:
    shares = EVIDENCE.cohorts.set_index("study")["shares_patients_with"].str.split("; ")
    pairs = {(one, other) for one in shares.index for other in shares[one] if other}
    assert pairs == {(other, one) for one, other in pairs}


def test_the_counts_that_are_pooled_add_up() -> None:
    rows = treatment_deaths(EVIDENCE)
    # ASTIS 8/79, SCOT 1/33, US pilot 8/34, Chicago 5/90, Poland 4/18, Sapporo 1/14, NISSC1 5/80
    assert (rows["n"].sum(), rows["N"].sum(), len(rows)) == (32, 348, 7)
    every = treatment_deaths(EVIDENCE, overlapping=True)
    # and ASSIST 0/10, Netherlands 10/92, Ribeirão Preto 3/70, Würzburg 2/27
    assert (every["n"].sum(), every["N"].sum(), len(every)) == (47, 547, 11)


def test_a_study_is_added_by_adding_rows(tmp_path: Path) -> None:
    rewritten(tmp_path, "cohorts.csv", NEW_STUDY, place=-1)
    rewritten(tmp_path, "studies.csv", NEW_OUTCOME, place=-1)
    rows = treatment_deaths(load_evidence(tmp_path))
    assert rows.iloc[-1][["label", "n", "N"]].tolist() == ["New 2027", 2, 40]
    assert pooled(rows).n_studies == pooled(treatment_deaths(EVIDENCE)).n_studies + 1


def test_leaving_a_study_out_is_pooling_the_others() -> None:
    rows = treatment_deaths(EVIDENCE)
    table = leave_one_out(rows).set_index("study")
    assert list(table.index) == list(rows["study"])
    alone = pooled(rows[rows["study"] != "us_pilot"])
    assert table.at["us_pilot", "estimate"] == alone.estimate
    assert table.at["us_pilot", "tau2"] == alone.tau2


def test_what_cannot_be_pooled_without_a_study_is_missing() -> None:
    rows = pd.DataFrame({"study": ["a", "b"], "label": ["A", "B"], "n": [1, 0], "N": [20, 20]})
    assert leave_one_out(rows)[["estimate", "prediction_upper", "tau2"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("studies.csv", {"study": "unknown"}, "'unknown' is not described in cohorts.csv"),
        ("studies.csv", {"arm": "surgery"}, "arm: 'surgery'; allowed are 'transplantation'"),
        ("studies.csv", {"measure": "guess"}, "measure: 'guess'; allowed are"),
        ("studies.csv", {"read_by": ""}, "read_by: empty"),
        ("studies.csv", {"read_in": "abstract"}, "must begin with 'secondary'"),
        ("studies.csv", {"n": "x"}, "n: 'x'; a whole number or nothing is allowed"),
        ("studies.csv", {"n": "11"}, "11 of N = 10"),
        ("studies.csv", {"n": "1"}, "but 1 of 10 is 10.00 %"),
        ("studies.csv", {"lower": "0"}, "lower and upper: one is empty"),
        ("studies.csv", {"lower": "5", "upper": "2"}, "must not decrease"),
        ("studies.csv", {"measure": "kaplan-meier"}, "pool: 'overlap'; only treatment-related"),
        ("studies.csv", {"doi": "https://doi.org/1"}, "a DOI such as 10.1000/xyz"),
        ("studies.csv", {"measure": "statement"}, "a statement is words in note"),
        ("studies.csv", {"n": "", "estimate": ""}, "Give what is printed, or make it a statement"),
        ("studies.csv", {"study": "brazil", "n": "0"}, "'brazil' is pooled twice"),
        ("cohorts.csv", {"study": "astis"}, "that no other row has"),
        ("cohorts.csv", {"source": ""}, "source: empty"),
        ("cohorts.csv", {"kind": "essay"}, "kind: 'essay'; allowed are"),
        ("cohorts.csv", {"shares_patients_with": "nobody"}, "nobody; names of other rows"),
    ],
)
def test_a_row_that_contradicts_itself_is_named(
    file: str, change: dict[str, str], told: str, tmp_path: Path
) -> None:
    with pytest.raises(EvidenceError) as fault:
        load_evidence(rewritten(tmp_path, file, change))
    lines = [line for line in str(fault.value).splitlines() if told in line]
    assert len(lines) >= 1, str(fault.value)
    assert lines[0].startswith(file)


def test_a_row_that_comes_twice_is_named(tmp_path: Path) -> None:
    twice = {name: str(OUTCOMES.at[0, name]) for name in ("study", "outcome", "arm", "measure")}
    rest = {"horizon_months": "12", "population": OUTCOMES.at[0, "population"], "estimate": "0"}
    source = {"time_origin": "x", "read_by": "x", "read_in": "x", "verified": "yes"}
    with pytest.raises(EvidenceError, match="the same study, outcome, arm"):
        load_evidence(rewritten(tmp_path, "studies.csv", twice | rest | source, place=-1))


def test_missing_columns_are_told_before_anything_else(tmp_path: Path) -> None:
    rewritten(tmp_path, "studies.csv", {})
    table = pd.read_csv(tmp_path / "studies.csv", dtype=str).drop(columns="read_by")
    table.to_csv(tmp_path / "studies.csv", index=False)
    with pytest.raises(EvidenceError, match="needed are, in this order, study, outcome"):
        load_evidence(tmp_path)
