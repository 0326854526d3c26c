"""Holding newer data against the release before it: what follow-up cannot undo, and what it may.

A value that was missing and is now known is follow-up and says nothing. Rows are lines of the newer
file; a patient, visit or event that is gone is named without a row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from nissc1.cohort.checked_table import CheckedTable
from nissc1.cohort.comparison_rules import COMPARISON_RULES, comparison_rule
from nissc1.cohort.faults import Fault, quoted
from nissc1.cohort.fingerprints import fingerprints, shown, written
from nissc1.cohort.release import Cohort
from nissc1.cohort.schema import columns

LATE_EVENTS = (
    "immunosuppression_day",
    "myeloid_malignancy_day",
    "late_infection_day",
    "secondary_autoimmunity_day",
)
_SAME_EVENT = ("patient_id", "onset_day", "term")
_LINE = "line of the file"


def compare(
    previous: Cohort, tables: Mapping[str, CheckedTable], cutoff: dt.date | None
) -> list[Fault]:
    """Compare newer tables with a release.

    Parameters
    ----------
    previous : Cohort
        The release before, its confirmed corrections applied.
    tables : mapping of str to CheckedTable
        The newer tables by resource name, corrected; cells at fault are passed over, and so is what
        needs a table that is not there.
    cutoff : datetime.date or None
        Data cut-off of the newer data.

    Returns
    -------
    list of Fault
        By rule in the order of `COMPARISON_RULES`, then by row; ``file`` is that of the release,
        such as ``outcomes.csv``.
    """
    return _Comparison(previous, tables, cutoff).faults()


class _Comparison:
    def __init__(
        self, previous: Cohort, tables: Mapping[str, CheckedTable], cutoff: dt.date | None
    ) -> None:
        self.release = previous.release
        self.cutoff = cutoff
        self.tables = tables
        self.old = {
            name: table.astype({"patient_id": "string"})
            for name, table in previous.tables().items()
        }
        self.new = {
            name: frame.assign(**{_LINE: frame.index}).dropna(subset="patient_id")
            for name, table in tables.items()
            if "patient_id" in (frame := table.typed())
        }
        known = self.new["patients"]["patient_id"] if "patients" in self.new else None
        old = self.old["patients"]["patient_id"]
        self.lost = set() if known is None else set(old) - set(known)
        self.added = set() if known is None else set(known) - set(old)

    def faults(self) -> list[Fault]:
        found = [
            *self.cut_off(),
            *self.identities(),
            *self.outcomes(),
            *self.baseline(),
            *self.visits(),
            *self.adverse_events(),
        ]
        order = {each.rule: place for place, each in enumerate(COMPARISON_RULES)}
        return sorted(found, key=lambda fault: (order[fault.rule], fault.row or 0))

    def cut_off(self) -> Iterator[Fault]:
        before = self.release.data_cutoff
        if self.cutoff is not None and self.cutoff < before:
            message = (
                f"The data cut-off {self.cutoff} lies before {before}, that of release "
                f"{self.release.id}."
            )
            yield self.fault("cutoff-earlier", None, None, message)

    def identities(self) -> Iterator[Fault]:
        if "patients" not in self.new:
            return
        old = fingerprints(self.old)
        new = fingerprints(self.new)
        for patient in sorted(self.lost):
            print_ = old.get(patient)
            alike = sorted(other for other in self.added if print_ and new.get(other) == print_)
            if print_ and alike:
                message = (
                    f"Patient {quoted(patient)} of release {self.release.id} is gone; "
                    f"{', '.join(map(quoted, alike))} has the same {shown(print_)}."
                )
                yield self.fault(
                    "patient-renamed", "patients", self.line(alike[0]), message, "patient_id"
                )
            else:
                message = f"Patient {quoted(patient)} of release {self.release.id} is gone."
                yield self.fault(
                    "patient-lost", "patients", None, message, "patient_id", quoted(patient)
                )
        renamed = {old[patient] for patient in self.lost if patient in old}
        first: dict[tuple[Any, ...], str] = {}
        for patient in sorted(new, key=lambda patient: (patient in self.added, self.line(patient))):
            other = first.setdefault(new[patient], patient)
            if other != patient and patient in self.added and new[patient] not in renamed:
                message = (
                    f"Patients {quoted(other)} and {quoted(patient)} have the same "
                    f"{shown(new[patient])}."
                )
                yield self.fault(
                    "patient-duplicated", "patients", self.line(patient), message, "patient_id"
                )

    def outcomes(self) -> Iterator[Fault]:
        for was, now in self.pairs("outcomes", ["patient_id"]):
            dead = was["vital_status"] == "dead", _is(now, "vital_status", "dead")
            if dead[0] and _is(now, "vital_status", "alive"):
                yield self.changed("death-undone", "outcomes", "vital_status", was, now)
            elif dead[0] and dead[1]:
                for column in ("last_contact_day", "cause_of_death", "cause_of_death_detail"):
                    yield from self.differing("death-changed", "outcomes", column, was, now)
            if not (dead[0] and dead[1]) and _less(now, was, "last_contact_day"):
                yield self.changed("follow-up-shorter", "outcomes", "last_contact_day", was, now)
            if self.gone("outcomes", "progression_day", was, now):
                yield self.changed("progression-undone", "outcomes", "progression_day", was, now)
            else:
                for column in ("progression_day", "progression_basis"):
                    yield from self.differing("progression-changed", "outcomes", column, was, now)
            for column in LATE_EVENTS:
                yield from self.differing("late-event-changed", "outcomes", column, was, now)

    def baseline(self) -> Iterator[Fault]:
        for name in ("patients", "transplants"):
            for was, now in self.pairs(name, ["patient_id"]):
                for column in columns(name)[1:]:
                    rule = "baseline-changed"
                    if column == "transplant_date":
                        rule = "transplant-date-changed"
                    yield from self.differing(rule, name, column, was, now)

    def visits(self) -> Iterator[Fault]:
        keys = ["patient_id", "month"]
        for was, now in self.pairs("visits", keys):
            rule = "baseline-changed" if was["month"] == 0 else "visit-changed"
            for column in columns("visits")[2:]:
                yield from self.differing(rule, "visits", column, was, now)
        for was in self.missed("visits", keys):
            message = (
                f"Patient {quoted(was['patient_id'])}: the visit at month {was['month']} of "
                f"release {self.release.id} is gone."
            )
            value = quoted(was["month"])
            yield self.fault("visit-lost", "visits", None, message, "month", value)

    def adverse_events(self) -> Iterator[Fault]:
        keys = ["patient_id", "event_id"]
        for was, now in self.pairs("adverse_events", keys):
            for column in columns("adverse_events")[2:]:
                rule = "adverse-event-changed"
                yield from self.differing(rule, "adverse_events", column, was, now)
        renumbered = self.renumbered()
        for was in self.missed("adverse_events", keys):
            same = tuple(was[name] for name in _SAME_EVENT)
            if same in renumbered:
                renumbered.remove(same)
                continue
            message = (
                f"Patient {quoted(was['patient_id'])}: the event {quoted(was['event_id'])} "
                f"({was['term']}, day {was['onset_day']}) of release {self.release.id} is gone."
            )
            value = quoted(was["event_id"])
            yield self.fault(
                "adverse-event-lost", "adverse_events", None, message, "event_id", value
            )

    def renumbered(self) -> list[tuple[Any, ...]]:
        """List the newer events whose number the release did not have."""
        new, old = self.new.get("adverse_events"), self.old["adverse_events"]
        if new is None or not {*_SAME_EVENT, "event_id"} <= set(new.columns):
            return []
        known = set(zip(old["patient_id"], old["event_id"], strict=True))
        return [
            tuple(row[name] for name in _SAME_EVENT)
            for _, row in new.iterrows()
            if (row["patient_id"], row["event_id"]) not in known
        ]

    def rows(self, name: str, keys: list[str]) -> dict[tuple[Any, ...], pd.Series[Any]] | None:
        new = self.new.get(name)
        if new is None or not set(keys) <= set(new.columns):
            return None
        return {
            tuple(row[key] for key in keys): row for _, row in new.dropna(subset=keys).iterrows()
        }

    def pairs(self, name: str, keys: list[str]) -> Iterator[tuple[pd.Series[Any], pd.Series[Any]]]:
        """Walk over the rows that both data sets have."""
        new = self.rows(name, keys) or {}
        for _, was in self.old[name].iterrows():
            now = new.get(tuple(was[key] for key in keys))
            if now is not None:
                yield was, now

    def missed(self, name: str, keys: list[str]) -> Iterator[pd.Series[Any]]:
        """Walk over the rows that are gone although their patient is not."""
        new = self.rows(name, keys)
        if new is None:
            return
        for _, was in self.old[name].iterrows():
            if was["patient_id"] not in self.lost and tuple(was[key] for key in keys) not in new:
                yield was

    def differing(
        self, rule: str, name: str, column: str, was: pd.Series[Any], now: pd.Series[Any]
    ) -> Iterator[Fault]:
        """Compare a cell that was known with what is there now."""
        line = int(now[_LINE])
        if column not in now or pd.isna(was[column]) or (line, column) in self.tables[name].bad:
            return
        if pd.isna(now[column]) or now[column] != was[column]:
            yield self.changed(rule, name, column, was, now)

    def gone(self, name: str, column: str, was: pd.Series[Any], now: pd.Series[Any]) -> bool:
        at_fault = (int(now[_LINE]), column) in self.tables[name].bad
        return column in now and pd.notna(was[column]) and pd.isna(now[column]) and not at_fault

    def changed(
        self, rule: str, name: str, column: str, was: pd.Series[Any], now: pd.Series[Any]
    ) -> Fault:
        patient = was["patient_id"]
        message = (
            f"Patient {quoted(patient)}: {column} was {written(was[column])} in release "
            f"{self.release.id} and is {written(now[column])}."
        )
        corrected = self.release.corrections
        same = (corrected["table"] == name) & (corrected["patient"] == patient)
        if (same & (corrected["column"] == column) & (corrected["status"] == "confirmed")).any():
            message += (
                " The release corrects it in corrections.yml; the new one may need to as well."
            )
        return self.fault(rule, name, int(now[_LINE]), message, column)

    def line(self, patient: str) -> int:
        frame = self.new["patients"]
        return int(frame.loc[frame["patient_id"] == patient, _LINE].iloc[0])

    def fault(
        self,
        rule: str,
        name: str | None,
        line: int | None,
        message: str,
        column: str | None = None,
        value: str | None = None,
    ) -> Fault:
        described = comparison_rule(rule)
        file = "release.yml" if name is None else self.tables[name].file
        if name is not None and line is not None and column is not None:
            value = quoted(self.tables[name].cell(line, column))
        action = described.action
        return Fault(file, line, column, value, rule, message, action, described.severity)


def _is(row: pd.Series[Any], column: str, value: str) -> bool:
    return column in row and pd.notna(row[column]) and row[column] == value


def _less(now: pd.Series[Any], was: pd.Series[Any], column: str) -> bool:
    known = column in now and pd.notna(now[column]) and pd.notna(was[column])
    return bool(known and now[column] < was[column])
