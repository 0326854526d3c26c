"""The result of a proportional hazards regression, and the step to it that all kinds share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from nissc1.stats.inputs import FloatArray
from nissc1.stats.newton import Likelihood, NoMaximumError, maximise

#: Largest logarithm of a hazard ratio or limit which a float can hold.
_LARGEST_LOG = 700.0


class FitError(ValueError):
    """Report that the data do not determine the coefficients of a model."""


@dataclass(frozen=True, eq=False)
class HazardModel:
    """Hold a fitted model of hazard ratios.

    Attributes
    ----------
    covariates : tuple of str
        Covariates in the order given.
    coef, std_error : ndarray, shape (p,)
        Log hazard ratios per unit of the covariate and their standard errors.
    conf_level : float
        Level of the limits.
    n, n_events : int
        Patients in the model and events of interest among them.
    n_missing : int
        Patients left out because a covariate is missing.
    log_likelihood, log_likelihood_null : float
        Log partial likelihood at the estimates and with all coefficients 0.
    """

    covariates: tuple[str, ...]
    coef: FloatArray
    std_error: FloatArray
    conf_level: float
    n: int
    n_events: int
    n_missing: int
    log_likelihood: float
    log_likelihood_null: float

    def __post_init__(self) -> None:
        """Make the arrays read-only, and refuse what a float cannot hold."""
        self.coef.setflags(write=False)
        self.std_error.setflags(write=False)
        largest = np.abs(self.coef) + self._z * self.std_error
        for name, size in zip(self.covariates, largest, strict=True):
            if size > _LARGEST_LOG:
                raise FitError(
                    f"the hazard ratio a unit of {name!r}, or a limit of it, is e to the power "
                    f"{size:.3g}; up to {_LARGEST_LOG:g} can be represented. Use a larger unit or "
                    "leave the covariate out."
                )

    @property
    def _z(self) -> float:
        return float(norm.ppf(0.5 + self.conf_level / 2))

    def table(self) -> pd.DataFrame:
        """Return the coefficients as a table.

        Returns
        -------
        pandas.DataFrame
            Indexed by covariate: ``coef``, ``std_error``, ``hazard_ratio`` and its limits
            ``lower``, ``upper`` (from the standard error on the log scale), ``p_value`` (Wald,
            two-sided).
        """
        return pd.DataFrame(
            {
                "coef": self.coef,
                "std_error": self.std_error,
                "hazard_ratio": np.exp(self.coef),
                "lower": np.exp(self.coef - self._z * self.std_error),
                "upper": np.exp(self.coef + self._z * self.std_error),
                "p_value": 2 * norm.sf(np.abs(self.coef / self.std_error)),
            },
            index=pd.Index(self.covariates, name="covariate"),
        )


def maximum_likelihood(
    evaluate: Callable[[FloatArray], Likelihood], names: Sequence[str], kind: str, size: str
) -> tuple[FloatArray, Likelihood, Likelihood]:
    """Maximise a partial likelihood.

    Parameters
    ----------
    evaluate : callable
        From coefficients of standardised covariates to the `Likelihood`.
    names : sequence of str
        Covariates.
    kind, size : str
        Kind of model, and its numbers of events and patients, for the error message.

    Returns
    -------
    coef : ndarray, shape (p,)
        Coefficients at the maximum.
    fitted, null : Likelihood
        The likelihood there, and with all coefficients 0.

    Raises
    ------
    FitError
        If there is no maximum. Never a hazard ratio that is infinite in truth.
    """
    try:
        return maximise(evaluate, len(names))
    except NoMaximumError as error:
        raise FitError(
            f"the {kind} model of {list(names)} with {size} has no finite estimate. A covariate "
            "may separate the patients with an event from those without, so that its hazard ratio "
            "is not finite. Leave it out, join categories, or describe the groups with curves and "
            "a test of groups."
        ) from error
