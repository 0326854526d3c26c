"""Change of a measurement over scheduled visits in the same subjects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import chi2, f

from nissc1.stats.by_subject import by_subject
from nissc1.stats.inputs import FloatArray
from nissc1.stats.options import check_choice
from nissc1.stats.result import Tabled

METHODS = ("anova", "mixed")
#: Sums of squares below this share of the total are rounding error.
_NEGLIGIBLE = 1e-13
#: Above this ratio of the variances between and within subjects the latter is rounding error.
_LARGEST_RATIO = 1e10


@dataclass(frozen=True, eq=False)
class RepeatedMeasures(Tabled):
    """Hold a test of change over the levels of a within-subject factor.

    Attributes
    ----------
    method : str
        ``"anova"`` or ``"mixed"``.
    statistic : float
        F of the factor (anova); Wald's chi-squared of its coefficients (mixed).
    df : int
        Degrees of freedom of the factor: levels - 1.
    df_residual : int or None
        Denominator degrees of freedom of F; None for the mixed model.
    p_value : float
        P value without correction for sphericity.
    epsilon : float or None
        Greenhouse and Geisser's epsilon, 1 where sphericity holds; None for the mixed model.
    p_corrected : float or None
        P value with both degrees of freedom multiplied by epsilon; None for the mixed model.
    n, n_incomplete : int
        Subjects in the model; subjects with a level missing, whom ``anova`` leaves out and
        ``mixed`` keeps.
    means : pandas.DataFrame
        Indexed by level, in sorted order: ``n, mean, std`` of the subjects in the model.
    """

    method: str
    statistic: float
    df: int
    df_residual: int | None
    p_value: float
    epsilon: float | None
    p_corrected: float | None
    n: int
    n_incomplete: int
    means: pd.DataFrame


def repeated_measures(
    frame: pd.DataFrame, *, subject: str, within: str, outcome: str, method: str = "anova"
) -> RepeatedMeasures:
    """Test whether the mean of a measurement changes over visits.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a subject and level; restrict it to the visits that are to be compared. A missing
        measurement may be an empty cell or an absent row.
    subject, within, outcome : str
        Columns with the subject, the factor (as a rule the month; treated as categories) and the
        measurement.
    method : {"anova", "mixed"}
        ``anova``: general linear model for repeated measures, one factor within subjects, F test
        with Greenhouse and Geisser's correction beside it [1]_, in the subjects with a value at
        every level. ``mixed``: linear mixed model with a random intercept a subject, by restricted
        maximum likelihood, Wald test of the factor [2]_, in all subjects with any value.

    Returns
    -------
    RepeatedMeasures
        Where all subjects follow one and the same course, the residual is 0: the statistic is
        infinite and P is 0; where moreover nothing changes, the statistic is 0 and P is 1.

    Raises
    ------
    ValueError
        If a column is absent, the outcome is not numeric, a subject has two rows of one level,
        or there are fewer than two levels, or two subjects who tell of a change: complete ones
        for ``anova``, ones with two values or more for ``mixed``.

    Notes
    -----
    The sums of squares of the balanced design are explicit, so the analysis of variance is worked
    out from the subject-by-level matrix and needs no design matrix of subjects. The likelihood of
    the mixed model has one free parameter, the ratio of the variances between and within subjects;
    its root is found by bracketing, and a ratio of 0 (subjects no more alike than chance) is a
    proper result (where a general optimiser, such as that of statsmodels' MixedLM, may stop on the
    boundary). With all subjects complete and a positive ratio, chi-squared is F times its degrees
    of freedom.

    References
    ----------
    .. [1] Greenhouse SW, Geisser S (1959). On methods in the analysis of profile data.
       Psychometrika 24:95-112.
    .. [2] Laird NM, Ware JH (1982). Random-effects models for longitudinal data.
       Biometrics 38:963-974.

    Examples
    --------
    With two visits it is the paired t test, squared:

    >>> import pandas as pd
    >>> from nissc1.stats import repeated_measures
    >>> frame = pd.DataFrame(
    ...     {
    ...         "who": [1, 1, 2, 2, 3, 3, 4, 4],
    ...         "month": [0, 12] * 4,
    ...         "mrss": [30, 20, 25, 19, 28, 14, 22, 16],
    ...     }
    ... )
    >>> test = repeated_measures(frame, subject="who", within="month", outcome="mrss")
    >>> round(test.statistic, 2), round(test.p_value, 3)  # (-9 / (3.83 / 2))²
    (22.09, 0.018)
    """
    check_choice("method", method, METHODS)
    wide = by_subject(frame, subject, within, outcome)
    complete = wide.dropna()
    if method == "anova":
        used, what, informative = complete, "complete on", len(complete)
    else:
        used = wide.dropna(how="all").dropna(how="all", axis=1)
        what, informative = "with two values or more on", int(used.count(axis=1).ge(2).sum())
    n_levels = used.shape[1]
    if informative < 2 or n_levels < 2:
        raise ValueError(
            f"{outcome!r} has {informative} subject(s) {what} {n_levels} level(s) of "
            f"{within!r}; at least 2 of each are needed. Choose fewer levels or more subjects."
        )
    values = used.to_numpy(dtype=np.float64)
    means = used.agg(["count", "mean", "std"]).T.set_axis(["n", "mean", "std"], axis=1)
    df = n_levels - 1
    df_residual: int | None = None
    epsilon = p_corrected = None
    if method == "anova":
        df_residual = df * (len(used) - 1)
        statistic = _anova(values)
        p_value = float(f.sf(statistic, df, df_residual))
        epsilon = _greenhouse_geisser(values)
        p_corrected = float(f.sf(statistic, df * epsilon, df_residual * epsilon))
    else:
        statistic = _RandomIntercept(values).wald()
        p_value = float(chi2.sf(statistic, df))
    return RepeatedMeasures(
        method=method,
        statistic=statistic,
        df=df,
        df_residual=df_residual,
        p_value=p_value,
        epsilon=epsilon,
        p_corrected=p_corrected,
        n=len(used),
        n_incomplete=len(wide) - len(complete),
        means=means.astype({"n": np.int64}),
    )


def _anova(values: FloatArray) -> float:
    n = len(values)
    centred = values - float(values.mean())
    by_level, by_subject = centred.mean(axis=0), centred.mean(axis=1)
    residual = centred - by_level - by_subject[:, None]
    total = float(np.sum(centred**2))
    between_levels = n * float(np.sum(by_level**2))
    left = float(np.sum(residual**2))
    if between_levels <= _NEGLIGIBLE * total:
        return 0.0
    if left <= _NEGLIGIBLE * total:
        return float("inf")
    return between_levels / (left / (n - 1))


def _greenhouse_geisser(values: FloatArray) -> float:
    covariance = np.cov(values, rowvar=False)
    centred = covariance - covariance.mean(axis=0) - covariance.mean(axis=1)[:, None]
    centred += covariance.mean()
    size = float(np.sum(centred**2))
    if size <= (_NEGLIGIBLE * float(np.trace(covariance))) ** 2:
        return 1.0
    return float(np.trace(centred) ** 2 / ((len(centred) - 1) * size))


class _RandomIntercept:
    """Restricted likelihood of a random intercept model, profiled on the variance ratio.

    The fixed effects are the means of the levels; the ratio is the variance between subjects over
    that within. A subject's inverse covariance is then, up to the latter, the identity less a
    constant matrix, so that all sums run over the subject-by-level matrix.
    """

    def __init__(self, wide: FloatArray) -> None:
        self.seen = (~np.isnan(wide)).astype(np.float64)
        self.values = np.nan_to_num(wide - np.nanmean(wide))
        self.visits = self.seen.sum(axis=1)
        self.df = self.visits.sum() - wide.shape[1]

    def fit(self, ratio: float) -> tuple[FloatArray, FloatArray, FloatArray, float]:
        """Return the means, their information, the subjects' residual sums, the residual."""
        weight = ratio / (1 + self.visits * ratio)
        information = np.diag(self.seen.sum(axis=0)) - self.seen.T @ (self.seen * weight[:, None])
        totals = self.values.sum(axis=1)
        means = np.linalg.solve(
            information, self.values.sum(axis=0) - self.seen.T @ (weight * totals)
        )
        residual = (self.values - means) * self.seen
        sums = residual.sum(axis=1)
        return means, information, sums, float(np.sum(residual**2) - np.sum(weight * sums**2))

    def slope(self, ratio: float) -> float:
        """Return the derivative by the ratio of minus twice the log-likelihood."""
        _, information, sums, residual = self.fit(ratio)
        change = 1 / (1 + self.visits * ratio) ** 2
        lost = np.linalg.solve(information, self.seen.T @ (self.seen * change[:, None]))
        gained = self.df * np.sum(change * sums**2) / residual
        return float(np.sum(self.visits / (1 + self.visits * ratio)) - np.trace(lost) - gained)

    def wald(self) -> float:
        """Return Wald's chi-squared of equal means at the maximum of the likelihood."""
        total = float(np.sum(self.values**2))
        ratio = 0.0
        if self.fit(0.0)[3] > _NEGLIGIBLE * total and self.slope(0.0) < 0:
            above = 1.0
            while above < _LARGEST_RATIO and self.slope(above) < 0:
                above *= 10
            ratio = (
                _LARGEST_RATIO
                if above >= _LARGEST_RATIO
                else brentq(self.slope, 0.0, above, xtol=1e-14, rtol=1e-13)
            )
        means, information, _, residual = self.fit(ratio)
        contrast = np.eye(len(means))[1:] - np.eye(len(means))[0]
        differences = contrast @ means
        if len(self.values) * float(np.sum(differences**2)) <= _NEGLIGIBLE * total:
            return 0.0
        if residual <= _NEGLIGIBLE * total or ratio == _LARGEST_RATIO:
            return float("inf")
        covariance = contrast @ np.linalg.solve(information, contrast.T) * (residual / self.df)
        return float(differences @ np.linalg.solve(covariance, differences))
