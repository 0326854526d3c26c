"""Values at the visits: printed means and SDs, and responses that follow from the values.

A first response is an event of the patient's course; the values are bounded so that the definition
of response is met at that visit and at none before: before it mRSS has not fallen by more than 25 %
and neither FVC nor DLCO has risen by 10 % of baseline; at it one of them has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nissc1.reconstruct.calibration import Moments, nudge, swap_into
from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.visit_schedule import (
    COMPLETE,
    Schedule,
    complete_patients,
    observed,
    visit_days,
)


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
        0.03,
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
        0.1,
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
LUNG = ("fvc_pct", "dlco_pct")


def _baseline_of_unlisted(draft: Draft) -> None:
    """Draw baseline sHAQ (with the skin score) and sedimentation rate, which Table 1 leaves out."""
    skin = draft.score(0.6, skin=0.8)
    draft.put(
        "shaq",
        {
            p: Decimal(max(0, min(22, round(7.7 + 6.4 * skin[p])))) * Decimal("0.125")
            for p in draft.patients
        },
    )
    blood = draft.score(0.3, blood=1.0)
    draft.put(
        "esr_mm_h",
        {p: Decimal(max(2, min(110, round(17.5 * 2.1 ** blood[p])))) for p in draft.patients},
    )


def _response_basis(draft: Draft) -> dict[int, str]:
    """Choose the outcome that shows each first response: mostly the skin."""
    basis = {}
    for p in draft.patients:
        if draft.courses[p].response_day is None:
            continue
        by_lung = draft.rng.random() < 0.12 or draft.column("mrss")[p] < 4
        high = draft.column("fvc_pct")[p] > 110
        basis[p] = "fvc_pct" if by_lung and not high else "mrss"
    return basis


class _Bounds:
    """Bounds of a value in its units, by patient and month."""

    def __init__(
        self, draft: Draft, outcome: Outcome, basis: dict[int, str], schedule: Schedule
    ) -> None:
        self._draft, self._outcome, self._basis = draft, outcome, basis
        self._schedule = schedule
        self._scale = 10**outcome.decimals

    def __call__(self, patient: int, month: int, baseline: int) -> tuple[int, int]:
        """Return the lowest and highest value allowed."""
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


def _trajectories(
    draft: Draft, outcome: Outcome, values: list[int], schedule: Schedule, bounds: _Bounds
) -> dict[tuple[int, int], int]:
    """Draw each patient's course around the mean change, within the bounds."""
    drawn = {}
    for p in draft.patients:
        own = draft.normal() * outcome.spread
        for month in schedule[p]:
            if month == 0:
                continue
            change = outcome.change[month] + own + outcome.wobble * draft.normal()
            value = round(values[p] * (1 + change) / outcome.step) * outcome.step
            low, high = bounds(p, month, values[p])
            low = -(-low // outcome.step) * outcome.step
            high = high // outcome.step * outcome.step
            drawn[p, month] = min(max(value, low), high)
    return drawn


def _moments(draft: Draft, outcome: Outcome, month: int) -> Moments:
    mean = draft.targets.value(f"{outcome.figure}_mean_{month}m")
    sd = draft.targets.value(f"{outcome.figure}_sd_{month}m")
    return Moments.printed(mean, sd, outcome.decimals)


def _baseline(
    draft: Draft, outcome: Outcome, values: list[int], members: list[int], groups: list[int]
) -> float:
    """Meet the printed baseline mean and SD of the complete patients."""
    moments = _moments(draft, outcome, 0)
    if outcome.name in ("mrss", *LUNG):  # Table 1 fixes the whole: only swaps
        return swap_into(draft.rng, values, members, groups, moments)
    chosen = [values[p] for p in members]
    low = [int(outcome.low * 10**outcome.decimals)] * len(chosen)
    high = [int(outcome.high * 10**outcome.decimals)] * len(chosen)
    misfit = nudge(draft.rng, chosen, low, high, moments, step=outcome.step)
    for p, value in zip(members, chosen, strict=True):
        values[p] = value
    return misfit


def add_visits(draft: Draft, progress: Callable[[str], None]) -> list[dict[str, Any]]:
    """Make the table of visits.

    Parameters
    ----------
    draft : Draft
        With the courses and the baseline values of mRSS, FVC and DLCO; those are swapped between
        patients where a printed mean asks for it.
    progress : callable
        Receives messages on figures that could not be met.

    Returns
    -------
    list of dict
        One a visit: ``patient`` (position), ``month``, ``visit_day`` and the outcomes, None where
        not obtained; ordered by patient and month.
    """
    _baseline_of_unlisted(draft)
    schedule = visit_days(draft)
    complete = complete_patients(draft, schedule)
    units: dict[str, dict[tuple[int, int], int]] = {}
    # Swaps of skin scores keep who with a PFS event is above the cut of the Cox model.
    cut = draft.targets.median_range("table1.mrss").median
    above = [int(value > cut) for value in draft.column("mrss")]
    skin = [
        1 + high if course.pfs_event else 0
        for high, course in zip(above, draft.courses, strict=True)
    ]
    for outcome in OUTCOMES:
        scale = 10**outcome.decimals
        values = [int(Decimal(v) * scale) for v in draft.column(outcome.name)]
        groups = skin if outcome.name == "mrss" else [0] * len(values)
        misfit = _baseline(draft, outcome, values, complete[outcome.name], groups)
        _report(progress, outcome, 0, misfit)
        draft.put(outcome.name, {p: Decimal(v) / scale for p, v in enumerate(values)})
    basis = _response_basis(draft)
    taken = observed(draft, schedule, complete, basis)
    for outcome in OUTCOMES:
        scale = 10**outcome.decimals
        values = [int(Decimal(v) * scale) for v in draft.column(outcome.name)]
        bounds = _Bounds(draft, outcome, basis, schedule)
        drawn = _trajectories(draft, outcome, values, schedule, bounds)
        members = complete[outcome.name]
        for month in COMPLETE[1:]:
            chosen = [drawn[p, month] for p in members]
            limits = [bounds(p, month, values[p]) for p in members]
            misfit = nudge(
                draft.rng,
                chosen,
                [low for low, _ in limits],
                [high for _, high in limits],
                _moments(draft, outcome, month),
                step=outcome.step,
            )
            _report(progress, outcome, month, misfit)
            drawn |= {(p, month): v for p, v in zip(members, chosen, strict=True)}
        units[outcome.name] = drawn | {(p, 0): values[p] for p in draft.patients}
    rows = []
    for p in draft.patients:
        for month, day in sorted(schedule[p].items()):
            row: dict[str, Any] = {"patient": p, "month": month, "visit_day": day}
            for outcome in OUTCOMES:
                known = (p, month) in taken[outcome.name]
                value = Decimal(units[outcome.name][p, month]).scaleb(-outcome.decimals)
                row[outcome.name] = value if known else None
            rows.append(row)
    return rows


def _report(progress: Callable[[str], None], outcome: Outcome, month: int, misfit: float) -> None:
    if misfit > 0:
        progress(
            f"{outcome.name} at month {month}: mean and SD miss print by {misfit:.2f} half units"
        )
