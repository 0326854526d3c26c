import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit, logit
from scipy.stats import binom, chi2, norm, t

from nissc1.stats import PoolingError, exact_interval, pool_proportions
from nissc1.stats.binomial_normal import BinomialNormal

EVENTS, SIZES = np.array([0, 8, 1, 5, 3, 0]), np.array([19, 79, 36, 80, 12, 40])


@pytest.mark.parametrize("tau", [0.01, 0.5, 2.0, 6.0, 15.0])
@pytest.mark.parametrize("mu", [-4.0, 0.0])
def test_likelihood_equals_adaptive_integration(mu, tau):
    def density(z, x, n):
        return binom.pmf(x, n, expit(mu + tau * z)) * norm.pdf(z)

    corners = np.linspace(-4, 4, 33)
    integrals = [
        quad(density, -14, 14, (x, n), epsabs=0, epsrel=1e-12, limit=500, points=corners)[0]
        for x, n in zip(EVENTS, SIZES, strict=True)
    ]
    model = BinomialNormal(EVENTS.astype(float), SIZES.astype(float))
    assert model.log_likelihood(mu, tau) == pytest.approx(np.sum(np.log(integrals)), rel=1e-11)


def test_gradient_and_information_are_derivatives_of_the_likelihood():
    model = BinomialNormal(EVENTS.astype(float), SIZES.astype(float))
    at, step = np.array([-2.5, 0.8]), 1e-5
    for j in range(2):
        shift = step * np.eye(2)[j]
        rise = model.log_likelihood(*(at + shift)) - model.log_likelihood(*(at - shift))
        assert model.gradient(*at)[j] == pytest.approx(rise / (2 * step), rel=1e-7)
        bend = (model.gradient(*(at + shift)) - model.gradient(*(at - shift))) / (2 * step)
        np.testing.assert_allclose(model.information(*at)[:, j], -bend, rtol=1e-6)


def test_studies_alike_are_pooled_as_if_they_were_one():
    # 10 % in each: the variance between studies is 0, and the totals tell everything
    result = pool_proportions([2, 4, 8, 3], [20, 40, 80, 30])
    assert result.tau2 == 0
    assert result.estimate == pytest.approx(0.1, rel=1e-12)
    error = 1 / np.sqrt(170 * 0.1 * 0.9)
    assert result.logit_std_error == pytest.approx(error, rel=1e-12)
    limits = expit(logit(0.1) + np.array([-1, 1]) * norm.ppf(0.975) * error)
    assert [result.lower, result.upper] == pytest.approx(limits)
    predicted = expit(logit(0.1) + np.array([-1, 1]) * t.ppf(0.975, 2) * error)
    assert [result.prediction_lower, result.prediction_upper] == pytest.approx(predicted)
    assert (result.statistic, result.p_value, result.i2, result.tau2_lower) == (0, 1, 0, 0)
    assert result.tau2_upper > 0


def test_the_prediction_interval_holds_both_spreads_of_student_s_t():
    result = pool_proportions(EVENTS, SIZES)
    spread = np.sqrt(result.tau2 + result.logit_std_error**2)
    expected = expit(result.logit_estimate + np.array([-1, 1]) * t.ppf(0.975, 4) * spread)
    assert [result.prediction_lower, result.prediction_upper] == pytest.approx(expected)
    assert result.prediction_lower < result.lower < result.estimate < result.upper
    assert result.upper < result.prediction_upper


def test_heterogeneity_counts_half_of_the_chi_squared_tail():
    result = pool_proportions(EVENTS, SIZES)
    assert result.p_value == pytest.approx(chi2.sf(result.statistic, 1) / 2)


def test_complements_mirror_each_other():
    one, other = pool_proportions(EVENTS, SIZES), pool_proportions(SIZES - EVENTS, SIZES)
    assert other.estimate == pytest.approx(1 - one.estimate, rel=1e-8)
    assert other.lower == pytest.approx(1 - one.upper, rel=1e-7)
    assert other.tau2 == pytest.approx(one.tau2, rel=1e-6)
    assert other.i2 == pytest.approx(one.i2, rel=1e-6)


def test_order_of_the_studies_does_not_matter_and_their_names_are_kept():
    one = pool_proportions(EVENTS, SIZES, labels=list("ABCDEF"))
    other = pool_proportions(EVENTS[::-1], SIZES[::-1], labels=list("FEDCBA"))
    assert other.logit_estimate == pytest.approx(one.logit_estimate, rel=1e-9)
    assert list(one.table().index) == list("ABCDEF")
    assert (one.n_studies, one.n, one.n_events) == (6, 266, 17)
    row, exact = one.table().loc["D"], exact_interval(5, 80)
    assert row[["lower", "upper"]].tolist() == [exact.lower, exact.upper]


def test_two_studies_allow_no_prediction():
    result = pool_proportions([1, 9], [30, 40])
    assert np.isnan([result.prediction_lower, result.prediction_upper]).all()
    assert result.lower < result.estimate < result.upper


def test_a_simulated_variance_between_many_studies_is_found_within_its_limits():
    rng = np.random.default_rng(5)
    n = rng.integers(50, 150, 80)
    result = pool_proportions(rng.binomial(n, expit(-1.5 + rng.normal(0, 0.8, 80))), n)
    assert result.tau2_lower < 0.64 < result.tau2_upper
    assert abs(result.logit_estimate + 1.5) < 4 * result.logit_std_error
    assert result.p_value < 1e-6


def test_no_event_anywhere_and_events_in_all_have_no_finite_logit():
    with pytest.raises(PoolingError, match="0 of the 50 patients"):
        pool_proportions([0, 0], [20, 30])
    with pytest.raises(PoolingError, match="50 of the 50 patients"):
        pool_proportions([20, 30], [20, 30])


def test_studies_with_all_or_nothing_have_no_finite_variance():
    with pytest.raises(PoolingError, match="the likelihood grows"):
        pool_proportions([0, 40, 0, 40], [40, 40, 40, 40])


@pytest.mark.parametrize(
    ("events", "n", "message"),
    [
        ([1], [2], "there are 1 studies"),
        ([1, 5], [2, 4], "position 1 has 5 events in 4"),
        ([1, 1.5], [2, 4], "whole numbers"),
        ([0, 0], [2, 0], "at least one patient"),
        ([1, np.nan], [2, 4], "whole numbers"),
        ([1, 1, 1], [2, 4], "differ in length"),
    ],
)
def test_wrong_counts_are_refused(events, n, message):
    with pytest.raises(ValueError, match=message):
        pool_proportions(events, n)


def test_as_many_names_as_studies_are_needed():
    with pytest.raises(ValueError, match="1 names for 2 studies"):
        pool_proportions([1, 2], [9, 9], labels=["A"])
