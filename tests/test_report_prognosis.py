"""Prognostic factors in the report: what stands in the table, and what a refused model leaves."""

from __future__ import annotations

import pandas as pd
import pytest

from nissc1 import prognosis
from nissc1.report import NotEstimable, Report
from nissc1.report.prognosis import joint_model, joint_records, univariate_table


@pytest.fixture
def report() -> Report:
    return Report.open(notebook="a-notebook", release="2021.02")


@pytest.fixture
def coded(report: Report) -> pd.DataFrame:
    return prognosis.covariates(report.cohort.baseline())


def separated(coded: pd.DataFrame) -> pd.DataFrame:
    """Events in men only, so that no ratio for sex is finite."""
    male = (coded["male"] == 1).to_numpy(dtype=int)
    days = range(1, len(coded) + 1)
    return pd.DataFrame(
        {"patient_id": coded.index, "time": [float(d) for d in days], "event": male}
    )


def test_a_model_without_finite_estimate_is_said_not_to_be_estimable(
    report: Report, coded: pd.DataFrame
) -> None:
    times = separated(coded)
    model = joint_model(report, times, coded, ["male"])
    assert isinstance(model, NotEstimable)
    tests = prognosis.univariate(times, coded)
    (record,) = joint_records(report, "x.cox", model, tests, ["male"])
    assert record.estimate is None
    assert record.text.startswith("not estimable: the Cox model of ['male']")


def test_what_did_not_enter_is_said_not_to_be_in_the_model(
    report: Report, coded: pd.DataFrame
) -> None:
    times = separated(coded)
    model = joint_model(report, times, coded, [])
    tests = prognosis.univariate(times, coded)
    (record,) = joint_records(report, "x.cox", model, tests, ["age", "age"])
    assert "not in the model" in record.text


def test_the_table_shows_no_ratio_where_none_is_finite(report: Report, coded: pd.DataFrame) -> None:
    tests = prognosis.univariate(separated(coded), coded)
    html = univariate_table(report, "alone", "One at a time", tests)._repr_html_()
    assert "nan" not in html.lower().replace("covariance", "")
    assert "Sex, male" in html
