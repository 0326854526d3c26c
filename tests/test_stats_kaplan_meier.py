import numpy as np
import pandas as pd
import pytest

from nissc1.stats import kaplan_meier


def test_small_example_by_hand():
    # at risk 5, 4, 2; deaths 1, 1, 1; two censored on day 3 after the death of that day
    curve = kaplan_meier([1, 3, 3, 5, 8], [1, 1, 0, 1, 0])
    table = curve.at([0, 1, 3, 5, 8])
    assert list(table["n_at_risk"]) == [5, 5, 4, 2, 1]
    assert list(table["n_events"]) == [0, 1, 2, 3, 3]
    assert list(table["estimate"]) == pytest.approx([1, 4 / 5, 3 / 5, 3 / 10, 3 / 10])
    greenwood = 0.3 * np.sqrt(1 / (5 * 4) + 1 / (4 * 3) + 1 / (2 * 1))
    assert table["std_error"].iloc[-1] == pytest.approx(greenwood)


def test_columns_are_those_of_the_contract():
    columns = ["time", "n_at_risk", "n_events", "estimate", "std_error", "lower", "upper"]
    assert list(kaplan_meier([1, 2], [1, 0]).at(1).columns) == columns


@pytest.mark.parametrize(("censored", "printed"), [(False, "80.3-94.7"), (True, "80.2-94.7")])
def test_progression_free_survival_of_80_patients_prints_the_article_s_limits(censored, printed):
    # ten events in year 1 among 80: 87.5; one censored before the last of them moves a digit
    # (Henes et al. 2021, Results: 87.5% (80.2-94.7))
    time = [5, 12, 21, 26, 58, 60, 150, 200, 260, 340, 300 if censored else 900, *[1000] * 69]
    event = [1] * 10 + [0] * 70
    row = kaplan_meier(time, event).at(365.25).iloc[0]
    assert f"{100 * row['lower']:.1f}-{100 * row['upper']:.1f}" == printed
    assert f"{100 * row['estimate']:.1f}" == ("87.5")


def test_overall_survival_of_table_3_is_90_percent_at_two_years():
    # seven deaths by day 131, the eighth on day 414, nobody censored before it
    curve = kaplan_meier([5, 7, 20, 26, 53, 90, 131, 414, *[1200] * 72], [1] * 8 + [0] * 72)
    assert curve.at([365.25, 730.5])["estimate"].tolist() == pytest.approx([73 / 80, 0.9])


def test_limits_are_clipped_to_probabilities():
    table = kaplan_meier([1, 2, 3, 4, 5], [1, 0, 0, 0, 1], conf_type="plain").table()
    assert table["upper"].max() <= 1
    assert table["lower"].min() >= 0


def test_nothing_is_extrapolated_beyond_the_last_censored_patient():
    row = kaplan_meier([2, 4], [1, 0]).at(5).iloc[0]
    assert row["n_at_risk"] == 0
    assert row["n_events"] == 1
    assert row[["estimate", "std_error", "lower", "upper"]].isna().all()


def test_a_curve_which_has_reached_zero_stays_there():
    row = kaplan_meier([2, 4], [1, 1]).at(5).iloc[0]
    assert row[["estimate", "std_error", "lower", "upper"]].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("conf_type", ["plain", "log", "log-log"])
@pytest.mark.parametrize(
    ("time", "event"),
    [([3], [0]), ([3], [1]), ([0], [1]), ([4, 4, 4], [1, 1, 1]), ([1, 2], [0, 0])],
)
def test_degenerate_data_give_defined_limits(time, event, conf_type):
    curve = kaplan_meier(time, event, conf_type=conf_type)
    table = curve.table()
    assert table.notna().all(axis=None)
    assert (table["lower"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["upper"]).all()


def test_deaths_on_day_0_count():
    assert kaplan_meier([0, 0, 3, 4], [1, 0, 0, 0]).at(0)["estimate"].item() == pytest.approx(0.75)


def test_the_table_starts_at_time_zero_with_everybody():
    first = kaplan_meier([2, 3], [1, 0]).table().iloc[0]
    assert first[["time", "n_at_risk", "estimate"]].tolist() == [0, 2, 1]


def test_order_of_rows_does_not_matter():
    rng = np.random.default_rng(0)
    time, event = rng.integers(0, 9, 60), rng.integers(0, 2, 60)
    shuffled = rng.permutation(60)
    pd.testing.assert_frame_equal(
        kaplan_meier(time, event).table(), kaplan_meier(time[shuffled], event[shuffled]).table()
    )


def test_the_median_is_the_midpoint_where_the_curve_runs_level_at_one_half():
    # survival 1/2 from day 2 to day 6
    assert kaplan_meier([1, 2, 6, 8], [1, 1, 1, 1]).quantile(0.5)[0] == 4


def test_a_median_which_is_not_reached_is_missing():
    assert np.isnan(kaplan_meier([1, 2, 3], [1, 0, 0]).quantile()[0])


def test_numpy_error_state_is_left_alone():
    before = np.geterr()
    kaplan_meier([1, 2, 3], [1, 1, 1])
    assert np.geterr() == before


def test_results_cannot_be_changed():
    curve = kaplan_meier([1, 2], [1, 0])
    with pytest.raises(ValueError, match="read-only"):
        curve.estimate[0] = 0.5
    with pytest.raises(AttributeError):
        curve.n = 3


def test_unknown_conf_type_is_refused_with_the_allowed_ones():
    with pytest.raises(ValueError, match=r"'logit'; allowed: 'plain', 'log', 'log-log'"):
        kaplan_meier([1], [1], conf_type="logit")
