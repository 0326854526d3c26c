"""Firth's penalty on Cox's partial likelihood: evaluation, maximum and profiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq

from nissc1.stats.hazard_model import FitError
from nissc1.stats.inputs import FloatArray, IntArray
from nissc1.stats.partial_likelihood import PartialLikelihood

#: Smallest eigenvalue of the information, as a share of the largest, that is not rounding error.
_NEGLIGIBLE = 1e-10
#: Twice the fall of the profile at a limit may differ from the chi-squared quantile by this.
_SAME = 1e-6
#: Newton's iterations stop once no standardised coefficient moves by more than this.
_SMALLEST_STEP = 1e-11
_LARGEST_STEP = 2.0
_MOST_ITERATIONS = 200
#: Steps by the information, which ignores the penalty, before the curvature is worked out.
_SCORING_STEPS = 4


class PenalisedLikelihood:
    """Evaluate and maximise a partial likelihood with Firth's penalty.

    Parameters
    ----------
    likelihood : PartialLikelihood
        Partial likelihood of standardised covariates.
    names : sequence of str
        Names of the covariates, for messages.

    References
    ----------
    .. [1] Firth D (1993). Bias reduction of maximum likelihood estimates. Biometrika 80:27-38.
    """

    def __init__(self, likelihood: PartialLikelihood, names: Sequence[str]) -> None:
        self._likelihood = likelihood
        self._names = list(names)

    def at(self, coef: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Evaluate the likelihood.

        Parameters
        ----------
        coef : ndarray, shape (p,)
            Coefficients.

        Returns
        -------
        value : float
            Log partial likelihood plus half the log determinant of the information; minus infinity
            where that is singular.
        gradient : ndarray, shape (p,)
            Its derivatives.
        information : ndarray, shape (p, p)
            Information of the partial likelihood, without the penalty.
        """
        found = self._likelihood.at(coef, third=True)
        sign, log_determinant = np.linalg.slogdet(found.information)
        if sign <= 0 or not np.isfinite(log_determinant):
            return -np.inf, found.score, found.information
        bias = np.einsum("ab,abc->c", np.linalg.inv(found.information), found.third)
        penalised = found.log_likelihood + 0.5 * float(log_determinant)
        return penalised, found.score + 0.5 * bias, found.information

    def null(self) -> float:
        """Evaluate the likelihood with all coefficients 0.

        Returns
        -------
        float
            Penalised log likelihood.

        Raises
        ------
        FitError
            If the covariates do not vary independently among the patients at risk at the events.
        """
        size = len(self._names)
        value, _, information = self.at(np.zeros(size))
        eigenvalues = np.linalg.eigvalsh(information)
        if not np.isfinite(value) or eigenvalues[0] < _NEGLIGIBLE * eigenvalues[-1]:
            raise FitError(
                f"at no event do the covariates {self._names} vary independently among the "
                "patients at risk; at one at least they must. Leave covariates out."
            )
        return value

    def maximise(self, start: FloatArray, held: int | None = None) -> tuple[FloatArray, float]:
        """Maximise the likelihood, if wanted with one coefficient fixed.

        Parameters
        ----------
        start : ndarray, shape (p,)
            Coefficients from which the search begins.
        held : int, optional
            Place of the coefficient that is kept as it is.

        Returns
        -------
        coef : ndarray, shape (p,)
            Coefficients with the largest penalised likelihood.
        value : float
            Its logarithm.
        """
        coef = start.copy()
        free = np.array([j for j in range(len(coef)) if j != held], dtype=np.int64)
        value, gradient, information = self.at(coef)
        if not np.isfinite(value):
            return coef, value
        for iteration in range(_MOST_ITERATIONS if len(free) else 0):
            bend = information[np.ix_(free, free)]
            if iteration >= _SCORING_STEPS:
                bend = self._curvature(coef, free, bend)
            try:
                newton = np.linalg.solve(bend, gradient[free])
            except np.linalg.LinAlgError:  # so far out that nothing is left of the information
                break
            shorter = min(1.0, _LARGEST_STEP / max(float(np.abs(newton).max()), 1e-300))
            step = np.asarray(newton * shorter, dtype=np.float64)
            moved, following = self._uphill(coef, free, step, value)
            size = float(np.abs(moved - coef).max())
            coef, (value, gradient, information) = moved, following
            if size < _SMALLEST_STEP:
                break
        return coef, value

    def _curvature(self, coef: FloatArray, free: IntArray, information: FloatArray) -> FloatArray:
        """Return the curvature of the penalised likelihood, by differences of its gradient."""
        columns = []
        for j in free:
            shift = np.zeros(len(coef))
            shift[j] = 1e-5
            rise = self.at(coef - shift)[1] - self.at(coef + shift)[1]
            columns.append(rise[free] / 2e-5)
        bend = np.column_stack(columns)
        bend = (bend + bend.T) / 2
        usable = np.isfinite(bend).all() and np.linalg.eigvalsh(bend)[0] > 0
        return np.asarray(bend if usable else information, dtype=np.float64)

    def _uphill(
        self, coef: FloatArray, free: IntArray, step: FloatArray, value: float
    ) -> tuple[FloatArray, tuple[float, FloatArray, FloatArray]]:
        """Halve the step until the likelihood does not fall by more than its rounding error."""
        allowed = 1e-12 * max(abs(value), 1.0)
        while True:
            moved = coef.copy()
            moved[free] += step
            found = self.at(moved)
            if found[0] >= value - allowed:
                return moved, found
            step = step / 2
            if np.abs(step).max() < _SMALLEST_STEP:
                return coef, self.at(coef)

    def limit(self, coef: FloatArray, best: float, j: int, std_error: float, fall: float) -> float:
        """Search where the profile of a coefficient has fallen to a limit.

        Parameters
        ----------
        coef : ndarray, shape (p,)
            Coefficients with the largest likelihood.
        best : float
            Its logarithm.
        j : int
            Place of the coefficient.
        std_error : float
            Its standard error, with the sign of the side on which the limit lies.
        fall : float
            Twice the fall of the log likelihood at the limit.

        Returns
        -------
        float
            Limit.

        Raises
        ------
        FitError
            If the profile is not of one piece.
        """
        nearest = coef

        def lacking(value: float) -> float:
            nonlocal nearest
            start = nearest.copy()
            start[j] = value
            found, height = self.maximise(start, j)
            if not np.isfinite(height):
                return 1e6
            nearest = found
            return 2 * (best - height) - fall

        inside, outside = float(coef[j]), float(coef[j]) + std_error
        while lacking(outside) < 0:
            inside, outside = outside, coef[j] + 2 * (outside - coef[j])
        low, high = sorted((inside, outside))
        if lacking(inside) < 0 < lacking(outside):
            found = float(brentq(lacking, low, high, xtol=1e-12, rtol=1e-14))
            if abs(lacking(found)) < _SAME:
                return found
        raise FitError(
            f"the likelihood of the model of {self._names} has ridges, so that {self._names[j]!r} "
            "has no single limit; more events than covariates are needed. Leave covariates out."
        )
