"""Multiple imputation of incomplete courses from a multivariate normal distribution."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from nissc1.stats.covariance_fit import MixedModelError, check_determined, fit_covariance
from nissc1.stats.covariance_structures import STRUCTURES, CovarianceStructure
from nissc1.stats.gaussian_patterns import GaussianPatterns
from nissc1.stats.inputs import FloatArray


def impute_normal(
    values: FloatArray, levels: Sequence[Hashable], *, n_imputations: int, seed: int
) -> FloatArray:
    """Draw the missing values of courses, given the observed ones.

    Parameters
    ----------
    values : ndarray, shape (n, k)
        Subjects by levels, NaN where missing; nobody without any value.
    levels : sequence of hashable, length k
        Names of the levels, for messages.
    n_imputations : int
        Imputations.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    ndarray, shape (n_imputations, n, k)
        Completed courses, under the assumption that values are missing at random. Each imputation
        has a covariance matrix and means of its own, drawn from (a normal approximation to) their
        posterior distribution [1]_, from a fit by restricted maximum likelihood.

    Raises
    ------
    MixedModelError
        If the data do not determine an unstructured covariance matrix, or so little that singular
        ones are drawn.

    References
    ----------
    .. [1] Rubin DB (1987). Multiple Imputation for Nonresponse in Surveys. Wiley, New York.
    """
    check_determined(values, levels, "unstructured")
    rng = np.random.default_rng(seed)
    centre = np.nanmean(values, axis=0)
    unit = float(np.nanstd(values - centre))
    standard = (values - centre) / unit
    patterns = GaussianPatterns(standard)
    structure = STRUCTURES["unstructured"](values.shape[1])
    matrix, _ = fit_covariance(patterns, structure, np.nanvar(standard, axis=0))
    completed = np.empty((n_imputations, *values.shape))
    try:
        free, spread = _posterior(patterns, structure, matrix)
        for m in range(n_imputations):
            drawn = structure.matrix(free + spread @ rng.standard_normal(len(free)))
            found = patterns.evaluate(drawn)
            noise = np.linalg.cholesky(found.mean_covariance) @ rng.standard_normal(len(drawn))
            completed[m] = _filled(standard, found.mean + noise, drawn, rng)
    except np.linalg.LinAlgError as error:
        raise MixedModelError(
            f"{len(values)} subject(s) do not suffice to draw covariance matrices of {len(levels)} "
            "levels; those drawn are singular. Leave out levels."
        ) from error
    result: FloatArray = np.where(np.isnan(values), centre + unit * completed, values)
    return result


def _posterior(
    patterns: GaussianPatterns, structure: CovarianceStructure, matrix: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return centre and Cholesky factor of the distribution of the free parameters."""
    information = patterns.curvature(matrix, *structure.natural(matrix)).information
    free = structure.free(matrix)
    row, column = np.tril_indices(len(matrix))
    turn = structure.slope(free)[:, row, column]  # natural by free parameters, transposed
    spread = np.linalg.cholesky(np.linalg.inv(turn @ information @ turn.T))
    return free, np.asarray(spread, dtype=np.float64)


def _filled(
    values: FloatArray, mean: FloatArray, covariance: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Draw the missing values given the observed ones, pattern by pattern."""
    filled = values.copy()
    masks, place = np.unique(np.isnan(values), axis=0, return_inverse=True)
    for k, gone in enumerate(masks):
        rows = np.flatnonzero(place.ravel() == k)
        if not gone.any():
            continue
        known = np.flatnonzero(~gone)
        missing = np.flatnonzero(gone)
        inner = covariance[np.ix_(known, known)]
        slope = np.linalg.solve(inner, covariance[np.ix_(known, missing)])
        rest = covariance[np.ix_(missing, missing)] - covariance[np.ix_(missing, known)] @ slope
        expected = mean[missing] + (values[np.ix_(rows, known)] - mean[known]) @ slope
        noise = rng.standard_normal((len(rows), len(missing))) @ np.linalg.cholesky(rest).T
        filled[np.ix_(rows, missing)] = expected + noise
    return filled
