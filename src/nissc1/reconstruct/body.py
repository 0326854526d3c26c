"""Height, weight and serum creatinine, so that body mass index and clearance come out as printed.

Both are derived by the loader. Clearance is the article's form of Cockcroft and Gault (1976),
without a factor for sex: (140 - age) / creatinine [mg/dL] * weight [kg] / 72.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.marginals import (
    MarginalError,
    assign_by_rank,
    choose,
    from_units,
    sample_between,
)
from nissc1.reconstruct.targets import N_DEATHS

#: µmol/L of creatinine in one mg/dL.
UMOL_PER_MG_DL = Decimal("88.4")
TENTH = Decimal("0.1")
#: Heights, cm: mean and standard deviation by sex.
HEIGHTS = {"F": (163.0, 6.0), "M": (176.0, 6.5)}
#: Body mass index drawn, kg/m², in tenths: well inside the printed groups.
BMI_GROUPS = {
    "table1.bmi_under_18_5": (165, 182),
    "table1.bmi_18_5_to_30": (188, 294),
    "table1.bmi_over_30": (304, 345),
}
#: Plausible serum creatinine, µmol/L, of those outside Table 3.
CREATININE = (32, 135)


def clearance(age: int, weight: Decimal, creatinine: int) -> Decimal:
    """Compute creatinine clearance as the article prints the formula.

    Parameters
    ----------
    age : int
        Years.
    weight : Decimal
        Kilograms.
    creatinine : int
        Serum creatinine, µmol/L.

    Returns
    -------
    Decimal
        Clearance, mL/min.
    """
    return (140 - age) * UMOL_PER_MG_DL / creatinine * weight / 72


def _weight_for(age: int, creatinine: int, target: Decimal) -> Decimal:
    exact = target * 72 * creatinine / UMOL_PER_MG_DL / (140 - age)
    return exact.quantize(TENTH, ROUND_HALF_EVEN)


def add_body(draft: Draft) -> None:
    """Add height, weight and creatinine to the draft.

    Each patient gets a target clearance and body mass index. Where creatinine is known (Table 3)
    weight follows from it; elsewhere creatinine follows from a weight of the right body mass index
    and the weight is then trimmed by fractions of a kilogram.

    Parameters
    ----------
    draft : Draft
        With sex, age and Table 3's creatinine; changed in place.

    Raises
    ------
    MarginalError
        When the printed groups of body mass index cannot be met.
    """
    rng, n = draft.rng, len(draft.courses)
    sexes, ages = draft.column("sex"), draft.column("age_years")
    creatinine = draft.column("creatinine_umol_l")
    target = draft.targets.median_range("table1.creatinine_clearance")
    # Clearance of the eight deaths: as their creatinine and a common weight would have it.
    known: dict[int, Decimal] = {}
    weights: dict[int, Decimal] = {}
    for p in range(N_DEATHS):
        wish = Decimal(58 if sexes[p] == "F" else 76)
        value = clearance(ages[p], wish, creatinine[p])
        value = min(max(value, target.low + 3), target.high - 12 + 2 * p)
        weights[p] = _weight_for(ages[p], creatinine[p], value)
        known[p] = clearance(ages[p], weights[p], creatinine[p])
    # Whole numbers apart from the median by 1, so that trimming cannot cross it.
    middle = int(target.median)
    below = (n - 2) // 2 - sum(value < middle for value in known.values())
    above = (n - 2) // 2 - sum(value > middle for value in known.values())
    low, high = int(target.low), int(target.high)
    values = [low, *sample_between(rng, below - 1, low + 1, middle - 1, 0.6), middle, middle]
    values += [*sample_between(rng, above - 1, middle + 1, high - 2, 1.5), high]
    free = list(range(N_DEATHS, n))
    kidney = draft.score(0.8, size=0.5)
    wanted = assign_by_rank(
        [Decimal(v) for v in values],
        free,
        [k - 0.03 * a for k, a in zip(kidney, ages, strict=True)],
    )
    heights = {
        p: HEIGHTS[sexes[p]][0] + HEIGHTS[sexes[p]][1] * max(-2.2, min(2.2, draft.normal()))
        for p in draft.patients
    }
    draft.put("height_cm", {p: Decimal(round(heights[p])) for p in draft.patients})
    _fit(draft, wanted, weights)
    draft.put("creatinine_umol_l", _known_creatinine(draft))


def _known_creatinine(draft: Draft) -> dict[int, int]:
    """Return the whole numbers of creatinine set so far."""
    values = draft.column("creatinine_umol_l")
    return {p: int(values[p]) for p in draft.patients if values[p] is not None}


def _fit(draft: Draft, wanted: dict[int, Decimal], weights: dict[int, Decimal]) -> None:
    """Choose body mass index by group, then creatinine and weight of each patient."""
    rng, n = draft.rng, len(draft.courses)
    heights, ages = draft.column("height_cm"), draft.column("age_years")
    counts = {figure: draft.targets.count(figure) for figure in BMI_GROUPS}
    no_height = set(choose(rng, sorted(wanted), n - sum(counts.values())))
    for p, weight in weights.items():
        # A height that keeps the body mass index of Table 3's patients ordinary.
        index = weight / (heights[p] / 100) ** 2
        while not Decimal("18.8") <= index <= Decimal("29.4"):
            heights[p] += 1 if index > 24 else -1
            index = weight / (heights[p] / 100) ** 2
        if not 140 <= heights[p] <= 200:
            raise MarginalError(
                f"The patient in row {p + 1} of Table 3 would be {heights[p]} cm tall."
            )
    counts["table1.bmi_18_5_to_30"] -= len(weights)
    indices: list[Decimal] = []
    for figure, (low, high) in BMI_GROUPS.items():
        power = 1.2 if figure == "table1.bmi_18_5_to_30" else 1.0
        indices += [from_units(v, 1) for v in sample_between(rng, counts[figure], low, high, power)]
    measured = [p for p in wanted if p not in no_height]
    # Heavier patients clear more: the index goes with the wanted clearance, and chance.
    score = draft.score(0.6, size=0.7)
    index_of = assign_by_rank(indices, measured, score)
    for p, target in wanted.items():
        index = index_of.get(p, Decimal("22.5"))
        weight = (index * (heights[p] / 100) ** 2).quantize(TENTH, ROUND_HALF_EVEN)
        exact = (140 - ages[p]) * UMOL_PER_MG_DL * weight / 72 / target
        level = min(
            max(int(exact.to_integral_value(ROUND_HALF_EVEN)), CREATININE[0]), CREATININE[1]
        )
        weights[p] = _weight_for(ages[p], level, target)
        draft.put("creatinine_umol_l", {p: level})
        if p in no_height:
            continue
        # The trimmed weight keeps the group: shift the height by the same fraction.
        heights[p] = Decimal(
            int((100 * (weights[p] / index).sqrt()).to_integral_value(ROUND_HALF_EVEN))
        )
    draft.put("weight_kg", weights)
    for p in no_height:
        heights[p] = None
