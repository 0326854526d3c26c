"""Newton's method for the coefficients of a proportional hazards model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, eigh

from nissc1.stats.inputs import FloatArray

#: The iterations stop once the log-likelihood can grow by less than this.
_DECREMENT = 1e-20
_MOST_STEPS = 100
_MOST_HALVINGS = 40
#: Information below this share of what there is at 0 means that the likelihood has no maximum: it
#: falls by a factor of about e a step while an estimate runs off to infinity.
_LEAST_INFORMATION = 1e-10
#: Eigenvalues of the information at 0 below this share of the largest are rounding.
_SINGULAR = 1e-12


class NoMaximumError(ArithmeticError):
    """Report that a likelihood grows without end in some direction, or is level in one."""


@dataclass(frozen=True, eq=False)
class Likelihood:
    """Hold a log-likelihood at some coefficients, with its derivatives.

    Attributes
    ----------
    value : float
        Log-likelihood.
    score : ndarray, shape (p,)
        First derivatives.
    information : ndarray, shape (p, p)
        Second derivatives, with the sign changed.
    """

    value: float
    score: FloatArray
    information: FloatArray


def maximise(
    evaluate: Callable[[FloatArray], Likelihood], size: int
) -> tuple[FloatArray, Likelihood, Likelihood]:
    """Find the maximum of a concave log-likelihood.

    Parameters
    ----------
    evaluate : callable
        From coefficients, shape (p,), to the `Likelihood` there. Covariates are expected to be
        centred and scaled.
    size : int
        Number p of coefficients.

    Returns
    -------
    coef : ndarray, shape (p,)
        The coefficients at the maximum.
    fitted, null : Likelihood
        The likelihood there, and with all coefficients 0.

    Raises
    ------
    NoMaximumError
        If there is none.
    """
    # far from any maximum a risk set's sum may leave the range of a float: no finite information
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        return _climb(evaluate, np.zeros(size))


def _climb(
    evaluate: Callable[[FloatArray], Likelihood], coef: FloatArray
) -> tuple[FloatArray, Likelihood, Likelihood]:
    null = here = evaluate(coef)
    spectrum = np.linalg.eigvalsh(null.information)
    if not spectrum[0] > _SINGULAR * spectrum[-1]:
        raise NoMaximumError("the likelihood is level in some direction")
    for _ in range(_MOST_STEPS):
        try:
            kept = eigh(here.information, null.information, eigvals_only=True)[0]
            step = np.asarray(np.linalg.solve(here.information, here.score), dtype=np.float64)
        except (LinAlgError, ValueError) as error:
            raise NoMaximumError("the information is singular") from error
        if kept < _LEAST_INFORMATION:
            raise NoMaximumError("the information vanishes")
        if here.score @ step < _DECREMENT:
            return coef, here, null
        coef, here = _ascend(evaluate, coef, step, here)
    raise NoMaximumError(f"no maximum within {_MOST_STEPS} steps")


def _ascend(
    evaluate: Callable[[FloatArray], Likelihood],
    coef: FloatArray,
    step: FloatArray,
    here: Likelihood,
) -> tuple[FloatArray, Likelihood]:
    """Take the step, or as large a part of it as does not lead down."""
    rounding = 1e-12 * (1 + abs(here.value))
    for halvings in range(_MOST_HALVINGS):
        shorter = coef + step / 2**halvings
        there = evaluate(shorter)
        if there.value >= here.value - rounding and np.isfinite(there.information).all():
            return shorter, there
    raise NoMaximumError("no step leads up")
