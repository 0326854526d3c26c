"""Records, tables and figures of the published outcomes."""

from __future__ import annotations

import functools
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nissc1.cohort.release import load_release
from nissc1.evidence import load_evidence
from nissc1.report import Report, figures
from nissc1.report.evidence import TreatmentDeaths, record_statement, record_treatment_deaths
from nissc1.report.parameters import check_parameters
from nissc1.report.published import CONTRADICTION_COLUMNS, FIGURE_COLUMNS
from nissc1.report.published_outcomes import (
    arms_table,
    by_study_table,
    cohort_table,
    outcome_table,
    ratio_table,
    survival_lines,
    told,
)
from nissc1.stats import exact_interval

RELEASES = Path(__file__).parent / "fixtures" / "releases"
EVIDENCE = load_evidence()


def session(**changes: str | float) -> Report:
    values = {
        "release": "2020.01",
        "cutoff": None,
        "horizon_months": 24,
        "population": None,
        "conf_level": 0.95,
        "disclosure": "none",
    }
    nothing = (
        pd.DataFrame(columns=list(names)) for names in (FIGURE_COLUMNS, CONTRADICTION_COLUMNS)
    )
    cohort = load_release("2020.01", RELEASES)
    return Report("evidence", check_parameters(**(values | changes)), cohort, *nothing)


@functools.cache  # nothing changes what it returns
def recorded(**changes: str | float) -> tuple[Report, TreatmentDeaths]:
    report = session(**changes)
    return report, record_treatment_deaths(report, EVIDENCE)


def test_a_single_study_has_its_exact_interval() -> None:
    report, _ = recorded()
    record = report.records["evidence.treatment_death.astis"]
    single = exact_interval(8, 79)
    assert record.text == "10.1 (4.5–19.0)"  # R: binom.test(8, 79): 0.0447, 0.1898
    assert (record.lower, record.upper) == (100 * single.lower, 100 * single.upper)


def test_the_releases_own_deaths_stand_apart_and_change_nothing_that_is_pooled() -> None:
    report, deaths = recorded()
    own = deaths.lines["Not pooled"]
    # one of the five patients of release 2020.01 died of the transplantation
    assert own["first"].tolist() == ["1/5"]
    assert own["computed"].all()
    assert report.records["evidence.treatment_death.pooled"].n is None
    pooled = deaths.pooled.iloc[0]
    assert pooled["first"] == "32/348"
    assert "32/348" not in str(own["first"])


def test_small_numbers_of_the_release_are_not_drawn_but_published_ones_are() -> None:
    _, deaths = recorded(disclosure="small-counts")
    assert deaths.lines["Not pooled"].empty
    assert len(deaths.lines["No known overlap"]) == 7


def test_limits_follow_the_confidence_level() -> None:
    wide, narrow = (
        recorded(conf_level=level)[0].records["evidence.treatment_death.pooled"]
        for level in (0.95, 0.9)
    )
    assert wide.lower < narrow.lower < narrow.upper < wide.upper
    assert wide.estimate == narrow.estimate


def test_each_pooling_has_a_prediction_interval_wider_than_its_confidence_interval() -> None:
    _, deaths = recorded()
    lines = deaths.pooled
    assert (lines["prediction_lower"] < lines["lower"]).all()
    assert (lines["prediction_upper"] > lines["upper"]).all()


def test_the_span_without_one_study_is_that_of_the_table() -> None:
    report, deaths = recorded()
    span = report.records["evidence.treatment_death.left_out_span"]
    found = [record.estimate for record in deaths.left_out["Pooled, % (interval)"]]
    assert (span.lower, span.upper) == (min(found), max(found))


def test_a_statement_is_recorded_as_printed() -> None:
    report = session()
    assert record_statement(report, EVIDENCE, "editorial2014", "Mortality").text == "30–50"
    review = record_statement(report, EVIDENCE, "meta2023", "Review")
    assert review.text == "6.3 (4.2–8.4)"  # printed 6.30 (4.21–8.38), Higashitani et al. 2023


def test_a_study_with_several_outcomes_makes_no_statement() -> None:
    with pytest.raises(ValueError, match=r"'astis' has \d+ outcomes in the published figures"):
        record_statement(session(), EVIDENCE, "astis", "ASTIS")


def test_arms_stand_side_by_side() -> None:
    table = arms_table(EVIDENCE).set_index(["Study", "Outcome"])
    # Sullivan et al. 2018, Table 2 and abstract; van Laar et al. 2014, legend of Figure 1
    assert table.loc[("SCOT 2018", "Death, 4.5 years")].tolist() == [
        "17\u202f% (6/36)", "28\u202f% (11/39)", "Intention to treat"
    ]  # fmt: skip
    assert table.loc[("SCOT 2018", "Overall survival, 6 years"), "Cyclophosphamide"] == "51\u202f%"
    whole = table.loc[("ASTIS 2014", "Death or organ failure, whole follow-up")]
    assert whole.tolist() == ["22/79", "31/77", "Randomised"]
    assert not table.index.duplicated().any()


