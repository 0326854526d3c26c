"""Records on the course of responses: components, states of the patients, and time in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.estimates import NotEstimable
from nissc1.report.intervals import IntervalRecorder
from nissc1.response_course import (
    DEAD,
    PROGRESSED,
    RESPONSE,
    STATES,
    STAYS,
    WITHOUT,
    component_alone,
)
from nissc1.response_definition import COMPONENTS, response_component
from nissc1.stats import (
    RestrictedMean,
    StateOccupation,
    cumulative_incidence,
    state_occupation,
    time_in_state,
)
from nissc1.stats.inputs import FloatArray

COMPONENT_NAMES = {"mrss": "Skin score", "fvc": "FVC", "dlco": "DLCO"}
_KIND = "time lived"
_NUMBERS = ["estimate", "std_error", "lower", "upper"]
_KEYS = {RESPONSE: "response", WITHOUT: "without", PROGRESSED: "progressed", DEAD: "dead"}
STATE_NAMES = {
    RESPONSE: "In response",
    WITHOUT: "Alive without response",
    PROGRESSED: "Progressed",
    DEAD: "Dead",
}


def first_components(report: IntervalRecorder) -> pd.DataFrame:
    """Record what improved at the first response, each patient in one row.

    Parameters
    ----------
    report : IntervalRecorder
        Takes the records.

    Returns
    -------
    DataFrame
        One row for each combination that can occur: share of the responders with exact limits.
    """
    found = response_component(report.cohort)["component"]
    names = list(COMPONENTS)
    combinations = [
        [name for k, name in enumerate(names) if number >> k & 1]
        for number in (1, 2, 4, 3, 5, 6, 7)
    ]
    return pd.DataFrame(
        [
            {
                "Improved": _together(each),
                "Of the responders": report.exact(
                    f"response.first.{'_'.join(each)}",
                    f"Improved at the first response: {_together(each)}",
                    found == " + ".join(each),
                ),
            }
            for each in combinations
        ]
    )


def component_rows(report: IntervalRecorder, months: Sequence[int]) -> pd.DataFrame:
    """Record the incidence of response if one measurement alone defined it.

    Parameters
    ----------
    report : IntervalRecorder
        Takes the records.
    months : sequence of int
        Landmarks.

    Returns
    -------
    DataFrame
        One row a measurement, one column a landmark.
    """
    rows = []
    for key, name in COMPONENT_NAMES.items():
        times = component_alone(report.cohort, key)
        curve = report.estimate(
            cumulative_incidence, times["time"], times["cause"], conf_level=report.conf_level
        )
        row: dict[str, Any] = {"Measurement": name}
        for month in months:
            label = f"Response by {name} alone at {month} months"
            row[f"{month} months"] = report.rate(
                f"response.alone.{key}.{month}m", label, curve, months=month
            )
        rows.append(row)
    return pd.DataFrame(rows)


def occupation(report: IntervalRecorder, stays: pd.DataFrame) -> StateOccupation | NotEstimable:
    """Estimate the probabilities of the states.

    Parameters
    ----------
    report : IntervalRecorder
        Gives the level of the limits.
    stays : DataFrame
        Result of `nissc1.response_course.response_states`.

    Returns
    -------
    StateOccupation or NotEstimable
        With the states in the order of `nissc1.response_course.STATES`.
    """
    level = {"conf_level": report.conf_level}
    return report.attempt(state_occupation, stays, states=STATES, **STAYS, **level)


def state_rows(
    report: IntervalRecorder,
    readings: dict[str, tuple[str, pd.DataFrame, StateOccupation | NotEstimable]],
    months: Sequence[int],
) -> pd.DataFrame:
    """Record the probabilities of the states and the mean time in them.

    Parameters
    ----------
    report : IntervalRecorder
        Takes the records.
    readings : dict of str to tuple
        By first part of the records' ids: name of the reading, its stays, and their `occupation`.
    months : sequence of int
        Landmarks.

    Returns
    -------
    DataFrame
        One row a reading, landmark and state.
    """
    rows = []
    for key, (reading, stays, found) in readings.items():
        for month in months:
            mean = report.attempt(
                time_in_state,
                stays,
                states=STATES,
                **STAYS,
                horizon=month * DAYS_PER_MONTH,
                conf_level=report.conf_level,
            )
            for state in STATES:
                record, name = f"{key}.{_KEYS[state]}", STATE_NAMES[state]
                reached = _reached(stays, state, month * DAYS_PER_MONTH)
                rows.append(
                    {
                        "Reading": reading,
                        "Months": month,
                        "State": name,
                        "Patients in it, %": report.at_landmark(
                            f"{record}.{month}m",
                            f"{name} at {month} months",
                            _share(found, state, month, reached),
                            month,
                            "%",
                        ),
                        "Months in it so far": report.mean_time(
                            f"{record}.time.{month}m",
                            f"{name}, months up to {month}",
                            _mean(mean, state, report.conf_level, month, report.n, reached),
                            month,
                        ),
                    }
                )
    return pd.DataFrame(rows)


def _together(components: Sequence[str]) -> str:
    *others, last = (COMPONENT_NAMES[each] for each in components)
    return f"{', '.join(others)} and {last}" if others else f"{last} alone"


def _share(
    found: StateOccupation | NotEstimable, state: str, months: int, reached: int
) -> RestrictedMean | NotEstimable:
    """Read the probability of a state, in percent; one without an error has no limits."""
    if isinstance(found, NotEstimable):
        return found
    table = found.at(months * DAYS_PER_MONTH)
    numbers = 100 * table.loc[table["state"] == state, _NUMBERS].to_numpy(dtype=float)[0]
    if numbers[1] == 0:
        numbers[2:] = np.nan
    return _numbers(numbers, months, found.conf_level, found.n, reached)


def _mean(
    found: pd.DataFrame | NotEstimable, state: str, level: float, months: int, n: int, reached: int
) -> RestrictedMean | NotEstimable:
    """Read the mean time in a state, in months."""
    if isinstance(found, NotEstimable):
        return found
    numbers = found.loc[[state], _NUMBERS].to_numpy(dtype=float)[0] / DAYS_PER_MONTH
    return _numbers(numbers, months, level, n, reached)


def _numbers(found: FloatArray, months: int, level: float, n: int, reached: int) -> RestrictedMean:
    estimate, error, lower, upper = (float(number) for number in found)
    return RestrictedMean(_KIND, months, estimate, error, lower, upper, level, n, reached)


def _reached(stays: pd.DataFrame, state: str, days: float) -> int:
    """Count the patients who were in a state up to a time."""
    began = (stays["state"] == state) & (stays["start"] <= days)
    entered = (stays["following"] == state).fillna(False) & (stays["stop"] <= days)
    return int(stays.loc[began | entered, "patient_id"].nunique())
