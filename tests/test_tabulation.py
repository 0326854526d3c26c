"""Rows of tables: from definitions to records."""

from __future__ import annotations

import pandas as pd
import pytest

from nissc1.report.describe import describe, describe_group
from nissc1.report.recorder import Recorder
from nissc1.tabulation.baseline import BASELINE
from nissc1.tabulation.deaths import CAUSES, LATE_EFFECTS
from nissc1.tabulation.procedure import ENGRAFTMENT, PROCEDURE
from nissc1.tabulation.row import abnormal, count, done, median, share
from nissc1.tabulation.workup import EARLY_DEATHS, MRI_ABNORMAL, NOT_EXAMINED, neither_examined

FRAME = pd.DataFrame(
    {
        "ecg": pd.array(["normal", "abnormal", "not done", "normal"], dtype="string"),
        "fever": pd.array([True, pd.NA, False, True], dtype="boolean"),
        "age": pd.array([20, 30, pd.NA, 50], dtype="Int64"),
    }
)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder("a-notebook", "2021.02", len(FRAME))


def test_a_share_leaves_out_who_is_not_known(recorder: Recorder) -> None:
    (record,) = describe_group(recorder, [share("a.b", "Fever", "fever")], FRAME)
    assert (record.events, record.denominator, record.text) == (2, 3, "2/3 (66.7)")


def test_a_count_takes_missing_for_no(recorder: Recorder) -> None:
    (record,) = describe_group(recorder, [count("a.b", "Fever", "fever")], FRAME)
    assert (record.estimate, record.n) == (2, 4)


def test_a_median_has_unit_and_range(recorder: Recorder) -> None:
    (record,) = describe_group(recorder, [median("a.b", "Age", "age", "years")], FRAME)
    assert (record.estimate, record.lower, record.upper) == (30, 20, 50)
    assert (record.unit, record.n) == ("years", 3)


def test_what_was_not_done_is_neither_normal_nor_abnormal(recorder: Recorder) -> None:
    rows = [share("a.done", "Done", done("ecg")), share("a.abnormal", "Abnormal", abnormal("ecg"))]
    was_done, found = describe_group(recorder, rows, FRAME)
    assert (was_done.events, was_done.denominator) == (3, 4)
    assert (found.events, found.denominator) == (1, 3)


def test_groups_keep_their_order(recorder: Recorder) -> None:
    rows = {"B": (count("a.b", "b", "fever"),), "A": (count("a.a", "a", "fever"),)}
    assert list(describe(recorder, rows, FRAME)) == ["B", "A"]


def test_no_two_rows_share_a_record() -> None:
    tables = [*BASELINE.values(), *PROCEDURE.values(), *CAUSES.values(), *LATE_EFFECTS.values()]
    tables += [ENGRAFTMENT, NOT_EXAMINED, MRI_ABNORMAL, EARLY_DEATHS]
    names = [row.record for rows in tables for row in rows]
    assert len(names) == len(set(names))


def test_neither_examined_means_neither() -> None:
    frame = pd.DataFrame(
        {
            "cardiac_mri": ["not done", "not done", "normal"],
            "rhc": ["not done", "normal", "not done"],
        }
    )
    assert neither_examined(frame).tolist() == [True, False, False]
