"""Records with intervals: exact shares and rates, mean times, spans, and what is not estimable."""

from __future__ import annotations

import pandas as pd
import pytest

from nissc1.report import NotEstimable, Report
from nissc1.stats import cox, exact_rate, kaplan_meier, rmst


def opened(**parameters: object) -> Report:
    return Report.open(notebook="a-notebook", release="2021.02", **parameters)  # type: ignore[arg-type]


def test_an_exact_share_shows_count_denominator_and_interval() -> None:
    # R: binom.test(5, 80)$conf.int is 0.02060307 to 0.13985708
    record = opened().exact("x.share", "Share", numerator=5, denominator=80)
    assert record.text == "5/80, 6.3 (2.1–14.0)"
    assert (record.n, record.events, record.denominator) == (80, 5, 80)
    assert record.lower == pytest.approx(2.060307, abs=1e-6)


def test_an_exact_share_follows_the_level_of_the_edition() -> None:
    # R: binom.test(5, 80, conf.level = 0.9)$conf.int is 0.02494738 to 0.12692564
    record = opened(conf_level=0.9).exact("x.share", "Share", numerator=5, denominator=80)
    assert record.text == "5/80, 6.3 (2.5–12.7)"


def test_a_share_of_nobody_is_a_sentence() -> None:
    record = opened().exact("x.share", "Share", numerator=0, denominator=0)
    assert record.text == "not estimable: no patient with a known value"


def test_where_small_numbers_are_withheld_limits_come_from_rounded_counts() -> None:
    report = opened(disclosure="small-counts")
    few = report.exact("x.few", "Few", numerator=5, denominator=80)
    assert (few.text, few.estimate, few.lower) == ("≤\u00a07 of 80", None, None)
    one, other = (
        report.exact(f"x.n{count}", "Some", numerator=count, denominator=79) for count in (18, 22)
    )
    assert one.text == other.text == "20/80, 25.0 (16.0–35.9)"  # R: binom.test(20, 80)
    assert (one.lower, one.upper) == (other.lower, other.upper)


def test_a_rate_by_person_time_has_poisson_limits_and_its_events() -> None:
    # R: poisson.test(8, 1000)$conf.int is 0.003454 to 0.015763
    record = opened().rate_per("x.rate", "Rate", exact_rate(8, 1000), 100, "per 100 patient-days")
    assert record.text == "0.80 (0.35–1.58)"
    assert record.events == 8


def test_a_rate_from_few_events_is_withheld_where_small_numbers_are() -> None:
    report = opened(disclosure="small-counts")
    record = report.rate_per("x.rate", "Rate", exact_rate(7, 1000), 100, "per 100 patient-days")
    assert record.text == "withheld (≤\u00a07 events)"
    assert record.estimate is None


def test_a_mean_time_is_in_months_and_marked_where_it_is_immature() -> None:
    report = opened()
    # eight die after 1 to 8 months: of 24 months (8 * 24 - 36) / 80 are lost, so 22.05 are left
    time, event = list(range(1, 81)), [1] * 8 + [0] * 72
    early, late = (rmst(time, event, horizon=months) for months in (24, 48))
    assert report.mean_time("x.early", "Early", early, 24).text == "22.1 (20.8–23.3)"
    assert report.mean_time("x.late", "Late", late, 48).text.endswith("†")
    assert report.maturity_notes[0].startswith("† Immature")
    nobody = report.mean_time("x.never", "Never", rmst(time, event, horizon=75), 75)
    assert "nobody could have been followed up to 75 months" in nobody.text


def test_a_method_may_refuse_the_whole_cohort_and_the_reason_is_the_first_clause() -> None:
    report = opened()
    found = report.attempt(rmst, [1.0, 2.0], [1, 0], horizon=5)
    assert isinstance(found, NotEstimable)
    assert found.reason == "horizon is 5, but the last patient left event-free at 2"
    assert report.attempt(kaplan_meier, [], []).reason == "no patient in the analysis"  # type: ignore[union-attr]
    assert report.attempt(kaplan_meier, found, [1]) is found
    one_sided = pd.DataFrame({"time": [1.0, 2.0, 3.0], "event": [1, 0, 0], "x": [1, 0, 0]})
    model = report.attempt(cox, one_sided, time="time", event="event", covariates=["x"])
    assert model.reason == "too few events, or all on one side"  # type: ignore[union-attr]
    record = report.span("x.span", "Span", found, "months")
    assert record.text.startswith("not estimable: horizon is 5")


def test_a_span_without_finite_limits_shows_its_estimate_alone() -> None:
    report = opened()
    bounded = report.span("x.a", "A", {"estimate": -11.5, "lower": -13.1, "upper": -9.9})
    assert bounded.text == "−11.5 (−13.1 to −9.9)"
    unbounded = {"estimate": -11.5, "lower": float("-inf"), "upper": float("inf")}
    assert report.span("x.b", "B", unbounded).text == "−11.5"
    nothing = {"estimate": float("nan"), "lower": 0.0, "upper": 1.0}
    assert report.span("x.c", "C", nothing).text == "not estimable: the data do not determine it"
