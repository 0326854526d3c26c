"""Demography, skin and lung function, laboratory values and history before transplantation."""

from __future__ import annotations

from decimal import Decimal

from nissc1.reconstruct import assumptions as assumed
from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.marginals import (
    Shape,
    assign_by_rank,
    choose,
    sample_between,
)
from nissc1.reconstruct.targets import N_DEATHS

#: mRSS above which the text counts patients, and the cut of the Cox model.
MRSS_COUNTED, MRSS_CUT = 15, 24
CK_RAISED = 250


def _add_centres(draft: Draft) -> None:
    """Place the patients in centres; those with thiotepa in one."""
    rng = draft.rng
    sizes = {centre: size for centre, _, size in assumed.CENTRES}
    countries = {centre: country for centre, country, _ in assumed.CENTRES}
    thiotepa = [p for p in draft.patients if draft.courses[p].thiotepa]
    draft.put("centre", dict.fromkeys(thiotepa, assumed.THIOTEPA_CENTRE))
    sizes[assumed.THIOTEPA_CENTRE] -= len(thiotepa)
    places = [centre for centre, size in sizes.items() for _ in range(size)]
    rng.shuffle(places)
    draft.put("centre", dict(zip(draft.unset("centre"), places, strict=True)))
    draft.put("country", {p: countries[draft.column("centre")[p]] for p in draft.patients})


def _demography(draft: Draft) -> None:
    count, median_range = draft.targets.count, draft.targets.median_range
    females = count("table1.female")
    sex = draft.column("sex")
    free = draft.unset("sex")
    women = choose(draft.rng, free, females - sex.count("F"))
    draft.put("sex", {p: "F" if p in women else "M" for p in free})
    living = range(N_DEATHS, N_DEATHS + len(assumed.AGES_OF_PROGRESSION))
    draft.put("age_years", dict(zip(living, assumed.AGES_OF_PROGRESSION, strict=True)))
    draft.measure("age_years", median_range("table1.age"), shape=Shape(1.1, 1.1))
    draft.measure(
        "disease_duration_months",
        median_range("table1.disease_duration"),
        decimals=1,
        shape=Shape(1.1, 2.2),
    )


