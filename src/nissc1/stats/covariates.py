"""The covariates of a proportional hazards regression: read, checked and scaled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nissc1.stats.hazard_model import FitError
from nissc1.stats.inputs import BoolArray, FloatArray, to_numbers
from nissc1.stats.options import check_columns


@dataclass(frozen=True, eq=False)
class Covariates:
    """Hold the covariates of the patients who have all of them.

    Attributes
    ----------
    names : tuple of str
        Columns, in the order given.
    complete : ndarray of bool, shape (rows of the frame,)
        Whether the patient has all of them.
    values : ndarray, shape (p, n)
        Values of the complete patients, a row a covariate.
    """

    names: tuple[str, ...]
    complete: BoolArray
    values: FloatArray

    @property
    def n_missing(self) -> int:
        """Number of patients who lack a covariate."""
        return int((~self.complete).sum())

    def standardised(self, n_events: int) -> tuple[FloatArray, FloatArray]:
        """Centre the covariates and scale them to unit variance.

        Parameters
        ----------
        n_events : int
            Events of interest among the complete patients.

        Returns
        -------
        standard : ndarray, shape (p, n)
            The scaled covariates.
        scale : ndarray, shape (p,)
            What they were divided by.

        Raises
        ------
        FitError
            If there is no event, or a covariate is constant or a combination of the others.
        """
        n = self.values.shape[1]
        if not n_events:
            raise FitError(
                f"none of the {n} patients complete on {list(self.names)} has an event; at least "
                "one is needed. Choose a later cut-off, a wider population or another endpoint."
            )
        spread = self.values.max(axis=1) - self.values.min(axis=1)
        constant = [name for name, each in zip(self.names, spread, strict=True) if each == 0]
        if constant:
            raise FitError(
                f"covariate(s) {constant} have one and the same value in all {n} complete "
                "patients; at least two values are needed. Leave them out of the model."
            )
        centred = self.values - self.values.mean(axis=1, keepdims=True)
        scale: FloatArray = np.sqrt(np.einsum("ij,ij->i", centred, centred) / (n - 1))
        standard = centred / scale[:, None]
        if _rank(standard) < len(self.names):
            raise FitError(
                f"of the covariates {list(self.names)} at least one is a combination of the others "
                f"in the {n} complete patients; independent ones are needed. Leave one out."
            )
        return standard, scale


def read_covariates(
    frame: pd.DataFrame, covariates: Sequence[str], others: Sequence[str]
) -> Covariates:
    """Take the covariates from a frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    covariates : sequence of str
        Numeric or boolean columns.
    others : sequence of str
        Further columns of the model, which must be there too.

    Returns
    -------
    Covariates
        Those of the patients who have all of them.

    Raises
    ------
    ValueError
        If no covariate is named, or a column is absent, named twice, not numeric or infinite.
    """
    names = (covariates,) if isinstance(covariates, str) else tuple(covariates)
    if not names:
        raise ValueError("covariates is empty; at least one column is needed. Name one.")
    check_columns(frame, [*others, *names])
    values = np.stack([_numbers(frame[name], name) for name in names])
    complete: BoolArray = ~np.any(np.isnan(values), axis=0)
    return Covariates(names, complete, values if complete.all() else values[:, complete])


def _numbers(column: pd.Series[Any], name: str) -> FloatArray:
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


def _rank(standard: FloatArray) -> int:
    """Rank of the covariates, from the small triangle of a QR decomposition."""
    triangle = np.linalg.qr(standard.T, mode="r")
    tolerance = max(standard.shape) * np.finfo(np.float64).eps
    singular = np.linalg.svd(triangle, compute_uv=False)
    return int(np.sum(singular > tolerance * singular[0]))
