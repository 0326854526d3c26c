"""Clinical rules on outcomes, visits and adverse events."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.rules import DAYS_TO_CUTOFF, Rule
from nissc1.cohort.schema import fields

EARLY_DAYS = 100
"""Infections up to this day are adverse events, those after it late ones."""


def visit_windows() -> dict[int, tuple[float, float]]:
    """Compute in which days each scheduled visit may lie.

    Returns
    -------
    dict of int to tuple of (float, float)
        First and last day by scheduled month. The baseline visit lies in the 92 days up to day 0;
        every other one is closer to its own month than to a neighbouring one of the schedule.
    """
    month = next(field for field in fields("visits") if field["name"] == "month")
    day = next(field for field in fields("visits") if field["name"] == "visit_day")
    schedule = sorted(month["constraints"]["enum"])
    middles = [(first + second) / 2 * DAYS_PER_MONTH for first, second in pairwise(schedule)]
    last = schedule[-1] * DAYS_PER_MONTH + (schedule[-1] * DAYS_PER_MONTH - middles[-1])
    later = zip(schedule[1:], pairwise([*middles, last]), strict=True)
    return {0: (float(day["constraints"]["minimum"]), 0.0), **dict(later)}


def _outside_window(frame: pd.DataFrame) -> pd.Series[Any]:
    windows = visit_windows()
    first = frame["month"].map({month: window[0] for month, window in windows.items()})
    last = frame["month"].map({month: window[1] for month, window in windows.items()})
    return (frame["visit_day"] < first.astype("Float64")) | (
        frame["visit_day"] > last.astype("Float64")
    )


def _after_last_contact(table: str, column: str, what: str) -> Rule:
    return Rule(
        "after-last-contact",
        table,
        column,
        ("last_contact_day",),
        lambda frame: frame[column] > frame["last_contact_day"],
        f"{what} on day {{{column}}}, after the last contact or death on day {{last_contact_day}}.",
        "Correct the one of the two days that is wrong.",
    )


def _of_the_living(column: str) -> Rule:
    return Rule(
        "vital-status",
        "outcomes",
        column,
        ("vital_status",),
        lambda frame: (frame["vital_status"] == "alive") & frame[column].notna(),
        f"{column} is {{{column}}} although vital_status is 'alive'.",
        "Empty the cell, or correct vital_status.",
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "after-cutoff",
        "transplants",
        "transplant_date",
        (DAYS_TO_CUTOFF,),
        lambda frame: frame[DAYS_TO_CUTOFF] < 0,
        "day 0, {transplant_date}, lies after the data cut-off of the release.",
        "Correct the date, or data_cutoff in datapackage.json.",
    ),
    Rule(
        "after-cutoff",
        "outcomes",
        "last_contact_day",
        (DAYS_TO_CUTOFF,),
        lambda frame: (
            (frame[DAYS_TO_CUTOFF] >= 0) & (frame["last_contact_day"] > frame[DAYS_TO_CUTOFF])
        ),
        "day {last_contact_day} after {transplant_date} lies after the data cut-off of the "
        f"release, which is day {{{DAYS_TO_CUTOFF}}}.",
        "Correct the day, transplant_date in transplants.csv, or data_cutoff in datapackage.json.",
    ),
    Rule(
        "vital-status",
        "outcomes",
        "cause_of_death",
        ("vital_status",),
        lambda frame: (frame["vital_status"] == "dead") & frame["cause_of_death"].isna(),
        "vital_status is 'dead' and cause_of_death is empty.",
        "Give the cause; 'other' where it is unknown.",
    ),
    _of_the_living("cause_of_death"),
    _of_the_living("cause_of_death_detail"),
    _after_last_contact("outcomes", "progression_day", "progression"),
    _after_last_contact("outcomes", "immunosuppression_day", "further immunosuppression"),
    _after_last_contact("outcomes", "myeloid_malignancy_day", "myeloid malignancy"),
    _after_last_contact("outcomes", "late_infection_day", "late infection"),
    _after_last_contact("outcomes", "secondary_autoimmunity_day", "secondary autoimmunity"),
    Rule(
        "late-infection",
        "outcomes",
        "late_infection_day",
        (),
        lambda frame: frame["late_infection_day"] <= EARLY_DAYS,
        f"a late infection on day {{late_infection_day}}; late is after day {EARLY_DAYS}.",
        "Correct the day, or list the infection in adverse_events.csv.",
    ),
    Rule(
        "progression-missing",
        "outcomes",
        "progression_day",
        ("progression_basis",),
        lambda frame: frame["progression_day"].isna() & frame["progression_basis"].notna(),
        "progression_basis is {progression_basis} and progression_day is empty.",
        "Give the day, or empty the basis.",
    ),
    Rule(
        "progression-missing",
        "outcomes",
        "progression_day",
        ("cause_of_death", "vital_status"),
        lambda frame: (
            frame["progression_day"].isna()
            & (frame["cause_of_death"] == "progression")
            & (frame["vital_status"] == "dead")
        ),
        "cause_of_death is 'progression' and progression_day is empty, so that the death would "
        "count as non-relapse mortality.",
        "Give the day, at the latest the day of death; or correct the cause.",
    ),
    _after_last_contact("visits", "visit_day", "visit"),
    Rule(
        "visit-window",
        "visits",
        "visit_day",
        ("month",),
        _outside_window,
        "day {visit_day} is not a day of the visit at month {month}: month 0 lies from day -92 to "
        "day 0, every other visit closer to its own month than to a neighbouring one.",
        "Correct the day or the month.",
    ),
    _after_last_contact("adverse_events", "onset_day", "adverse event"),
    Rule(
        "vital-status",
        "adverse_events",
        "fatal",
        ("vital_status",),
        lambda frame: frame["fatal"] & (frame["vital_status"] == "alive"),
        "the event is fatal although vital_status in outcomes.csv is 'alive'.",
        "Set fatal to no, or correct vital_status.",
    ),
    Rule(
        "agent",
        "adverse_events",
        "agent",
        ("category",),
        lambda frame: (frame["category"] == "infectious") & frame["agent"].isna(),
        "the event is infectious and its agent is empty.",
        "Give the agent; 'not specified' where it is unknown.",
    ),
    Rule(
        "agent",
        "adverse_events",
        "agent",
        ("category",),
        lambda frame: (frame["category"] == "non-infectious") & frame["agent"].notna(),
        "the agent is {agent} although the event is non-infectious.",
        "Empty the agent, or correct the category.",
    ),
)
"""Rules on the tables ``outcomes``, ``visits`` and ``adverse_events``, and on the data cut-off."""
