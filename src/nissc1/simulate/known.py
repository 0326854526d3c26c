"""The release that is continued, as text: what is known stays as it was written."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from nissc1.cohort.release import load_release
from nissc1.cohort.schema import resource_names
from nissc1.simulate import export_choices

Row = dict[str, str]
"""A record: cells by column, empty for missing."""
Tables = dict[str, list[Row]]
"""Records by table of the release."""


@dataclass(frozen=True)
class Known:
    """Hold what the earlier release knows.

    Attributes
    ----------
    tables : dict
        Records by table, in the order of the files.
    data_cutoff : datetime.date
        Last day that it covers; what lies behind it is simulated.
    """

    tables: Tables
    data_cutoff: dt.date

    def by_patient(self, table: str) -> dict[str, Row]:
        """Return the rows of a table that has one a patient.

        Parameters
        ----------
        table : str
            ``patients``, ``transplants`` or ``outcomes``.
        """
        return {row["patient_id"]: row for row in self.tables[table]}

    def of_patient(self, table: str, patient: str) -> list[Row]:
        """List a patient's rows of a table.

        Parameters
        ----------
        table : str
            Any of the five.
        patient : str
            Pseudonym.
        """
        return [row for row in self.tables[table] if row["patient_id"] == patient]

    def living(self) -> list[str]:
        """List the patients who were alive when last seen."""
        return [
            row["patient_id"] for row in self.tables["outcomes"] if row["vital_status"] == "alive"
        ]

    def day_0(self, patient: str) -> dt.date:
        """Return the date of transplantation.

        Parameters
        ----------
        patient : str
            Pseudonym.
        """
        return dt.date.fromisoformat(self.by_patient("transplants")[patient]["transplant_date"])


def read_known(data: Path | None = None) -> Known:
    """Read the release that the simulation continues.

    Parameters
    ----------
    data : Path, optional
        Folder of the releases, as for `nissc1.cohort.release.load_release`.

    Returns
    -------
    Known
        Its tables as text.

    Raises
    ------
    ReleaseError
        When the release is not there or was edited.
    """
    release = load_release(export_choices.BASE_RELEASE, data).release
    tables = {}
    for name in resource_names():
        with (release.folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            tables[name] = [dict(row) for row in csv.DictReader(stream)]
    return Known(tables, release.data_cutoff)
