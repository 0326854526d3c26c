"""Validation of the options and column names which the estimators take."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def check_conf_level(conf_level: float) -> None:
    """Refuse a confidence level outside the open interval from 0 to 1.

    Parameters
    ----------
    conf_level : float
        Two-sided confidence level.

    Raises
    ------
    ValueError
        If it is not between 0 and 1.
    """
    if not 0 < conf_level < 1:
        raise ValueError(
            f"conf_level is {conf_level}; a number above 0 and below 1 is allowed. "
            "Write 95 % as 0.95."
        )


def check_choice(name: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse an option which is not among the allowed ones.

    Parameters
    ----------
    name : str
        Name of the argument.
    value : str
        Value found.
    allowed : sequence of str
        Values which the argument may take.

    Raises
    ------
    ValueError
        If the value is not allowed.
    """
    if value not in allowed:
        raise ValueError(
            f"{name} is {value!r}; allowed: {', '.join(map(repr, allowed))}. Choose one of these."
        )


def check_cause_of_interest(of: int) -> None:
    """Refuse a cause of interest which does not stand for an event.

    Parameters
    ----------
    of : int
        Cause of interest.

    Raises
    ------
    ValueError
        If it is not a whole number from 1 upwards.
    """
    if isinstance(of, bool) or int(of) != of or of < 1:
        raise ValueError(
            f"of is {of!r}; a whole number from 1 upwards is allowed (0 stands for censored). "
            "Name the cause whose incidence is wanted."
        )


def check_columns(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse a frame which lacks a column or in which one is named twice.

    Parameters
    ----------
    frame : pandas.DataFrame
        Frame to read.
    columns : sequence of str
        Columns which the caller needs.

    Raises
    ------
    ValueError
        If a column is absent or asked for twice.
    """
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise ValueError(
            f"the frame lacks the column(s) {absent}; it has {list(frame.columns)}. "
            "Correct the name or join the table that holds it."
        )
    twice = sorted({column for column in columns if list(columns).count(column) > 1})
    if twice:
        raise ValueError(
            f"the column(s) {twice} are named more than once in the call; each may be named once. "
            "Leave the repetition out."
        )
