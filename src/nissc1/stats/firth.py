"""Cox regression by Firth's penalised likelihood, for few events and for separation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import chi2

from nissc1.stats.hazard_model import FitError
from nissc1.stats.inputs import FloatArray
from nissc1.stats.model_frame import read_model
from nissc1.stats.options import check_choice, check_conf_level
from nissc1.stats.partial_likelihood import TIES, PartialLikelihood
from nissc1.stats.penalised_likelihood import PenalisedLikelihood

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Largest logarithm of a hazard ratio or limit which a float can hold.
_LARGEST_LOG = 700.0


@dataclass(frozen=True, eq=False)
class FirthModel:
    """Hold a Cox model fitted by Firth's penalised likelihood.

    Attributes
    ----------
    covariates : tuple of str
        Covariates in the order given.
    coef, std_error : ndarray, shape (p,)
        Log hazard ratios per unit of the covariate and their standard errors, from the information
        at the estimates.
    lower, upper : ndarray, shape (p,)
        Profile penalised likelihood limits of the log hazard ratios.
    statistic, p_value : ndarray, shape (p,)
        Penalised likelihood ratio test of each coefficient: chi-squared with 1 degree of freedom.
    conf_level : float
        Level of the limits.
    n, n_events : int
        Patients in the model and events among them.
    n_missing : int
        Patients left out because a covariate is missing.
    log_likelihood, log_likelihood_null : float
        Penalised log partial likelihood at the estimates and with all coefficients 0.
    """

    covariates: tuple[str, ...]
    coef: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    statistic: FloatArray
    p_value: FloatArray
    conf_level: float
    n: int
    n_events: int
    n_missing: int
    log_likelihood: float
    log_likelihood_null: float

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def table(self) -> pd.DataFrame:
        """Return the coefficients as a table.

        Returns
        -------
        pandas.DataFrame
            Indexed by covariate: ``coef``, ``std_error``, ``hazard_ratio`` and its limits
            ``lower``, ``upper`` (profile penalised likelihood), ``p_value`` (penalised likelihood
            ratio).
        """
        return pd.DataFrame(
            {
                "coef": self.coef,
                "std_error": self.std_error,
                "hazard_ratio": np.exp(self.coef),
                "lower": np.exp(self.lower),
                "upper": np.exp(self.upper),
                "p_value": self.p_value,
            },
            index=pd.Index(self.covariates, name="covariate"),
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the hazard ratios with their limits, on a logarithmic scale.

        `nissc1.report.figures`, and with it matplotlib, is imported only now.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; by default those of a new figure of pyplot.

        Returns
        -------
        matplotlib.axes.Axes
            The axes.
        """
        from nissc1.report.figures.ranges import plot_ratios

        return plot_ratios(self.table(), ax)


def firth_cox(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    covariates: Sequence[str],
    ties: str = "efron",
    conf_level: float = 0.95,
) -> FirthModel:
    """Fit a proportional hazards model by Firth's penalised likelihood.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    time, event : str
        Columns with the time (0 or more, any unit) and the event (1) or censoring (0).
    covariates : sequence of str
        Numeric or boolean columns; a hazard ratio is per unit, or of True against False. Patients
        with a missing covariate are left out and counted in ``n_missing``.
    ties : {"efron", "breslow"}
        Treatment of tied event times.
    conf_level : float
        Two-sided level of the hazard ratios' limits.

    Returns
    -------
    FirthModel
        Estimates which maximise the log partial likelihood plus half the log determinant of the
        information [1]_ [2]_. They are finite even where all events fall on one side of a covariate
        and `cox` refuses the data, and less biased where events are few.

    Raises
    ------
    ValueError
        If a column is absent, repeated, not numeric or infinite, a time or event is missing or
        wrong, no covariate is named, or an option is not allowed.
    FitError
        If there is no event among the complete patients, a covariate is constant there or a
        combination of the others, or does not vary among those at risk at any event; if there are
        so few events for the covariates that a profile likelihood is not of one piece; or if a
        hazard ratio or a limit is too large to be represented.

    Notes
    -----
    A limit is where twice the penalised log likelihood, maximised over the other coefficients, has
    fallen below its maximum by the chi-squared quantile. The penalty always is that of the whole
    model's information, also for the tests [2]_.

    References
    ----------
    .. [1] Firth D (1993). Bias reduction of maximum likelihood estimates. Biometrika 80:27-38.
    .. [2] Heinze G, Schemper M (2001). A solution to the problem of monotone likelihood in Cox
       regression. Biometrics 57:114-119.

    Examples
    --------
    Both events are among the treated, half of those at risk each time, so that the likelihood has
    no maximum. The penalised one has, at odds of 2.5 to 0.5:

    >>> import pandas as pd
    >>> from nissc1.stats import firth_cox
    >>> frame = pd.DataFrame(
    ...     {"days": [1, 2, 3, 4, 5, 6], "died": [1, 0, 1, 0, 0, 0], "treated": [1, 0, 1, 0, 1, 0]}
    ... )
    >>> model = firth_cox(frame, time="days", event="died", covariates=["treated"])
    >>> row = model.table().loc["treated"]
    >>> row[["hazard_ratio", "lower", "upper", "p_value"]].round(2).tolist()
    [5.0, 0.41, 689.61, 0.23]
    """
    check_choice("ties", ties, TIES)
    check_conf_level(conf_level)
    data = read_model(frame, time=time, event=event, covariates=covariates)
    scale: FloatArray = data.matrix.std(axis=0, ddof=1)
    standard = (data.matrix - data.matrix.mean(axis=0)) / scale
    fit = PenalisedLikelihood(
        PartialLikelihood(data.times, data.events, standard, ties), data.covariates
    )
    size = len(scale)
    start = np.zeros(size)
    null = fit.null()
    coef, best = fit.maximise(start)
    _, _, information = fit.at(coef)
    std_error = np.sqrt(np.diag(np.linalg.inv(information)))
    limits = np.empty((size, 2))
    statistic = np.empty(size)
    fall = float(chi2.ppf(conf_level, 1))
    for j in range(size):
        held = coef.copy()
        held[j] = 0.0
        statistic[j] = max(2 * (best - fit.maximise(held, j)[1]), 0.0)
        for side, direction in enumerate((-1.0, 1.0)):
            limits[j, side] = fit.limit(coef, best, j, direction * float(std_error[j]), fall)
    units = float(np.log(scale).sum())  # what standardising takes from half the log determinant
    largest = np.abs(np.column_stack([coef, limits])).max(axis=1) / scale
    for name, size_of_log in zip(data.covariates, largest, strict=True):
        if size_of_log > _LARGEST_LOG:
            raise FitError(
                f"the hazard ratio a unit of {name!r}, or a limit of it, is e to the power "
                f"{size_of_log:.3g}; up to {_LARGEST_LOG:g} can be represented. Use a larger unit "
                "or leave the covariate out."
            )
    return FirthModel(
        covariates=data.covariates,
        coef=coef / scale,
        std_error=std_error / scale,
        lower=limits[:, 0] / scale,
        upper=limits[:, 1] / scale,
        statistic=statistic,
        p_value=chi2.sf(statistic, 1),
        conf_level=conf_level,
        n=data.n,
        n_events=data.n_events,
        n_missing=data.n_missing,
        log_likelihood=best + units,
        log_likelihood_null=null + units,
    )
