"""Likelihood of incomplete normal measurements, summed up by pattern of what is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nissc1.stats.inputs import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Pattern:
    """Hold the subjects who have values at the same levels.

    Attributes
    ----------
    levels : ndarray of int, shape (m,)
        Places of the levels with a value.
    n : int
        Number of subjects.
    mean : ndarray, shape (m,)
        Means of their values.
    scatter : ndarray, shape (m, m)
        Sum of squares and products about these means.
    """

    levels: IntArray
    n: int
    mean: FloatArray
    scatter: FloatArray


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Hold the likelihood at one covariance matrix.

    Attributes
    ----------
    log_likelihood : float
        Logarithm of the (restricted) likelihood.
    mean, mean_covariance : ndarray, shape (k,), (k, k)
        Generalised least squares estimate of the means and its covariance matrix.
    gradient : ndarray, shape (k, k)
        Derivative of the log likelihood by the covariance matrix, each element for itself.
    """

    log_likelihood: float
    mean: FloatArray
    mean_covariance: FloatArray
    gradient: FloatArray


@dataclass(frozen=True, eq=False)
class Curvature:
    """Hold how means and likelihood react to the parameters of the covariance matrix.

    Attributes
    ----------
    information : ndarray, shape (q, q)
        Expected information about the parameters.
    mean_slope : ndarray, shape (q, k, k)
        Derivatives of the covariance matrix of the means.
    adjustment : ndarray, shape (k, k)
        What Kenward and Roger add to the covariance matrix of the means.
    """

    information: FloatArray
    mean_slope: FloatArray
    adjustment: FloatArray


class GaussianPatterns:
    """Sum up subjects by pattern once, for many evaluations.

    Parameters
    ----------
    values : ndarray, shape (n, k)
        Subjects by levels, NaN where missing; nobody without any value.
    restricted : bool
        Whether the likelihood is the restricted one.
    """

    def __init__(self, values: FloatArray, restricted: bool = True) -> None:
        self.size = values.shape[1]
        self.restricted = restricted
        self.n_values = int((~np.isnan(values)).sum())
        masks, place = np.unique(~np.isnan(values), axis=0, return_inverse=True)
        self.patterns = []
        for k, mask in enumerate(masks):
            rows = values[place.ravel() == k][:, mask]
            centred = rows - rows.mean(axis=0)
            self.patterns.append(
                Pattern(np.flatnonzero(mask), len(rows), rows.mean(axis=0), centred.T @ centred)
            )

    def evaluate(self, covariance: FloatArray) -> Evaluation:
        """Work out likelihood, means and gradient.

        Parameters
        ----------
        covariance : ndarray, shape (k, k)
            Positive definite covariance matrix of a subject's values.

        Returns
        -------
        Evaluation
            Minus infinity, with zeros, where the matrix is not positive definite.
        """
        size = self.size
        nothing = Evaluation(
            -np.inf, np.zeros(size), np.zeros((size, size)), np.zeros((size, size))
        )
        weight, pull = np.zeros((size, size)), np.zeros(size)
        inverses = []
        log_determinants = 0.0
        for pattern in self.patterns:
            own = np.ix_(pattern.levels, pattern.levels)
            sign, log_determinant = np.linalg.slogdet(covariance[own])
            if sign <= 0 or not np.isfinite(log_determinant):
                return nothing
            inverse = _inverse(covariance[own])
            inverses.append(inverse)
            weight[own] += pattern.n * inverse
            pull[pattern.levels] += pattern.n * inverse @ pattern.mean
            log_determinants += pattern.n * float(log_determinant)
        sign, log_weight = np.linalg.slogdet(weight)
        if sign <= 0:
            return nothing
        mean_covariance = _inverse(weight)
        mean = np.asarray(mean_covariance @ pull, dtype=np.float64)
        deviance = log_determinants + self.n_values * np.log(2 * np.pi)
        if self.restricted:
            deviance += float(log_weight) - size * np.log(2 * np.pi)
        gradient = np.zeros((size, size))
        for pattern, inverse in zip(self.patterns, inverses, strict=True):
            own = np.ix_(pattern.levels, pattern.levels)
            away = pattern.mean - mean[pattern.levels]
            squares = pattern.scatter + pattern.n * np.outer(away, away)
            deviance += float(np.sum(inverse * squares))
            if self.restricted:
                squares = squares + pattern.n * mean_covariance[own]
            gradient[own] -= 0.5 * (pattern.n * inverse - inverse @ squares @ inverse)
        return Evaluation(-0.5 * float(deviance), mean, mean_covariance, gradient)

    def curvature(self, covariance: FloatArray, first: FloatArray, second: FloatArray) -> Curvature:
        """Work out expected information and the small-sample corrections that rest on it.

        Parameters
        ----------
        covariance : ndarray, shape (k, k)
            Covariance matrix of a subject's values.
        first : ndarray, shape (q, k, k)
            Its derivatives by the parameters.
        second : ndarray, shape (q, q, k, k) or (q, q, 1, 1)
            Its second derivatives; the latter form where they vanish.

        Returns
        -------
        Curvature
            In the notation of Kenward and Roger (1997), with W the inverse of the information: P
            minus the derivatives of the inverse of Phi, Q and R as there, the adjustment 2 Phi
            {sum of W_ab (Q_ab - P_a Phi P_b - R_ab / 4)} Phi.
        """
        number, size = len(first), self.size
        linear = second.shape[-1] != size
        slope = np.zeros((number, size, size))  # minus P
        product = np.zeros((number, number, size, size))  # Q
        bend = np.zeros((number, number, size, size))  # R
        trace = np.zeros((number, number))
        for pattern in self.patterns:
            row, column = pattern.levels[:, None], pattern.levels
            inverse = _inverse(covariance[row, column])
            left = inverse @ first[..., row, column]
            weighed = left @ inverse
            trace += pattern.n * np.einsum("aij,bji->ab", left, left)
            slope[..., row, column] += pattern.n * weighed
            product[..., row, column] += pattern.n * np.einsum("aij,bjk->abik", left, weighed)
            if not linear:
                bend[..., row, column] += pattern.n * (inverse @ second[..., row, column] @ inverse)
        phi = self.evaluate(covariance).mean_covariance
        crossed = np.einsum("aij,jk,bkl->abil", slope, phi, slope)
        information = trace / 2
        if self.restricted:
            information = information - np.einsum("ij,abji->ab", phi, product)
            information += np.einsum("ij,abji->ab", phi, crossed) / 2
        weights = _inverse(information)
        inner = np.einsum("ab,abij->ij", weights, product - crossed - bend / 4)
        return Curvature(
            information=information,
            mean_slope=np.einsum("ij,ajk,kl->ail", phi, slope, phi),
            adjustment=2 * phi @ inner @ phi,
        )


def _inverse(matrix: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)
