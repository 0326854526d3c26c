"""Files of the published outcomes and their columns."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Table:
    """Name a file and its columns.

    Attributes
    ----------
    file : str
        Name of the file.
    columns : tuple of str
        Columns, in order.
    """

    file: str
    columns: tuple[str, ...]

    def missing(self, frame: pd.DataFrame) -> list[str]:
        """Say which columns differ from those that are needed.

        Parameters
        ----------
        frame : pandas.DataFrame
            What was read.

        Returns
        -------
        list of str
            One line, or none.
        """
        if tuple(frame.columns) == self.columns:
            return []
        return [
            f"{self.file}: columns {', '.join(map(str, frame.columns))}; needed are, in this "
            f"order, {', '.join(self.columns)}. Correct the first line."
        ]


OUTCOMES = Table(
    "studies.csv",
    (
        "study",
        "outcome",
        "arm",
        "measure",
        "n",
        "N",
        "estimate",
        "lower",
        "upper",
        "horizon_months",
        "time_origin",
        "population",
        "pool",
        "doi",
        "read_by",
        "read_in",
        "verified",
        "note",
    ),
)
COHORTS = Table(
    "cohorts.csv",
    (
        "study",
        "label",
        "kind",
        "place",
        "transplanted",
        "patients",
        "conditioning",
        "irradiation",
        "graft",
        "shares_patients_with",
        "source",
        "doi",
    ),
)
