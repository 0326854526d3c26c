"""Cox's proportional hazards regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nissc1.stats.covariates import read_covariates
from nissc1.stats.hazard_model import HazardModel, maximum_likelihood
from nissc1.stats.inputs import FloatArray, as_events, as_times
from nissc1.stats.newton import Likelihood
from nissc1.stats.options import check_choice, check_conf_level
from nissc1.stats.risk_sets import RiskSets

TIES = ("efron",)


@dataclass(frozen=True, eq=False)
class CoxModel(HazardModel):
    """Hold a fitted Cox model; its standard errors are model-based."""


def cox(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    covariates: Sequence[str],
    ties: str = "efron",
    conf_level: float = 0.95,
) -> CoxModel:
    """Fit a proportional hazards model.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    time, event : str
        Columns with the time (0 or more, any unit) and the event (1) or censoring (0).
    covariates : sequence of str
        Numeric or boolean columns; a hazard ratio is per unit, or of True against False. Patients
        with a missing covariate are left out and counted in ``n_missing``.
    ties : {"efron"}
        Treatment of tied event times [2]_.
    conf_level : float
        Two-sided level of the hazard ratios' limits.

    Returns
    -------
    CoxModel
        Coefficients by maximum partial likelihood [1]_.

    Raises
    ------
    ValueError
        If a column is absent, repeated, not numeric or infinite, a time or event is missing or
        wrong, or no covariate is named.
    FitError
        If there is no event among the complete patients, a covariate is constant there or a
        combination of the others, or the likelihood has no maximum (an estimate runs off to
        infinity because a covariate separates the patients with an event). Never a hazard ratio
        that is infinite in truth.

    Notes
    -----
    Newton's iterations go on until the log-likelihood can grow by less than 1e-20, so that results
    agree with R's to about 1e-10. One sort; then each iteration is a few sums over the patients.

    References
    ----------
    .. [1] Cox DR (1972). Regression models and life-tables. J R Stat Soc B 34:187-220.
    .. [2] Efron B (1977). The efficiency of Cox's likelihood function for censored data.
       J Am Stat Assoc 72:557-565.
    """
    given = read_covariates(frame, covariates, [time, event])
    check_choice("ties", ties, TIES)
    check_conf_level(conf_level)
    times, events = as_times(frame[time], time), as_events(frame[event], event)
    times, events = times[given.complete], events[given.complete]
    n, n_events = len(times), int(events.sum())
    standard, scale = given.standardised(n_events)

    likelihood = _PartialLikelihood(RiskSets.of(times, events == 1), standard)
    size = f"{n_events} events among {n} patients"
    coef, fitted, null = maximum_likelihood(likelihood, given.names, "Cox", size)
    return CoxModel(
        covariates=given.names,
        coef=coef / scale,
        std_error=np.sqrt(np.diag(np.linalg.inv(fitted.information))) / scale,
        conf_level=conf_level,
        n=n,
        n_events=n_events,
        n_missing=given.n_missing,
        log_likelihood=fitted.value,
        log_likelihood_null=null.value,
    )


class _PartialLikelihood:
    """Evaluate Cox's log partial likelihood in Efron's approximation.

    With r = exp(beta' x), S_q the sums of r x^q over those at risk at an event time and D_q those
    over its d events, Efron lets the events l = 0 ... d - 1 of the time occur in risk sets with the
    sums S_q - l/d D_q. The score is the sum over all events of x - m, where m is the mean of their
    risk set; the information is the sum of the second moments of the risk sets less that of m m'.
    The second moments need no sum a risk set: each patient enters with r times the cumulative
    hazard up to the own time, less what the events are spared of it at their own time.
    """

    def __init__(self, sets: RiskSets, standard: FloatArray) -> None:
        self.sets = sets
        self.x = standard[:, sets.order]
        self.sum_of_events = self.x[:, sets.events].sum(axis=1)
        rank = np.arange(len(sets.events)) - np.searchsorted(sets.place, sets.place)
        self.share = rank / sets.n_events[sets.place]

    def __call__(self, coef: FloatArray) -> Likelihood:
        sets = self.sets
        linear = coef @ self.x
        top = linear.max()
        risk = np.exp(linear - top)
        weighted = risk * self.x
        total = self._left(risk)
        means = self._left(weighted) / total
        value = float(linear[sets.events].sum() - np.log(total).sum() - len(total) * top)
        score = self.sum_of_events - means.sum(axis=1)

        exposure = sets.up_to_own_time(sets.at_time(1 / total))
        exposure[sets.events] -= sets.at_time(self.share / total)[sets.place]
        second = (weighted * exposure) @ self.x.T
        return Likelihood(value, score, second - means @ means.T)

    def _left(self, values: FloatArray) -> FloatArray:
        """Sum values over the risk set of each event, the share of tied events taken out."""
        sets = self.sets
        at_risk = sets.at_risk(values)[..., sets.place]
        tied: FloatArray = sets.at_time(values[..., sets.events])[..., sets.place]
        return at_risk - self.share * tied
