"""Choice of covariates by tests of each alone, fast enough to be repeated in resamples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2

from nissc1.stats.gray import gray_test
from nissc1.stats.inputs import FloatArray, IntArray, as_causes, as_events, as_times, to_numbers
from nissc1.stats.options import check_columns
from nissc1.stats.partial_likelihood import PartialLikelihood

#: A standardised coefficient beyond this belongs to a likelihood without a maximum.
_LARGEST_COEFFICIENT = 15.0
_MOST_ITERATIONS = 40


@dataclass(frozen=True)
class UnivariateRule:
    """Choose the candidates which are associated with the outcome when tested alone.

    Groups are compared by the log-rank test or, with competing events, Gray's; continuous
    candidates by the Wald test of a Cox model (with competing events: the cause-specific one).

    Parameters
    ----------
    time : str
        Column with times, 0 or more.
    candidates : tuple of str
        Columns with 0/1 or booleans; missing values leave the patient out of that test alone.
    event : str, optional
        Column with the event (1) or censoring (0); this or ``cause``.
    cause : str, optional
        Column with 0 censored, 1 the event of interest, 2, 3, ... competing ones.
    continuous : tuple of str
        Those of the candidates which are numbers and not groups.
    below : float
        A candidate is chosen if its P value is smaller than this.

    Raises
    ------
    ValueError
        If not exactly one of ``event`` and ``cause`` is given, no candidate is named, one of
        ``continuous`` is not a candidate, or ``below`` is not above 0 and at most 1.

    Examples
    --------
    >>> import pandas as pd
    >>> from nissc1.stats import UnivariateRule
    >>> frame = pd.DataFrame(
    ...     {"days": [1, 2, 3, 4, 5, 6], "died": [1, 1, 1, 1, 0, 0], "x": [1, 1, 1, 0, 0, 0]}
    ... )
    >>> rule = UnivariateRule(time="days", event="died", candidates=("x",))
    >>> rule.p_values(frame).round(4).to_dict()
    {'x': 0.0246}
    >>> rule(frame)
    ['x']
    """

    time: str
    candidates: tuple[str, ...]
    event: str | None = None
    cause: str | None = None
    continuous: tuple[str, ...] = ()
    below: float = 0.10

    def __post_init__(self) -> None:
        """Refuse contradictory settings."""
        if (self.event is None) == (self.cause is None):
            raise ValueError(
                f"event is {self.event!r} and cause {self.cause!r}; exactly one of them is needed. "
                "Name the column with the outcome."
            )
        if not self.candidates:
            raise ValueError("candidates is empty; at least one column is needed. Name one.")
        unknown = [name for name in self.continuous if name not in self.candidates]
        if unknown:
            raise ValueError(
                f"continuous names {unknown}; only the candidates {list(self.candidates)} are "
                "allowed. Add them there too."
            )
        if not 0 < self.below <= 1:
            raise ValueError(
                f"below is {self.below}; a number above 0 and up to 1 is allowed. Give the P value "
                "under which a candidate is chosen."
            )

    def __call__(self, frame: pd.DataFrame) -> list[str]:
        """Choose from a frame.

        Parameters
        ----------
        frame : pandas.DataFrame
            One row a patient.

        Returns
        -------
        list of str
            Chosen candidates, in their order.
        """
        tests = self.p_values(frame)
        return [str(name) for name in tests.index[tests < self.below]]

    def p_values(self, frame: pd.DataFrame) -> pd.Series[float]:
        """Test each candidate alone.

        Parameters
        ----------
        frame : pandas.DataFrame
            One row a patient.

        Returns
        -------
        pandas.Series of float
            Two-sided P values by candidate; NaN where nothing can be tested: the candidate does
            not vary, nobody has the event, or a continuous one has no finite coefficient. 1 where
            no time of an event has both groups at risk.

        Raises
        ------
        ValueError
            If a column is absent or holds values which are not allowed.
        """
        outcome = str(self.event if self.cause is None else self.cause)
        check_columns(frame, [self.time, outcome, *self.candidates])
        times = as_times(frame[self.time], self.time)
        if self.cause is None:
            causes = as_events(frame[outcome], outcome)
        else:
            causes = as_causes(frame[outcome], outcome)
        events = (causes == 1).astype(np.int64)
        groups = [name for name in self.candidates if name not in self.continuous]
        matrix = np.column_stack(
            [np.empty((len(times), 0)), *(_groups(frame, name) for name in groups)]
        )
        found = dict.fromkeys(self.candidates, float("nan"))
        if self.cause is None:
            found |= dict(zip(groups, _logrank(times, events, matrix), strict=True))
        else:
            for name, column in zip(groups, matrix.T, strict=True):
                known = ~np.isnan(column)
                if len(np.unique(column[known])) == 2 and events[known].any():
                    test = gray_test(times[known], causes[known], column[known])
                    found[name] = test.p_value
        for name in self.continuous:
            found[name] = _wald(times, events, to_numbers(frame[name], name))
        return pd.Series(found, dtype=np.float64).rename("p_value").rename_axis("candidate")


def _groups(frame: pd.DataFrame, name: str) -> FloatArray:
    values = to_numbers(frame[name], name)
    wrong = values[~np.isnan(values) & (values != 0) & (values != 1)]
    if wrong.size:
        raise ValueError(
            f"candidate {name!r} has {wrong.size} value(s) other than 0 and 1, the first "
            f"{wrong[0]:g}; 0, 1 and missing are allowed. Name it in continuous if it is a number."
        )
    return values


def _logrank(times: FloatArray, events: IntArray, groups: FloatArray) -> FloatArray:
    """Return the log-rank test's P value for each column of 0, 1 and NaN."""
    known = ~np.isnan(groups)
    ones = np.where(known, groups, 0.0)
    event_times = np.unique(times[events == 1])
    size, columns = len(event_times), groups.shape[1]
    if size == 0:
        return np.full(columns, np.nan)
    last = np.searchsorted(event_times, times, side="right") - 1
    seen, died = last >= 0, events == 1

    def at_risk(values: FloatArray) -> FloatArray:
        by_time = np.zeros((size, columns))
        np.add.at(by_time, last[seen], values[seen])
        return np.cumsum(by_time[::-1], axis=0)[::-1]

    def at_event(values: FloatArray) -> FloatArray:
        by_time = np.zeros((size, columns))
        np.add.at(by_time, last[died], values[died])
        return by_time

    number, with_it = at_risk(known.astype(np.float64)), at_risk(ones)
    deaths, deaths_with_it = at_event(known.astype(np.float64)), at_event(ones)
    share = np.divide(with_it, number, out=np.zeros_like(number), where=number > 0)
    ties = np.divide(number - deaths, number - 1, out=np.zeros_like(number), where=number > 1)
    excess = (deaths_with_it - deaths * share).sum(axis=0)
    variance = (deaths * share * (1 - share) * ties).sum(axis=0)
    statistic = np.divide(excess**2, variance, out=np.zeros(columns), where=variance > 0)
    n_with_it, n = ones.sum(axis=0), known.sum(axis=0)
    testable = (n_with_it > 0) & (n_with_it < n) & (deaths.sum(axis=0) > 0)
    return np.where(testable, chi2.sf(statistic, 1), np.nan)


def _wald(times: FloatArray, events: IntArray, values: FloatArray) -> float:
    """Return the P value of a Cox model's only coefficient, by Newton's method."""
    known = np.isfinite(values)
    times, events, values = times[known], events[known], values[known]
    if not events.any() or np.ptp(values) == 0:
        return float("nan")
    standard = (values - values.mean()) / values.std()
    likelihood = PartialLikelihood(times, events, standard[:, None])
    coef, found = np.zeros(1), likelihood.at(np.zeros(1))
    for _ in range(_MOST_ITERATIONS):
        information = found.information[0, 0]
        if information <= 0 or abs(coef[0]) > _LARGEST_COEFFICIENT:
            return float("nan")
        step = found.score / information
        following = likelihood.at(coef + step)
        while following.log_likelihood < found.log_likelihood - 1e-9 and abs(step[0]) > 1e-12:
            step = step / 2
            following = likelihood.at(coef + step)
        coef, found = coef + step, following
        if abs(step[0]) < 1e-9:
            return float(chi2.sf(coef[0] ** 2 * found.information[0, 0], 1))
    return float("nan")
