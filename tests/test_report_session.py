"""A notebook's session: records, tables, figures and artefacts."""

import datetime as dt
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nissc1.cohort.release import Cohort, Release
from nissc1.report import NotEstimable, Report, figures
from nissc1.report.display import Html
from nissc1.report.parameters import ParameterError, check_parameters
from nissc1.report.published import CONTRADICTION_COLUMNS, FIGURE_COLUMNS
from nissc1.report.records import DuplicateRecordError, RecordBook
from nissc1.stats.cox import cox
from nissc1.stats.cumulative_incidence import cumulative_incidence
from nissc1.stats.kaplan_meier import kaplan_meier
from nissc1.stats.result import GroupTest

CUTOFF = dt.date(2018, 2, 28)


def cohort(n: int = 80, disclosure: str = "none") -> Cohort:
    patients = pd.DataFrame(
        {
            "patient_id": [f"P{i:03d}" for i in range(n)],
            "sex": (["F"] * 57 + ["M"] * 23)[:n],
            "age_years": ([20, 62] + [43] * 78)[:n],
        }
    )
    release = Release("2021.02", Path(), CUTOFF, True, disclosure, "Test")
    return Cohort.from_frames({"patients": patients}, release)


def published(*rows: dict[str, str]) -> pd.DataFrame:
    blank = dict.fromkeys(FIGURE_COLUMNS, "") | {"relation": "="}
    return pd.DataFrame([blank | row for row in rows], columns=list(FIGURE_COLUMNS))


PRINTED = published(
    {"id": "results.f", "where": "results.patients", "printed": "71.3% female",
     "statistic": "proportion", "estimate": "71.3", "record": "baseline.female"},
    {"id": "table1.f", "where": "table1", "printed": "57 (71.3)", "statistic": "proportion",
     "n": "57", "estimate": "71.3", "record": "baseline.female"},
    {"id": "table1.age", "where": "table1", "printed": "44 (20-62)", "statistic": "median_range",
     "estimate": "44", "lower": "20", "upper": "62", "record": "baseline.age"},
)  # fmt: skip
NO_CLASHES = pd.DataFrame(columns=list(CONTRADICTION_COLUMNS))


def session(people: Cohort | None = None, name: str = "table-1", **changes: Any) -> Report:
    values = {
        "release": "2021.02",
        "cutoff": None,
        "horizon_months": 24,
        "population": None,
        "conf_level": 0.95,
        "disclosure": "none",
    }
    parameters = check_parameters(**(values | changes))
    people = cohort() if people is None else people
    return Report(name, parameters, people, PRINTED, NO_CLASHES)


def survival() -> Any:
    """Table 3's eight deaths among 80, nobody censored before two years."""
    time = np.concatenate([[1, 1, 9, 26, 61, 128, 131, 414], np.full(72, 731)])
    return kaplan_meier(time, (np.arange(80) < 8).astype(int))


def test_a_proportion_counts_known_values_only() -> None:
    flags = pd.Series([True] * 31 + [False] * 40 + [pd.NA] * 9, dtype="boolean")
    record = session().proportion("baseline.chest_xray_abnormal", "Abnormal", flags)
    assert (record.n, record.events, record.denominator) == (71, 31, 71)
    assert record.text == "31/71 (43.7)"


def test_flags_that_are_no_truth_values_are_refused() -> None:
    with pytest.raises(ValueError, match="True, False and missing"):
        session().proportion("a.b", "A", pd.Series(["normal", "abnormal"]))


def test_a_numerator_above_its_denominator_is_refused() -> None:
    with pytest.raises(ValueError, match="9 in 8"):
        session().proportion("a.b", "A", numerator=9, denominator=8)


def test_an_infinite_value_is_refused_rather_than_dropped() -> None:
    with pytest.raises(ValueError, match="infinite"):
        session().mean("a.b", "A", [1.0, float("inf")])


