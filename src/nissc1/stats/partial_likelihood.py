"""Cox's partial likelihood and its derivatives at given coefficients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nissc1.stats.inputs import FloatArray, IntArray

TIES = ("efron", "breslow")
#: Linear predictors which span more than this leave risk sets without weight that a float holds.
_WIDEST_SPAN = 600.0


@dataclass(frozen=True, eq=False)
class Derivatives:
    """Hold the log partial likelihood and its derivatives.

    Attributes
    ----------
    log_likelihood : float
        Logarithm of the partial likelihood.
    score : ndarray, shape (p,)
        First derivatives.
    information : ndarray, shape (p, p)
        Second derivatives with their sign changed.
    third : ndarray, shape (p, p, p)
        Derivative of the information; empty unless it was asked for.
    """

    log_likelihood: float
    score: FloatArray
    information: FloatArray
    third: FloatArray


@dataclass(frozen=True, eq=False)
class RiskSetMoments:
    """Hold moments of the covariates in the weighted risk set of each event.

    Attributes
    ----------
    time : ndarray, shape (d,)
        Event times, ascending, tied ones repeated. Tied events share the mean of their steps.
    observed, mean : ndarray, shape (d, p)
        Covariates of the patient with the event, and their mean in the risk set.
    variance : ndarray, shape (d, p, p)
        Covariances in the risk set.
    """

    time: FloatArray
    observed: FloatArray
    mean: FloatArray
    variance: FloatArray


class PartialLikelihood:
    """Sort patients into risk sets once, for many evaluations.

    Parameters
    ----------
    times, events : ndarray, shape (n,)
        Times and events (1) or censorings (0).
    matrix : ndarray, shape (n, p)
        Covariates, all known.
    ties : {"efron", "breslow"}
        Efron's [2]_ or Breslow's [3]_ treatment of tied events of Cox's likelihood [1]_.

    References
    ----------
    .. [1] Cox DR (1975). Partial likelihood. Biometrika 62:269-276.
    .. [2] Efron B (1977). The efficiency of Cox's likelihood function for censored data.
       J Am Stat Assoc 72:557-565.
    .. [3] Breslow NE (1974). Covariance analysis of censored survival data. Biometrics 30:89-99.
    """

    def __init__(
        self, times: FloatArray, events: IntArray, matrix: FloatArray, ties: str = "efron"
    ) -> None:
        self._matrix = matrix - matrix.mean(axis=0)  # the likelihood does not see a shift
        self._centre = matrix.mean(axis=0)
        event_times = np.unique(times[events == 1])
        self._n_times = len(event_times)
        # a patient is at risk at the event times up to this place
        self._last = np.searchsorted(event_times, times, side="right") - 1
        order = np.flatnonzero(events == 1)
        self._cases = order[np.argsort(self._last[order], kind="stable")]
        place = self._last[self._cases]
        self._step = place
        first = np.searchsorted(place, place, side="left")
        tied = np.bincount(place, minlength=self._n_times)[place]
        share = (np.arange(len(place)) - first) / tied
        self._share = share if ties == "efron" else np.zeros(len(place))
        self._time = event_times[place]

    def at(self, coef: FloatArray, *, third: bool = False) -> Derivatives:
        """Evaluate the likelihood.

        Parameters
        ----------
        coef : ndarray, shape (p,)
            Coefficients.
        third : bool
            Whether to work out the derivative of the information too.

        Returns
        -------
        Derivatives
            Minus infinity, with zeros, where the coefficients are so large that no risk set has a
            weight that can be represented.
        """
        size = self._matrix.shape[1]
        predictor = self._matrix @ coef
        if not np.isfinite(predictor).all() or np.ptp(predictor) > _WIDEST_SPAN:
            return Derivatives(
                -np.inf, np.zeros(size), np.zeros((size, size)), np.zeros((size,) * 3)
            )
        top = predictor.max()
        total, mean, variance, skew = self._moments(np.exp(predictor - top), third)
        observed = self._matrix[self._cases]
        return Derivatives(
            log_likelihood=float(np.sum(predictor[self._cases] - top - np.log(total))),
            score=(observed - mean).sum(axis=0),
            information=variance.sum(axis=0),
            third=skew.sum(axis=0),
        )

    def risk_sets(self, coef: FloatArray) -> RiskSetMoments:
        """Return the moments of the covariates event by event.

        Parameters
        ----------
        coef : ndarray, shape (p,)
            Coefficients, so moderate that every risk set has weight.

        Returns
        -------
        RiskSetMoments
            In order of time; the covariates as they were given, not centred.
        """
        predictor = self._matrix @ coef
        _, mean, variance, _ = self._moments(np.exp(predictor - predictor.max()), False)
        count = np.bincount(self._step, minlength=self._n_times)
        sums = np.zeros((self._n_times, mean.shape[1]))
        np.add.at(sums, self._step, mean)
        return RiskSetMoments(
            time=self._time,
            observed=self._matrix[self._cases] + self._centre,
            mean=(sums / count[:, None])[self._step] + self._centre,
            variance=variance,
        )

    def _moments(
        self, weight: FloatArray, third: bool
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return weight, mean, covariance and third central moment, one a step."""
        x = self._matrix
        first = x * weight[:, None]
        second = first[:, :, None] * x[:, None, :]
        total = self._at_risk(weight)
        mean = self._at_risk(first) / total[:, None]
        square = self._at_risk(second) / total[:, None, None]
        outer = mean[:, :, None] * mean[:, None, :]
        variance = square - outer
        if not third:
            return total, mean, variance, np.empty((0, 0, 0, 0))
        cube = self._at_risk(second[:, :, :, None] * x[:, None, None, :])
        skew = cube / total[:, None, None, None] - outer[:, :, :, None] * mean[:, None, None, :]
        for axes in ("tab,tc->tabc", "tac,tb->tabc", "tbc,ta->tabc"):
            skew -= np.einsum(axes, variance, mean)
        return total, mean, variance, skew

    def _at_risk(self, values: FloatArray) -> FloatArray:
        """Sum over the risk set of each step, the tied leaving it little by little (Efron)."""
        shape = values.shape[1:]
        by_time = np.zeros((self._n_times, *shape))
        seen = self._last >= 0
        np.add.at(by_time, self._last[seen], values[seen])
        at_risk = np.cumsum(by_time[::-1], axis=0)[::-1]
        tied = np.zeros((self._n_times, *shape))
        np.add.at(tied, self._step, values[self._cases])
        share = self._share.reshape(-1, *([1] * len(shape)))
        result: FloatArray = at_risk[self._step] - share * tied[self._step]
        return result
