"""Mixed model for repeated measures: means at each visit from incomplete courses."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from nissc1.stats.by_subject import by_subject
from nissc1.stats.covariance_fit import MixedModelError, check_determined, fit_covariance
from nissc1.stats.covariance_structures import STRUCTURES
from nissc1.stats.gaussian_patterns import GaussianPatterns
from nissc1.stats.inputs import FloatArray, IntArray, to_numbers
from nissc1.stats.level_contrasts import against_baseline, contrast_table
from nissc1.stats.options import check_choice, check_conf_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METHODS = ("reml", "ml")
SMALL_SAMPLE = ("satterthwaite", "kenward-roger")


@dataclass(frozen=True, eq=False)
class Mmrm:
    """Hold a fitted model of means and covariances at scheduled levels.

    Attributes
    ----------
    levels : tuple
        Levels of the within-subject factor, ascending.
    covariance_structure, method, small_sample : str
        As asked for.
    estimate : ndarray, shape (k,)
        Means.
    mean_covariance : ndarray, shape (k, k)
        Their covariance matrix, that of generalised least squares.
    adjusted_covariance : ndarray, shape (k, k)
        The one from which standard errors come: with ``kenward-roger`` the adjusted one, otherwise
        the same.
    covariance : ndarray, shape (k, k)
        Covariance matrix of a subject's values.
    parameter_covariance : ndarray, shape (q, q)
        Covariance matrix of its parameters, from the expected information.
    mean_slope : ndarray, shape (q, k, k)
        How the covariance matrix of the means reacts to them.
    n_by_level : ndarray of int, shape (k,)
        Values at each level.
    n, n_values, n_without : int
        Subjects, values, and subjects without any value, who are left out.
    log_likelihood : float
        Logarithm of the (restricted) likelihood.
    conf_level : float
        Two-sided level of the limits.
    """

    levels: tuple[Hashable, ...]
    covariance_structure: str
    method: str
    small_sample: str
    estimate: FloatArray
    mean_covariance: FloatArray
    adjusted_covariance: FloatArray
    covariance: FloatArray
    parameter_covariance: FloatArray
    mean_slope: FloatArray
    n_by_level: IntArray
    n: int
    n_values: int
    n_without: int
    log_likelihood: float
    conf_level: float

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def table(self) -> pd.DataFrame:
        """Return the means.

        Returns
        -------
        pandas.DataFrame
            Indexed by level: ``n`` (values), ``estimate``, ``std_error``, ``df``, ``lower``,
            ``upper``.
        """
        frame = self._contrasts(np.eye(len(self.levels)), self.levels).drop(
            columns=["statistic", "p_value"]
        )
        frame.insert(0, "n", self.n_by_level)
        return frame

    def changes(self, baseline: Hashable | None = None) -> pd.DataFrame:
        """Return the changes of the mean against one level.

        Parameters
        ----------
        baseline : hashable, optional
            Level against which the others are compared; by default the first.

        Returns
        -------
        pandas.DataFrame
            Indexed by the other levels: ``n`` (values), ``estimate`` (mean minus that at the
            baseline), ``std_error``, ``df``, ``statistic`` (Student's t), ``p_value``, ``lower``,
            ``upper``.

        Raises
        ------
        ValueError
            If the baseline is none of the levels.
        """
        weights, others = against_baseline(self.levels, baseline)
        frame = self._contrasts(weights, [self.levels[k] for k in others])
        frame.insert(0, "n", self.n_by_level[others])
        return frame

    def contrast(self, weights: ArrayLike) -> pd.Series[float]:
        """Return one linear combination of the means.

        Parameters
        ----------
        weights : array_like, shape (k,)
            One weight a level, in their order.

        Returns
        -------
        pandas.Series
            ``estimate``, ``std_error``, ``df``, ``statistic``, ``p_value``, ``lower``, ``upper``.

        Raises
        ------
        ValueError
            If there are not as many weights as levels, or all are 0 or one is missing.
        """
        vector = to_numbers(weights, "weights")
        if len(vector) != len(self.levels) or not np.isfinite(vector).all() or not vector.any():
            raise ValueError(
                f"weights is {vector.tolist()}; {len(self.levels)} numbers, not all 0, are needed. "
                "Give one a level."
            )
        return self._contrasts(vector[None, :], [0]).iloc[0]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the means with their limits; the levels must be numbers.

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
        from nissc1.report.figures.results import plot_levels

        return plot_levels(self, ax)

    def _contrasts(self, weights: FloatArray, index: Sequence[Hashable]) -> pd.DataFrame:
        def variance(covariance: FloatArray) -> FloatArray:
            return np.asarray(np.einsum("ci,ij,cj->c", weights, covariance, weights))

        slope = np.einsum("ci,aij,cj->ca", weights, self.mean_slope, weights)
        spread = np.einsum("ca,ab,cb->c", slope, self.parameter_covariance, slope)
        df = 2 * variance(self.mean_covariance) ** 2 / spread
        adjusted = variance(self.adjusted_covariance)
        if (adjusted <= 0).any():
            raise MixedModelError(
                f"{self.small_sample!r} makes a variance negative; the data are too few for it. "
                "Choose small_sample='satterthwaite'."
            )
        std_error = np.sqrt(adjusted)
        return contrast_table(weights @ self.estimate, std_error, df, self.conf_level, index)


def mmrm(
    frame: pd.DataFrame,
    *,
    outcome: str,
    subject: str,
    within: str,
    covariance: str = "unstructured",
    method: str = "reml",
    small_sample: str = "satterthwaite",
    conf_level: float = 0.95,
) -> Mmrm:
    """Estimate means at scheduled visits from courses some of which are incomplete.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a subject and level; restrict it to the levels that are to be modelled. A missing
        measurement may be an empty cell or an absent row.
    outcome, subject, within : str
        Columns with the measurement, the subject and the level (as a rule the month; each level has
        a mean of its own, the baseline too).
    covariance : {"unstructured", "compound-symmetry", "ar1"}
        Covariance matrix of a subject's values: any; equal variances and equal covariances; equal
        variances and correlations that fall by one factor from each level to the next.
    method : {"reml", "ml"}
        Restricted or full maximum likelihood.
    small_sample : {"satterthwaite", "kenward-roger"}
        Degrees of freedom by Satterthwaite's method from the expected information [3]_ [4]_; the
        latter moreover enlarges the standard errors for the covariance matrix being an estimate
        [4]_. For one contrast the degrees of freedom of both are the same.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    Mmrm
        Means in ``.table()``, changes against the baseline in ``.changes()`` [1]_ [2]_. They are
        unbiased if what is missing depends, given the observed values, not on the missing ones
        (missing at random).

    Raises
    ------
    ValueError
        If the frame or an option is not allowed.
    MixedModelError
        If there are fewer than two levels or two subjects with two values or more, or the values do
        not vary; with an unstructured matrix, if fewer than two subjects have values at a pair of
        levels; or if the likelihood has no maximum within the possible covariance matrices.

    Notes
    -----
    With all subjects complete and an unstructured matrix, the change between two levels is that of
    the paired t test, with its n - 1 degrees of freedom. With two or three subjects the degrees of
    freedom may be so near 0 that limits are without meaning, if not infinite.

    References
    ----------
    .. [1] Mallinckrodt CH, Clark WS, David SR (2001). Accounting for dropout bias using
       mixed-effects models. J Biopharm Stat 11:9-21.
    .. [2] Laird NM, Ware JH (1982). Random-effects models for longitudinal data.
       Biometrics 38:963-974.
    .. [3] Satterthwaite FE (1946). An approximate distribution of estimates of variance components.
       Biometrics Bull 2:110-114.
    .. [4] Kenward MG, Roger JH (1997). Small sample inference for fixed effects from restricted
       maximum likelihood. Biometrics 53:983-997.

    Examples
    --------
    >>> import pandas as pd
    >>> from nissc1.stats import mmrm
    >>> frame = pd.DataFrame(
    ...     {
    ...         "who": [1, 1, 2, 2, 3, 3, 4, 4],
    ...         "month": [0, 12] * 4,
    ...         "mrss": [30, 20, 25, 19, 28, 14, 22, 16],
    ...     }
    ... )
    >>> model = mmrm(frame, outcome="mrss", subject="who", within="month")
    >>> model.changes().round(3).loc[12, ["estimate", "std_error", "df"]].tolist()
    [-9.0, 1.915, 3.0]
    """
    check_choice("covariance", covariance, tuple(STRUCTURES))
    check_choice("method", method, METHODS)
    check_choice("small_sample", small_sample, SMALL_SAMPLE)
    check_conf_level(conf_level)
    wide = by_subject(frame, subject, within, outcome)
    used = wide.dropna(how="all").dropna(how="all", axis=1)
    values = used.to_numpy(dtype=np.float64)
    check_determined(values, used.columns.tolist(), covariance)
    unit = float(np.nanstd(values - np.nanmean(values, axis=0))) or 1.0
    centre = np.nanmean(values, axis=0)
    patterns = GaussianPatterns((values - centre) / unit, restricted=method == "reml")
    structure = STRUCTURES[covariance](values.shape[1])
    matrix, found = fit_covariance(patterns, structure, np.nanvar((values - centre) / unit, axis=0))
    curvature = patterns.curvature(matrix, *structure.natural(matrix))
    adjusted = found.mean_covariance
    if small_sample == "kenward-roger":
        adjusted = adjusted + curvature.adjustment
    lost = patterns.n_values - (values.shape[1] if method == "reml" else 0)
    return Mmrm(
        levels=tuple(used.columns.tolist()),
        covariance_structure=covariance,
        method=method,
        small_sample=small_sample,
        estimate=centre + unit * found.mean,
        mean_covariance=unit**2 * found.mean_covariance,
        adjusted_covariance=unit**2 * adjusted,
        covariance=unit**2 * matrix,
        parameter_covariance=np.asarray(np.linalg.inv(curvature.information), dtype=np.float64),
        mean_slope=unit**2 * curvature.mean_slope,
        n_by_level=(~np.isnan(values)).sum(axis=0, dtype=np.int64),
        n=len(used),
        n_values=patterns.n_values,
        n_without=len(wide) - len(used),
        log_likelihood=found.log_likelihood - lost * float(np.log(unit)),
        conf_level=conf_level,
    )
