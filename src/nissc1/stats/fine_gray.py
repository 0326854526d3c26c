"""Fine and Gray's regression of the subdistribution hazard of one cause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nissc1.stats.covariates import read_covariates
from nissc1.stats.cumulative_incidence import event_free
from nissc1.stats.curve import distinct_times
from nissc1.stats.hazard_model import HazardModel, maximum_likelihood
from nissc1.stats.inputs import BoolArray, FloatArray, IntArray, as_causes, as_times
from nissc1.stats.newton import Likelihood
from nissc1.stats.options import check_cause_of_interest, check_conf_level
from nissc1.stats.risk_sets import RiskSets, before, from_here


@dataclass(frozen=True, eq=False)
class FineGrayModel(HazardModel):
    """Hold a fitted Fine-Gray model.

    Attributes
    ----------
    n_competing : int
        Patients in the model who had another event first.
    """

    n_competing: int


def fine_gray(
    frame: pd.DataFrame,
    *,
    time: str,
    cause: str,
    of: int = 1,
    covariates: Sequence[str],
    conf_level: float = 0.95,
) -> FineGrayModel:
    """Fit a proportional hazards model of the subdistribution of one cause.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    time, cause : str
        Columns with the time to the first event or to censoring (0 or more, any unit) and what
        happened then: 0 censored; 1, 2, ... the kind of event. Only the order of the times counts,
        and events at time 0 count.
    of : int
        The cause of interest; every other positive cause competes with it.
    covariates : sequence of str
        Numeric or boolean columns; a hazard ratio is per unit, or of True against False. Patients
        with a missing covariate are left out and counted in ``n_missing``.
    conf_level : float
        Two-sided level of the hazard ratios' limits.

    Returns
    -------
    FineGrayModel
        Coefficients by maximum weighted partial likelihood [1]_, with robust standard errors which
        allow for the estimation of the weights: those of R's ``cmprsk::crr``.

    Raises
    ------
    ValueError
        If a column is absent, repeated, not numeric or infinite, a time or cause is missing or
        wrong, or no covariate is named.
    FitError
        If there is no event of interest among the complete patients, a covariate is constant there
        or a combination of the others, or the likelihood has no maximum.

    Notes
    -----
    Who has had a competing event stays at risk with weight G(t-) / G(T-), where T is the time of
    that event and G the Kaplan-Meier estimate of being uncensored. Tied events of interest share a
    risk set (Breslow's approximation). The work is one sort, and a few sums over the patients an
    iteration.

    With x_i the covariates, w_i the weights, m the weighted mean of x over those at risk and
    M_i the weighted martingale residual process of patient i, the standard errors come from the
    sandwich of the information and the sum over the patients of the squares of

    * the integral of (x_i - m) dM_i, and
    * the integral of q / Y dC_i, where C_i is the martingale of the patient's censoring, Y the
      number at risk, and q(u) the sum over patients j with a competing event before u of the
      integral over t >= u of -(x_j - m) dM_j: what the estimation of G adds.

    References
    ----------
    .. [1] Fine JP, Gray RJ (1999). A proportional hazards model for the subdistribution of a
       competing risk. J Am Stat Assoc 94:496-509.
    """
    given = read_covariates(frame, covariates, [time, cause])
    check_cause_of_interest(of)
    check_conf_level(conf_level)
    times, causes = as_times(frame[time], time), as_causes(frame[cause], cause)
    times, causes = times[given.complete], causes[given.complete]
    n_events, n_competing = int(np.sum(causes == of)), int(np.sum((causes > 0) & (causes != of)))
    standard, scale = given.standardised(n_events)

    likelihood = _WeightedLikelihood(times, causes, of, standard)
    size = f"{n_events} events among {len(times)} patients"
    coef, fitted, null = maximum_likelihood(likelihood, given.names, "Fine–Gray", size)
    residuals = likelihood.residuals(coef)
    inverse = np.linalg.inv(fitted.information)
    variance = inverse @ (residuals @ residuals.T) @ inverse
    return FineGrayModel(
        covariates=given.names,
        coef=coef / scale,
        std_error=np.sqrt(np.diag(variance)) / scale,
        conf_level=conf_level,
        n=len(times),
        n_events=n_events,
        n_missing=given.n_missing,
        log_likelihood=fitted.value,
        log_likelihood_null=null.value,
        n_competing=n_competing,
    )


class _WeightedLikelihood:
    """Evaluate the weighted partial likelihood; patients by falling time.

    Attributes
    ----------
    uncensored : ndarray, shape (k,)
        G(t-) at each event time.
    weight : ndarray, shape (number of competing events,)
        1 / G(T-) of each patient with a competing event, by rising time.
    """

    def __init__(self, times: FloatArray, causes: IntArray, of: int, standard: FloatArray) -> None:
        self.sets = sets = RiskSets.of(times, causes == of)
        self.x = standard[:, sets.order]
        self.times, self.censored = times[sets.order], (causes == 0)[sets.order]
        self.sum_of_events = self.x[:, sets.events].sum(axis=1)
        competing = (causes > 0) & (causes != of)
        # rising times, so that sums run over those whose competing event came first
        self.competing = np.flatnonzero(competing[sets.order])[::-1]
        self.earlier = np.searchsorted(self.times[self.competing], sets.time, side="left")
        free = _uncensored_before(times, causes == 0)
        self.uncensored, weight = free(sets.time), free(self.times[self.competing])
        self.weight = 1 / weight

    def _sums(self, values: FloatArray) -> FloatArray:
        """Sum values over the weighted risk sets."""
        gone = before(values[..., self.competing] * self.weight)[..., self.earlier]
        return self.sets.at_risk(values) + self.uncensored * gone

    def _exposure(self, steps: FloatArray) -> FloatArray:
        """Sum the steps of a hazard over each patient's weighted time at risk."""
        exposure = self.sets.up_to_own_time(steps)
        later = from_here(self.uncensored * steps)[..., self.sets.passed[self.competing]]
        exposure[..., self.competing] += self.weight * later
        return exposure

    def __call__(self, coef: FloatArray) -> Likelihood:
        linear = coef @ self.x
        top = linear.max()
        risk = np.exp(linear - top)
        weighted = risk * self.x
        total = self._sums(risk)
        means, events = self._sums(weighted) / total, self.sets.n_events
        value = linear[self.sets.events].sum() - events @ (np.log(total) + top)
        score = self.sum_of_events - means @ events
        second = (weighted * self._exposure(events / total)) @ self.x.T
        return Likelihood(float(value), score, second - (means * events) @ means.T)

    def residuals(self, coef: FloatArray) -> FloatArray:
        """Compute each patient's contribution to the score, that of the weights included.

        Parameters
        ----------
        coef : ndarray, shape (p,)
            The estimates.

        Returns
        -------
        ndarray, shape (p, n)
            Contributions.
        """
        linear = coef @ self.x
        risk = np.exp(linear - linear.max())
        total = self._sums(risk)
        mean, hazard = self._sums(risk * self.x) / total, self.sets.n_events / total
        spent = self._exposure(mean * hazard) - self.x * self._exposure(hazard)
        residuals: FloatArray = risk * spent
        events = self.sets.events
        residuals[:, events] += self.x[:, events] - mean[:, self.sets.place]
        if self.censored.any() and self.competing.size:
            residuals += self._of_the_weights(risk, mean, hazard)
        return residuals

    def _of_the_weights(self, risk: FloatArray, mean: FloatArray, hazard: FloatArray) -> FloatArray:
        sets, competing = self.sets, self.competing
        censorings = RiskSets.of(self.times, self.censored)  # patients keep their places
        gone = np.searchsorted(self.times[competing], censorings.time, side="left")
        weight = risk[competing] * self.weight
        who, whose = before(weight)[gone], before(weight * self.x[:, competing])[:, gone]
        to_come = np.searchsorted(sets.time, censorings.time, side="left")
        later = from_here(self.uncensored * hazard)[to_come]
        later_mean = from_here(self.uncensored * hazard * mean)[:, to_come]
        share = (whose * later - who * later_mean) / censorings.n_at_risk
        steps = share * censorings.n_events / censorings.n_at_risk
        added = -censorings.up_to_own_time(steps)
        added[:, censorings.events] += share[:, censorings.place]
        return added


def _uncensored_before(
    times: FloatArray, censored: BoolArray
) -> Callable[[FloatArray], FloatArray]:
    """Estimate the probability of being uncensored just before a time."""
    distinct, place, at_risk = distinct_times(times)
    ends = np.bincount(place[censored], minlength=len(distinct))
    left, _ = event_free(at_risk, ends)
    return lambda at: left[np.searchsorted(distinct, at)]
