"""Mobilisation, graft, conditioning, engraftment and hospital stay."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from nissc1.reconstruct import assumptions as assumed
from nissc1.reconstruct.calibration import swap_to_correlation
from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.marginals import MarginalError, Shape, choose
from nissc1.reconstruct.targets import N_DEATHS

#: Deaths too early for neutrophils or platelets to be followed: rows 1 to 3 of Table 3.
NOT_EVALUABLE = (0, 1, 2)
#: How often the dating of the reinfusions is tried anew.
DATING_TRIES = 200


def _transplant_dates(draft: Draft) -> None:
    """Date the reinfusions so that each follow-up ends by the data cut-off."""
    rng, n = draft.rng, len(draft.courses)
    first, last = assumed.FIRST_TRANSPLANT, assumed.LAST_TRANSPLANT
    span = (last - first).days
    days = sorted({0, span} | {int((k + rng.random()) * span / n) for k in range(n)})
    while len(days) < n:
        days = sorted({*days, int(rng.random() * span)})
    while len(days) > n:
        del days[len(days) // 2]
    # The dead first: their short times would fit any date, and they would be left with the last.
    order = sorted(
        draft.patients,
        key=lambda p: (not draft.courses[p].dead, -draft.courses[p].last_contact, p),
    )
    for _ in range(DATING_TRIES):
        dated = _date_in_order(draft, order, list(days))
        if dated is not None:
            draft.put("transplant_date", dated)
            return
    raise MarginalError(
        f"The follow-up does not fit between {first} and the data cut-off {assumed.DATA_CUTOFF}. "
        "Shorten the longest, or assume a later cut-off."
    )


def _date_in_order(draft: Draft, order: list[int], days: list[int]) -> dict[int, dt.date] | None:
    """Give each patient one of the days that leave room for the follow-up, if there is one."""
    first, dated = assumed.FIRST_TRANSPLANT, {}
    for p in order:
        limit = (assumed.DATA_CUTOFF - first).days - draft.courses[p].last_contact
        possible = [day for day in days if day <= limit]
        if not possible:
            return None
        day = possible[int(draft.rng.random() * len(possible))]
        days.remove(day)
        dated[p] = first + dt.timedelta(days=day)
    return dated


def _centre_lean(draft: Draft, centres: tuple[str, ...], weight: float) -> list[float]:
    """Score the patients of some centres higher: habits belong to centres."""
    centre = draft.column("centre")
    return [weight * (centre[p] in centres) + draft.normal() for p in draft.patients]


def _mobilisation(draft: Draft) -> None:
    count, median_range = draft.targets.count, draft.targets.median_range
    for p in range(N_DEATHS):
        dose = draft.targets.death(p + 1, "mobilisation_cyc")
        draft.put("mobilisation_cyc_g_m2", {p: Decimal(dose or 0)})
    doses = draft.column("mobilisation_cyc_g_m2")
    two = count("table2.mobilisation_cyc_2") - sum(d == 2 for d in doses)
    four = count("table2.mobilisation_cyc_4") - sum(d == 4 for d in doses)
    places: list[Decimal | None] = [*[Decimal(2)] * two, *[Decimal(4)] * four]
    places += [Decimal(str(dose)) for dose in assumed.OTHER_MOBILISATION_CYC]
    places += [None] * count("table2.mobilisation_cyc_missing")
    draft.rng.shuffle(places)
    draft.put("mobilisation_cyc_g_m2", dict(zip(range(N_DEATHS, len(doses)), places, strict=True)))
    draft.put("mobilisation_cyc", dict.fromkeys(draft.patients, True))
    draft.put("mobilisation_gcsf", dict.fromkeys(draft.patients, True))
    sessions: list[int | None] = [
        times for times in (1, 2, 3) for _ in range(count(f"table2.leukapheresis_{times}"))
    ]
    sessions += [None] * (len(doses) - len(sessions))
    draft.rng.shuffle(sessions)
    draft.put("leukaphereses", dict(zip(draft.patients, sessions, strict=True)))
    # Some centres kept patients in hospital for the whole of mobilisation.
    kept = _centre_lean(draft, ("C01", "C03", "C06", "C09"), 2.0)
    draft.measure(
        "mobilisation_stay_days",
        median_range("table2.mobilisation_stay"),
        score=kept,
        shape=Shape(1.0, 2.2),
    )
    draft.measure(
        "mobilisation_to_conditioning_days",
        median_range("results.mobilisation_to_conditioning"),
        shape=Shape(1.2, 3.0),
    )


def _conditioning(draft: Draft) -> None:
    count, median_range = draft.targets.count, draft.targets.median_range
    thiotepa = [p for p in draft.patients if draft.courses[p].thiotepa]
    draft.put(
        "thiotepa_mg_kg",
        {
            p: int(draft.targets.value("results.thiotepa_dose")) if p in thiotepa else 0
            for p in draft.patients
        },
    )
    draft.put(
        "conditioning_cyc_mg_kg",
        dict.fromkeys(thiotepa, int(draft.targets.value("results.thiotepa_cyc_dose"))),
    )
    for p in range(N_DEATHS):
        if p not in thiotepa:
            dose = draft.targets.death(p + 1, "conditioning_cyc")
            draft.put("conditioning_cyc_mg_kg", {p: int(dose or 0)})
    free = draft.unset("conditioning_cyc_mg_kg")
    others = choose(draft.rng, free, count("table2.conditioning_cyc_other"))
    usual = int(median_range("results.conditioning_cyc_dose").median)
    draft.put("conditioning_cyc_mg_kg", dict.fromkeys(free, usual))
    draft.put(
        "conditioning_cyc_mg_kg", dict(zip(others, assumed.OTHER_CONDITIONING_CYC, strict=True))
    )
    centre = draft.column("centre")
    grafalon = [p for p in draft.patients if centre[p] in assumed.GRAFALON_CENTRES]
    brands = {p: "Grafalon" if p in grafalon else "Thymoglobulin" for p in draft.patients}
    draft.put("atg_brand", brands)
    draft.measure(
        "atg_dose_mg_kg",
        median_range("table2.grafalon_dose"),
        among=grafalon,
        shape=Shape(5.0, 3.0),
    )
    rest = [p for p in draft.patients if p not in grafalon]
    # Its printed median is its maximum: the values above the median are all the same.
    draft.measure(
        "atg_dose_mg_kg",
        median_range("table2.thymoglobulin_dose"),
        among=rest,
        decimals=1,
        shape=Shape(6.0, 1.0),
    )
    shorter = _centre_lean(draft, assumed.GRAFALON_CENTRES, 1.5)
    draft.put("atg_days", {p: 4 if shorter[p] > 0.8 else 5 for p in draft.patients})
    draft.put("total_body_irradiation", dict.fromkeys(draft.patients, False))
    draft.flag(
        "methylprednisolone",
        count("results.methylprednisolone"),
        score=_centre_lean(draft, ("C03", "C09"), -2.0),
    )


def _growth_factor(draft: Draft) -> None:
    """Give G-CSF after reinfusion; of one survivor it is not known, the first to die had none."""
    count = draft.targets.count("table2.gcsf_after")
    unknown = choose(draft.rng, [p for p in draft.patients if not draft.courses[p].pfs_event], 1)
    draft.flag(
        "gcsf_after",
        count,
        score=_centre_lean(draft, ("C02", "C04", "C06"), 1.5),
        missing=unknown,
        never=NOT_EVALUABLE,
    )
    given = [p for p in draft.patients if draft.column("gcsf_after")[p]]
    draft.measure(
        "gcsf_after_days",
        draft.targets.median_range("table2.gcsf_days"),
        among=given,
        shape=Shape(1.0, 1.4),
    )


def _engraftment(draft: Draft) -> float:
    count, median_range = draft.targets.count, draft.targets.median_range
    draft.measure("cd34_dose", median_range("table2.cd34_dose"), decimals=2, shape=Shape(0.9, 3.2))
    evaluable = [p for p in draft.patients if p not in NOT_EVALUABLE]
    doses = draft.column("cd34_dose")
    score = [draft.normal() - 0.12 * float(doses[p]) for p in draft.patients]
    name = "neutrophil_engraftment_day"
    draft.measure(
        name,
        median_range("results.neutrophil_engraftment"),
        among=evaluable,
        score=score,
        shape=Shape(1.2, 2.8),
    )
    days = draft.column(name)
    chosen = [days[p] for p in evaluable]
    printed = float(draft.targets.value("results.cd34_engraftment_correlation"))
    rho = swap_to_correlation(draft.rng, chosen, [doses[p] for p in evaluable], printed)
    draft.put(name, dict(zip(evaluable, chosen, strict=True)))
    never = choose(
        draft.rng,
        [p for p in evaluable if p >= N_DEATHS],
        count("results.never_below_platelets"),
        score=[-v for v in score],
    )
    draft.put("platelets_never_below_20", {p: p in never for p in evaluable})
    fell = [p for p in evaluable if p not in never]
    near = [0.12 * float(days[p] or 0) + draft.normal() for p in draft.patients]
    draft.measure(
        "platelet_engraftment_day",
        median_range("results.platelet_engraftment"),
        among=fell,
        score=near,
        shape=Shape(1.6, 2.0),
    )
    return rho


def _stay(draft: Draft) -> None:
    """Give stays for transplantation; those who died early stayed until death."""
    draft.put(
        "conditioning_stay_days",
        {row - 1: days for row, days in assumed.STAY_OF_EARLY_DEATHS.items()},
    )
    neutrophils = draft.column("neutrophil_engraftment_day")
    score = [0.15 * float(neutrophils[p] or 0) + draft.normal() for p in draft.patients]
    for p in range(N_DEATHS):
        score[p] = min(score[p], 1.0)  # the longest stays belong to survivors
    draft.measure(
        "conditioning_stay_days",
        draft.targets.median_range("table2.conditioning_stay"),
        score=score,
        shape=Shape(1.4, 4.0, inner_low=assumed.SHORTEST_SURVIVOR_STAY),
    )


def add_procedure(draft: Draft) -> float:
    """Add the columns of the table of transplants to the draft.

    Parameters
    ----------
    draft : Draft
        With centres; changed in place.

    Returns
    -------
    float
        Spearman's correlation of cell dose and neutrophil engraftment that was reached.
    """
    _transplant_dates(draft)
    _mobilisation(draft)
    draft.flag(
        "cd34_selection",
        draft.targets.count("table2.cd34_selected"),
        score=_centre_lean(draft, assumed.SELECTING_CENTRES, 1.6),
    )
    _conditioning(draft)
    _growth_factor(draft)
    rho = _engraftment(draft)
    _stay(draft)
    return rho
