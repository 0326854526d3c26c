"""Likelihood of proportions whose logits vary normally between studies."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, gammaln, logsumexp

from nissc1.stats.inputs import FloatArray

#: Points of the trapezoidal rule over the stretch in which an integrand is not negligible.
_POINTS = 401
#: Logarithm of the share of its largest value below which an integrand is negligible.
_NEGLIGIBLE = -40.0
_MOST_ITERATIONS = 100


class BinomialNormal:
    """Evaluate the likelihood of a common logit mu and a standard deviation tau between studies.

    Parameters
    ----------
    events, n : ndarray, shape (k,)
        Events and patients of each study.

    Notes
    -----
    Each study's likelihood is an integral over its standardised random effect. The integrand has
    one peak, around which the stretch that counts is found; over it the trapezoidal rule is exact
    to nearly all digits, since the integrand is smooth and vanishes at both ends [1]_. The usual
    adaptive Gauss-Hermite rule is not enough for studies without events: with 40 points the log
    likelihood of six small studies is off by 4e-4 at a standard deviation of 3 and by 8e-3 at 6.

    References
    ----------
    .. [1] Trefethen LN, Weideman JAC (2014). The exponentially convergent trapezoidal rule.
       SIAM Rev 56:385-458.
    """

    def __init__(self, events: FloatArray, n: FloatArray) -> None:
        self.events, self.n = events, n
        self._constant = gammaln(n + 1) - gammaln(events + 1) - gammaln(n - events + 1)

    def log_likelihood(self, mu: float, tau: float) -> float:
        """Return the logarithm of the likelihood.

        Parameters
        ----------
        mu, tau : float
            Mean logit and standard deviation of the logits, 0 or more.

        Returns
        -------
        float
            Its value, the binomial coefficients included.
        """
        if tau == 0:
            return float(np.sum(self._joint(np.full((len(self.n), 1), mu))))
        effect, log_weight = self._rule(mu, tau)
        return float(np.sum(logsumexp(self._joint(mu + tau * effect) + log_weight, axis=1)))

    def gradient(self, mu: float, tau: float) -> FloatArray:
        """Return its derivatives by both parameters.

        Parameters
        ----------
        mu, tau : float
            Mean logit and standard deviation of the logits, above 0.

        Returns
        -------
        ndarray, shape (2,)
            Expectations, over each study's random effect given its data, of the derivatives of the
            binomial likelihood.
        """
        effect, log_weight = self._rule(mu, tau)
        joint = self._joint(mu + tau * effect) + log_weight
        share = np.exp(joint - logsumexp(joint, axis=1, keepdims=True))
        residual = self.events[:, None] - self.n[:, None] * expit(mu + tau * effect)
        return np.array([np.sum(share * residual), np.sum(share * residual * effect)])

    def information(self, mu: float, tau: float) -> FloatArray:
        """Return the observed information, by differences of the gradient.

        Parameters
        ----------
        mu, tau : float
            Mean logit and standard deviation of the logits, above 0.

        Returns
        -------
        ndarray, shape (2, 2)
            Second derivatives with their sign changed.
        """
        at = np.array([mu, tau])
        columns = []
        for j in range(2):
            step = np.zeros(2)
            step[j] = min(1e-4, tau / 10)
            around = [
                -8 * self.gradient(*(at - step)) + 8 * self.gradient(*(at + step)),
                self.gradient(*(at - 2 * step)) - self.gradient(*(at + 2 * step)),
            ]
            columns.append(-sum(around) / (12 * step[j]))
        matrix = np.column_stack(columns)
        return np.asarray((matrix + matrix.T) / 2, dtype=np.float64)

    def _joint(self, logit: FloatArray) -> FloatArray:
        """Return the log binomial likelihood of each study at its logits."""
        events, n, constant = self.events[:, None], self.n[:, None], self._constant[:, None]
        log_free = np.logaddexp(0.0, logit)
        return np.asarray(constant + events * logit - n * log_free, dtype=np.float64)

    def _rule(self, mu: float, tau: float) -> tuple[FloatArray, FloatArray]:
        """Return points and log weights of the integral over each study's standardised effect."""
        mode = np.zeros(len(self.n))
        for _ in range(_MOST_ITERATIONS):
            share = expit(mu + tau * mode)
            slope = tau * (self.events - self.n * share) - mode
            bend = tau**2 * self.n * share * (1 - share) + 1
            step = np.clip(slope / bend, -2.0, 2.0)
            mode = mode + step
            if np.abs(step).max() < 1e-12:
                break
        share = expit(mu + tau * mode)
        width = 1 / np.sqrt(tau**2 * self.n * share * (1 - share) + 1)
        left, right = (self._end(mu, tau, mode, width * side) for side in (-1.0, 1.0))
        effect = np.linspace(left, right, _POINTS, axis=1)
        log_step = np.log((right - left) / (_POINTS - 1))
        return effect, log_step[:, None] + self._log_normal(effect)

    def _log_normal(self, effect: FloatArray) -> FloatArray:
        return np.asarray(-0.5 * effect**2 - 0.5 * np.log(2 * np.pi), dtype=np.float64)

    def _end(self, mu: float, tau: float, mode: FloatArray, width: FloatArray) -> FloatArray:
        """Return where each study's integrand has become negligible, on the side of the width."""

        def height(effect: FloatArray) -> FloatArray:
            logit = (mu + tau * effect)[:, None]
            return self._joint(logit)[:, 0] + self._log_normal(effect)

        floor = height(mode) + _NEGLIGIBLE
        near, far = mode, mode + width
        while (high := height(far) > floor).any():
            near = np.where(high, far, near)
            far = np.where(high, mode + 2 * (far - mode), far)
        for _ in range(6):
            middle = (near + far) / 2
            high = height(middle) > floor
            near, far = np.where(high, middle, near), np.where(high, far, middle)
        return far
