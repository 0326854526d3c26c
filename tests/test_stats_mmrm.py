import numpy as np
import pandas as pd
import pytest
from scipy.stats import t, ttest_rel

from nissc1.stats import MixedModelError, gee, mmrm
from nissc1.stats.level_contrasts import contrast_table

NAMES = {"outcome": "y", "subject": "id", "within": "month"}
STRUCTURES = ("unstructured", "compound-symmetry", "ar1")


def visits(values):
    values = np.asarray(values, dtype=float)
    n, k = values.shape
    return pd.DataFrame(
        {"id": np.repeat(np.arange(n), k), "month": np.tile(np.arange(k), n), "y": values.ravel()}
    )


def simulated(seed=0, n=30, k=4):
    rng = np.random.default_rng(seed)
    return rng.normal(20, 4, (n, 1)) - np.arange(k) + rng.normal(0, 2, (n, k))


def with_gaps(values, seed=1, share=0.15):
    gaps = np.random.default_rng(seed).random(values.shape) < share
    gaps[:, 0] = False
    return np.where(gaps, np.nan, values)


def test_change_of_complete_subjects_is_the_paired_t_test():
    values = simulated()
    changes = mmrm(visits(values), **NAMES).changes()
    for k in (1, 2, 3):
        expected = ttest_rel(values[:, k], values[:, 0])
        assert changes.loc[k, "statistic"] == pytest.approx(expected.statistic, rel=1e-8)
        assert changes.loc[k, "df"] == pytest.approx(29, rel=1e-8)
        assert changes.loc[k, "p_value"] == pytest.approx(expected.pvalue, rel=1e-6)
        interval = expected.confidence_interval(0.95)
        limits = changes.loc[k, ["lower", "upper"]].tolist()
        assert limits == pytest.approx([interval.low, interval.high], rel=1e-8)


def test_means_of_complete_subjects_are_the_sample_means_with_their_errors():
    values = simulated()
    table = mmrm(visits(values), **NAMES).table()
    np.testing.assert_allclose(table["estimate"], values.mean(axis=0), rtol=1e-10)
    np.testing.assert_allclose(table["std_error"], values.std(axis=0, ddof=1) / np.sqrt(30))
    np.testing.assert_allclose(table["df"], 29, rtol=1e-8)


def test_covariance_of_complete_subjects_is_the_sample_covariance():
    values = simulated()
    restricted, full = (mmrm(visits(values), method=each, **NAMES) for each in ("reml", "ml"))
    np.testing.assert_allclose(restricted.covariance, np.cov(values.T), rtol=1e-7)
    np.testing.assert_allclose(full.covariance, np.cov(values.T, ddof=0), rtol=1e-7)


def test_compound_symmetry_of_complete_subjects_is_the_analysis_of_variance():
    # variance of a change: 2 / n times the residual mean square, with (n - 1)(k - 1) df
    values = simulated()
    residual = values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + values.mean()
    mean_square = np.sum(residual**2) / (29 * 3)
    changes = mmrm(visits(values), covariance="compound-symmetry", **NAMES).changes()
    np.testing.assert_allclose(changes["std_error"], np.sqrt(2 * mean_square / 30), rtol=1e-8)
    np.testing.assert_allclose(changes["df"], 29 * 3, rtol=1e-8)


@pytest.mark.parametrize("structure", ["unstructured", "compound-symmetry"])
def test_kenward_roger_leaves_a_complete_balanced_design_alone(structure):
    plain, adjusted = (
        mmrm(visits(simulated()), covariance=structure, small_sample=each, **NAMES).changes()
        for each in ("satterthwaite", "kenward-roger")
    )
    np.testing.assert_allclose(adjusted["std_error"], plain["std_error"], rtol=1e-7)


def test_kenward_roger_enlarges_errors_where_values_are_missing():
    frame = visits(with_gaps(simulated()))
    plain, adjusted = (
        mmrm(frame, small_sample=each, **NAMES).changes()
        for each in ("satterthwaite", "kenward-roger")
    )
    assert (adjusted["std_error"] > plain["std_error"]).all()
    np.testing.assert_allclose(adjusted["df"], plain["df"])


def test_a_contrast_gives_the_limits_of_student_s_t():
    model = mmrm(visits(with_gaps(simulated())), conf_level=0.9, **NAMES)
    row = model.contrast([-1, 0, 0, 1])
    pd.testing.assert_series_equal(
        row, model.changes().loc[3].drop("n"), check_names=False, rtol=1e-12
    )
    half = t.ppf(0.95, row["df"]) * row["std_error"]
    assert row["upper"] - row["estimate"] == pytest.approx(half)


