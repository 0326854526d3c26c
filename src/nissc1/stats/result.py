"""The result of a comparison of groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class GroupTest:
    """Hold a chi-squared test of several groups.

    Attributes
    ----------
    statistic : float
        Chi-squared statistic.
    df : int
        Degrees of freedom; 0 where the data allow no comparison (then ``p_value`` is 1).
    p_value : float
        Upper tail of the chi-squared distribution.
    n, n_events : int
        Patients, and events of interest among them.
    groups : tuple
        Labels of the groups, sorted.
    """

    statistic: float
    df: int
    p_value: float
    n: int
    n_events: int
    groups: tuple[Any, ...]
