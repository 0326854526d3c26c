"""The spread between cohorts that print alike."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nissc1.publish.record_spread import write_record_spread
from nissc1.report import Report
from nissc1.report.published import load_published
from nissc1.report.spread import load_ensemble, load_record_spread, spread

ENSEMBLES = Path(__file__).parents[1] / "data" / "ensemble"


def ensemble() -> pd.DataFrame:
    rows = [
        (1, "a.b", "A", "printed", 10.0, "%"),
        (2, "a.b", "A", "printed", 10.0, "%"),
        (1, "c.d", "C", "free", 1.0, ""),
        (2, "c.d", "C", "free", 4.0, ""),
        (3, "c.d", "C", "free", 2.0, ""),
    ]
    return pd.DataFrame(rows, columns=["seed", "figure", "label", "kind", "estimate", "unit"])


def test_what_print_leaves_open_comes_first_with_its_range() -> None:
    shown = spread(ensemble(), [("c.d", 3.0)])
    assert shown["Figure"].tolist() == ["C", "A, %"]
    assert shown.loc[0, ["This release", "Smallest", "Median", "Largest"]].tolist() == [3, 1, 2, 4]
    assert pd.isna(shown.loc[1, "This release"])


def test_a_release_without_ensemble_has_no_rows(tmp_path: Path) -> None:
    assert spread(load_ensemble("2026.02", tmp_path), []).empty


def test_the_committed_ensemble_covers_what_the_chapter_shows() -> None:
    shown = spread(load_ensemble("2021.02"), [])
    assert set(shown["Kind"]) >= {"Left open by print", "Printed"}
    assert (shown["Largest"] >= shown["Smallest"]).all()


def test_a_figure_that_is_not_printed_stands_with_its_range(tmp_path: Path) -> None:
    table = "id,cohorts,smallest,largest\na.b,24,11.2345,14\nc.d,24,-0.5,-0.5\n"
    (tmp_path / "2021.02-records.csv").write_text(table)
    ranges = load_record_spread("2021.02", tmp_path)
    assert ranges == {"a.b": "24 cohorts: 11.2–14", "c.d": "24 cohorts: −0.5"}
    assert load_record_spread("2026.02", tmp_path) == {}


def test_a_table_shows_the_range_beside_what_print_leaves_open() -> None:
    record, words = next(iter(load_record_spread("2021.02").items()))
    for population, shown in ((None, True), ('sex == "F"', False)):
        report = Report.open(notebook="n", release="2021.02", population=population)
        html = report.table("t", "T", [report.count(record, "Open", 3)])._repr_html_()
        assert (words in html) is shown


def test_no_printed_record_has_a_range() -> None:
    assert not set(load_record_spread("2021.02")) & set(load_published()["record"])


@pytest.mark.slow
def test_a_cohort_made_anew_lies_in_every_committed_range(tmp_path: Path) -> None:
    write_record_spread(tmp_path, seeds=[1], jobs=1)
    made = pd.read_csv(tmp_path / "2021.02-records.csv", index_col="id")
    committed = pd.read_csv(ENSEMBLES / "2021.02-records.csv", index_col="id")
    assert set(made.index) <= set(committed.index)
    inside = committed.loc[made.index]
    slack = 1e-5 * made["smallest"].abs()  # the file keeps six significant digits
    assert (made["smallest"] >= inside["smallest"] - slack).all()
    assert (made["largest"] <= inside["largest"] + slack).all()
