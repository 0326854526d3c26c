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
    """Hold a fitted Cox model.

    Attributes
    ----------
    robust : bool
        Whether the standard errors are robust or model-based.
    """

    robust: bool = False


def cox(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    covariates: Sequence[str],
    ties: str = "efron",
    robust: bool = False,
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
    robust : bool
        Whether standard errors are those of the sandwich [3]_, which hold if hazards are not
        proportional (the ratio then is an average), at the price of more noise. A patient is one
        row.
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
    .. [3] Lin DY, Wei LJ (1989). The robust inference for the Cox proportional hazards model.
       J Am Stat Assoc 84:1074-1078.

    Examples
    --------
    A dies at 1 of the four at risk, B at 2 of the other three; the likelihood e / (2 e + 2) times
    1 / (e + 2) is largest where e, the hazard ratio, is the root of 2:

    >>> import pandas as pd
    >>> from nissc1.stats import cox
    >>> frame = pd.DataFrame({"days": [1, 3, 2, 4], "died": [1, 0, 1, 0], "x": [1, 1, 0, 0]})
    >>> model = cox(frame, time="days", event="died", covariates=["x"])
    >>> model.table().round(3).loc["x", ["hazard_ratio", "lower", "upper"]].tolist()
    [1.414, 0.085, 23.573]
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
    variance = np.linalg.inv(fitted.information)
    if robust:
        influence = variance @ likelihood.residuals(coef)
        variance = influence @ influence.T
    return CoxModel(
        covariates=given.names,
        coef=coef / scale,
        std_error=np.sqrt(np.diag(variance)) / scale,
        conf_level=conf_level,
        n=n,
        n_events=n_events,
        n_missing=given.n_missing,
        log_likelihood=fitted.value,
        log_likelihood_null=null.value,
        robust=robust,
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

    def residuals(self, coef: FloatArray) -> FloatArray:
        """Compute each patient's contribution to the score.

        Parameters
        ----------
        coef : ndarray, shape (p,)
            The estimates.

        Returns
        -------
        ndarray, shape (p, n)
            Contributions. Those who have the event at one time share its risk sets evenly.
        """
        sets = self.sets
        linear = coef @ self.x
        risk = np.exp(linear - linear.max())
        total = self._left(risk)
        mean = self._left(risk * self.x) / total
        hazard, moved = sets.at_time(1 / total), sets.at_time(mean / total)
        up_to = sets.up_to_own_time
        residuals: FloatArray = risk * (up_to(moved) - self.x * up_to(hazard))
        own, place = self.x[:, sets.events], sets.place
        spared = sets.at_time(self.share / total)[place] * own
        spared -= sets.at_time(self.share * mean / total)[:, place]
        usual = sets.at_time(mean)[:, place] / sets.n_events[place]
        residuals[:, sets.events] += risk[sets.events] * spared + own - usual
        return residuals

    def _left(self, values: FloatArray) -> FloatArray:
        """Sum values over the risk set of each event, the share of tied events taken out."""
        sets = self.sets
        at_risk = sets.at_risk(values)[..., sets.place]
        tied: FloatArray = sets.at_time(values[..., sets.events])[..., sets.place]
        return at_risk - self.share * tied