def test_rates_are_percentages_with_events_and_numbers_at_risk() -> None:
    record = session().rate("os.12m", "Overall survival", survival(), months=12)
    # 73/80; Greenwood: 1.96 sqrt(.9125 * .0875 / 80) = 6.19 points, as the article prints.
    assert record.statistic == "survival"
    assert (record.n, record.events, record.denominator) == (80, 7, 73)
    assert record.text == "91.3 (85.1–97.4)"


def test_a_cumulative_incidence_is_told_from_survival() -> None:
    curve = cumulative_incidence([10, 20, 400, 500], [1, 2, 0, 0])
    record = session().rate("nrm.100d", "NRM", curve, days=100)
    assert record.statistic == "cumulative_incidence"
    assert record.estimate == 25.0


def test_a_rate_beyond_the_data_is_not_estimable() -> None:
    record = session().rate("os.36m", "Overall survival", survival(), months=36)
    assert record.estimate is None
    assert record.text == "not estimable: nobody was followed up to 36 months"


def test_months_and_days_together_are_refused() -> None:
    with pytest.raises(ValueError, match="either months or days"):
        session().rate("os.12m", "OS", survival(), months=12, days=365)


def test_a_comparison_without_degrees_of_freedom_has_no_p_value() -> None:
    nothing_to_compare = GroupTest(0.0, 0, 1.0, 3, 0, ("a", "b"))
    record = session().p_value("a.p", "P", nothing_to_compare)
    assert record.estimate is None
    assert record.text.startswith("not estimable")


def test_an_empty_population_gives_records_that_say_so_and_no_traceback() -> None:
    report = session(cohort(0), population='sex == "X"')
    nobody = report.cohort.patients
    curve = report.estimate(kaplan_meier, nobody["age_years"], nobody["age_years"])
    incidence = report.estimate(cumulative_incidence, nobody["age_years"], nobody["age_years"])
    assert isinstance(curve, NotEstimable)
    records = [
        report.count("cohort.n", "Patients", len(nobody)),
        report.proportion("baseline.female", "Female", nobody["sex"] == "F"),
        report.median_range("baseline.age", "Age", nobody["age_years"]),
        report.mean("a.mean", "Mean", nobody["age_years"]),
        report.sd("a.sd", "SD", nobody["age_years"]),
        report.rate("os.12m", "OS", curve, months=12),
        report.rate("nrm.12m", "NRM", incidence, months=12),
        report.hazard_ratio("a.cox", "HR", NotEstimable("no events"), "age"),
        report.p_value("a.p", "P", NotEstimable("no events")),
        report.correlation("a.r", "r", NotEstimable("no pairs")),
    ]
    assert records[0].text == "0"
    assert all(record.text.startswith("not estimable: ") for record in records[1:])
    assert records[6].statistic == "cumulative_incidence"
    assert "nan" not in report.table("t", "T", records).html.lower().replace("nance", "")
    drawn = figures.survival_panel({"OS": curve})
    assert drawn is None
    assert "nothing is drawn" in report.figure("f", drawn, "Curves")._repr_html_()
    empty = report.frame_table("g", "Visits", pd.DataFrame({"a": []}))
    assert "nothing to show" in empty.html


def test_a_method_that_refuses_the_whole_cohort_fails_the_notebook() -> None:
    with pytest.raises(ValueError, match="event"):
        session().estimate(kaplan_meier, [1, 2], [0, 5])


def test_a_method_that_refuses_a_subgroup_is_not_estimable() -> None:
    report = session(population='centre == "C03"')
    result = report.estimate(kaplan_meier, [1, 2], [0, 5])
    assert isinstance(result, NotEstimable)
    assert "event is 5" in result.reason


def test_one_id_for_two_figures_is_refused() -> None:
    report = session()
    report.count("cohort.n", "Patients", 80)
    with pytest.raises(DuplicateRecordError, match=r"'Patients'.*'People'"):
        report.count("cohort.n", "People", 80)


def rows_of(report: Report) -> list[Any]:
    patients = report.cohort.patients
    return [
        report.proportion("baseline.female", "Female", patients["sex"] == "F"),
        report.median_range("baseline.age", "Age", patients["age_years"], "years"),
    ]


