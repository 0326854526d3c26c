"""What results have in common, and the result of a comparison of groups."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd


class Tabled:
    """Lay the attributes of a result out as a table."""

    def table(self) -> pd.DataFrame:
        """Return the result as a table.

        Returns
        -------
        pandas.DataFrame
            A column an attribute, under its name, but for those that are tables themselves; one
            row, or one an element where attributes are arrays.
        """
        values = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
        kept = {name: each for name, each in values.items() if not isinstance(each, pd.DataFrame)}
        if any(isinstance(each, np.ndarray) for each in kept.values()):
            return pd.DataFrame(kept)
        return pd.DataFrame([kept])


@dataclass(frozen=True)
class GroupTest(Tabled):
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
