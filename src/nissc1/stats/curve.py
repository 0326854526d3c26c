"""A step function estimated from right-censored times, with its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from nissc1.stats.inputs import FloatArray, IntArray, as_times

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CONF_TYPES = ("plain", "log", "log-log")
#: Two values of a curve closer than this are one value when a quantile is read off (as R does).
_SAME = 1.5e-8
#: exp of more than this overflows; a log-log limit is then 0 or 1 to every digit.
_LARGEST_POWER = 700.0


@dataclass(frozen=True, eq=False)
class Curve:
    """Hold a right-continuous step function on the distinct observed times.

    Attributes
    ----------
    kind : str
        ``"survival"`` (starts at 1, falls) or ``"cumulative incidence"`` (starts at 0, rises).
    n : int
        Number of patients.
    conf_type, conf_level
        Kind and level of the pointwise limits.
    time : ndarray, shape (k,)
        Distinct observed times, ascending: events and censorings, time 0 included if observed.
    n_at_risk, n_events, n_competing, n_censored : ndarray, shape (k,)
        Patients with a time at or after this one; events of interest, other events and censorings
        *at* this one.
    estimate, std_error, lower, upper : ndarray, shape (k,)
        Value of the function from this time on (up to, not including, the next).
    """

    kind: str
    n: int
    conf_type: str
    conf_level: float
    time: FloatArray
    n_at_risk: IntArray
    n_events: IntArray
    n_competing: IntArray
    n_censored: IntArray
    estimate: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def start(self) -> float:
        """Value before any event: 1 for survival, 0 for cumulative incidence."""
        return 1.0 if self.kind == "survival" else 0.0

    def at(self, times: ArrayLike) -> pd.DataFrame:
        """Read the function at given times.

        Parameters
        ----------
        times : array_like, shape (m,) or scalar
            Times in the unit of the data, 0 or more, any order, repeats allowed.

        Returns
        -------
        pandas.DataFrame
            One row a time, in the order given: ``time``; ``n_at_risk``, the patients with an
            observed time >= t; ``n_events``, the events of interest up to and including t;
            ``estimate, std_error, lower, upper`` at t, events at t included.

            Beyond the last observed time the function is not extrapolated: the four are NaN and
            ``n_at_risk`` is 0. The one exception is a curve whose last patients at risk all had an
            event: nothing is left to be estimated and it stays at its last value.

        Raises
        ------
        ValueError
            If a time is missing, negative or infinite.
        """
        points = as_times(np.atleast_1d(np.asarray(times)), "times")
        last = np.searchsorted(self.time, points, side="right")
        first = np.searchsorted(self.time, points, side="left")
        exhausted = bool(self.n_censored[-1] == 0)
        known = (points <= self.time[-1]) | exhausted

        def read(values: FloatArray, before: float) -> FloatArray:
            padded = np.concatenate([[before], values])[last]
            return np.where(known, padded, np.nan)

        return pd.DataFrame(
            {
                "time": points,
                "n_at_risk": np.concatenate([self.n_at_risk, [0]])[first],
                "n_events": np.concatenate([[0], np.cumsum(self.n_events)])[last],
                "estimate": read(self.estimate, self.start),
                "std_error": read(self.std_error, 0.0),
                "lower": read(self.lower, self.start),
                "upper": read(self.upper, self.start),
            }
        )

    def table(self) -> pd.DataFrame:
        """Return the whole step function, for drawing.

        Returns
        -------
        pandas.DataFrame
            One row a distinct observed time, preceded by a row for time 0 if nobody was observed
            there: ``time, n_at_risk, n_events, n_competing, n_censored, estimate, std_error,
            lower, upper``. Counts are those *at* the time. Draw with steps after each point; the
            rows with ``n_censored`` > 0 bear the censoring marks.
        """
        names = ("time", "n_at_risk", "n_events", "n_competing", "n_censored")
        curve = ("estimate", "std_error", "lower", "upper")
        frame = pd.DataFrame({name: getattr(self, name) for name in names + curve})
        if self.time[0] == 0:
            return frame
        origin = {"time": 0.0, "n_at_risk": self.n, "n_events": 0, "n_competing": 0}
        origin |= {"n_censored": 0, "estimate": self.start, "std_error": 0.0}
        origin |= {"lower": self.start, "upper": self.start}
        return pd.concat([pd.DataFrame([origin]), frame], ignore_index=True)

    def quantile(self, probability: float = 0.5) -> tuple[float, float, float]:
        """Read the time by which a share of the patients has had the event.

        Parameters
        ----------
        probability : float
            Share, above 0 and below 1; 0.5 gives the median.

        Returns
        -------
        estimate, lower, upper : float
            Earliest time at which the curve passes the share and, as limits, the times at which
            its pointwise limits pass it [1]_. Where the curve runs level exactly at the share, the
            midpoint of that stretch. NaN where the curve never passes it.

        Raises
        ------
        ValueError
            If the share is not between 0 and 1.

        References
        ----------
        .. [1] Brookmeyer R, Crowley J (1982). A confidence interval for the median survival time.
           Biometrics 38:29-41.
        """
        if not 0 < probability < 1:
            raise ValueError(
                f"probability is {probability}; a number above 0 and below 1 is allowed. "
                "0.5 asks for the median."
            )
        share = np.abs(self.start - self.estimate)
        bounded = share < 1  # where all have had the event, the limits bound nothing
        bounds = [
            np.where(bounded, np.abs(self.start - limit), np.nan)
            for limit in (self.lower, self.upper)
        ]
        early, late = np.maximum(*bounds), np.minimum(*bounds)
        first, low, high = (self._crossing(curve, probability) for curve in (share, early, late))
        return first, low, high

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the curve with its pointwise limits.

        `nissc1.report.figures`, and with it matplotlib, is imported only now.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; by default those of a new figure of pyplot.

        Returns
        -------
        matplotlib.axes.Axes
            The axes.
        """
        from nissc1.report.figures.results import plot_curve

        return plot_curve(self, ax)

    def _crossing(self, share: FloatArray, probability: float) -> float:
        reached = np.flatnonzero(share >= probability - _SAME)
        if reached.size == 0:
            return float("nan")
        first = int(reached[0])
        above = np.flatnonzero(share > probability + _SAME)
        level = abs(share[first] - probability) <= _SAME
        end = int(above[0]) if above.size else len(share) - 1
        if level:
            return float((self.time[first] + self.time[end]) / 2)
        return float(self.time[first])