def test_a_table_shows_the_printed_figure_of_its_own_place_with_a_verdict() -> None:
    report = session()
    html = report.table("table-1", "Baseline", rows_of(report)).html
    assert "57 (71.3)" in html
    assert "71.3% female" not in html
    assert "Age, years" in html
    assert "✓" in html
    assert "≠" in html
    assert "printed 44, computed 43 (−1)" in html


def test_another_place_can_be_asked_for() -> None:
    report = session()
    html = report.table("t", "T", rows_of(report), where="results.patients").html
    assert "71.3% female" in html


@pytest.mark.parametrize(
    "change", [{"population": 'sex == "F"'}, {"disclosure": "small-counts"}, {"conf_level": 0.9}]
)
def test_a_deviating_analysis_shows_print_without_a_verdict(change: dict[str, Any]) -> None:
    report = session(**change)
    html = report.table("table-1", "Baseline", rows_of(report)).html
    assert "57 (71.3)" in html
    assert "without a verdict" in html
    assert not any(mark in html for mark in ("✓", "≠", "agrees", "differs"))


def text_of(path: Path) -> str:
    """Text of a file; of an archive, as Word and Excel have it, of all in it."""
    if not zipfile.is_zipfile(path):
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8") for name in archive.namelist())


def test_small_numbers_reach_neither_screen_nor_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NISSC1_OUTPUT", str(tmp_path))
    report = session(disclosure="small-counts")
    record = report.proportion("baseline.tall", "Tall", numerator=3, denominator=80)
    report.table("t", "T", [record])
    frame = pd.DataFrame({"month": [3], "n": [6]})
    shown = report.frame_table("v", "Visits", frame, counts=["n"]).html
    deaths = report.frame_table("d", "Deaths", pd.DataFrame({"age": [28]}), patient_level=True)
    report.publish()
    written = "".join(map(text_of, sorted(tmp_path.rglob("*.*"))))
    assert "3.75" not in written
    assert "≤" in written
    assert ">6<" not in shown
    assert "28" not in deaths.html
    assert not (tmp_path / "tables" / "d.csv").exists()


def test_a_release_that_demands_disclosure_control_gets_it_in_any_case() -> None:
    report = session(cohort(disclosure="small-counts"))
    assert report.disclosure.active
    assert not report.comparable
    assert report.count("a.b", "A", 3).estimate is None


def test_artefacts_are_written_below_the_output_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NISSC1_OUTPUT", str(tmp_path))
    report = session()
    report.table("table-1", "Baseline", {"All": rows_of(report)})
    report.figure("figure-1", figures.survival_panel({"OS": survival()}), "One curve")
    report.publish()
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*"))
    assert found == [
        "dependencies/table-1.json",
        *(f"figures/figure-1.{ending}" for ending in ("csv", "png", "svg")),
        "records/table-1.json",
        *(f"tables/table-1.{ending}" for ending in ("csv", "docx", "tex", "xlsx")),
    ]
    table = pd.read_csv(tmp_path / "tables" / "table-1.csv")
    assert table["verdict"].tolist() == ["agrees", "differs"]
    records = json.loads((tmp_path / "records" / "table-1.json").read_text())
    assert [record["id"] for record in records] == ["baseline.female", "baseline.age"]
    assert len(RecordBook.read(tmp_path / "records")) == 2


def test_nothing_is_written_without_an_output_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NISSC1_OUTPUT", raising=False)
    monkeypatch.chdir(tmp_path)
    report = session()
    report.table("table-1", "Baseline", rows_of(report))
    report.publish()
    assert list(tmp_path.iterdir()) == []


def test_publish_comes_once() -> None:
    report = session()
    report.publish()
    with pytest.raises(RuntimeError, match="once"):
        report.publish()


@pytest.mark.parametrize("name", ["../x", "Table 1", "a_b", ""])
def test_a_name_that_is_no_file_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case letters"):
        session().frame_table(name, "T", pd.DataFrame({"a": [1]}))


