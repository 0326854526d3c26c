"""Pooling the analyses of multiply imputed data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nissc1.stats.inputs import FloatArray
from nissc1.stats.result import Tabled

#: Share of the variance between imputations that is rounding error.
_NOTHING = 1e-14


@dataclass(frozen=True, eq=False)
class Pooled(Tabled):
    """Hold pooled estimates.

    Attributes
    ----------
    estimate, std_error, df : ndarray, shape (c,)
        Means of the estimates, their standard errors and degrees of freedom.
    within, between : ndarray, shape (c,)
        Variance within and between imputations.
    missing_share : ndarray, shape (c,)
        Share of the variance that is due to the missing values, (1 + 1/m) between / total.
    """

    estimate: FloatArray
    std_error: FloatArray
    df: FloatArray
    within: FloatArray
    between: FloatArray
    missing_share: FloatArray


def pool(estimates: ArrayLike, variances: ArrayLike, *, df_complete: float) -> Pooled:
    """Pool the analyses of multiply imputed data by Rubin's rules.

    Parameters
    ----------
    estimates, variances : array_like, shape (m, c)
        Estimates and their squared standard errors, one row an imputation.
    df_complete : float
        Degrees of freedom of the analysis had no value been missing.

    Returns
    -------
    Pooled
        Rubin's rules [1]_ with Barnard and Rubin's degrees of freedom [2]_; those of the complete
        data where no imputation differs from another.

    Raises
    ------
    ValueError
        If the shapes differ, there are fewer than two imputations, or the degrees of freedom are
        not above 0.

    References
    ----------
    .. [1] Rubin DB (1987). Multiple Imputation for Nonresponse in Surveys. Wiley, New York.
    .. [2] Barnard J, Rubin DB (1999). Small-sample degrees of freedom with multiple imputation.
       Biometrika 86:948-955.

    Examples
    --------
    >>> from nissc1.stats import pool
    >>> result = pool([[1.0], [2.0], [3.0]], [[0.5], [0.5], [0.5]], df_complete=20)
    >>> result.estimate.tolist(), result.std_error.round(3).tolist(), result.df.round(2).tolist()
    ([2.0], [1.354], [2.15])
    """
    q, u = (np.asarray(each, dtype=np.float64) for each in (estimates, variances))
    if q.shape != u.shape or q.ndim != 2 or len(q) < 2:
        raise ValueError(
            f"estimates has the shape {q.shape} and variances {u.shape}; one and the same shape of "
            "at least 2 rows is needed. Give one row an imputation."
        )
    if not df_complete > 0:
        raise ValueError(
            f"df_complete is {df_complete}; a number above 0 is allowed. Give the degrees of "
            "freedom without missing values."
        )
    m = len(q)
    within = u.mean(axis=0)
    between = q.var(axis=0, ddof=1)
    total = within + (1 + 1 / m) * between
    share = np.divide((1 + 1 / m) * between, total, out=np.zeros(q.shape[1]), where=total > 0)
    of_imputations = np.divide(share**2, m - 1)  # inverse of (m - 1) / share²
    of_data = (df_complete + 1) / (df_complete + 3) * df_complete * (1 - share)
    left = np.divide(1.0, of_data, out=np.full(len(of_data), np.inf), where=of_data > 0)
    df = np.where(share > _NOTHING, 1 / (of_imputations + left), df_complete)
    return Pooled(
        estimate=q.mean(axis=0),
        std_error=np.sqrt(total),
        df=df,
        within=within,
        between=between,
        missing_share=share,
    )
