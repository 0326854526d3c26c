"""Covariance matrices of repeated measurements: how they depend on their parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from nissc1.stats.inputs import FloatArray


class CovarianceStructure(ABC):
    """Describe the covariance matrix of k measurements of a subject.

    It has two sets of as many parameters: free ones, which may take any value, for the search of
    the maximum; and natural ones, in which standard errors and degrees of freedom are worked out.

    Parameters
    ----------
    size : int
        Number of measurements.
    """

    def __init__(self, size: int) -> None:
        self.size = size

    @abstractmethod
    def start(self, variances: FloatArray) -> FloatArray:
        """Return free parameters to begin with.

        Parameters
        ----------
        variances : ndarray, shape (k,)
            Variances of the measurements, above 0.

        Returns
        -------
        ndarray, shape (q,)
            Parameters for correlations of about one half.
        """

    @abstractmethod
    def free(self, matrix: FloatArray) -> FloatArray:
        """Return the free parameters of a matrix.

        Parameters
        ----------
        matrix : ndarray, shape (k, k)
            A positive definite matrix of this structure.

        Returns
        -------
        ndarray, shape (q,)
            Parameters.
        """

    @abstractmethod
    def matrix(self, free: FloatArray) -> FloatArray:
        """Return the covariance matrix.

        Parameters
        ----------
        free : ndarray, shape (q,)
            Free parameters.

        Returns
        -------
        ndarray, shape (k, k)
            Positive definite matrix.
        """

    @abstractmethod
    def slope(self, free: FloatArray) -> FloatArray:
        """Return the derivatives of the matrix by the free parameters.

        Parameters
        ----------
        free : ndarray, shape (q,)
            Free parameters.

        Returns
        -------
        ndarray, shape (q, k, k)
            One matrix a parameter.
        """

    @abstractmethod
    def natural(self, matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the derivatives of the matrix by the natural parameters.

        Parameters
        ----------
        matrix : ndarray, shape (k, k)
            A matrix of this structure.

        Returns
        -------
        first : ndarray, shape (q, k, k)
            First derivatives.
        second : ndarray, shape (q, q, k, k) or (q, q, 1, 1)
            Second derivatives; the latter form where they vanish.
        """

    def moved(self, matrix: FloatArray, step: FloatArray) -> FloatArray:
        """Return the matrix whose natural parameters differ by a step.

        Parameters
        ----------
        matrix : ndarray, shape (k, k)
            A matrix of this structure.
        step : ndarray, shape (q,)
            Differences of the natural parameters.

        Returns
        -------
        ndarray, shape (k, k)
            A matrix of this structure, positive definite or not.
        """
        first, _ = self.natural(matrix)
        return np.asarray(matrix + np.einsum("a,aij->ij", step, first), dtype=np.float64)


class _Unstructured(CovarianceStructure):
    """Let every variance and covariance be its own parameter."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self._row, self._column = np.tril_indices(size)

    def start(self, variances: FloatArray) -> FloatArray:
        """Return the logarithmic Cholesky factor of correlations of one half."""
        deviation = np.sqrt(variances)
        half = 0.5 * np.outer(deviation, deviation) + 0.5 * np.diag(variances)
        return self.free(half)

    def free(self, matrix: FloatArray) -> FloatArray:
        """Return the Cholesky factor by rows, the diagonal as logarithms."""
        factor = np.linalg.cholesky(matrix)
        factor[np.diag_indices(self.size)] = np.log(np.diag(factor))
        return np.asarray(factor[self._row, self._column], dtype=np.float64)

    def _factor(self, free: FloatArray) -> FloatArray:
        factor = np.zeros((self.size, self.size))
        factor[self._row, self._column] = free
        factor[np.diag_indices(self.size)] = np.exp(np.diag(factor))
        return factor

    def matrix(self, free: FloatArray) -> FloatArray:
        """Return the factor times its transpose."""
        factor = self._factor(free)
        return np.asarray(factor @ factor.T, dtype=np.float64)

    def slope(self, free: FloatArray) -> FloatArray:
        """Return the derivatives by the elements of the logarithmic Cholesky factor."""
        factor = self._factor(free)
        slope = np.zeros((len(free), self.size, self.size))
        for a, (i, j) in enumerate(zip(self._row, self._column, strict=True)):
            scale = factor[i, i] if i == j else 1.0
            slope[a, i, :] += scale * factor[:, j]
            slope[a, :, i] += scale * factor[:, j]
        return slope

    def natural(self, matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the derivatives by the variances and covariances, in which it is linear."""
        number = len(self._row)
        first = np.zeros((number, self.size, self.size))
        places = np.arange(number)
        first[places, self._row, self._column] = 1.0
        first[places, self._column, self._row] = 1.0
        return first, np.zeros((number, number, 1, 1))


