"""Measures: what each kind of figure is made of, before it becomes a record."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nissc1.report.formatting import interval


@dataclass(frozen=True)
class Measure:
    """Hold the numbers of one figure; `nissc1.report.records.Record` explains their meaning.

    Attributes
    ----------
    statistic : str
        Kind of figure.
    estimate, lower, upper : float or None
        Unrounded numbers.
    n, events, denominator : int or None
        Counts.
    unit : str
        Unit of the estimate.
    decimals : int
        Digits shown after the point.
    text : str or None
        Fixed text in place of one made from the numbers.
    reason : str
        Why there is no estimate.
    """

    statistic: str
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    events: int | None = None
    denominator: int | None = None
    unit: str = ""
    decimals: int = 0
    text: str | None = None
    reason: str = ""


def count(n: int, unit: str = "patients", *, of: int | None = None) -> Measure:
    """Measure a count.

    Parameters
    ----------
    n : int
        The count, 0 or more.
    unit : str
        What is counted.
    of : int, optional
        Patients it refers to.

    Returns
    -------
    Measure
        ``estimate`` is the count.

    Raises
    ------
    ValueError
        If it is no whole number from 0 upwards.
    """
    if isinstance(n, bool) or int(n) != n or n < 0:
        raise ValueError(f"a count is {n!r}; a whole number from 0 upwards is allowed.")
    return Measure("count", float(n), n=None if of is None else int(of), unit=unit)


def proportion(flags: Any, numerator: int | None, denominator: int | None) -> Measure:
    """Measure a proportion, in percent.

    Parameters
    ----------
    flags : boolean Series or None
        Who has the feature; a missing value is not known and leaves the denominator.
    numerator, denominator : int or None
        The two counts, in place of flags.

    Returns
    -------
    Measure
        Percent; undefined where nobody's value is known.

    Raises
    ------
    ValueError
        If neither or both ways are used, a flag is no yes or no, or the numerator is negative or
        above the denominator.
    """
    if (flags is None) == (numerator is None) or (numerator is None) != (denominator is None):
        raise ValueError(
            "a proportion needs either flags (one yes/no/missing a patient) or both numerator "
            "and denominator."
        )
    if flags is not None:
        try:
            known = pd.Series(flags).astype("boolean").dropna()
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"flags of a proportion have dtype {pd.Series(flags).dtype}; True, False and "
                "missing are allowed. Compare the column with the value that is meant."
            ) from error
        numerator, denominator = int(known.sum()), len(known)
    events, known_n = int(numerator or 0), int(denominator or 0)
    if not 0 <= events <= known_n:
        raise ValueError(
            f"a proportion of {events} in {known_n}; the numerator must lie between 0 and the "
            "denominator. Count both among the same patients."
        )
    if known_n == 0:
        return Measure(
            "proportion",
            n=0,
            events=0,
            denominator=0,
            unit="%",
            decimals=1,
            reason="no patient with a known value",
        )
    percent = 100 * events / known_n
    return Measure(
        "proportion", percent, None, None, known_n, events, known_n, unit="%", decimals=1
    )


def median_range(values: Any, unit: str = "", decimals: int = 0) -> Measure:
    """Measure the median with minimum and maximum.

    Parameters
    ----------
    values : array_like
        One value a patient; missing ones are left out.
    unit : str
        Unit.
    decimals : int
        Digits shown.

    Returns
    -------
    Measure
        Undefined where no value is known.
    """
    known = _known(values)
    if known.size == 0:
        return _no_value("median_range", unit, decimals)
    middle, low, high = float(np.median(known)), float(known.min()), float(known.max())
    return Measure("median_range", middle, low, high, known.size, unit=unit, decimals=decimals)


def mean(values: Any, unit: str = "", decimals: int = 1) -> Measure:
    """Measure the mean.

    Parameters
    ----------
    values : array_like
        One value a patient; missing ones are left out.
    unit : str
        Unit.
    decimals : int
        Digits shown.

    Returns
    -------
    Measure
        Undefined where no value is known.
    """
    known = _known(values)
    if known.size == 0:
        return _no_value("mean", unit, decimals)
    return Measure("mean", float(known.mean()), n=known.size, unit=unit, decimals=decimals)


def sd(values: Any, unit: str = "", decimals: int = 1) -> Measure:
    """Measure the sample standard deviation (divisor n − 1).

    Parameters
    ----------
    values : array_like
        One value a patient; missing ones are left out.
    unit : str
        Unit.
    decimals : int
        Digits shown.

    Returns
    -------
    Measure
        Undefined with fewer than two known values.
    """
    known = _known(values)
    if known.size == 0:
        return _no_value("sd", unit, decimals)
    if known.size == 1:
        reason = "a single patient has no standard deviation"
        return Measure("sd", n=1, unit=unit, decimals=decimals, reason=reason)
    return Measure("sd", float(known.std(ddof=1)), n=known.size, unit=unit, decimals=decimals)


def single(
    statistic: str,
    value: Any,
    n: int | None = None,
    unit: str = "",
    decimals: int = 0,
    limits: tuple[float | None, float | None] = (None, None),
) -> Measure:
    """Measure a single number: a P value, a coefficient, any other value, or a text.

    Parameters
    ----------
    statistic : str
        ``p_value``, ``correlation`` or ``value``.
    value : float, int, str or None
        The value; missing counts as undefined, a text becomes statistic ``text``.
    n : int or None
        Patients behind it.
    unit : str
        Unit.
    decimals : int
        Digits shown.
    limits : pair of float or None
        Bounds; with a missing value they stand alone, as a span.

    Returns
    -------
    Measure
        The measure.
    """
    if isinstance(value, str):
        return Measure("text", n=n, unit=unit, text=value)
    estimate = None if value is None or value is pd.NA else finite(value)
    lower, upper = (None if bound is None else finite(bound) for bound in limits)
    if estimate is None and lower is not None and upper is not None:
        span = interval(lower, upper, decimals)
        return Measure(statistic, None, lower, upper, n, None, None, unit, decimals, span)
    reason = "" if estimate is not None else "the value is missing"
    return Measure(
        statistic, estimate, lower, upper, n, unit=unit, decimals=decimals, reason=reason
    )


def _known(values: Any) -> NDArray[np.float64]:
    numbers = pd.Series(values).astype("Float64").dropna()
    known = np.asarray(numbers, dtype=np.float64)
    if not np.isfinite(known).all():
        raise ValueError("a value is infinite; finite numbers and missing are allowed.")
    return known


def _no_value(statistic: str, unit: str, decimals: int) -> Measure:
    reason = "no patient with a known value"
    return Measure(statistic, n=0, unit=unit, decimals=decimals, reason=reason)


def finite(value: Any) -> float | None:
    """Return a number as a float, None where it is NaN or infinite.

    Parameters
    ----------
    value : float
        Number.

    Returns
    -------
    float or None
        The number if finite.
    """
    number = float(value)
    return number if math.isfinite(number) else None
