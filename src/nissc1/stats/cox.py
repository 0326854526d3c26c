"""Cox's proportional hazards regression."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError, ConvergenceWarning
from scipy.linalg import LinAlgWarning
from scipy.stats import norm

from nissc1.stats.inputs import FloatArray, IntArray, as_events, as_times, to_numbers
from nissc1.stats.options import check_choice, check_columns, check_conf_level

TIES = ("efron",)
#: Newton's iterations stop once the log-likelihood can grow by less than this.
_DECREMENT = 1e-20
#: Largest logarithm of a hazard ratio or limit which a float can hold.
_LARGEST_LOG = 700.0


class CoxFitError(ValueError):
    """Report that the data do not determine the coefficients of a Cox model."""


@dataclass(frozen=True, eq=False)
class CoxModel:
    """Hold a fitted Cox model.

    Attributes
    ----------
    covariates : tuple of str
        Covariates in the order given.
    coef, std_error : ndarray, shape (p,)
        Log hazard ratios per unit of the covariate and their model-based standard errors.
    conf_level : float
        Level of the limits.
    n, n_events : int
        Patients in the model and events among them.
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
        """Make the arrays read-only."""
        self.coef.setflags(write=False)
        self.std_error.setflags(write=False)

    def table(self) -> pd.DataFrame:
        """Return the coefficients as a table.

        Returns
        -------
        pandas.DataFrame
            Indexed by covariate: ``coef``, ``std_error``, ``hazard_ratio`` and its limits
            ``lower``, ``upper`` (from the standard error on the log scale), ``p_value`` (Wald,
            two-sided).
        """
        z = float(norm.ppf(0.5 + self.conf_level / 2))
        return pd.DataFrame(
            {
                "coef": self.coef,
                "std_error": self.std_error,
                "hazard_ratio": np.exp(self.coef),
                "lower": np.exp(self.coef - z * self.std_error),
                "upper": np.exp(self.coef + z * self.std_error),
                "p_value": 2 * norm.sf(np.abs(self.coef / self.std_error)),
            },
            index=pd.Index(self.covariates, name="covariate"),
        )


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
    CoxFitError
        If there is no event among the complete patients, a covariate is constant there or a
        combination of the others, or the likelihood has no maximum (an estimate runs off to
        infinity because a covariate separates the patients with an event). Never a hazard ratio
        that is infinite in truth.

    Notes
    -----
    Covariates are centred and scaled to unit variance for the fit by lifelines, and the
    coefficients scaled back, so that the unit of a covariate does not matter to convergence. The
    iterations go on to a tighter limit than lifelines' own, so that results agree with R's to
    about 1e-10.

    References
    ----------
    .. [1] Cox DR (1972). Regression models and life-tables. J R Stat Soc B 34:187-220.
    .. [2] Efron B (1977). The efficiency of Cox's likelihood function for censored data.
       J Am Stat Assoc 72:557-565.
    """
    names = (covariates,) if isinstance(covariates, str) else tuple(covariates)
    if not names:
        raise ValueError("covariates is empty; at least one column is needed. Name one.")
    check_columns(frame, [time, event, *names])
    check_choice("ties", ties, TIES)
    check_conf_level(conf_level)
    times, events = as_times(frame[time], time), as_events(frame[event], event)
    matrix = np.column_stack([_covariate(frame[name], name) for name in names])
    complete = ~np.isnan(matrix).any(axis=1)
    times, events, matrix = times[complete], events[complete], matrix[complete]
    scale = _check_information(matrix, events, names)

    fitter = _fit(times, events, (matrix - matrix.mean(axis=0)) / scale, names)
    coef = fitter.params_.to_numpy() / scale
    std_error = fitter.standard_errors_.to_numpy() / scale
    _check_representable(np.abs(coef) + norm.ppf(0.5 + conf_level / 2) * std_error, names)
    return CoxModel(
        covariates=names,
        coef=coef,
        std_error=std_error,
        conf_level=conf_level,
        n=len(times),
        n_events=int(events.sum()),
        n_missing=int((~complete).sum()),
        log_likelihood=float(fitter.log_likelihood_),
        log_likelihood_null=float(fitter._ll_null_),
    )


def _covariate(column: pd.Series[Any], name: str) -> FloatArray:
    if not pd.api.types.is_numeric_dtype(column):
        raise ValueError(
            f"covariate {name!r} has type {column.dtype}; numbers and booleans are allowed. "
            "Code the categories as 0/1 columns, one for each but the reference."
        )
    values = to_numbers(column, name)
    infinite = np.flatnonzero(np.isinf(values))
    if infinite.size:
        raise ValueError(
            f"covariate {name!r} is infinite at position {infinite[0]}; finite numbers are "
            "allowed. Correct it or mark it as missing."
        )
    return values


def _check_information(matrix: FloatArray, events: IntArray, names: Sequence[str]) -> FloatArray:
    """Return the covariates' standard deviations, refusing data which cannot identify a model."""
    if not events.any():
        raise CoxFitError(
            f"none of the {len(events)} patients complete on {list(names)} has an event; at least "
            "one is needed. Choose a later cut-off, a wider population or another endpoint."
        )
    constant = [name for name, x in zip(names, matrix.T, strict=True) if np.ptp(x) == 0]
    if constant:
        raise CoxFitError(
            f"covariate(s) {constant} have one and the same value in all {len(events)} complete "
            "patients; at least two values are needed. Leave them out of the model."
        )
    scale: FloatArray = matrix.std(axis=0, ddof=1)
    standard = (matrix - matrix.mean(axis=0)) / scale
    if np.linalg.matrix_rank(standard) < len(names):
        raise CoxFitError(
            f"of the covariates {list(names)} at least one is a combination of the others in the "
            f"{len(events)} complete patients; independent ones are needed. Leave one out."
        )
    return scale


def _check_representable(largest_log: FloatArray, names: Sequence[str]) -> None:
    for name, size in zip(names, largest_log, strict=True):
        if size > _LARGEST_LOG:
            raise CoxFitError(
                f"the hazard ratio a unit of {name!r}, or a limit of it, is e to the power "
                f"{size:.3g}; up to {_LARGEST_LOG:g} can be represented. Use a larger unit or "
                "leave the covariate out."
            )


def _fit(
    times: FloatArray, events: IntArray, standard: FloatArray, names: Sequence[str]
) -> CoxPHFitter:
    columns = [f"x{k}" for k in range(len(names))]
    data = pd.DataFrame(standard, columns=columns).assign(time=times, event=events)
    advice = (
        "A covariate may separate the patients with an event from those without, so that its "
        "hazard ratio is not finite. Leave it out, join categories, or describe the groups with "
        "Kaplan-Meier curves and a log-rank test."
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            warnings.simplefilter("error", LinAlgWarning)
            # A negative variance: the information matrix is singular but for rounding.
            warnings.filterwarnings("error", "invalid value encountered in sqrt", RuntimeWarning)
            fitter = CoxPHFitter().fit(
                data,
                duration_col="time",
                event_col="event",
                fit_options={"step_size": 1.0, "precision": _DECREMENT, "r_precision": 0.0},
            )
    except (ConvergenceError, ConvergenceWarning, LinAlgWarning, RuntimeWarning) as error:
        raise CoxFitError(
            f"the Cox model of {list(names)} with {int(events.sum())} events among {len(events)} "
            f"patients has no finite estimate. {advice}"
        ) from error
    return fitter
