"""A row of a table, as a definition that any cohort can be described by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

Values = Callable[[pd.DataFrame], "pd.Series[Any]"]
Kind = Literal["count", "proportion", "median_range"]


@dataclass(frozen=True)
class Row:
    """Define a row of a table.

    Parameters
    ----------
    record : str
        Id of the results record.
    label : str
        What the table calls it, without its unit.
    kind : {"count", "proportion", "median_range"}
        Patients with the characteristic; the same with their share; median and range.
    values : callable
        From a frame with one row a patient to one value a patient: boolean for counts and
        proportions, a number otherwise; NA where it is not known.
    unit : str
        Unit of a median.
    decimals : int
        Digits shown of a median.
    """

    record: str
    label: str
    kind: Kind
    values: Values
    unit: str = ""
    decimals: int = 0


Rows = Mapping[str, tuple[Row, ...]]
"""Rows by the heading of their group."""


def count(record: str, label: str, of: str | Values) -> Row:
    """Define a row that counts patients; a missing value counts as no.

    Parameters
    ----------
    record, label : str
        Id of the record and name of the row.
    of : str or callable
        Boolean column, or function of the frame.

    Returns
    -------
    Row
        The definition.
    """
    return Row(record, label, "count", _values(of))


def share(record: str, label: str, of: str | Values) -> Row:
    """Define a row that gives a number of patients and its percentage of those known.

    Parameters
    ----------
    record, label : str
        Id of the record and name of the row.
    of : str or callable
        Boolean column, or function of the frame.

    Returns
    -------
    Row
        The definition.
    """
    return Row(record, label, "proportion", _values(of))


def median(record: str, label: str, of: str | Values, unit: str = "", decimals: int = 0) -> Row:
    """Define a row that gives a median with minimum and maximum.

    Parameters
    ----------
    record, label : str
        Id of the record and name of the row.
    of : str or callable
        Numeric column, or function of the frame.
    unit : str
        Unit.
    decimals : int
        Digits shown.

    Returns
    -------
    Row
        The definition.
    """
    return Row(record, label, "median_range", _values(of), unit, decimals)


def done(column: str) -> Values:
    """Tell whether an examination was done.

    Parameters
    ----------
    column : str
        Column with "normal", "abnormal" or "not done".

    Returns
    -------
    callable
        Values of a row.
    """
    return lambda frame: frame[column] != "not done"


def abnormal(column: str) -> Values:
    """Tell whether an examination was abnormal; not known where it was not done.

    Parameters
    ----------
    column : str
        Column with "normal", "abnormal" or "not done".

    Returns
    -------
    callable
        Values of a row.
    """
    return lambda frame: (frame[column] == "abnormal").mask(frame[column] == "not done")


def _values(of: str | Values) -> Values:
    return (lambda frame: frame[of]) if isinstance(of, str) else of
