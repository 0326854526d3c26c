import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.anova import AnovaRM

from nissc1.stats import repeated_measures


def visits(values):
    values = np.asarray(values, dtype=float)
    n, k = values.shape
    return pd.DataFrame(
        {"id": np.repeat(np.arange(n), k), "month": np.tile(np.arange(k), n), "y": values.ravel()}
    )


def run(frame, method="anova"):
    return repeated_measures(frame, subject="id", within="month", outcome="y", method=method)


def simulated(seed, between=2.0):
    rng = np.random.default_rng(seed)
    return visits(rng.normal(0, between, (20, 1)) + rng.normal(size=(20, 4)) + np.arange(4) / 3)


def test_two_visits_are_a_paired_t_test():
    # differences 1, 3, 2: t = 2 / (1 / sqrt(3)), F = t squared = 12
    result = run(visits([[1, 2], [1, 4], [5, 7]]))
    assert result.statistic == pytest.approx(12)
    assert (result.df, result.df_residual, result.epsilon) == (1, 2, pytest.approx(1))
    assert result.p_corrected == pytest.approx(result.p_value)


def test_anova_equals_statsmodels():
    frame = simulated(0)
    table = AnovaRM(frame, "y", "id", within=["month"]).fit().anova_table
    result = run(frame)
    assert result.statistic == pytest.approx(table["F Value"].item(), rel=1e-10)
    assert result.p_value == pytest.approx(table["Pr > F"].item(), rel=1e-10)


@pytest.mark.parametrize("seed", range(10))
def test_mixed_model_of_complete_subjects_is_f_times_its_degrees_of_freedom(seed):
    frame = simulated(seed)
    anova, mixed = run(frame), run(frame, "mixed")
    assert mixed.statistic == pytest.approx(anova.statistic * anova.df, rel=1e-9)


def test_mixed_model_without_variance_between_subjects_is_one_way_anova():
    # each subject's values sum to zero: the likelihood is largest at ratio 0
    rng = np.random.default_rng(1)
    values = rng.normal(size=(15, 3))
    values -= values.mean(axis=1, keepdims=True)
    residual = values - values.mean(axis=0)
    expected = 15 * np.sum(values.mean(axis=0) ** 2) / (np.sum(residual**2) / (45 - 3))
    assert run(visits(values), "mixed").statistic == pytest.approx(expected, rel=1e-10)


def test_incomplete_subjects_leave_the_anova_and_stay_in_the_mixed_model():
    frame = simulated(2)
    gaps = frame.assign(y=frame["y"].mask(frame.index.isin([3, 9]))).drop(index=14)
    anova, mixed = run(gaps), run(gaps, "mixed")
    assert (anova.n, anova.n_incomplete) == (17, 3)
    assert (mixed.n, mixed.n_incomplete) == (20, 3)
    assert anova.means["n"].tolist() == [17] * 4
    assert mixed.means["n"].tolist() == [20, 19, 19, 19]


@pytest.mark.parametrize("method", ["anova", "mixed"])
def test_one_common_course_leaves_no_residual(method):
    same = visits(np.add.outer([0.0, 5.0, 9.0], [1.0, 2.0, 4.0]))
    result = run(same, method)
    assert (result.statistic, result.p_value) == (np.inf, 0)
    level = run(visits(np.add.outer([0.0, 5.0, 9.0], [0.0, 0.0])), method)
    assert (level.statistic, level.p_value) == (0, 1)
    constant = run(visits(np.ones((3, 2))), method)
    assert (constant.statistic, constant.p_value) == (0, 1)


@pytest.mark.parametrize("method", ["anova", "mixed"])
def test_unit_and_origin_of_the_measurement_do_not_matter(method):
    frame = simulated(3)
    shifted = frame.assign(y=1e5 + 1e-3 * frame["y"])
    expected = run(frame, method).statistic
    assert run(shifted, method).statistic == pytest.approx(expected, rel=1e-5)


def test_a_second_row_of_one_visit_is_refused():
    frame = simulated(4)
    with pytest.raises(ValueError, match="more than one row for 'month' 0"):
        run(pd.concat([frame, frame.iloc[[0]]]))


def test_too_few_complete_subjects_are_refused_with_their_number():
    with pytest.raises(ValueError, match="1 subject"):
        run(visits([[1, 2], [3, np.nan]]))


def test_text_outcome_and_unknown_method_are_refused():
    frame = simulated(5)
    with pytest.raises(ValueError, match="numbers are needed"):
        run(frame.assign(y="low"))
    with pytest.raises(ValueError, match="allowed: 'anova', 'mixed'"):
        run(frame, "gee")


def test_the_mixed_model_needs_nobody_complete_on_every_level() -> None:
    seen = {"A": {0: 1.0, 3: 2.0}, "B": {3: 2.5, 6: 4.0}, "C": {0: 0.5, 6: 3.0}}
    frame = pd.DataFrame(
        [(who, month, value) for who, row in seen.items() for month, value in row.items()],
        columns=["who", "month", "value"],
    )
    result = repeated_measures(
        frame, subject="who", within="month", outcome="value", method="mixed"
    )
    assert (result.n, result.n_incomplete, result.df) == (3, 3, 2)
    with pytest.raises(ValueError, match="0 subject"):
        repeated_measures(frame, subject="who", within="month", outcome="value")
