"""Values at the visits: printed means and SDs, and responses that follow from the values.

A first response is an event of the patient's course; the values are bounded so that the definition
of response is met at that visit and at none before: before it mRSS has not fallen by more than 25 %
and neither FVC nor DLCO has risen by 10 % of baseline; at it one of them has.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from nissc1.reconstruct.between_visits import draw_between, settle_between
from nissc1.reconstruct.calibration import Moments, nudge, swap_into
from nissc1.reconstruct.change import printed_window, swap_to_change
from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.targets import MissedFigureError
from nissc1.reconstruct.visit_outcomes import LUNG, OUTCOMES, Bounds, Outcome
from nissc1.reconstruct.visit_schedule import (
    COMPLETE,
    Schedule,
    complete_patients,
    observed,
    visit_days,
)

#: Outcomes of Table 1.
LISTED = ("mrss", *LUNG)
#: Not printed in Table 1 and tied to nothing else in print: may change hands at baseline, too.
FREE_BASELINE = "esr_mm_h"


def _baseline_of_unlisted(draft: Draft) -> None:
    """Draw baseline sHAQ (with the skin score) and sedimentation rate, which Table 1 leaves out."""
    scores = [float(value) for value in draft.column("mrss")]
    skin = [0.8 * (score - 24) / 10 + 0.5 * draft.normal() for score in scores]
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


def _trajectories(
    draft: Draft, outcome: Outcome, values: list[int], schedule: Schedule, bounds: Bounds
) -> dict[tuple[int, int], int]:
    """Draw each patient's course around the mean change, within the bounds."""
    drawn = {}
    for p in draft.patients:
        own = draft.normal() * outcome.spread
        for month in schedule[p]:
            if month == 0:
                continue
            change = outcome.change[month] + own + outcome.wobble * draft.normal()
            value = values[p] * (1 + change)
            drawn[p, month] = bounds.nearest(p, month, values[p], value)
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
    if outcome.name in LISTED:  # Table 1 fixes the whole: only swaps
        return swap_into(draft.rng, values, members, groups, moments)
    chosen = [values[p] for p in members]
    low = [int(outcome.low * 10**outcome.decimals)] * len(chosen)
    high = [int(outcome.high * 10**outcome.decimals)] * len(chosen)
    misfit = nudge(draft.rng, chosen, low, high, moments, step=outcome.step)
    for p, value in zip(members, chosen, strict=True):
        values[p] = value
    return misfit


def prepare_baseline(draft: Draft) -> dict[str, list[int]]:
    """Choose the patients with complete series and settle their baseline values.

    Parameters
    ----------
    draft : Draft
        With the courses and the baseline values of mRSS, FVC and DLCO, which are swapped between
        patients where a printed mean asks for it.

    Returns
    -------
    dict
        Positions of the complete patients by outcome.

    Raises
    ------
    MissedFigureError
        When a printed mean or SD is not met.
    """
    complete = complete_patients(draft)
    # Swaps of skin scores keep who with a PFS event is above the cut of the Cox model.
    cut = draft.targets.median_range("table1.mrss").median
    above = [int(value > cut) for value in draft.column("mrss")]
    skin = [
        1 + high if course.pfs_event else 0
        for high, course in zip(above, draft.courses, strict=True)
    ]
    for outcome in OUTCOMES:
        if outcome.name in LISTED:
            groups = skin if outcome.name == "mrss" else [0] * len(skin)
            _settle_baseline(draft, outcome, complete[outcome.name], groups)
    return complete


def _settle_baseline(draft: Draft, outcome: Outcome, members: list[int], groups: list[int]) -> None:
    """Bring the baseline of the complete patients to print, or say what is missed."""
    scale = 10**outcome.decimals
    values = [int(Decimal(v) * scale) for v in draft.column(outcome.name)]
    _demand(outcome, 0, _baseline(draft, outcome, values, members, groups))
    draft.put(outcome.name, {p: Decimal(v) / scale for p, v in enumerate(values)})


