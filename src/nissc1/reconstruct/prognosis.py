"""Local searches that bring the printed prognostic factors about.

Age and skin score go with progression-free survival as the printed Cox model says, CD34+ selection
with response; the other characteristics go with neither (P of 0.10 or more), as the article's rule
of entering variables implies. Every move keeps what is settled before: margins, cross-tabulations,
risk sets.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import exp, inf, log
from typing import Any

from nissc1.reconstruct.baseline import MRSS_CUT
from nissc1.reconstruct.characteristics import OTHERS, coded
from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.partial_likelihood import Estimate, RiskSets
from nissc1.reconstruct.targets import N_DEATHS, MissedFigureError
from nissc1.stats.gray import gray_test

#: P value that the other characteristics keep in the searches: above the rule's 0.10.
UNRELATED = 0.12
#: Unit of age in which the printed hazard ratio is met, years.
AGE_UNIT = 10


def pfs_risk_sets(draft: Draft) -> RiskSets:
    """Order the patients by progression-free survival.

    Parameters
    ----------
    draft : Draft
        With the courses.
    """
    courses = draft.courses
    times = [c.last_contact if c.progression is None else c.progression for c in courses]
    return RiskSets(times, [c.pfs_event for c in courses])


def _misses(estimate: Estimate, printed: Sequence[float]) -> float:
    """Add up how far a hazard ratio and its limits lie outside print's half units, relatively."""
    total = 0.0
    for value, target in zip(estimate.hazard_ratio(), printed, strict=True):
        total += max(0.0, abs(value - target) - 0.0049) / target
    return total


def _printed(draft: Draft, figure: str) -> list[float]:
    return [float(value) for value in draft.targets.limits(figure)]


def _patience(trial: int, round_: int, cooling: float) -> float:
    """Allow moves for the worse less and less, then anew in the next round."""
    return exp(-cooling * (trial % round_) / round_)


def fit_ages(
    draft: Draft, complete: Collection[int], tries: int = 30000
) -> tuple[Estimate, Estimate]:
    """Move ages and skin scores until the Cox model of skin score and age prints as published.

    Ages stay on their side of the median, and the youngest and oldest stay; Table 3's are fixed.
    Skin scores are exchanged between event-free patients, both with or both without a complete
    series, so that the means hold.

    Parameters
    ----------
    draft : Draft
        With ages and skin scores; changed in place.
    complete : collection of int
        Patients with a complete series of skin scores.
    tries : int
        Moves tried at most.

    Returns
    -------
    tuple of Estimate
        Skin score above the cut, and age per ten years.

    Raises
    ------
    MissedFigureError
        When a hazard ratio or limit is not met.
    """
    rng, ages = draft.rng, draft.column("age_years")
    sets = pfs_risk_sets(draft)
    scores = draft.column("mrss")
    high = [float(value > MRSS_CUT) for value in scores]
    groups = [(p in complete, draft.courses[p].pfs_event) for p in draft.patients]
    target = draft.targets.median_range("table1.age")
    low, middle, top = int(target.low), int(target.median), int(target.high)
    ends = {ages.index(low), ages.index(top)}
    free = [p for p in range(N_DEATHS, len(ages)) if p not in ends and ages[p] != middle]
    skin_printed = _printed(draft, "results.pfs_cox_mrss")
    age_printed = _printed(draft, "results.pfs_cox_age")

    def fit() -> tuple[float, tuple[Estimate, Estimate]]:
        skin, age = sets.cox(high, [value / AGE_UNIT for value in ages])
        return _misses(skin, skin_printed) + _misses(age, age_printed), (skin, age)

    def exchange(i: int, j: int) -> None:
        for values in (scores, high):
            values[i], values[j] = values[j], values[i]

    misfit, found = fit()
    for trial in range(tries):
        if misfit == 0.0:
            break
        allowed = misfit + 0.05 * _patience(trial, 3000, 5)
        if trial % 3 == 2:
            i, j = (int(rng.random() * len(ages)) for _ in range(2))
            if high[i] == high[j] or groups[i] != groups[j]:
                continue
            exchange(i, j)
            after, estimate = fit()
            if after < allowed:
                misfit, found = after, estimate
            else:
                exchange(i, j)
            continue
        moves = [(free[int(rng.random() * len(free))], 1 + int(rng.random() * 4))]
        if trial % 2:
            moves.append((free[int(rng.random() * len(free))], 1 + int(rng.random() * 4)))
        before = [(p, ages[p]) for p, _ in moves]
        for p, size in moves:
            new = ages[p] + (size if rng.random() < 0.5 else -size)
            side = (low + 1, middle - 1) if ages[p] < middle else (middle + 1, top - 1)
            if side[0] <= new <= side[1]:
                ages[p] = new
        after, estimate = fit()
        if after < allowed:
            misfit, found = after, estimate
        else:
            for p, value in reversed(before):
                ages[p] = value
    if misfit > 0.0:
        raise MissedFigureError(
            f"Progression-free survival: skin score {found[0]}, age {found[1]}, not as printed."
        )
    return found


