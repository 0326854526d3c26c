"""Values between the complete visits, and the P values of the figure's legend.

The text prints means at months 0, 12 and 24, and P values; the legend of Figure 2, whose boxes
show every visit, prints others for the same patients. The latter are met by all visits together:
the values of months 3, 6 and 18, which are not printed, are turned up or down (a common change of
all patients, or how much each changes from visit to visit) until the test of all visits prints as
the legend does.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log

import pandas as pd

from nissc1.reconstruct.change import TINY
from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.targets import MissedFigureError
from nissc1.reconstruct.visit_outcomes import BETWEEN, Bounds, Outcome
from nissc1.stats.repeated_measures import repeated_measures

Values = dict[tuple[int, int], int]
Course = dict[tuple[int, int], tuple[float, float]]
#: Sways tried, from none outwards; where two neighbours lie on either side of print, it is between.
STEP, FARTHEST = 0.25, 4.0
HALVINGS = 20


def all_visits_p_value(values: Values) -> float:
    """Test the change over all visits, incomplete ones included.

    Parameters
    ----------
    values : dict
        By patient and month.

    Returns
    -------
    float
        P value of the month in a mixed model with an intercept of each patient.
    """
    frame = pd.DataFrame(
        [(patient, month, float(value)) for (patient, month), value in sorted(values.items())],
        columns=["patient", "month", "value"],
    )
    return repeated_measures(
        frame, subject="patient", within="month", outcome="value", method="mixed"
    ).p_value


def draw_between(
    draft: Draft,
    outcome: Outcome,
    values: list[int],
    members: list[int],
    drawn: Values,
    taken: set[tuple[int, int]],
) -> Course:
    """Draw values around the line through a patient's complete visits.

    Parameters
    ----------
    draft : Draft
        Source of chance.
    outcome : Outcome
        Measurement.
    values : list of int
        Values at month 0, in units.
    members : list of int
        Patients with complete series.
    drawn : dict
        Values by patient and month; those of months 12 and 24 are final.
    taken : set
        Patients and months with a value recorded: there chance adds nothing to the mean.

    Returns
    -------
    dict
        By patient and month, the value on the line and what chance adds to it.
    """
    found: Course = {}
    for month, share in BETWEEN.items():
        seen = [p for p in members if (p, month) in drawn]
        chance = {p: values[p] * outcome.wobble * draft.normal() for p in seen}
        recorded = [chance[p] for p in seen if (p, month) in taken]
        shift = sum(recorded) / max(len(recorded), 1)
        for p in seen:
            if month > 12:
                line = (drawn[p, 12] + drawn[p, 24]) / 2
            else:
                year = drawn[p, 12] - values[p] * (1 + outcome.change[12])
                line = values[p] * (1 + outcome.change[month]) + share * year
            found[p, month] = line, chance[p] - shift
    return found


def settle_between(
    outcome: Outcome,
    values: list[int],
    drawn: Course,
    fixed: Values,
    taken: set[tuple[int, int]],
    bounds: Bounds,
    window: tuple[float, float] | None,
) -> Values:
    """Settle the values between the complete visits so that all visits print the legend's P value.

    Parameters
    ----------
    outcome : Outcome
        Measurement.
    values : list of int
        Values at month 0, in units.
    drawn : dict
        As `draw_between` returns it.
    fixed : dict
        Values of the complete visits by patient and month, month 0 among them.
    taken : set
        Patients and months with a value recorded.
    bounds : Bounds
        What each course allows.
    window : tuple of float or None
        Lowest and highest P value; None where the legend prints none.

    Returns
    -------
    dict
        Values by patient and month.

    Raises
    ------
    MissedFigureError
        When no sway gives such a P value.
    """

    def at(sway: float) -> Values:
        spread = 1.0 if outcome.sway else max(0.0, 1.0 + sway)
        return {
            (p, month): bounds.nearest(
                p,
                month,
                values[p],
                line + spread * chance + sway * outcome.sway.get(month, 0.0) * values[p],
            )
            for (p, month), (line, chance) in drawn.items()
        }

    if window is None:
        return at(0.0)
    low, high = window

    def excess(sway: float) -> float:
        between = {place: value for place, value in at(sway).items() if place in taken}
        p_value = max(all_visits_p_value(fixed | between), TINY)
        if low <= p_value <= high:
            return 0.0
        return log(p_value) - (log(max(low, TINY)) + log(high)) / 2

    sway = _sway(excess)
    if sway is not None:
        return at(sway)
    raise MissedFigureError(
        f"{outcome.name}: no course between the complete visits gives a P value of change over all "
        f"visits from {low:.2g} to {high:.2g}."
    )


def _sway(excess: Callable[[float], float]) -> float | None:
    """Walk outwards on both sides, halving wherever the excess changes sign; None if never 0."""
    start = excess(0.0)
    if start == 0.0:
        return 0.0
    reached = {1: (0.0, start), -1: (0.0, start)}
    for index in range(1, int(FARTHEST / STEP) + 1):
        for side, (inner, was) in reached.items():
            outer = side * index * STEP
            reached[side] = outer, excess(outer)
            if reached[side][1] == 0.0:
                return outer
            for _ in range(HALVINGS if was * reached[side][1] < 0 else 0):
                middle = (inner + outer) / 2
                found = excess(middle)
                if found == 0.0:
                    return middle
                inner, outer = (middle, outer) if was * found > 0 else (inner, middle)
    return None