def test_another_baseline_turns_the_change_round():
    model = mmrm(visits(with_gaps(simulated())), **NAMES)
    assert model.changes(baseline=3).loc[0, "estimate"] == pytest.approx(
        -model.changes().loc[3, "estimate"]
    )
    with pytest.raises(ValueError, match=r"the levels are \[0, 1, 2, 3\]"):
        model.changes(baseline=12)
    with pytest.raises(ValueError, match="4 numbers, not all 0"):
        model.contrast([1, 2])


@pytest.mark.parametrize("structure", STRUCTURES)
def test_unit_and_origin_of_the_measurement_do_not_matter(structure):
    frame = visits(with_gaps(simulated()))
    one = mmrm(frame, covariance=structure, **NAMES)
    other = mmrm(frame.assign(y=1e4 + 1e-3 * frame["y"]), covariance=structure, **NAMES)
    columns = ["estimate", "std_error"]
    np.testing.assert_allclose(other.changes()[columns] * 1e3, one.changes()[columns], rtol=1e-6)
    shift = (frame["y"].count() - 4) * np.log(1e3)
    assert other.log_likelihood == pytest.approx(one.log_likelihood + shift, rel=1e-9)


def test_an_absent_row_and_an_empty_cell_are_the_same():
    frame = visits(with_gaps(simulated()))
    pd.testing.assert_frame_equal(
        mmrm(frame, **NAMES).table(), mmrm(frame.dropna(), **NAMES).table()
    )


def test_subjects_without_any_value_are_left_out_and_counted():
    values = simulated()
    values[:3] = np.nan
    model = mmrm(visits(values), **NAMES)
    assert (model.n, model.n_without, model.n_values) == (27, 3, 27 * 4)


def test_dropout_that_depends_on_observed_values_biases_plain_means_and_not_the_model():
    # those who are low at the start leave; the mean at the second visit is 0 in truth
    rng = np.random.default_rng(3)
    values = rng.normal(0, 1, (4000, 1)) + rng.normal(0, 0.5, (4000, 2))
    values[values[:, 0] < 0, 1] = np.nan
    values[0] = [-0.1, 0.0]
    model = mmrm(visits(values), **NAMES).table()
    assert np.nanmean(values[:, 1]) > 0.5
    assert abs(model.loc[1, "estimate"]) < 4 * model.loc[1, "std_error"]
    assert model.loc[1, "std_error"] < 0.05


def test_a_richer_structure_has_the_larger_likelihood():
    frame = visits(with_gaps(simulated()))
    rich, symmetric, ar1 = (mmrm(frame, covariance=each, **NAMES) for each in STRUCTURES)
    assert rich.log_likelihood > max(symmetric.log_likelihood, ar1.log_likelihood)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("structure", STRUCTURES)
def test_small_incomplete_samples_end_at_a_maximum_or_in_an_error(seed, structure):
    frame = visits(with_gaps(simulated(seed, n=9, k=4), seed, 0.3))
    try:
        model = mmrm(frame, covariance=structure, **NAMES)
    except MixedModelError:
        return
    table = pd.concat([model.table(), model.changes()])
    assert np.isfinite(table[["estimate", "std_error", "df", "lower", "upper"]]).all(axis=None)


def test_levels_seen_together_in_one_subject_only_are_refused_unless_the_structure_helps():
    values = simulated(n=12)
    values[1:, 3] = np.nan
    values[0, 1] = np.nan
    values[3:5, 0] = np.nan
    values[3:5, 3] = [4.0, 6.0]
    with pytest.raises(MixedModelError, match="have values at both 0 and 3"):
        mmrm(visits(values), **NAMES)
    assert mmrm(visits(values), covariance="compound-symmetry", **NAMES).n == 12


@pytest.mark.parametrize("analyse", [mmrm, gee])
def test_data_that_tell_nothing_of_change_are_errors(analyse):
    with pytest.raises(MixedModelError, match=r"1 subject\(s\) have two values"):
        analyse(visits([[1, 2], [3, np.nan]]), **NAMES)
    with pytest.raises(MixedModelError, match=r"on 1 level"):
        analyse(visits([[1], [2], [3]]), **NAMES)
    with pytest.raises(MixedModelError, match="0 subject"):
        analyse(visits(np.full((4, 2), np.nan)), **NAMES)
    with pytest.raises(MixedModelError, match="do not vary"):
        analyse(visits(np.ones((5, 2))), **NAMES)


