"""Administrative censoring: the cohort as it stood at an earlier calendar date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

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


def censored_tables(tables: Mapping[str, pd.DataFrame], cutoff: dt.date) -> dict[str, pd.DataFrame]:
    """Take from the tables what was not yet known on a calendar date.

    Patients transplanted after the date leave. Of the others, everything after the date vanishes:
    visits, adverse events, engraftment, progression, late effects; who died after it is alive,
    last seen on it. A duration (hospital stay, growth factor) is unknown when it is longer than the
    days from day 0 to the date.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The five tables of a cohort.
    cutoff : datetime.date
        Last calendar day that counts.

    Returns
    -------
    dict of str to DataFrame
        New tables, index renumbered; the given ones are left as they are.
    """
    transplants = tables["transplants"]
    elapsed = (pd.Timestamp(cutoff) - transplants["transplant_date"]).dt.days
    horizon = pd.Series(elapsed.array, index=transplants["patient_id"].array, dtype="Int64")
    staying = horizon.index[(horizon >= 0).fillna(False)]
    result = {
        name: table.loc[table["patient_id"].isin(staying)].reset_index(drop=True)
        for name, table in tables.items()
    }
    for name, day_columns in _UNKNOWN_UNTIL_THE_DAY.items():
        table = result[name]
        limit = _limits(table, horizon)
        for day, dependent in day_columns.items():
            later = (table[day] > limit).fillna(False)
            for column in (day, *dependent):
                table[column] = table[column].mask(later)
    outcomes = result["outcomes"]
    limit = _limits(outcomes, horizon)
    later = (outcomes["last_contact_day"] > limit).fillna(False)
    outcomes["last_contact_day"] = outcomes["last_contact_day"].mask(later, limit)
    outcomes["vital_status"] = outcomes["vital_status"].mask(later, "alive")
    for column in ("cause_of_death", "cause_of_death_detail"):
        outcomes[column] = outcomes[column].mask(later)
    result["visits"] = _until(result["visits"], "visit_day", horizon)
    result["adverse_events"] = _until(result["adverse_events"], "onset_day", horizon)
    return _with_fatal_events_of_the_dead(result)


def _limits(table: pd.DataFrame, horizon: pd.Series[int]) -> pd.Series[int]:
    limits = horizon.reindex(table["patient_id"].array)
    return pd.Series(limits.array, index=table.index, dtype="Int64")


def _until(table: pd.DataFrame, day: str, horizon: pd.Series[int]) -> pd.DataFrame:
    known = (table[day] <= _limits(table, horizon)).fillna(False)
    return table.loc[known].reset_index(drop=True)


def _with_fatal_events_of_the_dead(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Let an event be fatal only once its patient has died of it."""
    outcomes, events = tables["outcomes"], tables["adverse_events"]
    dead = outcomes.loc[(outcomes["vital_status"] == "dead").fillna(False), "patient_id"]
    living = ~events["patient_id"].isin(dead)
    return tables | {"adverse_events": events.assign(fatal=events["fatal"].mask(living, False))}