def _skin(draft: Draft) -> None:
    """Give baseline mRSS: counted groups first, those with a PFS event high more often."""
    target = draft.targets.median_range("table1.mrss")
    low, high = int(target.low), int(target.high)
    n = len(draft.courses)
    rng, over_15 = draft.rng, draft.targets.count("results.mrss_over_15")
    over_24 = assumed.MRSS_OVER_24
    values = [low, *sample_between(rng, n - over_15 - 1, low + 1, MRSS_COUNTED, 0.6)]
    # The two middle values are the printed median itself.
    middle = n - over_24 - len(values)
    exact = n - over_24 - (n // 2 - 1)
    values += sample_between(rng, middle - exact, MRSS_COUNTED + 1, MRSS_CUT) + [MRSS_CUT] * exact
    values += [*sample_between(rng, over_24 - 1, MRSS_CUT + 1, high - 2, 1.7), high]
    values.sort()
    events = [p for p in draft.patients if draft.courses[p].pfs_event]
    skin = draft.score(0.5, skin=1.0)
    high_events = choose(rng, events, assumed.PFS_EVENTS_OVER_24, skin)
    calm = [p for p in draft.patients if p not in events]
    high_calm = choose(rng, calm, over_24 - len(high_events), skin)
    upper = sorted(high_events + high_calm)
    lower = [p for p in draft.patients if p not in upper]
    as_decimal = [Decimal(value) for value in values]
    draft.put("mrss", assign_by_rank(as_decimal[: n - over_24], lower, skin))
    draft.put("mrss", assign_by_rank(as_decimal[n - over_24 :], upper, skin))


def _lung_function(draft: Draft) -> None:
    median_range = draft.targets.median_range
    fvc = draft.score(0.25, lung=1.0)
    draft.measure(
        "fvc_pct", median_range("table1.fvc"), decimals=1, score=fvc, shape=Shape(1.2, 2.6)
    )
    fev1 = [value + 0.35 * draft.normal() for value in fvc]
    draft.measure(
        "fev1_pct", median_range("table1.fev1"), decimals=1, score=fev1, shape=Shape(1.3, 2.8)
    )
    gas = [
        0.6 * lung + 0.8 * own for lung, own in zip(fvc, draft.score(0.5, gas=0.85), strict=True)
    ]
    draft.measure(
        "dlco_pct", median_range("table1.dlco"), decimals=1, score=gas, shape=Shape(1.0, 2.2)
    )
    draft.flag(
        "lung_crepitations",
        draft.targets.count("table1.crepitations"),
        score=draft.score(1.0, lung=-0.8),
    )


def match_fev1(draft: Draft) -> None:
    """Hand FEV1 out anew in the order of FVC, once nothing moves FVC any more.

    A restricted lung loses both alike, so the ranks follow each other but for a little noise.

    Parameters
    ----------
    draft : Draft
        Cohort whose baseline FVC is final.
    """
    fvc = draft.column("fvc_pct")
    score = [float(value) + assumed.FEV1_NOISE * draft.normal() for value in fvc]
    draft.put("fev1_pct", assign_by_rank(draft.column("fev1_pct"), list(draft.patients), score))


def _laboratory(draft: Draft) -> None:
    count, median_range = draft.targets.count, draft.targets.median_range
    n, rng = len(draft.courses), draft.rng
    target = median_range("table1.ck")
    known, raised = assumed.CK_KNOWN, count("table1.ck_250_or_more")
    low, middle, high = int(target.low), int(target.median), int(target.high)
    values = [low, *sample_between(rng, known // 2 - 2, low + 4, middle, 0.8), middle, middle]
    ordinary = known - raised - len(values)
    values += sample_between(rng, ordinary, middle, CK_RAISED - 12, 1.8)
    values += [*sample_between(rng, raised - 1, CK_RAISED + 6, 760, 1.6), high]
    measured = choose(rng, draft.patients, known)
    muscle = draft.score(1.0, other=0.5)
    draft.put("ck_u_l", assign_by_rank([Decimal(v) for v in values], measured, muscle))
    draft.flag(
        "muscle_weakness",
        count("table1.muscle_weakness"),
        score=[0.8 * value + draft.normal() for value in muscle],
    )
    draft.flag(
        "joint_involvement", count("table1.joint_involvement"), score=draft.score(1.0, skin=0.3)
    )
    for name, size in (
        ("proteinuria", assumed.PROTEINURIA_KNOWN),
        ("haematuria", assumed.HAEMATURIA_KNOWN),
    ):
        # One dipstick gives both: the same patients lack it.
        missing = [p for p in draft.patients if draft.column("proteinuria")[p] is None]
        absent = None if name == "proteinuria" or n - size != len(missing) else missing
        draft.flag(name, count(f"table1.{name}"), size, missing=absent)
    draft.flag("ana", count("table1.ana"))
    ana = draft.column("ana")
    draft.flag("anti_scl70", count("table1.scl70"), never=[p for p in draft.patients if not ana[p]])
    scl70 = draft.column("anti_scl70")
    draft.flag(
        "anti_centromere",
        count("table1.anticentromere"),
        assumed.CENTROMERE_KNOWN,
        never=[p for p in draft.patients if scl70[p] or not ana[p]],
    )


HISTORY = {
    "prior_cyclophosphamide": "table1.previous_cyclophosphamide",
    "prior_methotrexate": "table1.previous_methotrexate",
    "prior_mycophenolate": "table1.previous_mycophenolate",
    "prior_prednisone": "table1.previous_prednisone",
    "prior_azathioprine": "table1.previous_azathioprine",
    "prior_atg": "table1.previous_atg",
    "prior_ciclosporin": "table1.previous_ciclosporin",
}
#: Drugs printed with percentages that only 79 patients give; the others fit 80.
OF_79 = ("prior_methotrexate", "prior_mycophenolate", "prior_prednisone")


def _history(draft: Draft) -> None:
    """Give previous treatment; the untreated have none, each treated patient at least one."""
    count, n = draft.targets.count, len(draft.courses)
    treated_count = count("table1.previous_immunosuppression")
    untreated = choose(draft.rng, range(N_DEATHS, n), n - treated_count)
    draft.put("prior_immunosuppression", {p: p not in untreated for p in draft.patients})
    prednisone = draft.score(1.0)
    # Who had no prednisone had cyclophosphamide or methotrexate: each treated patient has a drug.
    leaning = {
        "prior_prednisone": prednisone,
        "prior_cyclophosphamide": [0.6 * draft.normal() - value for value in prednisone],
        "prior_methotrexate": [0.8 * draft.normal() - 0.5 * value for value in prednisone],
    }
    unknown: list[int] | None = None
    for name, figure in HISTORY.items():
        missing: list[int] = []
        if name in OF_79:
            unknown = unknown or choose(
                draft.rng,
                [
                    p
                    for p in range(N_DEATHS, n)
                    if p not in untreated and draft.column("prior_cyclophosphamide")[p]
                ],
                1,
            )
            missing = unknown
        draft.flag(name, count(figure), score=leaning.get(name), never=untreated, missing=missing)
    _cover(draft, untreated)
    cyc = [p for p in draft.patients if draft.column("prior_cyclophosphamide")[p]]
    draft.measure(
        "prior_cyclophosphamide_g",
        draft.targets.median_range("table1.previous_cyclophosphamide_dose"),
        decimals=1,
        shape=Shape(1.1, 1.8),
        among=cyc,
    )


def _cover(draft: Draft, untreated: list[int]) -> None:
    """Hand prednisone to treated patients left without any drug, from those with several."""
    flags = {name: draft.column(name) for name in HISTORY}
    prednisone = flags["prior_prednisone"]

    def drugs(patient: int) -> int:
        return sum(column[patient] is True for column in flags.values())

    for patient in draft.patients:
        if patient in untreated or drugs(patient):
            continue
        giver = max(
            (p for p in draft.patients if prednisone[p] is True), key=lambda p: (drugs(p), -p)
        )
        prednisone[giver], prednisone[patient] = False, True


def add_baseline(draft: Draft) -> None:
    """Add everything but the heart and lung work-up to the draft's baseline columns.

    Parameters
    ----------
    draft : Draft
        With the rows of Table 3; changed in place.
    """
    _add_centres(draft)
    _demography(draft)
    _skin(draft)
    _lung_function(draft)
    _laboratory(draft)
    _history(draft)
