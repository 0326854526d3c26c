"""On which days each patient was seen, and which values were obtained there."""

from __future__ import annotations

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.reconstruct import assumptions as assumed
from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.marginals import MarginalError, choose

MONTHS = (3, 6, 12, 18, 24)
COMPLETE = (0, 12, 24)
#: Outcomes with the id of the printed number of patients with a complete series.
COMPLETE_COUNTS = {
    "mrss": "results.mrss_n",
    "fvc_pct": "results.fvc_n",
    "dlco_pct": "results.dlco_n",
    "shaq": "results.shaq_n",
    "esr_mm_h": "results.esr_n",
}
#: Share of scheduled visits that took place when nothing demands them.
ATTENDED = 0.93

Schedule = dict[int, dict[int, int]]


def visit_days(draft: Draft) -> Schedule:
    """Choose the day of each visit; nobody is seen after the last contact.

    Parameters
    ----------
    draft : Draft
        With the courses.

    Returns
    -------
    dict
        By patient, the day of each scheduled month at which the patient was seen; month 0 always.
    """
    rng = draft.rng
    low, high = assumed.BASELINE_WINDOW
    schedule: Schedule = {}
    for p in draft.patients:
        course = draft.courses[p]
        days = {0: low + int(rng.random() * (high - low + 1))}
        for month in MONTHS:
            first, last = assumed.VISIT_WINDOWS[month]
            last = min(last, course.last_contact - (1 if course.dead else 0))
            if course.response_month == month and course.response_day is not None:
                days[month] = course.response_day
            elif last >= first and (month in (12, 24) or rng.random() < ATTENDED):
                middle = min(month * DAYS_PER_MONTH, last)
                days[month] = _near(draft, first, last, middle)
        schedule[p] = days
    return schedule


def _near(draft: Draft, first: int, last: int, middle: float) -> int:
    """Draw a day within bounds, nearer to the scheduled one than not."""
    drawn = middle + 14 * draft.normal()
    return int(min(max(drawn, first), last))


def complete_patients(draft: Draft) -> dict[str, list[int]]:
    """Choose who has each value at months 0, 12 and 24, so many as printed.

    Parameters
    ----------
    draft : Draft
        With the courses.

    Returns
    -------
    dict
        Positions by outcome. The smaller groups lie within the larger ones: who had lung function
        measured had the skin scored, too.

    Raises
    ------
    MarginalError
        When too few were followed to month 24.
    """
    both = [
        p for p in draft.patients if draft.courses[p].last_contact >= assumed.VISIT_WINDOWS[24][0]
    ]
    count = {name: draft.targets.count(figure) for name, figure in COMPLETE_COUNTS.items()}
    if len(both) < count["mrss"]:
        raise MarginalError(
            f"Only {len(both)} patients are followed to month 24, but {count['mrss']} have a "
            "complete series of skin scores. Let fewer be lost before."
        )
    rng = draft.rng
    skin = choose(rng, both, count["mrss"])
    fvc = choose(rng, skin, count["fvc_pct"])
    dlco = choose(rng, fvc, count["dlco_pct"])
    return {
        "mrss": skin,
        "fvc_pct": fvc,
        "dlco_pct": dlco,
        "shaq": choose(rng, skin, count["shaq"]),
        "esr_mm_h": choose(rng, skin, count["esr_mm_h"]),
    }


def observed(
    draft: Draft, schedule: Schedule, complete: dict[str, list[int]], basis: dict[int, str]
) -> dict[str, set[tuple[int, int]]]:
    """Decide at which visits each value was obtained.

    Parameters
    ----------
    draft : Draft
        With the courses.
    schedule : dict
        As `visit_days` returns it.
    complete : dict
        As `complete_patients` returns it.
    basis : dict
        By responder, the outcome that shows the first response: it is obtained there.

    Returns
    -------
    dict
        By outcome, pairs of patient and month. Beyond the complete patients nobody has all three of
        months 0, 12 and 24.
    """
    rng = draft.rng
    found: dict[str, set[tuple[int, int]]] = {}
    for name, members in complete.items():
        share = assumed.OBSERVED_SHARE[name]
        size = assumed.BASELINE_OBSERVED.get(name)
        baseline = set(draft.patients)
        if size is not None:
            others = [p for p in draft.patients if p not in members]
            baseline = {*members, *choose(rng, others, size - len(members))}
        pairs = {(p, 0) for p in baseline}
        for p in draft.patients:
            course = draft.courses[p]
            for month in schedule[p]:
                if month == 0:
                    continue
                shown = basis.get(p) == name and course.response_month == month
                if shown or (p in members and month in COMPLETE) or rng.random() < share:
                    pairs.add((p, month))
            if p not in members and {(p, m) for m in COMPLETE} <= pairs:
                shown_at = course.response_month if basis.get(p) == name else None
                dropped = [m for m in (12, 24) if m != shown_at]
                pairs.discard((p, dropped[int(rng.random() * len(dropped))]))
        found[name] = pairs
    return found
