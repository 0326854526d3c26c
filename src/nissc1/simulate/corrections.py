"""Values that are put right: some at the source, one in ``corrections.yml``."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from nissc1.simulate import export_choices, measurement_choices
from nissc1.simulate.known import Row, Tables
from nissc1.simulate.measures import NAMES, OUTCOME, plain

EARLY_MONTHS = ("3", "6", "12", "18")
"""Visits of which a known value is put right."""
DOUBTED_BY = Decimal(9)
"""What the centre thinks a DLCO is too high by; not confirmed."""


@dataclass(frozen=True)
class Entry:
    """Hold an entry of ``corrections.yml``, in the order of its keys.

    Attributes
    ----------
    table, patient, month, column, expected, value, reason, status : str
        As `nissc1.cohort.corrections.Correction` has them.
    """

    table: str
    patient: str
    month: str
    column: str
    expected: str
    value: str
    reason: str
    status: str


def correct_at_source(rng: random.Random, tables: Tables) -> tuple[Tables, Entry]:
    """Put known values right in the tables.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    tables : dict
        Tables as the earlier release has them.

    Returns
    -------
    tables : dict
        New tables. The last value of a measurement, from which later ones go on, stays.
    entry : Entry
        The withdrawn correction of the first of them, which the source has made needless.
    """
    patients = [dict(row) for row in tables["patients"]]
    visits = [dict(row) for row in tables["visits"]]
    taken: set[str] = set()

    def put_right(rows: list[Row], column: str, by: float, able: Callable[[Row], bool]) -> Row:
        candidates = [
            row
            for row in rows
            if row[column] and row["patient_id"] not in taken and able(row) and _room(row, column)
        ]
        row = rng.choice(candidates)
        taken.add(row["patient_id"])
        row[column] = plain(Decimal(row[column]) + Decimal(str(by)))
        return row

    def continued(row: Row, column: str) -> bool:
        return any(
            later[column]
            for later in visits
            if later["patient_id"] == row["patient_id"] and int(later["month"]) > int(row["month"])
        )

    entries = []
    for column, by in export_choices.VISIT_CORRECTIONS:

        def able(row: Row, column: str = column) -> bool:
            return row["month"] in EARLY_MONTHS and continued(row, column)

        row = put_right(visits, column, by, able)
        before = plain(Decimal(row[column]) - Decimal(str(by)))
        entries.append(
            Entry(
                "visits",
                row["patient_id"],
                row["month"],
                column,
                before,
                row[column],
                "Sheet of the visit read again; the centre has mended its database since",
                "withdrawn",
            )
        )
    for column, by in export_choices.BASELINE_CORRECTIONS:
        put_right(patients, column, by, lambda row: True)
    return {**tables, "patients": patients, "visits": visits}, entries[0]


def mistype(rng: random.Random, visits: list[Row]) -> tuple[list[Row], list[Entry]]:
    """Exchange the digits of one new skin score, and doubt one new DLCO.

    Parameters
    ----------
    rng : random.Random
        Source of chance.
    visits : list of dict
        All visits.

    Returns
    -------
    visits : list of dict
        The same with the wrong score.
    entries : list of Entry
        The confirmed correction of the score, and an open one of the DLCO.
    """
    later = [row for row in visits if int(row["month"]) in measurement_choices.LATER_MONTHS]
    wrong = rng.choice([row for row in later if _exchangeable(row["mrss"])])
    doubted = rng.choice(
        [
            row
            for row in later
            if row["dlco_pct"]
            and row is not wrong
            and Decimal(row["dlco_pct"]) - DOUBTED_BY > Decimal(OUTCOME["dlco_pct"].low)
        ]
    )
    exchanged = wrong["mrss"][::-1]
    entries = [
        Entry(
            "visits",
            wrong["patient_id"],
            wrong["month"],
            "mrss",
            exchanged,
            wrong["mrss"],
            "Digits exchanged, confirmed by the centre from the sheet of the visit",
            "confirmed",
        ),
        Entry(
            "visits",
            doubted["patient_id"],
            doubted["month"],
            "dlco_pct",
            doubted["dlco_pct"],
            plain(Decimal(doubted["dlco_pct"]) - DOUBTED_BY),
            "Perhaps not corrected for haemoglobin; the centre was asked",
            "open",
        ),
    ]
    changed = [row | {"mrss": exchanged} if row is wrong else row for row in visits]
    return changed, entries


def _exchangeable(score: str) -> bool:
    """Whether the score with its digits exchanged is another one that could be."""
    return (
        len(score) == 2
        and score[1] != "0"
        and score != score[::-1]
        and int(score[::-1]) <= OUTCOME["mrss"].high
    )


def _room(row: Row, column: str) -> bool:
    """Whether a value lies far enough from the ends of its range to be changed."""
    if column not in NAMES:
        return True
    outcome = OUTCOME[column]
    margin = Decimal(10)
    return Decimal(outcome.low) + margin <= Decimal(row[column]) <= Decimal(outcome.high) - margin
