"""Deaths compared with those which a life table lets expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import poisson

from nissc1.stats.exact_intervals import check_count, garwood
from nissc1.stats.inputs import FloatArray, to_numbers
from nissc1.stats.options import check_columns, check_conf_level
from nissc1.stats.result import Tabled

#: Lengths of person-time below this share of a year are rounding error.
_NO_TIME = 1e-9


@dataclass(frozen=True)
class StandardisedRatio(Tabled):
    """Hold a standardised mortality ratio.

    Attributes
    ----------
    estimate, lower, upper : float
        Observed by expected deaths, with exact limits.
    lower_mid_p, upper_mid_p : float
        Mid-P limits, which are narrower and may cover somewhat too rarely.
    p_value, p_value_mid : float
        Two-sided P value of a ratio of 1, exact and mid-P: twice the smaller tail, 1 at most.
    conf_level : float
        Two-sided level of the limits.
    n_events : int
        Observed deaths.
    expected : float
        Expected deaths.
    """

    estimate: float
    lower: float
    upper: float
    lower_mid_p: float
    upper_mid_p: float
    p_value: float
    p_value_mid: float
    conf_level: float
    n_events: int
    expected: float


@dataclass(frozen=True, eq=False)
class ExpectedDeaths:
    """Hold the deaths that a life table lets expect.

    Attributes
    ----------
    estimate : float
        Expected deaths.
    person_years : float
        Years under observation.
    cells : pandas.DataFrame
        One row a cell of the table: its labels, ``person_years``, ``rate``, ``expected``.
    """

    estimate: float
    person_years: float
    cells: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Return the cells.

        Returns
        -------
        pandas.DataFrame
            A copy of ``cells``.
        """
        return self.cells.copy()


def smr(observed: int, expected: float, *, conf_level: float = 0.95) -> StandardisedRatio:
    """Compare observed with expected deaths.

    Parameters
    ----------
    observed : int
        Deaths, 0 or more; they are taken for a Poisson number.
    expected : float
        Deaths expected from a life table, above 0, taken for known without error.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    StandardisedRatio
        Exact limits by Garwood's method [1]_; mid-P limits and P value [2]_ [3]_.

    Raises
    ------
    ValueError
        If the observed deaths are no count or the expected ones not above 0.

    References
    ----------
    .. [1] Garwood F (1936). Fiducial limits for the Poisson distribution. Biometrika 28:437-442.
    .. [2] Lancaster HO (1961). Significance tests in discrete distributions. J Am Stat Assoc
       56:223-234.
    .. [3] Liddell FDK (1984). Simple exact analysis of the standardised mortality ratio.
       J Epidemiol Community Health 38:85-88.

    Examples
    --------
    >>> from nissc1.stats import smr
    >>> result = smr(8, 2.5)
    >>> round(result.estimate, 2), round(result.lower, 2), round(result.upper, 2)
    (3.2, 1.38, 6.31)
    >>> round(result.p_value, 4)
    0.0085
    """
    count = check_count("observed", observed)
    check_conf_level(conf_level)
    if not (np.isfinite(expected) and expected > 0):
        raise ValueError(
            f"expected is {expected}; a finite number above 0 is allowed. Widen the population or "
            "the follow-up."
        )
    mean = float(expected)
    at = float(poisson.pmf(count, mean))
    above, below = float(poisson.sf(count, mean)), float(poisson.cdf(count, mean)) - at
    tail = (1 - conf_level) / 2
    lower, upper = garwood(count, conf_level)

    def mid_upper(m: float) -> float:
        return float(poisson.cdf(count, m) - poisson.pmf(count, m) / 2) - tail

    def mid_lower(m: float) -> float:
        return float(poisson.sf(count, m) + poisson.pmf(count, m) / 2) - tail

    around = (lower * 0.999, upper * 1.001)  # mid-P limits lie within the exact ones
    lower_mid = float(brentq(mid_lower, *around, xtol=1e-12)) if count else 0.0
    upper_mid = float(brentq(mid_upper, *around, xtol=1e-12))
    return StandardisedRatio(
        estimate=count / mean,
        lower=lower / mean,
        upper=upper / mean,
        lower_mid_p=lower_mid / mean,
        upper_mid_p=upper_mid / mean,
        p_value=min(2 * min(above, below) + 2 * at, 1.0),
        p_value_mid=min(2 * min(above, below) + at, 1.0),
        conf_level=conf_level,
        n_events=count,
        expected=mean,
    )


