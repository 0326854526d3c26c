"""What a newer release knows that the one before it did not, recorded for a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from nissc1.cohort.differences import Differences, differences
from nissc1.cohort.release import ReleaseError
from nissc1.report.built_edition import BuiltEdition
from nissc1.report.session import Report

_EVENT_COLUMNS = {
    "before": "Before",
    "after": "After",
    "of_new_patients": "New, in new patients",
    "since": "New, after the earlier cut-off",
    "reported_late": "New, reported late",
    "withdrawn": "Withdrawn",
}
_VALUE_COLUMNS = {"corrected": "Corrected", "filled_in": "Filled in", "emptied": "Emptied"}


@dataclass(frozen=True)
class DataChanges:
    """Hold the tables of what changed in the data, their cells records.

    Attributes
    ----------
    sizes, events, values : DataFrame
        Patients and follow-up, events, and values by column; empty where nothing is to be shown.
    reason : str
        Why a table is empty.
    """

    sizes: pd.DataFrame = field(default_factory=pd.DataFrame)
    events: pd.DataFrame = field(default_factory=pd.DataFrame)
    values: pd.DataFrame = field(default_factory=pd.DataFrame)
    reason: str = "No value of a known patient changed."


def data_changes(report: Report, before: BuiltEdition | None) -> DataChanges:
    """Compare the patients of two editions.

    Parameters
    ----------
    report : Report
        Session of the later edition; it takes the records.
    before : BuiltEdition or None
        The earlier edition.

    Returns
    -------
    DataChanges
        Tables, or the reason why there are none: no earlier edition, or its data release is not at
        hand.
    """
    if before is None:
        return DataChanges(reason="There is no earlier edition to compare with.")
    try:
        earlier = before.cohort()
    except ReleaseError:
        return DataChanges(reason=f"The data of release {before.release} are not at hand here.")
    found = differences(earlier, report.cohort)
    return DataChanges(_sizes(report, found), _events(report, found), _values(report, found))


def _sizes(report: Report, found: Differences) -> pd.DataFrame:
    rows = []
    for each in found.sizes.to_dict("records"):
        row: dict[str, Any] = {"": each["item"]}
        for side in ("before", "after"):
            name, label = f"changes.{each['name']}.{side}", f"{each['item']}, {side}"
            if each["name"] == "years":
                record = report.value(name, label, each[side], "years", 1)
            else:
                unit = str(each["name"]).replace("_", " ")
                record = report.count(name, label, int(each[side]), unit)
            row[side.capitalize()] = record
        rows.append(row)
    for each in found.patients.to_dict("records"):
        name, label = f"changes.patients.{each['name']}", each["item"]
        count = report.count(name, label, int(each["patients"]))
        rows.append({"": label, "Before": None, "After": count})
    return pd.DataFrame(rows)


def _events(report: Report, found: Differences) -> pd.DataFrame:
    rows = []
    for each in found.events.to_dict("records"):
        row: dict[str, Any] = {"Event": each["event"]}
        for column, heading in _EVENT_COLUMNS.items():
            name, label = f"changes.{each['name']}.{column}", f"{each['event']}: {heading.lower()}"
            row[heading] = report.count(name, label, int(each[column]), "events")
        rows.append(row)
    return pd.DataFrame(rows)


def _values(report: Report, found: Differences) -> pd.DataFrame:
    rows = []
    for each in found.values.to_dict("records"):
        row: dict[str, Any] = {"Table": each["table"], "Column": each["title"]}
        for kind, heading in _VALUE_COLUMNS.items():
            name = f"changes.{each['table']}.{each['column']}_{kind}".replace(" ", "_")
            label = f"{each['title']} ({each['table']}): {heading.lower()}"
            row[heading] = report.count(name, label, int(each[kind]), "values")
        rows.append(row)
    return pd.DataFrame(rows)