def limits(
    estimate: FloatArray, std_error: FloatArray, conf_type: str, conf_level: float
) -> tuple[FloatArray, FloatArray]:
    """Compute pointwise confidence limits of probabilities from their standard errors.

    Parameters
    ----------
    estimate, std_error : ndarray, shape (k,)
        Probabilities and their standard errors.
    conf_type : {"plain", "log", "log-log"}
        With p the estimate, s its standard error and z the normal quantile: ``plain`` p ± z s;
        ``log`` p exp(± z s / p); ``log-log`` p ** exp(± z s / (p ln p)) [1]_.
    conf_level : float
        Two-sided level.

    Returns
    -------
    lower, upper : ndarray, shape (k,)
        Limits, clipped to [0, 1]. Where the estimate is exactly 0 or 1 and the transformation is
        undefined, both equal the estimate; so they do where the standard error is 0.

    References
    ----------
    .. [1] Kalbfleisch JD, Prentice RL (1980). The Statistical Analysis of Failure Time Data.
       Wiley, New York.
    """
    z = float(norm.ppf(0.5 + conf_level / 2))
    defined = estimate > 0
    if conf_type == "log-log":
        defined &= estimate < 1
    if conf_type == "plain":
        defined = np.ones_like(defined)
    p = np.where(defined, estimate, 0.5)
    s = np.where(defined, std_error, 0.0)
    if conf_type == "plain":
        one, other = p - z * s, p + z * s
    elif conf_type == "log":
        one, other = p * np.exp(-z * s / p), p * np.exp(z * s / p)
    else:
        power = np.clip(z * s / (p * np.log(p)), -_LARGEST_POWER, _LARGEST_POWER)
        one, other = p ** np.exp(-power), p ** np.exp(power)
    lower = np.where(defined, np.clip(np.minimum(one, other), 0, 1), estimate)
    upper = np.where(defined, np.clip(np.maximum(one, other), 0, 1), estimate)
    return lower, upper


def distinct_times(time: FloatArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the distinct times, each patient's place among them and the numbers at risk.

    Parameters
    ----------
    time : ndarray, shape (n,)
        Observed times.

    Returns
    -------
    distinct : ndarray, shape (k,)
        Distinct times, ascending.
    place : ndarray of int64, shape (n,)
        Index of each patient's time in ``distinct``.
    n_at_risk : ndarray of int64, shape (k,)
        Patients whose time is this one or a later one.
    """
    distinct, place, counts = np.unique(time, return_inverse=True, return_counts=True)
    n_at_risk = np.cumsum(counts[::-1])[::-1].astype(np.int64)
    return distinct, place.astype(np.int64), n_at_risk
