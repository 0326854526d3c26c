"""Reading the columns of a regression on times from a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nissc1.stats.cox import CoxFitError
from nissc1.stats.inputs import FloatArray, IntArray, as_events, as_times, to_numbers
from nissc1.stats.options import check_columns


@dataclass(frozen=True, eq=False)
class ModelData:
    """Hold the patients of a model: those with every covariate known.

    Attributes
    ----------
    covariates : tuple of str
        Columns in the order given.
    times, events : ndarray, shape (n,)
        Times and events (1) or censorings (0).
    matrix : ndarray, shape (n, p)
        Covariates.
    n_missing : int
        Patients left out because a covariate is missing.
    """

    covariates: tuple[str, ...]
    times: FloatArray
    events: IntArray
    matrix: FloatArray
    n_missing: int

    @property
    def n(self) -> int:
        """Number of patients in the model."""
        return len(self.times)

    @property
    def n_events(self) -> int:
        """Number of events in the model."""
        return int(self.events.sum())


def read_model(
    frame: pd.DataFrame, *, time: str, event: str, covariates: Sequence[str]
) -> ModelData:
    """Read times, events and covariates, and refuse what cannot identify coefficients.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    time, event : str
        Columns with the time (0 or more) and the event (1) or censoring (0).
    covariates : sequence of str
        Numeric or boolean columns; patients with a missing value are left out.

    Returns
    -------
    ModelData
        The complete patients.

    Raises
    ------
    ValueError
        If a column is absent, repeated, not numeric or infinite, a time or event is missing or
        wrong, or no covariate is named.
    CoxFitError
        If no complete patient has an event, or a covariate is constant among the complete
        patients or a combination of the others.
    """
    names = (covariates,) if isinstance(covariates, str) else tuple(covariates)
    if not names:
        raise ValueError("covariates is empty; at least one column is needed. Name one.")
    check_columns(frame, [time, event, *names])
    times, events = as_times(frame[time], time), as_events(frame[event], event)
    matrix = np.column_stack([_finite(frame, name) for name in names])
    complete = ~np.isnan(matrix).any(axis=1)
    data = ModelData(
        names, times[complete], events[complete], matrix[complete], int((~complete).sum())
    )
    _check_identified(data)
    return data


def _finite(frame: pd.DataFrame, name: str) -> FloatArray:
    if not pd.api.types.is_numeric_dtype(frame[name]):
        raise ValueError(
            f"covariate {name!r} has type {frame[name].dtype}; numbers and booleans are allowed. "
            "Code the categories as 0/1 columns, one for each but the reference."
        )
    values = to_numbers(frame[name], name)
    infinite = np.flatnonzero(np.isinf(values))
    if infinite.size:
        raise ValueError(
            f"covariate {name!r} is infinite at position {infinite[0]}; finite numbers are "
            "allowed. Correct it or mark it as missing."
        )
    return values


def _check_identified(data: ModelData) -> None:
    names, matrix = list(data.covariates), data.matrix
    if data.n_events == 0:
        raise CoxFitError(
            f"none of the {data.n} patients complete on {names} has an event; at least one is "
            "needed. Choose a later cut-off, a wider population or another endpoint."
        )
    constant = [name for name, x in zip(names, matrix.T, strict=True) if np.ptp(x) == 0]
    if constant:
        raise CoxFitError(
            f"covariate(s) {constant} have one and the same value in all {data.n} complete "
            "patients; at least two values are needed. Leave them out of the model."
        )
    standard = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    if np.linalg.matrix_rank(standard) < len(names):
        raise CoxFitError(
            f"of the covariates {names} at least one is a combination of the others in the "
            f"{data.n} complete patients; independent ones are needed. Leave one out."
        )
