"""Association of two variables: rank correlation and contingency tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from nissc1.stats.inputs import IntArray, check_equal_lengths, to_numbers
from nissc1.stats.result import Tabled


@dataclass(frozen=True)
class Association(Tabled):
    """Hold a measure of association and its test.

    Attributes
    ----------
    method : str
        ``"Spearman"``, ``"chi-squared"`` or ``"Fisher"``.
    coefficient : float
        Spearman's rho; Cramér's V; conditional maximum likelihood odds ratio.
    statistic : float
        Test statistic: Student's t, Pearson's chi-squared; NaN for Fisher's test, which has none.
    df : int
        Degrees of freedom of ``statistic``; 0 for Fisher's test.
    p_value : float
        Two-sided P value.
    n : int
        Pairs, or total of the table.
    n_missing : int
        Pairs left out because a value is missing.
    """

    method: str
    coefficient: float
    statistic: float
    df: int
    p_value: float
    n: int
    n_missing: int = 0


def spearman(x: ArrayLike, y: ArrayLike) -> Association:
    """Correlate the ranks of two variables.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Numbers; pairs in which either is missing are left out and counted.

    Returns
    -------
    Association
        Spearman's rho with mid-ranks for ties [1]_; P value from Student's t with n - 2 degrees of
        freedom. With fewer than three pairs, or a variable of one value only, no correlation
        exists: ``coefficient``, ``statistic`` and ``p_value`` are NaN.

    Raises
    ------
    ValueError
        If the arrays differ in length or hold values which are not numbers.

    References
    ----------
    .. [1] Spearman C (1904). The proof and measurement of association between two things.
       Am J Psychol 15:72-101.

    Examples
    --------
    >>> from nissc1.stats import spearman
    >>> round(spearman([1, 2, 3, 4], [1, 3, 2, 4]).coefficient, 3)  # 1 - 6 * 2 / (4 * 15)
    0.8
    """
    first, second = to_numbers(x, "x"), to_numbers(y, "y")
    check_equal_lengths(x=first, y=second)
    complete = ~(np.isnan(first) | np.isnan(second))
    first, second = first[complete], second[complete]
    n, n_missing = len(first), int((~complete).sum())
    df = max(n - 2, 0)
    if n < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        nan = float("nan")
        return Association("Spearman", nan, nan, df, nan, n, n_missing)
    result = stats.spearmanr(first, second)
    rho = float(result.statistic)
    rest = max(1 - rho**2, 0.0)
    t = rho * np.sqrt(df / rest) if rest > 0 else np.copysign(np.inf, rho)
    return Association("Spearman", rho, float(t), df, float(result.pvalue), n, n_missing)


def chi_squared(table: ArrayLike, *, correction: bool = True) -> Association:
    """Test the independence of rows and columns of a contingency table.

    Parameters
    ----------
    table : array_like of int, shape (r, c)
        Counts of patients.
    correction : bool
        Whether to apply Yates' continuity correction [2]_ to a 2 x 2 table.

    Returns
    -------
    Association
        Pearson's chi-squared test [1]_ and Cramér's V (from the uncorrected statistic). Rows and
        columns without any patient are left out. If fewer than two of either remain there is
        nothing to compare: statistic and coefficient 0, 0 degrees of freedom, P value 1.

    Raises
    ------
    ValueError
        If the table is not two-dimensional with at least two rows and columns, or holds anything
        but whole numbers from 0 upwards.

    References
    ----------
    .. [1] Pearson K (1900). On the criterion that a given system of deviations ... Philos Mag
       50:157-175.
    .. [2] Yates F (1934). Contingency tables involving small numbers and the chi-squared test.
       J R Stat Soc Suppl 1:217-235.

    Examples
    --------
    >>> from nissc1.stats import chi_squared
    >>> test = chi_squared([[10, 20], [20, 10]], correction=False)
    >>> round(test.statistic, 3), round(test.p_value, 4)  # 60 * 300² / 30⁴
    (6.667, 0.0098)
    """
    counts = _contingency(table)
    n = int(counts.sum())
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return Association("chi-squared", 0.0, 0.0, 0, 1.0, n)
    result = stats.chi2_contingency(counts, correction=correction)
    plain = stats.chi2_contingency(counts, correction=False)
    v = np.sqrt(plain.statistic / (n * (min(counts.shape) - 1)))
    return Association(
        "chi-squared",
        float(v),
        float(result.statistic),
        int(result.dof),
        float(result.pvalue),
        n,
    )


def fisher_exact(table: ArrayLike) -> Association:
    """Test the independence of rows and columns of a 2 x 2 table exactly.

    Parameters
    ----------
    table : array_like of int, shape (2, 2)
        Counts of patients.

    Returns
    -------
    Association
        Two-sided P value: the sum of the probabilities, with all margins fixed, of the tables which
        are no more probable than this one [1]_; and the conditional maximum likelihood odds ratio
        (0 or infinity if a cell is empty). If a row or column is empty there is nothing to compare:
        P value 1, coefficient NaN.

    Raises
    ------
    ValueError
        If the table is not 2 x 2 or holds anything but whole numbers from 0 upwards.

    References
    ----------
    .. [1] Fisher RA (1935). The logic of inductive inference. J R Stat Soc 98:39-82.

    Examples
    --------
    Fisher's lady who tasted tea with milk, right about three cups of each four:

    >>> from nissc1.stats import fisher_exact
    >>> round(fisher_exact([[3, 1], [1, 3]]).p_value, 4)  # 34/70
    0.4857
    """
    counts = _contingency(table)
    if counts.shape != (2, 2):
        raise ValueError(
            f"the table has {counts.shape[0]} rows and {counts.shape[1]} columns; 2 x 2 is "
            "allowed. Join categories, or use chi_squared."
        )
    n, nan = int(counts.sum()), float("nan")
    if (counts.sum(axis=0) == 0).any() or (counts.sum(axis=1) == 0).any():
        return Association("Fisher", nan, nan, 0, 1.0, n)
    p_value = float(stats.fisher_exact(counts).pvalue)
    odds_ratio = float(stats.contingency.odds_ratio(counts, kind="conditional").statistic)
    return Association("Fisher", odds_ratio, nan, 0, p_value, n)


def _contingency(table: ArrayLike) -> IntArray:
    counts = np.asarray(table)
    if counts.ndim != 2 or min(counts.shape) < 2:
        raise ValueError(
            f"the table has shape {counts.shape}; two dimensions with at least 2 rows and 2 "
            "columns are needed. Keep empty categories as rows or columns of zeros."
        )
    try:
        numbers = counts.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"the table holds values of type {counts.dtype}; whole numbers are allowed. "
            "Pass counts of patients."
        ) from error
    wrong = ~np.isfinite(numbers) | (numbers < 0) | (numbers != np.floor(numbers))
    if wrong.any():
        row, column = (int(k) for k in np.argwhere(wrong)[0])
        raise ValueError(
            f"the table is {numbers[row, column]:g} at row {row}, column {column}; whole numbers "
            "from 0 upwards are allowed. Pass counts of patients, not percentages."
        )
    return numbers.astype(np.int64)