def test_hazard_ratios_have_a_row_a_time() -> None:
    table = ratio_table(EVIDENCE)
    assert list(table.columns) == ["Study", "Follow-up", "Event-free survival", "Overall survival"]
    row = table[table["Follow-up"] == "2 years"].iloc[0]  # van Laar et al. 2014, Figure 2
    assert row.iloc[2:].tolist() == ["0.35 (0.16–0.74)", "0.29 (0.13–0.65)"]


def test_times_of_one_group_stand_in_one_row() -> None:
    printed = EVIDENCE.outcomes
    table = by_study_table(EVIDENCE, printed["arm"].eq("no transplantation")).set_index("Study")
    assert table.loc["UK eligible 2022", "Printed, %"].iloc[0] == (
        "2 years: 96; 5 years: 88; 10 years: 73; 20 years: 43"  # Spierings et al. 2022, abstract
    )
    assert len(table.loc[["Australia 2024"]]) == 2


def test_every_row_is_in_the_table_of_sources() -> None:
    rows = EVIDENCE.outcomes
    table = outcome_table(EVIDENCE)
    assert len(table) == len(rows)
    assert table["Read"].str.startswith("Maintainers, ").all()
    assert not table.isin([""]).any(axis=None)


def test_studies_name_those_with_which_they_may_share_patients() -> None:
    table = cohort_table(EVIDENCE).set_index("Study")
    assert table.at["ASSIST 2011", "May share patients with"] == "Chicago and Ribeirão Preto 2013"
    assert table.at["SCOT 2018", "May share patients with"] == "–"


def test_survival_is_listed_by_time_and_never_as_a_curve() -> None:
    lines = survival_lines(EVIDENCE)
    overall = lines["Overall survival"]["label"].tolist()
    assert overall[:2] == ["NISSC1 2021, 1 year", "NISSC1 2021, 2 years"]
    assert overall[-1] == "Sapporo 2018, 10 years"
    own = lines["Overall survival"].query("own")
    assert own["second"].tolist() == ["91.2 (85.1–97.4)", "90 (83.4–96.6)"]
    words = told(lines)
    assert words.startswith("Overall survival, %: NISSC1 2021, 1 year: 91.2 (85.1–97.4); ")
    assert words.count(":") == 2 + sum(len(rows) for rows in lines.values())


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("narrow", [False, True])
def test_the_forest_has_a_line_a_study_and_a_diamond_a_pooling(narrow: bool) -> None:
    _, deaths = recorded()
    drawing = figures.percent_forest(
        deaths.lines, headings=("Died/of", "%"), xlabel="%", pooled=deaths.pooled
    )
    assert drawing is not None
    figure = drawing.draw(narrow)
    rows = pd.concat([*deaths.lines.values(), deaths.pooled])
    assert set(rows["label"]) | set(rows["second"]) <= set(texts(figure))
    diamonds = [patch.get_xy() for patch in figure.axes[0].patches]
    assert len(diamonds) == 2
    for corners, (_, row) in zip(diamonds, deaths.pooled.iterrows(), strict=True):
        assert [corners[:, 0].min(), corners[:, 0].max()] == [row["lower"], row["upper"]]
    assert drawing.data["Died/of"].tolist() == rows["first"].tolist()


def test_words_do_not_run_into_each_other_on_a_phone() -> None:
    _, deaths = recorded()
    for groups, pooled in ((deaths.lines, deaths.pooled), (survival_lines(EVIDENCE), None)):
        drawing = figures.percent_forest(groups, headings=("", ""), xlabel="%", pooled=pooled)
        assert drawing is not None
        figure = drawing.draw(True)
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)
        boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
        overlapping = [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)]
        assert overlapping == []


def test_limits_that_are_not_printed_are_not_drawn() -> None:
    drawing = figures.percent_forest(survival_lines(EVIDENCE), headings=("n", "%"), xlabel="%")
    assert drawing is not None
    rows = pd.concat(survival_lines(EVIDENCE).values())
    lines = drawing.draw(False).axes[0].lines
    assert sum(len(np.ravel(line.get_xdata())) == 2 for line in lines) == rows["lower"].count()


def test_no_line_is_no_figure() -> None:
    assert figures.percent_forest({"": pd.DataFrame()}, headings=("", ""), xlabel="") is None
