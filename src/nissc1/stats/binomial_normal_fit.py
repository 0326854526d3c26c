"""Search of the pooled proportion with the largest likelihood."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import logit
from scipy.stats import chi2

from nissc1.stats.binomial_normal import BinomialNormal

#: A standard deviation of logits beyond this belongs to a likelihood without a maximum.
_LARGEST_TAU = 20.0
#: One below this is 0 but for rounding.
_SMALLEST_TAU = 1e-4


class PoolingError(ValueError):
    """Report that the studies do not determine a pooled proportion."""


def maximise(model: BinomialNormal, common: float, homogeneous: float) -> tuple[float, float]:
    """Return the parameters with the largest likelihood.

    Parameters
    ----------
    model : BinomialNormal
        The studies.
    common : float
        Logit of the proportion in all studies together.
    homogeneous : float
        Log likelihood there, without variance between studies.

    Returns
    -------
    mu, tau : float
        Mean and standard deviation of the logits.

    Raises
    ------
    PoolingError
        If the likelihood grows with ever larger differences between studies.
    """
    best, height = (common, 0.0), homogeneous
    for start in (0.2, 0.7, 2.0):
        search = minimize(
            lambda at: -model.log_likelihood(at[0], float(np.exp(at[1]))),
            np.array([common, np.log(start)]),
            jac=lambda at: -model.gradient(at[0], float(np.exp(at[1]))) * [1.0, np.exp(at[1])],
            method="L-BFGS-B",
            bounds=[(-50.0, 50.0), (np.log(_SMALLEST_TAU), np.log(2 * _LARGEST_TAU))],
            options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500},
        )
        if -float(search.fun) > height + 1e-10:
            best, height = (float(search.x[0]), float(np.exp(search.x[1]))), -float(search.fun)
    mu, tau = best
    if tau > _LARGEST_TAU:
        raise PoolingError(
            "the likelihood grows with the standard deviation of the studies' logits up to "
            f"{tau:.3g} and beyond; studies with some patients with and some without the event are "
            "needed. Report them one by one."
        )
    if tau > _SMALLEST_TAU:  # Newton's method, for the last digits
        for _ in range(20):
            step = np.linalg.solve(model.information(mu, tau), model.gradient(mu, tau))
            mu, tau = mu + float(step[0]), tau + float(step[1])
            if np.abs(step).max() < 1e-11:
                break
    return mu, tau


def tau_limits(
    model: BinomialNormal, mu: float, tau: float, best: float, conf_level: float
) -> tuple[float, float]:
    """Return the profile likelihood limits of the standard deviation of the logits.

    Parameters
    ----------
    model : BinomialNormal
        The studies.
    mu, tau : float
        Parameters with the largest likelihood.
    best : float
        Log likelihood there.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    lowest, highest : float
        Limits; 0 and infinity where the profile does not fall far enough.
    """
    fall = float(chi2.ppf(conf_level, 1))

    def lacking(value: float) -> float:
        return 2 * (best - model.log_likelihood(_best_mean(model, mu, value), value)) - fall

    lowest = 0.0
    if tau and lacking(0.0) > 0:
        lowest = float(brentq(lacking, 0.0, tau, xtol=1e-10))
    outside = max(2 * tau, 0.5)
    while lacking(outside) < 0:
        outside *= 2
        if outside > 1e3:
            return lowest, float("inf")
    return lowest, float(brentq(lacking, tau, outside, xtol=1e-10))


def _best_mean(model: BinomialNormal, mu: float, tau: float) -> float:
    """Return the mean logit with the largest likelihood at a standard deviation of the logits."""
    if tau == 0:
        return float(logit(model.events.sum() / model.n.sum()))
    low, high = mu - 0.5, mu + 0.5  # the likelihood has one peak in the mean
    while model.gradient(low, tau)[0] < 0:
        low -= high - low
    while model.gradient(high, tau)[0] > 0:
        high += high - low
    return float(brentq(lambda m: model.gradient(m, tau)[0], low, high, xtol=1e-9))