def test_a_name_is_used_once() -> None:
    report = session()
    report.frame_table("visits", "T", pd.DataFrame({"a": [1]}))
    with pytest.raises(ValueError, match="'visits' is used for two"):
        report.figure("visits", None, "Nothing")


def test_a_figure_needs_an_alternative_text() -> None:
    with pytest.raises(ValueError, match="no alternative text"):
        session().figure("f", None, " ")


def test_a_figure_says_what_it_is_what_it_finds_and_the_numbers() -> None:
    report = session()
    found = report.rate("os.24m", "Alive at 24 months", survival(), months=24)
    title = report.finding("{os.24m:estimate} % were alive", "Survival")
    drawn = figures.survival_panel({"OS": survival()})
    shown = report.figure("f", drawn, 'A "curve".', title=title, numbers=[found])
    assert isinstance(shown, Html)
    estimate, _, interval = found.text.partition(" ")
    rate = f"Alive at 24 months: {estimate} % {interval}."
    told = f"A &quot;curve&quot;. {estimate} % were alive. {rate}"
    assert shown.html.count(f'aria-label="{told}"') == 2  # wide and narrow
    assert f'<p class="nissc1-title">{title}</p>' in shown.html
    for ending in ("svg", "png", "csv"):
        assert f'href="../figures/f.{ending}"' in shown.html


def test_a_finding_without_its_number_says_something_else() -> None:
    report = session()
    report.rate("os.48m", "Alive at 48 months", survival(), months=48)
    assert report.finding("{os.48m:estimate} % were alive", "Survival") == "Survival"
    assert report.finding("{os.12m:estimate} % were alive", "Survival") == "Survival"


def test_a_figure_of_matplotlib_is_shown_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NISSC1_OUTPUT", str(tmp_path))
    drawn = figures.survival_panel({"OS": survival()})
    assert drawn is not None
    shown = session().figure("f", drawn.draw(False), "A curve.")
    assert shown.html.count("<svg") == 1
    assert not (tmp_path / "figures" / "f.csv").exists()
    assert "f.csv" not in shown.html


def test_opening_refuses_a_wrong_parameter_before_reading_any_data() -> None:
    with pytest.raises(ParameterError, match="horizon_months"):
        Report.open(notebook="t", release="no such", horizon_months=0)


def test_a_later_notebook_reads_what_earlier_ones_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NISSC1_OUTPUT", str(tmp_path))
    first = session()
    record = first.count("cohort.n", "Patients", 80)
    first.publish()
    shutil.copytree(tmp_path / "records", tmp_path / "earlier")
    second = session(name="changes")
    second.count("changes.n", "Changes", 0)
    second.publish()
    assert list(session(name="agreement").earlier()) == [record]


def test_outside_a_build_nothing_earlier_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NISSC1_OUTPUT", raising=False)
    with pytest.raises(RuntimeError, match="outside a build nothing is kept"):
        session(name="agreement").earlier()


def test_a_model_tells_its_patients_and_events() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"t": rng.integers(1, 99, 40), "e": [1, 0] * 20, "age": rng.normal(43, 9, 40)}
    )
    model = cox(frame, time="t", event="e", covariates=["age"])
    record = session().hazard_ratio("pfs.cox.age", "Age", model, "age")
    assert (record.n, record.events) == (40, 20)
    assert record.estimate == pytest.approx(float(np.exp(model.coef[0])))


def test_p_values_in_a_frame_are_never_written_as_nought() -> None:
    frame = pd.DataFrame({"test": ["A", "B"], "P": [0.00004, np.nan]})
    html = session().frame_table("tests", "Tests", frame, p_values=["P"]).html
    assert "&lt;\u00a00.001" in html
    assert "0.000" not in html


def test_a_span_has_no_middle() -> None:
    record = session().value("procedure.atg_days", "Days of ATG", None, lower=4, upper=5)
    assert (record.estimate, record.lower, record.upper, record.text) == (None, 4.0, 5.0, "4–5")
