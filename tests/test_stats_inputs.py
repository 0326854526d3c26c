import numpy as np
import pandas as pd
import pytest

from nissc1.stats import cumulative_incidence, gray_test, kaplan_meier, logrank_test


@pytest.mark.parametrize(
    ("time", "message"),
    [
        ([1, -2], r"time is -2 at position 1 \(1 such"),
        ([np.inf, 2], "time is inf at position 0"),
        ([1, np.nan], "time has 1 missing value"),
        (pd.array([None, 3], dtype="Int64"), "time has 1 missing value"),
        (["3", "4"], "numbers are needed"),
        ([[1, 2]], "2 dimensions"),
        (pd.to_datetime(["2020-01-01", "2020-01-02"]), "numbers are needed"),
        ([1], "differ in length"),
    ],
)
def test_bad_times_are_refused_with_what_and_where(time, message):
    with pytest.raises(ValueError, match=message):
        kaplan_meier(time, [1, 0])
    with pytest.raises(ValueError, match=message):
        cumulative_incidence(time, [1, 0])


def test_no_observation_is_refused():
    with pytest.raises(ValueError, match="at least one observation"):
        kaplan_meier([], [])


@pytest.mark.parametrize("event", [[0, 2], [0, 0.5], [0, -1]])
def test_events_other_than_zero_and_one_are_refused(event):
    with pytest.raises(ValueError, match=r"event is .* at position 1"):
        kaplan_meier([1, 2], event)


@pytest.mark.parametrize("cause", [[0, 1.5], [0, -1], [0, np.inf]])
def test_causes_which_are_no_whole_numbers_are_refused(cause):
    with pytest.raises(ValueError, match=r"cause is .* at position 1"):
        cumulative_incidence([1, 2], cause)


@pytest.mark.parametrize("conf_level", [0, 1, 95, -0.5])
def test_a_confidence_level_outside_zero_to_one_is_refused(conf_level):
    with pytest.raises(ValueError, match=r"above 0 and below 1"):
        kaplan_meier([1, 2], [1, 0], conf_level=conf_level)


@pytest.mark.parametrize("test", [logrank_test, gray_test])
def test_unequal_lengths_of_groups_are_refused(test):
    with pytest.raises(ValueError, match=r"time 3, .* group 2"):
        test([1, 2, 3], [1, 0, 1], ["A", "B"])


@pytest.mark.parametrize(
    "event", [[True, False, True], pd.array([1, 0, 1], dtype="Int64"), [1.0, 0.0, 1.0]]
)
def test_booleans_and_nullable_columns_are_taken(event):
    time = pd.Series([3, 4, 5], index=[7, 8, 9], dtype="Int64")
    result = kaplan_meier(time, event).at([3, 4, 5])["estimate"]
    assert result.tolist() == pytest.approx([2 / 3, 2 / 3, 0])


def test_points_in_time_are_checked_too():
    with pytest.raises(ValueError, match="times is -1"):
        kaplan_meier([1, 2], [1, 0]).at([-1])
