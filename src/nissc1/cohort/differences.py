"""What a newer release knows that the one before it did not, in counts that show no patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from nissc1.cohort.corrections import ROW_KEYS
from nissc1.cohort.release import Cohort
from nissc1.cohort.schema import fields, resource_names

DAYS_PER_YEAR = 365.25
EVENTS = {
    "death": "Death",
    "progression_day": "Progression",
    "immunosuppression_day": "Further immunosuppression",
    "myeloid_malignancy_day": "Myeloid malignancy",
    "late_infection_day": "Serious late infection",
    "secondary_autoimmunity_day": "Secondary autoimmune disease",
}
"""Events of the outcomes, by the column that holds their day; death is at the last contact."""

_FOLLOW_UP = ("last_contact_day", "vital_status", "cause_of_death", "cause_of_death_detail")
_EVENT_COLUMNS = (*_FOLLOW_UP, "progression_basis", *(name for name in EVENTS if name != "death"))


@dataclass(frozen=True)
class Differences:
    """Hold what differs between two cohorts.

    Attributes
    ----------
    sizes : DataFrame
        One row a quantity: ``name``, ``item``, ``before``, ``after``; counts of patients, visits
        and adverse events, and years of follow-up.
    patients : DataFrame
        One row a group of patients: ``name``, ``item``, ``patients``; who is new, gone, followed
        for longer or for less long.
    events : DataFrame
        One row an event of `EVENTS`: ``name``, ``event``, ``before``, ``after``, and of the events
        that are new ``of_new_patients``, ``since`` (later than the earlier cut-off) and
        ``reported_late`` (they had happened by then); ``withdrawn`` are those that are gone.
    values : DataFrame
        One row a column in which a known row changed: ``table``, ``column``, ``title``,
        ``corrected`` (another value), ``filled_in`` (was missing) and ``emptied``.
    """

    sizes: pd.DataFrame
    patients: pd.DataFrame
    events: pd.DataFrame
    values: pd.DataFrame


def differences(before: Cohort, after: Cohort) -> Differences:
    """Count what differs between two cohorts of the same study.

    Parameters
    ----------
    before, after : Cohort
        The earlier and the later one; patients keep their pseudonyms.

    Returns
    -------
    Differences
        Counts.
    """
    return Differences(
        sizes=_sizes(before, after),
        patients=_patients(before, after),
        events=_events(before, after),
        values=_values(before, after),
    )


def _sizes(before: Cohort, after: Cohort) -> pd.DataFrame:
    def measured(cohort: Cohort) -> list[int | float]:
        days = cohort.outcomes["last_contact_day"].sum()
        return [
            len(cohort.patients),
            len(cohort.visits),
            len(cohort.adverse_events),
            round(float(days) / DAYS_PER_YEAR, 1),
        ]

    names = ["patients", "visits", "adverse_events", "years"]
    items = ["Patients", "Visits", "Adverse events", "Years of follow-up"]
    sides = {"before": measured(before), "after": measured(after)}
    return pd.DataFrame({"name": names, "item": items, **sides}, dtype="object")


def _patients(before: Cohort, after: Cohort) -> pd.DataFrame:
    was, now = (_by_patient(cohort)["last_contact_day"] for cohort in (before, after))
    both = was.index.intersection(now.index)
    change = now[both] - was[both]
    rows = [
        ("new", "New patients", len(now.index.difference(was.index))),
        ("gone", "Patients no longer in the data", len(was.index.difference(now.index))),
        ("longer", "Known patients followed for longer", int((change > 0).sum())),
        (
            "shorter",
            "Known patients followed for less long than it was said",
            int((change < 0).sum()),
        ),
    ]
    return pd.DataFrame(rows, columns=["name", "item", "patients"])


def _by_patient(cohort: Cohort) -> pd.DataFrame:
    return cohort.outcomes.set_index("patient_id")


def _event_days(cohort: Cohort, name: str) -> pd.Series[Any]:
    """Return the day of an event by patient, without those who have not had it."""
    outcomes = _by_patient(cohort)
    if name == "death":
        dead = (outcomes["vital_status"] == "dead").fillna(False)
        return outcomes.loc[dead, "last_contact_day"]
    return outcomes[name].dropna()


def _events(before: Cohort, after: Cohort) -> pd.DataFrame:
    known = before.patients["patient_id"]
    day_0 = after.transplants.set_index("patient_id")["transplant_date"]
    cutoff = pd.Timestamp(before.release.data_cutoff)
    rows = []
    for name, title in EVENTS.items():
        was, now = _event_days(before, name), _event_days(after, name)
        fresh = now[~now.index.isin(was.index)]
        of_known = fresh[fresh.index.isin(known)]
        dates = day_0.reindex(of_known.index) + pd.to_timedelta(of_known.astype(float), unit="D")
        late = int((dates <= cutoff).sum())
        still_here = was[was.index.isin(after.patients["patient_id"])]
        rows.append(
            {
                "name": name.removesuffix("_day"),
                "event": title,
                "before": len(was),
                "after": len(now),
                "of_new_patients": len(fresh) - len(of_known),
                "since": len(of_known) - late,
                "reported_late": late,
                "withdrawn": int((~still_here.index.isin(now.index)).sum()),
            }
        )
    return pd.DataFrame(rows)


def _values(before: Cohort, after: Cohort) -> pd.DataFrame:
    rows = []
    for table in resource_names():
        keys = ["patient_id", *([ROW_KEYS[table]] if table in ROW_KEYS else [])]
        was = before.tables()[table].set_index(keys)
        now = after.tables()[table].set_index(keys)
        both = was.index.intersection(now.index)
        for field in fields(table):
            column = field["name"]
            if column in keys:
                continue
            old, new = was.loc[both, column], now.loc[both, column]
            counts = {
                "corrected": int((old != new).fillna(False).sum()),
                "filled_in": int((old.isna() & new.notna()).sum()),
                "emptied": int((old.notna() & new.isna()).sum()),
            }
            if table == "outcomes":
                counts |= _without_follow_up(column, old, new, before)
            if any(counts.values()):
                title = field.get("title", column)
                rows.append(
                    {"table": table.replace("_", " "), "column": column, "title": title, **counts}
                )
    columns = ["table", "column", "title", "corrected", "filled_in", "emptied"]
    return pd.DataFrame(rows, columns=columns)


def _without_follow_up(
    column: str, old: pd.Series[Any], new: pd.Series[Any], before: Cohort
) -> dict[str, int]:
    """Leave out what is follow-up and no correction: more days, death, events that came."""
    counts = {"filled_in": 0, "emptied": 0} if column in _EVENT_COLUMNS else {}
    if column not in ("last_contact_day", "vital_status"):
        return counts
    dead = (_by_patient(before).loc[old.index, "vital_status"] == "dead").fillna(False)
    undone = (old != new).fillna(False) & dead
    if column == "last_contact_day":
        undone |= (new < old).fillna(False)
    return counts | {"corrected": int(undone.sum())}