def fit_response(draft: Draft, tries: int = 9000) -> Estimate:
    """Exchange first responses and grafts until only CD34+ selection goes with response.

    The days of response stay as they are, so that the printed rates hold; who responds on which
    changes among event-free patients followed long enough. Now and then two patients exchange
    selection of the graft instead.

    Parameters
    ----------
    draft : Draft
        With all characteristics; its courses and selection change in place.
    tries : int
        Exchanges tried at most.

    Returns
    -------
    Estimate
        Of grafts without against with selection.

    Raises
    ------
    MissedFigureError
        When the hazard ratio or a limit is not met, or another characteristic goes with response.
    """
    rng, courses = draft.rng, draft.courses
    selection = draft.column("cd34_selection")
    fit = _ResponseFit(draft, _printed(draft, "results.response_cox_cd34"))
    free = [p for p, c in enumerate(courses) if not c.pfs_event and c.response_day is not None]
    misfit, estimate, weak = fit()
    for trial in range(tries):
        if misfit == 0.0:
            break
        graft = trial % 5 == 0
        among = draft.patients if graft else free
        i, j = (among[int(rng.random() * len(among))] for _ in range(2))
        first, second = courses[i].response_day or 0, courses[j].response_day or 0
        if graft:
            selection[i], selection[j] = selection[j], selection[i]
        elif courses[i].last_contact < second or courses[j].last_contact < first:
            continue
        else:
            _exchange(courses[i], courses[j])
        allowed = misfit + 0.2 * _patience(trial, 1500, 2)
        after = fit(allowed)
        if after[0] < allowed:
            misfit, estimate, weak = after
        elif graft:
            selection[i], selection[j] = selection[j], selection[i]
        else:
            _exchange(courses[i], courses[j])
    if misfit > 0.0:
        going = "".join(f", {name} P = {p:.3f}" for name, p in weak.items())
        raise MissedFigureError(f"Response: no CD34+ selection {estimate}{going}; not as printed.")
    return estimate


class _ResponseFit:
    """Model of response in a draft, and how far it is from print."""

    def __init__(self, draft: Draft, printed: Sequence[float]) -> None:
        self._draft, self._pfs, self._printed = draft, pfs_risk_sets(draft), printed
        self._coded = {name: coded(draft, name) for name in OTHERS if name != "selection"}
        self._coded["mrss"] = [int(value > MRSS_CUT) for value in draft.column("mrss")]
        self._ages = [float(value) / AGE_UNIT for value in draft.column("age_years")]
        self._none = [0.0] * len(self._ages)

    def __call__(self, allowed: float = inf) -> tuple[float, Estimate, dict[str, float]]:
        """Return the misfit, the estimate and what else goes with response.

        The latter is left out where the misfit exceeds what is allowed already.
        """
        courses = self._draft.courses
        answered = [c.response_day is not None for c in courses]
        # Cause-specific model: deaths censor. Tests: deaths stay at risk, as in Gray's.
        days = [float(c.response_day or c.last_contact) for c in courses]
        staying = [
            inf if c.dead and c.response_day is None else day
            for c, day in zip(courses, days, strict=True)
        ]
        selected = coded(self._draft, "selection")
        unselected = [float(not value) for value in selected]
        specific = RiskSets(days, answered)
        estimate = specific.cox(unselected, self._none)[0]
        misfit = _misses(estimate, self._printed)
        if misfit >= allowed:
            return misfit, estimate, {}
        incidence = RiskSets(staying, answered)
        p_values = {name: incidence.logrank_p(group) for name, group in self._coded.items()}
        p_values["selection, in PFS"] = self._pfs.logrank_p(selected)
        p_values["age"] = specific.cox(self._ages, self._none)[0].p_value()
        weak = {name: p for name, p in p_values.items() if p < UNRELATED}
        if misfit == 0.0 and not weak:  # only now the test itself, which is slower
            causes = [1 if yes else 2 * c.dead for yes, c in zip(answered, courses, strict=True)]
            weak = {
                name: p
                for name, group in self._coded.items()
                if (p := _gray_p(days, causes, group)) < UNRELATED
            }
        excess = sum(log(UNRELATED / max(p, 1e-9)) for p in weak.values())
        return misfit + 0.2 * excess, estimate, weak


def _gray_p(days: Sequence[float], causes: Sequence[int], group: Sequence[int | None]) -> float:
    """Compare the incidence of response in two groups by Gray's test, unknown left out."""
    known = [p for p, value in enumerate(group) if value is not None]
    levels = [int(value) for value in group if value is not None]
    return gray_test([days[p] for p in known], [causes[p] for p in known], levels).p_value


def _exchange(one: Any, other: Any) -> None:
    one.response_day, other.response_day = other.response_day, one.response_day
    one.response_month, other.response_month = other.response_month, one.response_month
