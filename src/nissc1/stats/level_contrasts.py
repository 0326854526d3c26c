"""Means at levels and their differences as tables, with Student's t."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from scipy.stats import t as student

from nissc1.stats.inputs import FloatArray


def contrast_table(
    estimate: FloatArray,
    std_error: FloatArray,
    df: FloatArray,
    conf_level: float,
    index: Sequence[Hashable],
) -> pd.DataFrame:
    """Tabulate estimates with limits and tests.

    Parameters
    ----------
    estimate, std_error, df : ndarray, shape (c,)
        Estimates, standard errors and degrees of freedom.
    conf_level : float
        Two-sided level of the limits.
    index : sequence of hashable, length c
        Names of the rows.

    Returns
    -------
    pandas.DataFrame
        Indexed by level: ``estimate``, ``std_error``, ``df``, ``statistic`` (Student's t of no
        difference from 0; infinite without any error, and 0 where the estimate is 0 too),
        ``p_value`` (two-sided), ``lower``, ``upper``.
    """
    certain = np.where(estimate == 0, 0.0, np.copysign(np.inf, estimate))
    statistic = np.divide(estimate, std_error, out=certain, where=std_error > 0)
    half = student.ppf(0.5 + conf_level / 2, df) * std_error
    return pd.DataFrame(
        {
            "estimate": estimate,
            "std_error": std_error,
            "df": df,
            "statistic": statistic,
            "p_value": 2 * student.sf(np.abs(statistic), df),
            "lower": estimate - half,
            "upper": estimate + half,
        },
        index=pd.Index(list(index), name="level"),
    )


def against_baseline(
    levels: Sequence[Hashable], baseline: Hashable | None
) -> tuple[FloatArray, list[int]]:
    """Return the weights of the differences of each level from one.

    Parameters
    ----------
    levels : sequence of hashable, length k
        Levels.
    baseline : hashable or None
        Level from which the others are told apart; None for the first.

    Returns
    -------
    weights : ndarray, shape (k - 1, k)
        1 at a level and -1 at the baseline, a row each.
    others : list of int
        Places of the levels that are compared.

    Raises
    ------
    ValueError
        If the baseline is none of the levels.
    """
    level = levels[0] if baseline is None else baseline
    if level not in levels:
        raise ValueError(
            f"baseline is {level!r}; the levels are {list(levels)}. Choose one of these."
        )
    place = list(levels).index(level)
    others = [k for k in range(len(levels)) if k != place]
    weights = np.eye(len(levels))[others]
    weights[:, place] = -1
    return weights, others