class _CompoundSymmetry(CovarianceStructure):
    """Let all variances be equal and all covariances be equal."""

    def start(self, variances: FloatArray) -> FloatArray:
        """Return the logarithmic eigenvalues with a correlation of one half."""
        half = 0.5 * float(variances.mean())
        return self.free(half * (np.eye(self.size) + 1.0))

    def free(self, matrix: FloatArray) -> FloatArray:
        """Return the logarithmic eigenvalues."""
        contrast = float(matrix[0, 0] - matrix[0, 1])
        return np.log([contrast, contrast + self.size * float(matrix[0, 1])])

    def matrix(self, free: FloatArray) -> FloatArray:
        """Return the matrix with these logarithmic eigenvalues: of contrasts, and of the mean."""
        contrast, mean = np.exp(free)
        average = np.full((self.size, self.size), 1 / self.size)
        return np.asarray(contrast * (np.eye(self.size) - average) + mean * average)

    def slope(self, free: FloatArray) -> FloatArray:
        """Return the derivatives by the logarithmic eigenvalues."""
        contrast, mean = np.exp(free)
        average = np.full((self.size, self.size), 1 / self.size)
        return np.stack([contrast * (np.eye(self.size) - average), mean * average])

    def natural(self, matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the derivatives by the residual variance and the covariance."""
        first = np.stack([np.eye(self.size), np.ones((self.size, self.size))])
        return first, np.zeros((2, 2, 1, 1))


class _Autoregressive(CovarianceStructure):
    """Let all variances be equal and correlations fall by one factor from level to level."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        place = np.arange(size)
        self._lag = np.abs(place[:, None] - place[None, :]).astype(np.float64)

    def start(self, variances: FloatArray) -> FloatArray:
        """Return the parameters of a correlation of one half."""
        return self.free(float(variances.mean()) * self._power(0.5))

    def free(self, matrix: FloatArray) -> FloatArray:
        """Return logarithmic variance and inverse hyperbolic tangent of the correlation."""
        return np.array([np.log(matrix[0, 0]), np.arctanh(matrix[0, 1] / matrix[0, 0])])

    def _power(self, correlation: float, less: int = 0) -> FloatArray:
        """Return the correlation to the power of lag less a number; 0 where that is negative."""
        power = self._lag - less
        return np.where(power >= 0, correlation ** np.maximum(power, 0.0), 0.0)

    def matrix(self, free: FloatArray) -> FloatArray:
        """Return the variance times the powers of the correlation."""
        return np.asarray(np.exp(free[0]) * self._power(float(np.tanh(free[1]))))

    def slope(self, free: FloatArray) -> FloatArray:
        """Return the derivatives by the free parameters."""
        variance, correlation = float(np.exp(free[0])), float(np.tanh(free[1]))
        by_correlation = variance * self._lag * self._power(correlation, 1)
        return np.stack([self.matrix(free), (1 - correlation**2) * by_correlation])

    def natural(self, matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the derivatives by the variance and the correlation."""
        variance = float(matrix[0, 0])
        correlation = float(matrix[0, 1]) / variance
        by_correlation = self._lag * self._power(correlation, 1)
        second = np.zeros((2, 2, self.size, self.size))
        second[0, 1] = second[1, 0] = by_correlation
        second[1, 1] = variance * self._lag * (self._lag - 1) * self._power(correlation, 2)
        return np.stack([self._power(correlation), variance * by_correlation]), second

    def moved(self, matrix: FloatArray, step: FloatArray) -> FloatArray:
        """Return the matrix whose variance and correlation differ by a step."""
        variance = float(matrix[0, 0]) + float(step[0])
        correlation = float(matrix[0, 1] / matrix[0, 0]) + float(step[1])
        return np.asarray(variance * self._power(correlation), dtype=np.float64)


STRUCTURES: dict[str, type[CovarianceStructure]] = {
    "unstructured": _Unstructured,
    "compound-symmetry": _CompoundSymmetry,
    "ar1": _Autoregressive,
}
