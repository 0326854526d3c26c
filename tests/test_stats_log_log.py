import numpy as np
import pytest

from nissc1.stats import cumulative_hazard, cumulative_incidence, kaplan_meier, log_log

TIME, EVENT = [1, 2, 3, 4], [1, 0, 1, 0]


def test_log_log_curve_by_hand():
    # S is 3/4 from 1 and 3/8 from 3; var log(-log S) = sum of d / (Y (Y - d)) / (log S)^2
    curve = log_log(kaplan_meier(TIME, EVENT))
    assert curve["time"].tolist() == [1, 3]
    np.testing.assert_allclose(curve["log_time"], np.log([1, 3]))
    hazard = -np.log([3 / 4, 3 / 8])
    np.testing.assert_allclose(curve["estimate"], np.log(hazard))
    np.testing.assert_allclose(curve["std_error"], np.sqrt([1 / 12, 1 / 12 + 1 / 2]) / hazard)


def test_limits_are_the_curve_s_log_log_limits():
    curve = kaplan_meier(TIME, EVENT, conf_type="log-log", conf_level=0.9)
    at_3 = curve.at(3).iloc[0]
    row = log_log(curve).iloc[1]
    assert row["lower"] == pytest.approx(np.log(-np.log(at_3["upper"])))
    assert row["upper"] == pytest.approx(np.log(-np.log(at_3["lower"])))


def test_an_exponential_curve_has_slope_1_and_a_hazard_ratio_is_a_vertical_distance():
    time = -np.log(1 - (np.arange(2000) + 0.5) / 2000)
    curve = log_log(kaplan_meier(time, np.ones(2000))).iloc[200:1800]
    slope, intercept = np.polyfit(curve["log_time"], curve["estimate"], 1)
    assert slope == pytest.approx(1, abs=0.01)
    faster = log_log(kaplan_meier(time / 3, np.ones(2000))).iloc[200:1800]
    assert np.polyfit(faster["log_time"], faster["estimate"], 1)[1] - intercept == pytest.approx(
        np.log(3), abs=0.02
    )


def test_events_at_time_0_and_an_exhausted_curve_have_no_place_on_the_scale():
    curve = log_log(kaplan_meier([0, 1, 2], [1, 1, 1]))
    assert curve["time"].tolist() == [1]


def test_a_cumulative_incidence_is_taken_as_one_minus_itself():
    one = log_log(kaplan_meier(TIME, EVENT))
    other = log_log(cumulative_incidence(TIME, EVENT))
    np.testing.assert_allclose(one["estimate"], other["estimate"])


def test_without_an_event_there_is_no_curve():
    assert log_log(kaplan_meier([1, 2], [0, 0])).empty
    hazard = cumulative_hazard([1, 2], [0, 0])
    assert hazard[["estimate", "std_error", "lower", "upper"]].to_numpy().tolist() == [[0] * 4] * 2


def test_cumulative_hazard_by_hand():
    hazard = cumulative_hazard([1, 2, 2, 4], [1, 1, 1, 0])
    assert hazard["estimate"].tolist() == pytest.approx([1 / 4, 1 / 4 + 2 / 3, 1 / 4 + 2 / 3])
    assert hazard["std_error"].tolist()[1] == pytest.approx(np.sqrt(1 / 16 + 2 / 9))
    assert (hazard["lower"] < hazard["estimate"]).all()
    ratio = hazard["upper"] / hazard["estimate"]
    np.testing.assert_allclose(ratio, hazard["estimate"] / hazard["lower"])


def test_empty_and_unequal_arrays_are_refused():
    with pytest.raises(ValueError, match="is empty"):
        cumulative_hazard([], [])
    with pytest.raises(ValueError, match="differ in length"):
        cumulative_hazard([1, 2], [1])