def add_visits(draft: Draft, complete: dict[str, list[int]]) -> list[dict[str, Any]]:
    """Make the table of visits.

    Parameters
    ----------
    draft : Draft
        With the courses and the baseline values of mRSS, FVC and DLCO, all final.
    complete : dict
        As `prepare_baseline` returns it.

    Returns
    -------
    list of dict
        One a visit: ``patient`` (position), ``month``, ``visit_day`` and the outcomes, None where
        not obtained; ordered by patient and month.

    Raises
    ------
    MissedFigureError
        When a printed mean, SD or P value is not met.
    """
    _baseline_of_unlisted(draft)
    for outcome in OUTCOMES:
        if outcome.name not in LISTED:
            _settle_baseline(draft, outcome, complete[outcome.name], [])
    schedule = visit_days(draft)
    units: dict[str, dict[tuple[int, int], int]] = {}
    basis = _response_basis(draft)
    taken = observed(draft, schedule, complete, basis)
    for outcome in OUTCOMES:
        scale = 10**outcome.decimals
        values = [int(Decimal(v) * scale) for v in draft.column(outcome.name)]
        bounds = Bounds(draft, outcome, basis, schedule)
        drawn = _trajectories(draft, outcome, values, schedule, bounds)
        members = complete[outcome.name]
        _complete(draft, outcome, values, members, drawn, bounds)
        _between(draft, outcome, values, members, drawn, taken[outcome.name], bounds)
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


def _complete(
    draft: Draft,
    outcome: Outcome,
    values: list[int],
    members: list[int],
    drawn: dict[tuple[int, int], int],
    bounds: Bounds,
) -> None:
    """Bring the complete series to the printed means, SDs and the text's P value."""
    scale = 10**outcome.decimals
    columns = [[values[p] for p in members]]
    limits = [[(value, value) for value in columns[0]]]
    if outcome.name == FREE_BASELINE:
        limits = [[(int(outcome.low * scale), int(outcome.high * scale))] * len(members)]
    for month in COMPLETE[1:]:
        chosen = [drawn[p, month] for p in members]
        if outcome.name == FREE_BASELINE:
            chosen = _in_line(draft, outcome, month, columns[0], members, bounds)
        limits.append([bounds(p, month, values[p]) for p in members])
        low, high = ([pair[k] for pair in limits[-1]] for k in (0, 1))
        misfit = nudge(
            draft.rng, chosen, low, high, _moments(draft, outcome, month), step=outcome.step
        )
        _demand(outcome, month, misfit)
        columns.append(chosen)
    text = printed_window(draft.targets, f"{outcome.figure}_p")
    legend = _legend_window(draft, outcome)
    if text is not None:
        # Not far below what the legend prints for more visits of the same patients.
        window = (legend[0] if legend else text[0], text[1])
        moments = [_moments(draft, outcome, month) for month in COMPLETE]
        p_value = swap_to_change(draft.rng, columns, limits, moments, window, step=outcome.step)
        if not text[0] <= p_value <= text[1]:
            raise MissedFigureError(f"{outcome.name}: P of the change over time is {p_value:.2g}.")
    for p, value in zip(members, columns[0], strict=True):
        values[p] = value
    for month, chosen in zip(COMPLETE[1:], columns[1:], strict=True):
        drawn |= {(p, month): v for p, v in zip(members, chosen, strict=True)}


def _in_line(
    draft: Draft,
    outcome: Outcome,
    month: int,
    baseline: list[int],
    members: list[int],
    bounds: Bounds,
) -> list[int]:
    """Start a visit with patients as far from its mean as at baseline, in SDs.

    With the sedimentation rate's printed means and SDs, P < 0.001 leaves only courses so alike that
    the values of months 12 and 24 correlate by about 0.98: a search from chance rarely gets there.
    """
    start, goal = (_moments(draft, outcome, m) for m in (0, month))
    return [
        bounds.nearest(p, month, value, goal.mean + goal.sd / start.sd * (value - start.mean))
        for p, value in zip(members, baseline, strict=True)
    ]


def _between(
    draft: Draft,
    outcome: Outcome,
    values: list[int],
    members: list[int],
    drawn: dict[tuple[int, int], int],
    taken: set[tuple[int, int]],
    bounds: Bounds,
) -> None:
    """Redraw what lies between the complete visits, so that the legend's P value comes out."""
    fixed = {(p, 0): values[p] for p in members}
    fixed |= {(p, month): drawn[p, month] for p in members for month in COMPLETE[1:]}
    free = draw_between(draft, outcome, values, members, drawn, taken)
    window = _legend_window(draft, outcome)
    drawn |= settle_between(outcome, values, free, fixed, taken, bounds, window)


def _legend_window(draft: Draft, outcome: Outcome) -> tuple[float, float] | None:
    return printed_window(draft.targets, outcome.figure.replace("results", "figure2") + "_p")


def _demand(outcome: Outcome, month: int, misfit: float) -> None:
    if misfit > 0:
        raise MissedFigureError(
            f"{outcome.name} at month {month}: mean and SD miss print by {misfit:.2f} half units."
        )
