"""The course of a measurement over the scheduled visits: models of its means, and their checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2

from nissc1.analysis_plan import settings
from nissc1.stats import Gee, MixedModelError, Mmrm, gee, mmrm
from nissc1.stats.inputs import FloatArray

MEASUREMENTS = {
    "mrss": ("mrss", "Skin score (mRSS)", "points", 1),
    "fvc": ("fvc_pct", "FVC", "% of predicted", 1),
    "dlco": ("dlco_pct", "DLCO", "% of predicted", 1),
    "shaq": ("shaq", "sHAQ", "points", 2),
    "esr": ("esr_mm_h", "Sedimentation rate", "mm/h", 1),
}
"""By topic: column of ``visits``, name, unit and digits shown."""
FAR = 2.0
"""Standard deviations beyond which 4.6 % of normal residuals lie."""
_PLAN: Mapping[str, Any] = settings("course.mixed_model")
_EQUATIONS: Mapping[str, Any] = settings("course.gee")
_BY: dict[str, Any] = {"subject": "patient_id", "within": "month"}


@dataclass(frozen=True)
class StructureTest:
    """Hold a likelihood-ratio test of equal variances and correlations of a patient's values.

    Attributes
    ----------
    statistic : float
        Twice the difference of the restricted log-likelihoods.
    df : int
        Parameters that the simpler matrix saves.
    p_value : float
        Upper tail of chi-squared.
    """

    statistic: float
    df: int
    p_value: float


def mixed_model(visits: pd.DataFrame, column: str, *, conf_level: float = 0.95) -> Mmrm:
    """Fit the mixed model for repeated measures of the analysis plan.

    Parameters
    ----------
    visits : DataFrame
        Visits to model: ``patient_id``, ``month`` and the measurement.
    column : str
        The measurement.
    conf_level : float
        Level of the limits.

    Returns
    -------
    Mmrm
        With the first covariance matrix of the plan that the data determine and that has enough
        patients for its parameters.

    Raises
    ------
    MixedModelError
        If the data determine none.
    """
    size, n = visits.loc[visits[column].notna(), ["month", "patient_id"]].nunique()
    options: dict[str, Any] = {"small_sample": _PLAN["small_sample"], "conf_level": conf_level}
    *first, last = _PLAN["structures"]
    for structure in first:
        if n < _PLAN["patients_a_parameter"] * _parameters(structure, int(size)):
            continue
        try:
            return mmrm(visits, outcome=column, covariance=structure, **_BY, **options)
        except MixedModelError:
            continue
    return mmrm(visits, outcome=column, covariance=last, **_BY, **options)


def estimating_equations(visits: pd.DataFrame, column: str, *, conf_level: float = 0.95) -> Gee:
    """Solve the estimating equations of the analysis plan.

    Parameters
    ----------
    visits : DataFrame
        As for `mixed_model`.
    column : str
        The measurement.
    conf_level : float
        Level of the limits.

    Returns
    -------
    Gee
        Means at the visits.
    """
    return gee(visits, outcome=column, **_BY, **_EQUATIONS, conf_level=conf_level)


def structure_test(visits: pd.DataFrame, column: str, model: Mmrm) -> StructureTest:
    """Test whether the simplest covariance matrix of the plan would do.

    Parameters
    ----------
    visits : DataFrame
        As for `mixed_model`.
    column : str
        The measurement.
    model : Mmrm
        Its model.

    Returns
    -------
    StructureTest
        The restricted likelihoods compare, since both models have the same means.

    Raises
    ------
    ValueError
        If the model has the simplest matrix itself.
    """
    simplest = _PLAN["structures"][-1]
    if model.covariance_structure == simplest:
        raise ValueError(
            f"the data determine no other matrix than {simplest}; there is nothing to compare. "
            "Leave the test out."
        )
    other = mmrm(visits, outcome=column, covariance=simplest, **_BY)
    size = len(model.levels)
    df = _parameters(model.covariance_structure, size) - _parameters(simplest, size)
    statistic = max(2 * (model.log_likelihood - other.log_likelihood), 0.0)
    return StructureTest(statistic, df, float(chi2.sf(statistic, df)))


def standardised_residuals(visits: pd.DataFrame, column: str, model: Mmrm) -> FloatArray:
    """Compute residuals that are independent with variance 1 if the model holds.

    Parameters
    ----------
    visits : DataFrame
        As for `mixed_model`.
    column : str
        The measurement.
    model : Mmrm
        Its model.

    Returns
    -------
    ndarray
        One a value, patient by patient: each patient's deviations from the means, multiplied by the
        inverse of the lower Cholesky factor of their covariance matrix.
    """
    known = visits.loc[visits[column].notna(), ["patient_id", "month", column]]
    wide = known.pivot(index="patient_id", columns="month", values=column)
    values = wide[list(model.levels)].to_numpy(dtype=np.float64)
    found = []
    for row in values - model.estimate:
        seen = ~np.isnan(row)
        factor = np.linalg.cholesky(model.covariance[np.ix_(seen, seen)])
        found.append(np.linalg.solve(factor, row[seen]))
    return np.concatenate(found)


def _parameters(structure: str, size: int) -> int:
    return size * (size + 1) // 2 if structure == "unstructured" else 2
