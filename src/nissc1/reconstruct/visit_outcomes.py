"""The measurements of visits: how each is drawn, and what a patient's course allows."""

from __future__ import annotations

from dataclasses import dataclass, field

from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.visit_schedule import Schedule


@dataclass(frozen=True)
class Outcome:
    """Say how an outcome is drawn.

    Attributes
    ----------
    name : str
        Column of the table of visits.
    figure : str
        Start of the ids of the printed means and SDs.
    decimals : int
        Values are whole multiples of ``step`` units of the last decimal.
    step : int
    low, high : float
        Plausible range.
    change : dict
        Mean relative change from baseline by month.
    spread : float
        SD of a patient's relative change.
    wobble : float
        SD of the change from visit to visit.
    sway : dict
        By month between the complete ones, the relative change that is turned up or down until
        all visits together print the P value of the figure's legend; where empty, the change from
        visit to visit is.
    """

    name: str
    figure: str
    decimals: int
    step: int
    low: float
    high: float
    change: dict[int, float]
    spread: float
    wobble: float
    sway: dict[int, float] = field(default_factory=dict)


OUTCOMES: tuple[Outcome, ...] = (
    Outcome(
        "mrss",
        "results.mrss",
        0,
        1,
        0,
        45,
        {3: -0.27, 6: -0.37, 12: -0.41, 18: -0.44, 24: -0.47},
        0.18,
        0.07,
    ),
    Outcome(
        "fvc_pct",
        "results.fvc",
        1,
        1,
        38,
        135,
        {3: 0.03, 6: 0.06, 12: 0.08, 18: 0.085, 24: 0.095},
        0.08,
        0.06,
    ),
    Outcome(
        "dlco_pct",
        "results.dlco",
        1,
        1,
        25,
        125,
        {3: -0.04, 6: -0.03, 12: 0.0, 18: 0.0, 24: 0.005},
        0.06,
        0.04,
        {3: -0.04, 6: -0.03},  # a dip after transplantation
    ),
    Outcome(
        "shaq",
        "results.shaq",
        3,
        125,
        0,
        3,
        {3: -0.1, 6: -0.18, 12: -0.24, 18: -0.25, 24: -0.27},
        0.2,
        0.15,
    ),
    Outcome(
        "esr_mm_h",
        "results.esr",
        0,
        1,
        1,
        125,
        {3: -0.1, 6: -0.2, 12: -0.3, 18: -0.25, 24: -0.25},
        0.3,
        0.2,
    ),
)
#: Visits between the complete ones, and the part of the change by month 12 that shows there.
BETWEEN = {3: 0.5, 6: 0.75, 18: 0.0}
LUNG = ("fvc_pct", "dlco_pct")


class Bounds:
    """Bounds of a value in its units, by patient and month.

    Parameters
    ----------
    draft : Draft
        With the courses.
    outcome : Outcome
        Measurement.
    basis : dict
        By responder, the outcome that shows the first response.
    schedule : dict
        By patient, the day of each month seen.
    """

    def __init__(
        self, draft: Draft, outcome: Outcome, basis: dict[int, str], schedule: Schedule
    ) -> None:
        self._draft, self._outcome, self._basis = draft, outcome, basis
        self._schedule = schedule
        self._scale = 10**outcome.decimals

    def __call__(self, patient: int, month: int, baseline: int) -> tuple[int, int]:
        """Return the lowest and highest value allowed.

        Parameters
        ----------
        patient, month : int
            Position and scheduled month.
        baseline : int
            The patient's value at month 0, in units.
        """
        outcome, course = self._outcome, self._draft.courses[patient]
        low, high = int(outcome.low * self._scale), int(outcome.high * self._scale)
        name = outcome.name
        if name not in ("mrss", *LUNG):
            return low, high
        day = self._schedule[patient][month]
        response, treated = course.response_day, course.immunosuppression
        if response is not None and day == response and self._basis[patient] == name:
            if name == "mrss":
                high = min(high, (3 * baseline - 1) // 4)  # a fall of more than a quarter
            else:
                low = max(low, -(-11 * baseline // 10))  # a rise of a tenth or more
        elif (response is None or day < response) and (treated is None or day < treated):
            if name == "mrss":
                low = max(low, (3 * baseline) // 4 + 1)
            else:
                high = min(high, (11 * baseline - 1) // 10)
        if course.progression is not None and day > course.progression:
            organ = course.basis or ""
            if name == "mrss" and "skin" in organ:
                low = max(low, baseline - 2)
            if name == "fvc_pct" and "lung" in organ:
                high = min(high, 93 * baseline // 100)
        return low, max(low, high)

    def nearest(self, patient: int, month: int, baseline: int, value: float) -> int:
        """Round a value to what can be recorded, within the bounds.

        Parameters
        ----------
        patient, month : int
            Position and scheduled month.
        baseline : int
            The patient's value at month 0, in units.
        value : float
            Value in units.
        """
        step = self._outcome.step
        low, high = self(patient, month, baseline)
        return min(max(round(value / step) * step, -(-low // step) * step), high // step * step)
