"""Patterns of missing visits and the analysis under values that are missing not at random."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_rel

from nissc1.stats import MixedModelError, delta_adjusted, missing_patterns, mmrm, pool

NAMES = {"outcome": "y", "subject": "id", "within": "month"}
NAN = float("nan")


def visits(values):
    values = np.asarray(values, dtype=float)
    n, k = values.shape
    return pd.DataFrame(
        {"id": np.repeat(np.arange(n), k), "month": np.tile(np.arange(k), n), "y": values.ravel()}
    )


def simulated(seed=0, n=60):
    """Courses of four visits that fall; a fifth leaves, a tenth misses a visit in between."""
    rng = np.random.default_rng(seed)
    values = rng.normal(20, 4, (n, 1)) - np.arange(4) + rng.normal(0, 2, (n, 4))
    for row in values[: n // 5]:
        row[int(rng.integers(1, 4)) :] = NAN
    for row in values[-n // 10 :]:
        row[1] = NAN
    return values


def test_patterns_are_told_apart_and_counted():
    values = [[1, 2, 3], [1, 2, NAN], [1, NAN, NAN], [1, NAN, 3], [NAN, 2, 3], [NAN, NAN, NAN]]
    patterns = missing_patterns(visits([*values, [4, 5, NAN]]), **NAMES)
    assert patterns.kinds().to_dict() == {
        "complete": 1,
        "monotone": 3,
        "intermittent": 2,
        "none": 1,
    }
    table = patterns.table()
    assert table.index[0] == "XX."
    assert table.loc["XX.", ["n", "n_values", "kind"]].tolist() == [2, 2, "monotone"]
    assert table.loc[".XX", "kind"] == table.loc["X.X", "kind"] == "intermittent"
    assert table["n"].sum() == patterns.n == 7


def test_each_level_tells_who_left_and_who_came_back():
    values = [[1, 2, 3], [1, NAN, NAN], [1, NAN, 3], [NAN, NAN, NAN]]
    table = missing_patterns(visits(values), **NAMES).by_level()
    assert table["n_seen"].tolist() == [3, 1, 2]
    assert table["n_dropped_out"].tolist() == [1, 2, 2]
    assert table["n_intermittent"].tolist() == [0, 1, 0]


def test_scheduled_levels_and_subjects_without_a_row_count_as_missing():
    patterns = missing_patterns(
        visits([[1, 2], [3, NAN]]), levels=[0, 1, 2], subjects=[0, 1, 7], **NAMES
    )
    assert patterns.table()["n"].to_dict() == {"XX.": 1, "X..": 1, "...": 1}
    with pytest.raises(ValueError, match=r"levels lacks \[1\]"):
        missing_patterns(visits([[1, 2]]), levels=[0], **NAMES)
    with pytest.raises(ValueError, match="at least one of each is needed"):
        missing_patterns(visits([[1, 2]]).iloc[:0], **NAMES)


def test_without_missing_values_pooling_is_the_paired_t_test():
    values = simulated()[12:-6]
    table = delta_adjusted(visits(values), seed=1, n_imputations=5, **NAMES).table(delta=99)
    for k in (1, 2, 3):
        expected = ttest_rel(values[:, k], values[:, 0])
        assert table.loc[k, "statistic"] == pytest.approx(expected.statistic, rel=1e-10)
        assert table.loc[k, "p_value"] == pytest.approx(expected.pvalue, rel=1e-8)
    assert table["n_shifted"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_a_shift_pooling_agrees_with_the_mixed_model(seed):
    # The mean of m imputations has the simulation error sqrt(between / m): four of these. Beside it
    # the covariance matrix is drawn and not kept, which is of the order of 1 / n: a twentieth of
    # the standard error. The errors themselves agree to a tenth: a variance from m = 1000
    # imputations is off by some 5 %, and that is only the missing values' share of it.
    frame = visits(simulated(seed))
    model = mmrm(frame, **NAMES).changes()
    table = delta_adjusted(frame, seed=seed, n_imputations=1000, **NAMES).table()
    between = table["missing_share"] * table["std_error"] ** 2
    tolerance = 4 * np.sqrt(between / 1000) + 0.05 * model["std_error"]
    assert ((table["estimate"] - model["estimate"]).abs() < tolerance).all()
    assert (tolerance < 0.1).all()  # the changes are 1, 2 and 3
    np.testing.assert_allclose(table["std_error"], model["std_error"], rtol=0.10)


@pytest.mark.parametrize(("after", "shifted"), [("dropout", [1, 2, 3]), ("baseline", [2, 2, 3])])
def test_a_shift_moves_a_change_by_its_share_of_shifted_subjects(after, shifted):
    values = simulated(n=40)[8:-4]
    values[0, 1:] = NAN  # leaves
    values[1, 2:] = NAN
    values[2, 3] = NAN
    values[3, 1] = NAN  # comes back: shifted only after baseline
    values[4, 0] = NAN  # a missing baseline is imputed and never shifted
    adjusted = delta_adjusted(visits(values), seed=4, after=after, n_imputations=20, **NAMES)
    plain, worse = adjusted.table(), adjusted.table(delta=3)
    assert worse["n_shifted"].tolist() == shifted
    np.testing.assert_allclose(
        worse["estimate"] - plain["estimate"], 3 * np.array(shifted) / len(values), rtol=1e-9
    )


def test_observed_values_are_never_changed():
    values = simulated()
    adjusted = delta_adjusted(visits(values), seed=4, n_imputations=3, **NAMES)
    seen = ~np.isnan(values)
    for completed in adjusted.completed:
        np.testing.assert_array_equal(completed[seen], values[seen])
    assert np.isfinite(adjusted.completed).all()


def test_the_same_seed_gives_the_same_result_and_another_seed_another():
    frame = visits(simulated())
    one, again, other = (
        delta_adjusted(frame, seed=seed, n_imputations=20, **NAMES).table(2.0) for seed in (5, 5, 6)
    )
    pd.testing.assert_frame_equal(one, again)
    assert not np.allclose(one["estimate"], other["estimate"], rtol=1e-9)


def test_missing_values_follow_the_distribution_given_the_observed_ones():
    # second visit = first + noise with variance 1, and the first 2 in all who lack the second
    rng = np.random.default_rng(0)
    first = rng.normal(0, 2, 3000)
    values = np.column_stack([first, first + rng.normal(0, 1, 3000)])
    values[:300, 0], values[:300, 1] = 2.0, NAN
    adjusted = delta_adjusted(visits(values), seed=1, n_imputations=40, **NAMES)
    drawn = adjusted.completed[:, :300, 1]
    assert drawn.mean() == pytest.approx(2, abs=0.1)
    assert drawn.std() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("sign", [1, -1])
def test_at_the_tipping_point_the_interval_ends_at_zero(sign):
    adjusted = delta_adjusted(visits(sign * simulated()), seed=7, n_imputations=50, **NAMES)
    point = adjusted.tipping_point(3)
    assert np.sign(point.delta) == sign  # against the change
    end = point.upper if sign > 0 else point.lower
    assert end == pytest.approx(0, abs=1e-8)
    row = adjusted.table(point.delta).loc[3]
    assert row["p_value"] == pytest.approx(0.05, rel=1e-6)
    assert adjusted.table(0.9 * point.delta).loc[3, "p_value"] < 0.05
    assert (point.n_shifted, point.estimate_at_random) == (
        row["n_shifted"],
        adjusted.table().loc[3, "estimate"],
    )


def test_what_is_not_significant_tips_at_once_and_what_nobody_lacks_never():
    values = simulated()
    level = values - np.nanmean(values, axis=0)
    assert delta_adjusted(visits(level), seed=1, **NAMES).tipping_point(3).delta == 0
    complete = simulated()[12:-6]
    never = delta_adjusted(visits(complete), seed=1, n_imputations=2, **NAMES).tipping_point(3)
    assert (never.delta, never.n_shifted) == (np.inf, 0)


def test_wrong_options_are_refused():
    frame = visits(simulated())
    with pytest.raises(ValueError, match="allowed: 'baseline', 'dropout'"):
        delta_adjusted(frame, seed=1, after="death", **NAMES)
    with pytest.raises(ValueError, match="a whole number from 2"):
        delta_adjusted(frame, seed=1, n_imputations=1, **NAMES)
    adjusted = delta_adjusted(frame, seed=1, n_imputations=2, **NAMES)
    with pytest.raises(ValueError, match="a finite number"):
        adjusted.table(np.nan)
    with pytest.raises(ValueError, match=r"the levels after the first are \[1, 2, 3\]"):
        adjusted.tipping_point(0)


def test_data_without_a_model_of_the_others_are_errors():
    with pytest.raises(MixedModelError, match="two values or more"):
        delta_adjusted(visits(np.full((3, 2), NAN)), seed=1, **NAMES)
    with pytest.raises(MixedModelError, match="do not vary"):
        delta_adjusted(visits([[1, 2], [1, 3], [1, NAN]]), seed=1, **NAMES)


def test_pooling_by_hand():
    # within 0.5, between 1: total 0.5 + 4/3, share 8/11; Rubin's df 2 / (8/11)^2
    result = pool([[1.0], [2.0], [3.0]], [[0.5]] * 3, df_complete=20)
    assert result.std_error[0] ** 2 == pytest.approx(0.5 + 4 / 3)
    assert result.missing_share[0] == pytest.approx(8 / 11)
    observed = 21 / 23 * 20 * 3 / 11
    assert result.df[0] == pytest.approx(1 / ((8 / 11) ** 2 / 2 + 1 / observed))
    same = pool([[1.0], [1.0]], [[0.5]] * 2, df_complete=20)
    assert (same.df[0], same.missing_share[0]) == (20, 0)


def test_pooling_refuses_one_imputation_and_unlike_shapes():
    for q, u in (([[1.0]], [[1.0]]), ([[1.0], [2.0]], [[1.0]]), ([1.0, 2.0], [1.0, 2.0])):
        with pytest.raises(ValueError, match="at least 2 rows"):
            pool(q, u, df_complete=9)
    with pytest.raises(ValueError, match="a number above 0"):
        pool([[1.0], [2.0]], [[1.0], [1.0]], df_complete=0)
