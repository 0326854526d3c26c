"""From definitions of rows to records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from nissc1.report.record import Record
from nissc1.report.recorder import Recorder
from nissc1.tabulation.row import Row, Rows


def describe(report: Recorder, rows: Rows, frame: pd.DataFrame) -> dict[str, list[Record]]:
    """Record every row of a table.

    Parameters
    ----------
    report : Recorder
        Takes the records.
    rows : mapping of str to tuple of Row
        Definitions by group.
    frame : DataFrame
        One row a patient.

    Returns
    -------
    dict of str to list of Record
        Records by group, in order.
    """
    return {group: describe_group(report, defined, frame) for group, defined in rows.items()}


def describe_group(report: Recorder, rows: Iterable[Row], frame: pd.DataFrame) -> list[Record]:
    """Record the rows of one group.

    Parameters
    ----------
    report : Recorder
        Takes the records.
    rows : iterable of Row
        Definitions.
    frame : DataFrame
        One row a patient.

    Returns
    -------
    list of Record
        In the order of the rows.
    """
    return [_record(report, row, row.values(frame)) for row in rows]


def _record(report: Recorder, row: Row, values: pd.Series[Any]) -> Record:
    if row.kind == "count":
        number = int(values.fillna(False).sum())
        return report.count(row.record, row.label, number, of=len(values))
    if row.kind == "proportion":
        return report.proportion(row.record, row.label, values)
    return report.median_range(row.record, row.label, values, row.unit, row.decimals)
