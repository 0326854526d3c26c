"""Looking up printed figures by id, and holding what they imply."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


class UndecidedError(ValueError):
    """Report printed figures that leave open what a later step must know."""


@dataclass(frozen=True)
class Reading:
    """Hold what some printed figures imply.

    Attributes
    ----------
    facts : dict of str to int, float or str
        The numbers, by name.
    table : pandas.DataFrame
        The same in detail, with headings for readers; empty where the facts say all.
    """

    facts: dict[str, int | float | str]
    table: pd.DataFrame


def values(published: pd.DataFrame, row: str, columns: list[str]) -> list[str]:
    """Return some columns of a printed figure.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures, all text.
    row : str
        Id of the figure.
    columns : list of str
        Columns.

    Returns
    -------
    list of str
        As printed.
    """
    return [str(text) for text in published.set_index("id").loc[row, columns]]


def value(published: pd.DataFrame, row: str) -> str:
    """Return the printed estimate of a figure.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures, all text.
    row : str
        Id of the figure.

    Returns
    -------
    str
        As printed.
    """
    return values(published, row, ["estimate"])[0]


def count(published: pd.DataFrame, row: str) -> int:
    """Return the printed count of a figure.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures, all text.
    row : str
        Id of the figure.

    Returns
    -------
    int
        The count.
    """
    return int(values(published, row, ["n"])[0])
