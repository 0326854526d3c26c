"""The printed figure beside a computed one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from nissc1.report.agreement import Verdict, contradictions_by_row, judge
from nissc1.report.record import Record

NUMBERED = "deaths."
"""Records of the n-th death, which is the article's n-th only in the article's own data."""


class PrintedColumn:
    """Look up what the article prints for a record.

    Parameters
    ----------
    published : pandas.DataFrame
        Printed figures.
    contradictions : pandas.DataFrame
        The article's contradictions.
    comparable : bool
        Whether a verdict may be given: same patients, follow-up and limits as the article's.
    spread : mapping of str to str, optional
        By record id, how far a figure that is not printed scatters.
    """

    def __init__(
        self,
        published: pd.DataFrame,
        contradictions: pd.DataFrame,
        comparable: bool,
        spread: Mapping[str, str] | None = None,
    ) -> None:
        self.comparable = comparable
        self._spread = dict(spread or {}) if comparable else {}
        self._rows: dict[str, list[dict[str, str]]] = {}
        for index in published.index:
            row = {str(key): str(value) for key, value in published.loc[index].items()}
            if row["record"]:
                self._rows.setdefault(row["record"], []).append(row)
        self._clashes = contradictions_by_row(contradictions)

    def of(self, record: Record, place: str) -> tuple[str, Verdict | None, str]:
        """Return the printed text and the verdict.

        Parameters
        ----------
        record : Record
            Computed figure.
        place : str
            Place in the article that goes first, such as ``table1``; otherwise the first place.

        Returns
        -------
        printed : str
            Verbatim; empty if the article does not print it.
        verdict : Verdict or None
            None where none may be given.
        detail : str
            What differs, or the contradiction; for a figure that is not printed, its spread.
        """
        if not self.comparable and record.id.startswith(NUMBERED):
            return "", None, ""
        rows = self._rows.get(record.id)
        if not rows:
            return "", None, self._spread.get(record.id, "")
        row = next((row for row in rows if row["where"] == place), rows[0])
        if not self.comparable:
            return row["printed"], None, ""
        return row["printed"], *judge(row, record, self._clashes.get(row["id"], ()))