def person_years(
    frame: pd.DataFrame, *, age: str, year: str, followed: str, by: Sequence[str] = ("sex",)
) -> pd.DataFrame:
    """Split follow-up into years of age and of the calendar.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    age, year, followed : str
        Columns with the age at the start in years, the start as a decimal calendar year (2012.93
        for early December 2012), and the years followed, all with decimals.
    by : sequence of str
        Further columns by which the life table is divided, such as sex or country.

    Returns
    -------
    pandas.DataFrame
        One row a cell with any follow-up, sorted: the columns of ``by``, ``age`` and ``year``
        (whole numbers) and ``person_years``.

    Raises
    ------
    ValueError
        If a column is absent, or an age, year or follow-up is missing, negative or infinite, or a
        label of ``by`` is missing.

    Notes
    -----
    The cells are those of a Lexis diagram [1]_: a patient moves to the next one at each birthday
    and at each turn of the year.

    References
    ----------
    .. [1] Breslow NE, Day NE (1987). Statistical Methods in Cancer Research, volume II: The Design
       and Analysis of Cohort Studies. IARC, Lyon.

    Examples
    --------
    >>> import pandas as pd
    >>> from nissc1.stats import person_years
    >>> frame = pd.DataFrame({"sex": ["F"], "age": [42.5], "start": [2012.75], "years": [1.0]})
    >>> cells = person_years(frame, age="age", year="start", followed="years")
    >>> cells[["age", "year", "person_years"]].to_dict("list")
    {'age': [42, 42, 43], 'year': [2012, 2013, 2013], 'person_years': [0.25, 0.25, 0.5]}
    """
    check_columns(frame, [*by, age, year, followed])
    ages, starts, lengths = (_not_negative(frame, name) for name in (age, year, followed))
    unknown = [name for name in by if frame[name].isna().any()]
    if unknown:
        raise ValueError(
            f"{unknown} is missing for {int(frame[unknown].isna().any(axis=1).sum())} patient(s); "
            "a label is needed for each. Leave them out or complete them."
        )
    owner, middle_ages, middle_years, spans = [], [], [], []
    for k, (old, start, length) in enumerate(zip(ages, starts, lengths, strict=True)):
        birthdays = np.floor(old) + np.arange(1, length + 2) - old
        new_years = np.floor(start) + np.arange(1, length + 2) - start
        cuts = np.unique(np.concatenate([[0.0, length], birthdays, new_years]))
        cuts = cuts[(cuts >= 0) & (cuts <= length)]
        for begin, end in pairwise(cuts):
            if end - begin > _NO_TIME:
                owner.append(k)
                middle_ages.append(int(old + (begin + end) / 2))
                middle_years.append(int(start + (begin + end) / 2))
                spans.append(float(end - begin))
    cells = frame[list(by)].iloc[owner].reset_index(drop=True)
    cells = cells.assign(age=middle_ages, year=middle_years, person_years=spans)
    return cells.groupby([*by, "age", "year"], as_index=False)[["person_years"]].sum()


def expected_deaths(
    cells: pd.DataFrame, life_table: pd.DataFrame, *, by: Sequence[str] = ("sex", "age", "year")
) -> ExpectedDeaths:
    """Add up the deaths that a life table lets expect in given person-time.

    Parameters
    ----------
    cells : pandas.DataFrame
        Columns of ``by`` and ``person_years``, as from `person_years`.
    life_table : pandas.DataFrame
        Columns of ``by`` and ``rate``: deaths a person-year (the central death rate m; from a
        probability q of dying within the year take -log(1 - q)). One row a cell.
    by : sequence of str
        Columns by which the life table is divided.

    Returns
    -------
    ExpectedDeaths
        Sum of person-years times rate [1]_.

    Raises
    ------
    ValueError
        If a column is absent, the life table has a cell twice or a rate that is missing or
        negative, or it lacks a cell with person-time.

    References
    ----------
    .. [1] Breslow NE, Day NE (1987). Statistical Methods in Cancer Research, volume II: The Design
       and Analysis of Cohort Studies. IARC, Lyon.

    Examples
    --------
    >>> import pandas as pd
    >>> from nissc1.stats import expected_deaths
    >>> cells = pd.DataFrame({"sex": ["F", "M"], "age": 60, "person_years": [10.0, 5.0]})
    >>> table = pd.DataFrame({"sex": ["F", "M"], "age": 60, "rate": [0.01, 0.02]})
    >>> expected_deaths(cells, table, by=["sex", "age"]).estimate
    0.2
    """
    keys = list(by)
    check_columns(cells, [*keys, "person_years"])
    check_columns(life_table, [*keys, "rate"])
    rates = to_numbers(life_table["rate"], "rate")
    if not (np.isfinite(rates) & (rates >= 0)).all():
        raise ValueError(
            "a rate of the life table is missing, infinite or negative; numbers from 0 upwards are "
            "needed. Complete the table."
        )
    twice = life_table[life_table.duplicated(keys)]
    if len(twice):
        raise ValueError(
            f"the life table has {twice[keys].iloc[0].to_dict()} twice; one row a cell is allowed. "
            "Leave the repetition out, or name the column that tells the rows apart in by."
        )
    times = _not_negative(cells, "person_years")
    joined = cells[[*keys, "person_years"]].merge(
        life_table[[*keys, "rate"]], how="left", on=keys, validate="many_to_one"
    )
    absent = joined[joined["rate"].isna()]
    if len(absent):
        raise ValueError(
            f"the life table lacks {len(absent)} cell(s) with person-time, the first "
            f"{absent[keys].iloc[0].to_dict()}; all are needed. Carry its last year or age forward "
            "before the call."
        )
    joined["expected"] = joined["person_years"] * joined["rate"]
    return ExpectedDeaths(float(joined["expected"].sum()), float(times.sum()), joined)


def _not_negative(frame: pd.DataFrame, name: str) -> FloatArray:
    values = to_numbers(frame[name], name)
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if wrong.size:
        raise ValueError(
            f"{name!r} is {values[wrong[0]]:g} at position {wrong[0]}; finite numbers from 0 "
            "upwards are needed. Correct it or leave the row out."
        )
    return values
