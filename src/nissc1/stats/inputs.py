"""Validation of the arrays which the estimators take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def to_numbers(values: ArrayLike, name: str) -> FloatArray:
    """Convert a column to floats; missing values become NaN.

    Parameters
    ----------
    values : array_like, shape (n,)
        Numbers or booleans, of NumPy's or pandas' types.
    name : str
        Name of the argument, for the error message.

    Returns
    -------
    ndarray of float64, shape (n,)
        The numbers, NaN where missing.

    Raises
    ------
    ValueError
        If the array is not one-dimensional or holds anything but numbers, text included.
    """
    if np.ndim(values) != 1:
        raise ValueError(
            f"{name} has {np.ndim(values)} dimensions; a one-dimensional array is needed. "
            "Pass one value a patient."
        )
    series: pd.Series[Any] = pd.Series(np.asarray(values))
    if series.dtype == object:
        series = series.convert_dtypes()
    if len(series) and not pd.api.types.is_numeric_dtype(series):
        raise ValueError(
            f"{name} holds values of type {series.dtype}; numbers are needed. Convert the column "
            "before the call."
        )
    return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def _as_numbers(values: ArrayLike, name: str) -> FloatArray:
    """Convert a column to floats, refusing empty columns and missing values."""
    numbers = to_numbers(values, name)
    if numbers.size == 0:
        raise ValueError(
            f"{name} is empty; at least one observation is needed. Widen the population."
        )
    missing = np.flatnonzero(np.isnan(numbers))
    if missing.size:
        raise ValueError(
            f"{name} has {missing.size} missing value(s), the first at position {missing[0]}; none "
            "is allowed. Leave these patients out, or censor them, before the call."
        )
    return numbers


def as_times(values: ArrayLike, name: str = "time") -> FloatArray:
    """Return follow-up times as floats.

    Parameters
    ----------
    values : array_like, shape (n,)
        Times from the origin, any unit, zero allowed.
    name : str
        Name of the argument, for the error message.

    Returns
    -------
    ndarray of float64, shape (n,)
        The times.

    Raises
    ------
    ValueError
        If the array is empty, not one-dimensional, or holds a missing, negative or infinite time.
    """
    times = _as_numbers(values, name)
    wrong = np.flatnonzero((times < 0) | np.isinf(times))
    if wrong.size:
        raise ValueError(
            f"{name} is {times[wrong[0]]:g} at position {wrong[0]} ({wrong.size} such value(s)); "
            "finite times from 0 upwards are allowed. Correct the dates from which they come."
        )
    return times


def as_events(values: ArrayLike, name: str = "event") -> IntArray:
    """Return event indicators as integers 0 (censored) and 1 (event).

    Parameters
    ----------
    values : array_like of bool or int, shape (n,)
        Event indicators.
    name : str
        Name of the argument, for the error message.

    Returns
    -------
    ndarray of int64, shape (n,)
        The indicators.

    Raises
    ------
    ValueError
        If any value is missing or is neither 0 nor 1.
    """
    numbers = _as_numbers(values, name)
    wrong = np.flatnonzero((numbers != 0) & (numbers != 1))
    if wrong.size:
        raise ValueError(
            f"{name} is {numbers[wrong[0]]:g} at position {wrong[0]} ({wrong.size} such value(s)); "
            "0 (censored) and 1 (event) are allowed. Recode the column; for several kinds of "
            "event use cumulative_incidence or gray_test."
        )
    return numbers.astype(np.int64)


def as_causes(values: ArrayLike, name: str = "cause") -> IntArray:
    """Return causes as integers: 0 censored; 1, 2, ... the kind of event.

    Parameters
    ----------
    values : array_like of int, shape (n,)
        Causes.
    name : str
        Name of the argument, for the error message.

    Returns
    -------
    ndarray of int64, shape (n,)
        The causes.

    Raises
    ------
    ValueError
        If any value is missing, negative or not a whole number.
    """
    numbers = _as_numbers(values, name)
    wrong = np.flatnonzero((numbers < 0) | (numbers != np.floor(numbers)) | np.isinf(numbers))
    if wrong.size:
        raise ValueError(
            f"{name} is {numbers[wrong[0]]:g} at position {wrong[0]} ({wrong.size} such value(s)); "
            "whole numbers are allowed: 0 for censored, 1, 2, ... for the kinds of event. "
            "Recode the column."
        )
    return numbers.astype(np.int64)


def as_groups(values: ArrayLike, name: str = "group") -> tuple[IntArray, tuple[Any, ...]]:
    """Return each patient's group as a number, in order of the sorted labels.

    Parameters
    ----------
    values : array_like, shape (n,)
        Group labels of any one sortable type (text, numbers, booleans, categories).
    name : str
        Name of the argument, for the error message.

    Returns
    -------
    codes : ndarray of int64, shape (n,)
        Number of each patient's group.
    labels : tuple
        Label of each group, in order of the numbers.

    Raises
    ------
    ValueError
        If a label is missing or there are fewer than two groups.
    """
    if np.ndim(values) != 1:
        raise ValueError(
            f"{name} has {np.ndim(values)} dimensions; a one-dimensional array is needed. "
            "Pass one label a patient."
        )
    series = pd.Series(np.asarray(values))
    missing = np.flatnonzero(series.isna().to_numpy())
    if missing.size:
        raise ValueError(
            f"{name} has {missing.size} missing label(s), the first at position {missing[0]}; none "
            "is allowed. Leave these patients out, or give them a group of their own."
        )
    codes, labels = pd.factorize(series, sort=True)
    if len(labels) < 2:
        raise ValueError(
            f"{name} has {len(labels)} distinct label(s) {list(labels)}; at least 2 groups are "
            "needed for a comparison. Choose another grouping or a wider population."
        )
    return codes.astype(np.int64), tuple(labels)


def check_equal_lengths(**arrays: NDArray[Any]) -> None:
    """Refuse arrays whose lengths differ.

    Parameters
    ----------
    **arrays : ndarray
        Arrays by the name of their argument.

    Raises
    ------
    ValueError
        If the lengths differ.
    """
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(
            f"the arrays differ in length ({found}); one value a patient is needed in each. "
            "Take them from the same rows of one frame."
        )
