"""Search of the covariance matrix with the largest likelihood."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from scipy.optimize import minimize

from nissc1.stats.covariance_structures import CovarianceStructure
from nissc1.stats.gaussian_patterns import Evaluation, GaussianPatterns
from nissc1.stats.inputs import FloatArray

#: Fisher's scoring stops once the gain to be had from a step falls below this.
_SMALLEST_GAIN = 1e-20
_MOST_ITERATIONS = 200
#: Smallest eigenvalue of a correlation matrix which is not a boundary of the likelihood.
_NEGLIGIBLE = 1e-5
_NO_MAXIMUM = (
    "the likelihood has no maximum within the positive definite covariance matrices; values must "
    "vary at each level, and not follow from those at others in all subjects. Leave out levels, or "
    "choose a structure with fewer parameters."
)


class MixedModelError(ValueError):
    """Report that the data do not determine the covariance matrix of repeated measures."""


def check_determined(values: FloatArray, levels: Sequence[Hashable], covariance: str) -> None:
    """Refuse courses which tell too little of how values at different levels vary together.

    Parameters
    ----------
    values : ndarray, shape (n, k)
        Subjects by levels, NaN where missing.
    levels : sequence of hashable, length k
        Names of the levels.
    covariance : str
        Structure of the covariance matrix.

    Raises
    ------
    MixedModelError
        If there are fewer than two levels, or two subjects with two values or more, or the values
        do not vary; with an unstructured matrix, if they do not vary at one level, or fewer than
        two subjects have values at a pair of levels.
    """
    known = ~np.isnan(values)
    informative = int((known.sum(axis=1) >= 2).sum())
    if len(levels) < 2 or informative < 2:
        raise MixedModelError(
            f"{informative} subject(s) have two values or more on {len(levels)} level(s); at least "
            "2 of each are needed. Choose other levels or more subjects."
        )
    constant = [levels[k] for k, column in enumerate(values.T) if np.ptp(column[known[:, k]]) == 0]
    if (constant and covariance == "unstructured") or len(constant) == len(levels):
        raise MixedModelError(
            f"the values at the level(s) {constant} do not vary; variance is needed. Leave these "
            "levels out."
        )
    together = known.astype(np.int64).T @ known
    if covariance == "unstructured" and together.min() < 2:
        one, other = (int(k) for k in np.argwhere(together < 2)[0])
        raise MixedModelError(
            f"{int(together[one, other])} subject(s) have values at both {levels[one]} and "
            f"{levels[other]}; with an unstructured covariance matrix at least 2 are needed for "
            "each pair. Leave out a level or choose another structure."
        )


def fit_covariance(
    patterns: GaussianPatterns, structure: CovarianceStructure, variances: FloatArray
) -> tuple[FloatArray, Evaluation]:
    """Maximise the likelihood.

    Parameters
    ----------
    patterns : GaussianPatterns
        The data, of the order of 1.
    structure : CovarianceStructure
        Structure of the covariance matrix.
    variances : ndarray, shape (k,)
        Variances from which the search begins.

    Returns
    -------
    matrix : ndarray, shape (k, k)
        Covariance matrix.
    found : Evaluation
        Likelihood and means there.

    Raises
    ------
    MixedModelError
        If the maximum lies where the matrix is singular, or is not found.

    Notes
    -----
    A quasi-Newton search in the free parameters, which cannot leave the positive definite matrices,
    is followed by Fisher's scoring in the natural ones, which ends at the maximum to nearly all
    digits.
    """
    floor = 1e-3 * float(variances.max())

    def objective(free: FloatArray) -> tuple[float, FloatArray]:
        with np.errstate(over="ignore", invalid="ignore"):
            matrix = structure.matrix(free)
            found = patterns.evaluate(matrix) if np.isfinite(matrix).all() else None
        if found is None or not np.isfinite(found.log_likelihood):
            return 1e10, np.zeros(len(free))
        slope = np.einsum("ij,aij->a", found.gradient, structure.slope(free))
        return -found.log_likelihood, -slope

    start = structure.start(np.maximum(variances, floor if floor > 0 else 1.0))
    search = minimize(objective, start, jac=True, method="BFGS", options={"maxiter": 2000})
    matrix = structure.matrix(search.x)
    _check_inside(matrix)
    found = patterns.evaluate(matrix)
    for _ in range(_MOST_ITERATIONS):
        first, second = structure.natural(matrix)
        score = np.einsum("ij,aij->a", found.gradient, first)
        information = patterns.curvature(matrix, first, second).information
        if np.linalg.eigvalsh(information)[0] <= 0:
            raise MixedModelError(_NO_MAXIMUM)
        step = np.linalg.solve(information, score)
        if float(score @ step) < _SMALLEST_GAIN:
            break
        matrix, found = _uphill(patterns, structure, matrix, found, step)
        _check_inside(matrix)
    else:
        raise MixedModelError(
            f"the search of the covariance matrix has not ended after {_MOST_ITERATIONS} steps; "
            "the likelihood is too flat. Choose a structure with fewer parameters."
        )
    return matrix, found


def _uphill(
    patterns: GaussianPatterns,
    structure: CovarianceStructure,
    matrix: FloatArray,
    found: Evaluation,
    step: FloatArray,
) -> tuple[FloatArray, Evaluation]:
    """Halve the step until the likelihood does not fall by more than its rounding error."""
    allowed = 1e-12 * max(abs(found.log_likelihood), 1.0)
    for _ in range(60):
        moved = structure.moved(matrix, step)
        following = patterns.evaluate(moved)
        if following.log_likelihood >= found.log_likelihood - allowed:
            return moved, following
        step = step / 2
    return matrix, found


def _check_inside(matrix: FloatArray) -> None:
    variances = np.diag(matrix)
    inside = bool(np.isfinite(matrix).all() and (variances > 0).all())
    if inside:
        deviation = np.sqrt(variances)
        correlation = matrix / np.outer(deviation, deviation)
        inside = bool(np.linalg.eigvalsh(correlation)[0] > _NEGLIGIBLE)
    if not inside:
        raise MixedModelError(_NO_MAXIMUM)
