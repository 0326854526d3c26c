"""What becomes of a response: the states of a patient over time, and each component alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nissc1.cohort.release import Cohort
from nissc1.response_definition import COMPONENTS, improvements, response_component

WITHOUT, RESPONSE, PROGRESSED, DEAD = "without response", "in response", "progressed", "dead"
STATES = (RESPONSE, WITHOUT, PROGRESSED, DEAD)
"""States of a patient, in the order in which they are drawn from below."""
STAYS = {
    "subject": "patient_id",
    "start": "start",
    "stop": "stop",
    "from_state": "state",
    "to_state": "following",
}
"""Columns of stays, as `nissc1.stats.state_occupation` takes them."""
_COLUMNS = ["patient_id", "start", "stop", "state", "following"]


def first_events(times: pd.DataFrame, initial: str, kinds: Mapping[int, str]) -> pd.DataFrame:
    """Turn times to a first event into stays.

    Parameters
    ----------
    times : DataFrame
        ``patient_id``, ``time`` and ``cause``, as the endpoints with competing events have them.
    initial : str
        Name of the state before any event.
    kinds : mapping of int to str
        Name of the state after each cause.

    Returns
    -------
    DataFrame
        One row a patient, with the columns of `STAYS`.
    """
    following = times["cause"].map(dict(kinds)).astype("string")
    stays: dict[str, Any] = {
        "start": 0.0,
        "stop": times["time"],
        "state": initial,
        "following": following,
    }
    return times[["patient_id"]].assign(**stays)


def response_states(cohort: Cohort, *, lost_at_visits: bool = False) -> pd.DataFrame:
    """Follow each patient through response, progression and death.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    lost_at_visits : bool
        Whether response also ends at a visit that shows it lost: a measurement that had improved
        at the first response was taken again, and none taken there meets the definition.

    Returns
    -------
    DataFrame
        One row a stay, with the columns of `STAYS`; times in days. The plan's entry
        ``response.states`` defines the states.
    """
    outcomes = cohort.outcomes.set_index("patient_id").astype(object)
    first = response_component(cohort).set_index("patient_id")
    responded = first["time"].to_dict()
    lost = _lost(cohort, first) if lost_at_visits else {}
    rows: list[tuple[str, float, float, str, str | None]] = []
    for patient, outcome in outcomes.to_dict("index").items():
        last = float(outcome["last_contact_day"])
        ends = [_number(outcome["immunosuppression_day"]), lost.get(str(patient))]
        moves = {
            DEAD: last if outcome["vital_status"] == "dead" else None,
            PROGRESSED: _number(outcome["progression_day"]),
            RESPONSE: responded.get(patient),
            WITHOUT: None,
        }
        if moves[RESPONSE] is not None:
            moves[WITHOUT] = min((end for end in ends if end is not None), default=None)
        rows += _stays(str(patient), last, moves)
    return pd.DataFrame(rows, columns=_COLUMNS)


def component_alone(cohort: Cohort, component: str) -> pd.DataFrame:
    """Compute the time to response if one measurement alone defined it, death competing.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    component : {"mrss", "fvc", "dlco"}
        The measurement. Who has no baseline value of it cannot respond.

    Returns
    -------
    DataFrame
        One row a patient: ``patient_id``, ``time`` (days), ``cause`` (0 censored, 1 response,
        2 death without it).
    """
    visits = improvements(cohort)
    met = visits[visits[component].fillna(False).astype(bool) & visits["counts"]]
    day = met.groupby("patient_id")["visit_day"].min()
    outcomes = cohort.outcomes
    first = outcomes["patient_id"].map(day).astype("Float64")
    dead = (outcomes["vital_status"] == "dead").astype(bool).astype(int)
    return pd.DataFrame(
        {
            "patient_id": outcomes["patient_id"],
            "time": first.fillna(outcomes["last_contact_day"].astype("Float64")).astype(float),
            "cause": dead.mul(2).mask(first.notna(), 1).astype(int),
        }
    )


def _stays(
    patient: str, last: float, moves: Mapping[str, float | None]
) -> list[tuple[str, float, float, str, str | None]]:
    """Chain the moves of one patient; of several on one day, the first named counts."""
    dead, progressed = moves[DEAD], moves[PROGRESSED]
    by_day: dict[float, str] = {}
    for state in (DEAD, PROGRESSED, RESPONSE, WITHOUT):
        day = moves[state]
        too_late = state in (RESPONSE, WITHOUT) and progressed is not None and day is not None
        if day is None or day > last or (too_late and day >= (progressed or 0.0)):
            continue
        by_day.setdefault(day, state)
    if dead is None and not by_day:
        return [(patient, 0.0, last, WITHOUT, None)]
    rows: list[tuple[str, float, float, str, str | None]] = []
    state, since = WITHOUT, 0.0
    for day, following in sorted(by_day.items()):
        if following == state:
            continue
        rows.append((patient, since, day, state, following))
        state, since = following, day
    if since < last and state != DEAD:
        rows.append((patient, since, last, state, None))
    return rows


def _lost(cohort: Cohort, first: pd.DataFrame) -> dict[str, float]:
    """Find the visit of each responder that shows the response lost."""
    names = list(COMPONENTS)
    visits = improvements(cohort)
    visits = visits[visits["patient_id"].isin(first.index)]
    who = visits["patient_id"].array
    later = visits[visits["visit_day"].to_numpy() > first["time"].reindex(who).to_numpy()]
    improved = first[names].reindex(later["patient_id"].array).set_axis(later.index).astype(bool)
    taken_again = (later[names].notna() & improved).any(axis=1)
    holds = later[names].fillna(False).astype(bool).any(axis=1)
    gone = later[taken_again & ~holds].drop_duplicates("patient_id")
    return dict(zip(gone["patient_id"], gone["visit_day"].astype(float), strict=True))


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
