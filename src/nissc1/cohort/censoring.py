"""Administrative censoring: the cohort as it stood at an earlier calendar date."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from nissc1.cohort.tables import Tables

_UNKNOWN_UNTIL_THE_DAY: dict[str, dict[str, tuple[str, ...]]] = {
    "transplants": {
        "neutrophil_engraftment_day": (),
        "platelet_engraftment_day": (),
        "gcsf_after_days": (),
        "conditioning_stay_days": (),
    },
    "outcomes": {
        "progression_day": ("progression_basis",),
        "immunosuppression_day": (),
        "myeloid_malignancy_day": (),
        "late_infection_day": (),
        "secondary_autoimmunity_day": (),
    },
}
"""Day or duration of each table, and the columns known no earlier than it."""


def censored_tables(tables: Tables, cutoff: dt.date) -> Tables:
    """Take from the tables what was not yet known on a calendar date.

    Patients transplanted after the date leave. Of the others, everything after the date vanishes:
    visits, adverse events, engraftment, progression, late effects; who died after it is alive,
    last seen on it. A duration (hospital stay, growth factor) is unknown when it is longer than the
    days from day 0 to the date.

    Parameters
    ----------
    tables : Tables
        The five tables of a cohort.
    cutoff : datetime.date
        Last calendar day that counts.

    Returns
    -------
    Tables
        New tables, index renumbered; the given ones are left as they are.
    """
    censored = tables.each(lambda name: _censored(tables, censored, name, cutoff))
    return censored


def _censored(tables: Tables, censored: Tables, name: str, cutoff: dt.date) -> pd.DataFrame:
    transplants = tables["transplants"]
    elapsed = (pd.Timestamp(cutoff) - transplants["transplant_date"]).dt.days
    horizon = pd.Series(elapsed.array, index=transplants["patient_id"].array, dtype="Int64")
    staying = horizon.index[(horizon >= 0).fillna(False)]
    table = tables[name]
    table = table.loc[table["patient_id"].isin(staying)].reset_index(drop=True)
    if name == "visits":
        return _until(table, "visit_day", horizon)
    if name == "adverse_events":
        events = _until(table, "onset_day", horizon)
        return _fatal_only_of_the_dead(events, censored["outcomes"])
    limit = _limits(table, horizon)
    for day, dependent in _UNKNOWN_UNTIL_THE_DAY.get(name, {}).items():
        later = (table[day] > limit).fillna(False)
        for column in (day, *dependent):
            table[column] = table[column].mask(later)
    if name == "outcomes":
        later = (table["last_contact_day"] > limit).fillna(False)
        table["last_contact_day"] = table["last_contact_day"].mask(later, limit)
        table["vital_status"] = table["vital_status"].mask(later, "alive")
        for column in ("cause_of_death", "cause_of_death_detail"):
            table[column] = table[column].mask(later)
    return table


def _limits(table: pd.DataFrame, horizon: pd.Series[int]) -> pd.Series[int]:
    limits = horizon.reindex(table["patient_id"].array)
    return pd.Series(limits.array, index=table.index, dtype="Int64")


def _until(table: pd.DataFrame, day: str, horizon: pd.Series[int]) -> pd.DataFrame:
    known = (table[day] <= _limits(table, horizon)).fillna(False)
    return table.loc[known].reset_index(drop=True)


def _fatal_only_of_the_dead(events: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Let an event be fatal only once its patient has died of it."""
    dead = outcomes.loc[(outcomes["vital_status"] == "dead").fillna(False), "patient_id"]
    living = ~events["patient_id"].isin(dead)
    return events.assign(fatal=events["fatal"].mask(living, False))