def test_a_level_that_repeats_another_is_an_error():
    values = simulated()
    values[:, 2] = 3 - values[:, 1]
    with pytest.raises(MixedModelError, match="no maximum within the positive definite"):
        mmrm(visits(values), **NAMES)


@pytest.mark.parametrize("analyse", [mmrm, gee])
def test_wrong_frames_are_refused(analyse):
    frame = visits(simulated())
    with pytest.raises(ValueError, match="more than one row"):
        analyse(pd.concat([frame, frame.iloc[[0]]]), **NAMES)
    with pytest.raises(ValueError, match="numbers are needed"):
        analyse(frame.assign(y="low"), **NAMES)
    with pytest.raises(ValueError, match="finite numbers are needed"):
        analyse(frame.assign(y=frame["y"].where(frame.index > 0, np.inf)), **NAMES)
    with pytest.raises(ValueError, match="lacks the column"):
        analyse(frame, outcome="z", subject="id", within="month")


def test_unknown_options_are_refused():
    frame = visits(simulated())
    for options in ({"covariance": "toeplitz"}, {"method": "bayes"}, {"small_sample": "none"}):
        with pytest.raises(ValueError, match="Choose one of these"):
            mmrm(frame, **options, **NAMES)
    for options in ({"correlation": "ar1"}, {"covariance": "naive"}):
        with pytest.raises(ValueError, match="Choose one of these"):
            gee(frame, **options, **NAMES)


@pytest.mark.parametrize("correlation", ["independence", "exchangeable"])
def test_errors_of_estimating_equations_in_complete_subjects_by_hand(correlation):
    # one mean a visit: the sandwich has squared residuals over n^2; corrected, each residual is
    # that of the mean without its own subject, larger by n / (n - 1)
    values = simulated()
    robust, reduced = (
        gee(visits(values), correlation=correlation, covariance=each, **NAMES).table()
        for each in ("robust", "bias-reduced")
    )
    expected = values.std(axis=0) / np.sqrt(30)
    np.testing.assert_allclose(robust["std_error"], expected, rtol=1e-10)
    np.testing.assert_allclose(reduced["std_error"], expected * 30 / 29, rtol=1e-10)
    assert set(reduced["df"]) == {26}


def test_independence_gives_the_means_of_the_values_at_hand():
    values = with_gaps(simulated())
    model = gee(visits(values), correlation="independence", **NAMES)
    np.testing.assert_allclose(model.table()["estimate"], np.nanmean(values, axis=0), rtol=1e-12)
    assert model.changes(baseline=3).loc[0, "estimate"] == pytest.approx(
        np.nanmean(values[:, 0]) - np.nanmean(values[:, 3])
    )
    assert model.working_correlation == 0


def test_estimating_equations_need_more_subjects_than_levels():
    with pytest.raises(MixedModelError, match="more subjects than levels"):
        gee(visits(simulated(n=4, k=4)), **NAMES)


def test_a_correlation_as_negative_as_can_be_is_an_error():
    # values at four levels that add up to the same in each subject: correlations of -1/3
    rng = np.random.default_rng(0)
    values = rng.normal(size=(12, 4))
    values -= values.mean(axis=1, keepdims=True)
    with pytest.raises(MixedModelError, match="no maximum within the positive definite"):
        mmrm(visits(values), covariance="compound-symmetry", **NAMES)


def test_a_level_with_one_value_has_no_robust_error():
    values = simulated()
    values[1:, 3] = np.nan
    with pytest.raises(MixedModelError, match=r"one subject has a value at the level\(s\) \[3\]"):
        gee(visits(values), **NAMES)


def test_a_change_without_any_spread_is_certain():
    values = simulated(k=2)
    values[:, 1] = values[:, 0] - 2
    row = gee(visits(values), correlation="independence", **NAMES).changes().loc[1]
    assert row["estimate"] == pytest.approx(-2)
    assert row["std_error"] == pytest.approx(0, abs=1e-6)
    table = contrast_table(np.array([-2.0, 0]), np.zeros(2), np.full(2, 9.0), 0.95, ["a", "b"])
    assert table["statistic"].tolist() == [-np.inf, 0]
    assert table["p_value"].tolist() == [0, 1]
