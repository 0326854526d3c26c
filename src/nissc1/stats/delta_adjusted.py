"""What if those who were not measured did worse: multiple imputation with a shift."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from nissc1.stats.by_subject import by_subject
from nissc1.stats.imputation import impute_normal
from nissc1.stats.inputs import FloatArray
from nissc1.stats.level_contrasts import contrast_table
from nissc1.stats.options import check_choice, check_conf_level
from nissc1.stats.result import Tabled
from nissc1.stats.rubin import pool

AFTER = ("baseline", "dropout")


@dataclass(frozen=True)
class TippingPoint(Tabled):
    """Hold the shift at which a change is no longer told apart from 0.

    Attributes
    ----------
    level : hashable
        Level whose change from the first is meant.
    delta : float
        Smallest shift, in the direction against the change, at which the interval reaches 0: 0 if
        it contains 0 without a shift already, infinite if no shifted value was imputed there.
    estimate, lower, upper : float
        Change and limits at that shift; without a shift where ``delta`` is 0 or infinite.
    estimate_at_random : float
        Change without a shift.
    n_shifted : int
        Subjects whose value at the level was imputed and shifted.
    """

    level: Hashable
    delta: float
    estimate: float
    lower: float
    upper: float
    estimate_at_random: float
    n_shifted: int


@dataclass(frozen=True, eq=False)
class DeltaAdjusted:
    """Hold multiply imputed courses, to be analysed under different shifts.

    Attributes
    ----------
    levels : tuple
        Levels, ascending; the first is the baseline.
    completed : ndarray, shape (m, n, k)
        Imputed courses without a shift; observed values are the same in all.
    shifted : ndarray of bool, shape (n, k)
        Which imputed values a shift concerns.
    seen : ndarray of bool, shape (n, k)
        Which values were observed.
    after : str
        ``"baseline"`` or ``"dropout"``.
    seed : int
        Seed of the random numbers.
    conf_level : float
        Two-sided level of the limits.
    """

    levels: tuple[Hashable, ...]
    completed: FloatArray
    shifted: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    after: str
    seed: int
    conf_level: float

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def table(self, delta: float = 0.0) -> pd.DataFrame:
        """Return the changes from baseline under one shift.

        Parameters
        ----------
        delta : float
            Shift that is added to the imputed values concerned, in the unit of the measurement; 0
            for missing at random.

        Returns
        -------
        pandas.DataFrame
            Indexed by the levels after the first: ``n`` (subjects with a value there),
            ``n_shifted`` (subjects with a shifted one), ``estimate``, ``std_error``, ``df``,
            ``statistic``, ``p_value``, ``lower``, ``upper``, ``missing_share`` (of the variance
            that is due to the missing values).

        Raises
        ------
        ValueError
            If the shift is not finite.
        """
        if not np.isfinite(delta):
            raise ValueError(f"delta is {delta}; a finite number is allowed. Give the shift.")
        values = self.completed + delta * self.shifted
        change = values[:, :, 1:] - values[:, :, :1]
        n = change.shape[1]
        pooled = pool(change.mean(axis=1), change.var(axis=1, ddof=1) / n, df_complete=float(n - 1))
        frame = contrast_table(
            pooled.estimate, pooled.std_error, pooled.df, self.conf_level, self.levels[1:]
        )
        frame.insert(0, "n", self.seen[:, 1:].sum(axis=0))
        frame.insert(1, "n_shifted", self.shifted[:, 1:].sum(axis=0))
        return frame.assign(missing_share=pooled.missing_share)

    def tipping_point(self, level: Hashable) -> TippingPoint:
        """Search the shift at which the change at a level is no longer told apart from 0.

        Parameters
        ----------
        level : hashable
            One of the levels after the first.

        Returns
        -------
        TippingPoint
            The shift is against the change: upwards where the measurement fell.

        Raises
        ------
        ValueError
            If the level is none of those after the first.
        """
        if level not in self.levels[1:]:
            raise ValueError(
                f"level is {level!r}; the levels after the first are {list(self.levels[1:])}. "
                "Choose one of these."
            )
        place = self.levels.index(level) - 1
        at_random = self.table().iloc[place]
        n_shifted = int(at_random["n_shifted"])
        fell = bool(at_random["estimate"] < 0)
        side, direction = ("upper", 1.0) if fell else ("lower", -1.0)

        def inside(size: float) -> float:
            return direction * float(self.table(direction * size)[side].iloc[place])

        size = 0.0
        if inside(0.0) < 0:
            size = np.inf
            if n_shifted:
                reach = max(abs(float(at_random["estimate"])), float(at_random["std_error"]))
                while inside(reach) < 0:
                    reach *= 2
                size = float(brentq(inside, 0.0, reach, xtol=1e-10))
        row = self.table(direction * size).iloc[place] if np.isfinite(size) else at_random
        return TippingPoint(
            level=level,
            delta=direction * size if size else 0.0,
            estimate=float(row["estimate"]),
            lower=float(row["lower"]),
            upper=float(row["upper"]),
            estimate_at_random=float(at_random["estimate"]),
            n_shifted=n_shifted,
        )


def delta_adjusted(
    frame: pd.DataFrame,
    *,
    outcome: str,
    subject: str,
    within: str,
    seed: int,
    after: str = "dropout",
    n_imputations: int = 200,
    conf_level: float = 0.95,
) -> DeltaAdjusted:
    """Impute courses so that the missing values may be worse than the model of the others expects.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a subject and level; a missing measurement may be an empty cell or an absent row.
        Leave out levels that were not due, such as visits after a death.
    outcome, subject, within : str
        Columns with the measurement, the subject and the level; the first level is the baseline.
    seed : int
        Seed of the random numbers; the same seed gives the same result.
    after : {"dropout", "baseline"}
        Which imputed values a shift concerns: those after the last observed one of a subject, or
        all after the baseline.
    n_imputations : int
        Imputations, 2 or more.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    DeltaAdjusted
        Changes from baseline for any shift in ``.table(delta)`` [1]_, and the shift that would
        change the conclusion in ``.tipping_point(level)`` [2]_.

    Raises
    ------
    ValueError
        If the frame or an option is not allowed.
    MixedModelError
        If the data do not determine the model from which values are drawn (see `mmrm`, with an
        unstructured matrix).

    Notes
    -----
    Values are drawn from the multivariate normal distribution fitted by `mmrm`, given the
    subject's observed ones, for each imputation with another mean and covariance matrix: the
    covariance matrix from a normal approximation in the logarithmic Cholesky factor, with the
    expected information, then the means from their distribution given it. Each completed set is
    analysed by the paired t test of each level against the first, in all subjects with any value,
    and pooled by Rubin's rules. Without a shift the result is that of `mmrm` but for the error of a
    finite number of imputations. All shifts use the same draws.

    References
    ----------
    .. [1] Carpenter JR, Kenward MG (2013). Multiple Imputation and its Application. Wiley,
       Chichester.
    .. [2] Yan X, Lee S, Li N (2009). Missing data handling methods in medical device clinical
       trials. J Biopharm Stat 19:1085-1098.

    Examples
    --------
    >>> import pandas as pd
    >>> from nissc1.stats import delta_adjusted
    >>> frame = pd.DataFrame(
    ...     {
    ...         "who": [k for k in range(8) for _ in range(2)],
    ...         "month": [0, 12] * 8,
    ...         "mrss": [30, 20, 25, 19, 28, 14, 22, 16, 35, 21, 18, 12, 27, None, 31, 22],
    ...     }
    ... )
    >>> adjusted = delta_adjusted(frame, outcome="mrss", subject="who", within="month", seed=1)
    >>> at_random, worse = adjusted.table(), adjusted.table(delta=8)
    >>> float((worse["estimate"] - at_random["estimate"]).round(3).iloc[0])  # 8 for 1 of 8
    1.0
    """
    check_choice("after", after, AFTER)
    check_conf_level(conf_level)
    if isinstance(n_imputations, bool) or int(n_imputations) != n_imputations or n_imputations < 2:
        raise ValueError(
            f"n_imputations is {n_imputations!r}; a whole number from 2 upwards is allowed. Give "
            "100 or more for stable limits."
        )
    wide = by_subject(frame, subject, within, outcome)
    used = wide.dropna(how="all").dropna(how="all", axis=1)
    values = used.to_numpy(dtype=np.float64)
    levels = tuple(used.columns.tolist())
    completed = impute_normal(values, levels, n_imputations=n_imputations, seed=seed)
    seen = ~np.isnan(values)
    later = np.cumsum(seen[:, ::-1], axis=1)[:, ::-1] > 0
    shifted = ~seen & (~later if after == "dropout" else True)
    shifted[:, 0] = False
    return DeltaAdjusted(levels, completed, shifted, seen, after, seed, conf_level)
