"""Complications of the first 100 days: the article's Table 4, event by event."""

from __future__ import annotations

from typing import Any

from nissc1.complication_terms import INFECTIOUS, NON_INFECTIOUS, SEPTIC_SHOCK, TERMS, Term
from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.infections import P_DOSE, P_GRAFT, P_GROWTH, Split, choose_splits
from nissc1.reconstruct.marginals import MarginalError, choose
from nissc1.reconstruct.onsets import ONSET, published_id, term
from nissc1.reconstruct.targets import N_DEATHS

CARDIOMYOPATHY = term("cyc_cardiomyopathy")
CMV_REACTIVATION = term("viral_cmv_reactivation")
BACTERIAL_PNEUMONIA = term("bacterial_pneumonia")

#: Rows of Table 3, from 0: deaths from cardiomyopathy, and the one from infection.
CARDIAC_DEATHS = (0, 1, 2, 3)
INFECTION_DEATH = 4
#: Deaths on day 1, taken to be too early for an infection.
WITHOUT_INFECTION = (0, 1)
WINDOW = 100
#: Most infections and other complications given to one patient.
MOST_INFECTIONS, MOST_OTHERS = 4, 2


def infected_patients(draft: Draft, splits: dict[str, Split]) -> list[int]:
    """Choose the patients with an infection so that the chosen splits hold together.

    Parameters
    ----------
    draft : Draft
        With the table of transplants.
    splits : dict
        Infected patients by group, as `nissc1.reconstruct.infections.choose_splits` returns them.

    Returns
    -------
    list of int
        Their positions.

    Raises
    ------
    MarginalError
        When no choice is found.
    """
    rng, total = draft.rng, draft.targets.count("table4.infectious_patients")
    column = draft.column
    groups: list[tuple[set[int], int]] = []
    for figure, name, values in (
        (P_GRAFT, "cd34_selection", (True, False)),
        (P_DOSE, "mobilisation_cyc_g_m2", (2, 4)),
        (P_GROWTH, "gcsf_after", (True, False)),
    ):
        if figure in splits:
            for value, wanted in zip(values, splits[figure].infected, strict=True):
                members = {
                    p
                    for p in draft.patients
                    if column(name)[p] == value and column(name)[p] is not None
                }
                groups.append((members, wanted))
    free = [p for p in draft.patients if p not in (*WITHOUT_INFECTION, INFECTION_DEATH)]
    inside = [*choose(rng, free, total - 1), INFECTION_DEATH]
    outside = [p for p in free if p not in inside]

    def misfit(chosen: set[int]) -> int:
        return sum(abs(len(chosen & members) - wanted) for members, wanted in groups)

    current = misfit(set(inside))
    for _ in range(20000):
        if current == 0:
            return sorted(inside)
        i, j = int(rng.random() * (total - 1)), int(rng.random() * len(outside))
        inside[i], outside[j] = outside[j], inside[i]
        after = misfit(set(inside))
        if after <= current + (rng.random() < 0.05):
            current = after
        else:
            inside[i], outside[j] = outside[j], inside[i]
    raise MarginalError(
        f"No {total} infected patients give the chosen numbers by graft, mobilisation dose and "
        f"G-CSF; the nearest miss them by {current}. Choose other splits."
    )


def _holders(draft: Draft, patients: list[int], events: int, most: int) -> list[int]:
    """Name the patient of each event: everyone once, then some again."""
    again = [p for p in patients for _ in range(most - 1)]
    return patients + _choose_many(draft, again, events - len(patients))


def _choose_many(draft: Draft, places: list[int], count: int) -> list[int]:
    """Draw places without replacement; a patient may stand in several."""
    picked = draft.rng.sample(range(len(places)), count)
    return [places[index] for index in sorted(picked)]


def _events(draft: Draft, category: str) -> list[Term]:
    return [
        row
        for row in TERMS
        if row.category == category
        for _ in range(draft.targets.count(published_id(row)))
    ]


def _deal(draft: Draft, kinds: list[Term], holders: list[int]) -> list[tuple[int, Term]]:
    """Deal kinds of events to the places of patients, none twice to the same patient."""
    rng = draft.rng
    # The scarce late kinds first to those who lived long enough.
    kinds = sorted(kinds, key=lambda kind: -ONSET[kind.slug][0])
    for _ in range(200):
        places = list(holders)
        rng.shuffle(places)
        dealt: list[tuple[int, Term]] = []
        for kind in kinds:
            index = next(
                (
                    i
                    for i, p in enumerate(places)
                    if draft.courses[p].last_contact >= ONSET[kind.slug][0]
                    and (p, kind) not in dealt
                ),
                None,
            )
            if index is None:
                break
            dealt.append((places.pop(index), kind))
        else:
            return dealt
    raise MarginalError("The complications of Table 4 cannot be dealt to the chosen patients.")


def add_adverse_events(draft: Draft, splits: dict[str, list[Split]]) -> list[dict[str, Any]]:
    """Make the table of adverse events.

    Parameters
    ----------
    draft : Draft
        With the table of transplants.
    splits : dict
        Numbers of infected patients by group that print each P value.

    Returns
    -------
    list of dict
        One an event: ``patient`` (position), ``onset_day``, ``category``, ``agent``, ``term``,
        ``fatal``; ordered by patient, day and term.
    """
    rng, count = draft.rng, draft.targets.count
    infected = infected_patients(draft, choose_splits(splits))
    kinds = _events(draft, INFECTIOUS)
    for kind in (CMV_REACTIVATION, BACTERIAL_PNEUMONIA):
        kinds.remove(kind)
    pairs = [(INFECTION_DEATH, CMV_REACTIVATION), (INFECTION_DEATH, BACTERIAL_PNEUMONIA)]
    others = [p for p in infected if p != INFECTION_DEATH]
    short = [p for p in others if p < N_DEATHS and draft.courses[p].last_contact < WINDOW]
    repeat = [p for p in others if p not in short]
    holders = short + _holders(draft, repeat, len(kinds) - len(short), MOST_INFECTIONS)
    pairs += _deal(draft, kinds, holders)

    kinds = [kind for kind in _events(draft, NON_INFECTIOUS) if kind != CARDIOMYOPATHY]
    pairs += [(p, CARDIOMYOPATHY) for p in CARDIAC_DEATHS]
    patients = count("table4.noninfectious_patients") - len(CARDIAC_DEATHS)
    free = [p for p in draft.patients if p not in (*CARDIAC_DEATHS, INFECTION_DEATH)]
    heart = draft.score(0.9, heart=0.5)
    ill = choose(rng, free, patients, heart)
    pairs += _deal(draft, kinds, _holders(draft, ill, len(kinds), MOST_OTHERS))

    shock = rng.sample([i for i, (_, kind) in enumerate(pairs) if kind.slug == "sepsis"], 1)
    rows = []
    for index, (p, kind) in enumerate(pairs):
        last = min(ONSET[kind.slug][1], draft.courses[p].last_contact, WINDOW)
        day = ONSET[kind.slug][0] + int(rng.random() * (last - ONSET[kind.slug][0] + 1))
        fatal = (p in CARDIAC_DEATHS and kind == CARDIOMYOPATHY) or p == INFECTION_DEATH
        rows.append(
            {
                "patient": p,
                "onset_day": day,
                "category": kind.category,
                "agent": kind.agent,
                "term": SEPTIC_SHOCK if index in shock else kind.term,
                "fatal": fatal,
            }
        )
    return sorted(rows, key=lambda row: (row["patient"], row["onset_day"], row["term"]))
