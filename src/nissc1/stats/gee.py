"""Generalised estimating equations: means at each visit with robust errors."""

from __future__ import annotations

import warnings
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from statsmodels.genmod.cov_struct import Exchangeable, Independence
from statsmodels.genmod.generalized_estimating_equations import GEE

from nissc1.stats.by_subject import by_subject
from nissc1.stats.covariance_fit import MixedModelError, check_determined
from nissc1.stats.inputs import FloatArray, IntArray
from nissc1.stats.level_contrasts import against_baseline, contrast_table
from nissc1.stats.options import check_choice, check_conf_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CORRELATIONS = {"exchangeable": Exchangeable, "independence": Independence}
COVARIANCES = {"bias-reduced": "bias_reduced", "robust": "robust"}


@dataclass(frozen=True, eq=False)
class Gee:
    """Hold means at scheduled levels with robust errors.

    Attributes
    ----------
    levels : tuple
        Levels of the within-subject factor, ascending.
    correlation, covariance : str
        As asked for.
    estimate : ndarray, shape (k,)
        Means.
    mean_covariance : ndarray, shape (k, k)
        Their covariance matrix.
    working_correlation : float
        Estimated correlation of any two values of a subject; 0 with ``independence``.
    df : int
        Degrees of freedom: subjects minus levels.
    n_by_level : ndarray of int, shape (k,)
        Values at each level.
    n, n_values, n_without : int
        Subjects, values, and subjects without any value, who are left out.
    conf_level : float
        Two-sided level of the limits.
    """

    levels: tuple[Hashable, ...]
    correlation: str
    covariance: str
    estimate: FloatArray
    mean_covariance: FloatArray
    working_correlation: float
    df: int
    n_by_level: IntArray
    n: int
    n_values: int
    n_without: int
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
        frame = self._contrasts(np.eye(len(self.levels)), list(range(len(self.levels))))
        return frame.drop(columns=["statistic", "p_value"])

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
        return self._contrasts(*against_baseline(self.levels, baseline))

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

    def _contrasts(self, weights: FloatArray, places: list[int]) -> pd.DataFrame:
        variance = np.einsum("ci,ij,cj->c", weights, self.mean_covariance, weights)
        frame = contrast_table(
            weights @ self.estimate,
            np.sqrt(variance),
            np.full(len(places), float(self.df)),
            self.conf_level,
            [self.levels[k] for k in places],
        )
        frame.insert(0, "n", self.n_by_level[places])
        return frame


def gee(
    frame: pd.DataFrame,
    *,
    outcome: str,
    subject: str,
    within: str,
    correlation: str = "exchangeable",
    covariance: str = "bias-reduced",
    conf_level: float = 0.95,
) -> Gee:
    """Estimate means at scheduled visits by generalised estimating equations.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a subject and level; a missing measurement may be an empty cell or an absent row.
    outcome, subject, within : str
        Columns with the measurement, the subject and the level, which has a mean of its own each.
    correlation : {"exchangeable", "independence"}
        Working correlation of a subject's values. With ``independence`` the estimates are the plain
        means of the values at hand.
    covariance : {"bias-reduced", "robust"}
        Sandwich estimator [1]_, plain or with the correction for few subjects [2]_.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    Gee
        Means in ``.table()``, changes in ``.changes()``; Student's t with subjects minus levels
        degrees of freedom [2]_. Errors hold whatever the true correlation, but estimates are
        unbiased only if values are missing completely at random: `mmrm` asks for less.

    Raises
    ------
    ValueError
        If the frame or an option is not allowed.
    MixedModelError
        If there are fewer than two levels, or two subjects with two values or more, or no more
        subjects than levels, or one subject only at a level, or the equations have no solution.

    Notes
    -----
    The equations are solved by statsmodels.

    References
    ----------
    .. [1] Liang KY, Zeger SL (1986). Longitudinal data analysis using generalized linear models.
       Biometrika 73:13-22.
    .. [2] Mancl LA, DeRouen TA (2001). A covariance estimator for GEE with improved small-sample
       properties. Biometrics 57:126-134.

    Examples
    --------
    >>> import pandas as pd
    >>> from nissc1.stats import gee
    >>> frame = pd.DataFrame(
    ...     {
    ...         "who": [1, 1, 2, 2, 3, 3, 4, 4],
    ...         "month": [0, 12] * 4,
    ...         "mrss": [30, 20, 25, 19, 28, 14, 22, 16],
    ...     }
    ... )
    >>> model = gee(frame, outcome="mrss", subject="who", within="month")
    >>> model.changes().round(3).loc[12, ["estimate", "std_error", "df"]].tolist()
    [-9.0, 2.211, 2.0]
    """
    check_choice("correlation", correlation, tuple(CORRELATIONS))
    check_choice("covariance", covariance, tuple(COVARIANCES))
    check_conf_level(conf_level)
    wide = by_subject(frame, subject, within, outcome)
    used = wide.dropna(how="all").dropna(how="all", axis=1)
    values = used.to_numpy(dtype=np.float64)
    check_determined(values, used.columns.tolist(), correlation)
    n, size = values.shape
    if n <= size:
        raise MixedModelError(
            f"{n} subject(s) have values at {size} levels; more subjects than levels are needed. "
            "Choose fewer levels."
        )
    single = [
        level
        for level, number in zip(
            used.columns.tolist(), (~np.isnan(values)).sum(axis=0), strict=True
        )
        if number < 2
    ]
    if single:
        raise MixedModelError(
            f"one subject has a value at the level(s) {single}; at least 2 are needed for a robust "
            "error. Leave these levels out."
        )
    who, level = np.nonzero(~np.isnan(values))
    centre = np.nanmean(values, axis=0)
    unit = float(np.nanstd(values - centre)) or 1.0
    standard = (values - centre) / unit
    structure = CORRELATIONS[correlation]()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            model = GEE(standard[who, level], np.eye(size)[level], groups=who, cov_struct=structure)
            result = model.fit(maxiter=500, ctol=1e-11, cov_type=COVARIANCES[covariance])
    except (Warning, np.linalg.LinAlgError, ZeroDivisionError) as error:
        raise MixedModelError(
            f"the estimating equations of {outcome!r} at {size} levels of {within!r} in {n} "
            "subjects have no solution; values must vary between subjects. Choose other levels or "
            "another working correlation."
        ) from error
    found = unit**2 * np.asarray(result.cov_params(), dtype=np.float64)
    estimate = centre + unit * np.asarray(result.params, dtype=np.float64)
    exchangeable = correlation == "exchangeable"
    return Gee(
        levels=tuple(used.columns.tolist()),
        correlation=correlation,
        covariance=covariance,
        estimate=estimate,
        mean_covariance=found,
        working_correlation=float(structure.dep_params) if exchangeable else 0.0,
        df=n - size,
        n_by_level=(~np.isnan(values)).sum(axis=0, dtype=np.int64),
        n=n,
        n_values=len(who),
        n_without=len(wide) - n,
        conf_level=conf_level,
    )
