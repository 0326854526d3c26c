"""Clinical rules on screening, history and transplant procedure."""

from __future__ import annotations

import pandas as pd

from nissc1.cohort.rules import Rule

_PRESSURES = ("pap_mean_mmhg", "pap_systolic_mmhg", "pap_diastolic_mmhg")
_AGENTS = (
    "prior_cyclophosphamide",
    "prior_methotrexate",
    "prior_mycophenolate",
    "prior_prednisone",
    "prior_azathioprine",
    "prior_atg",
    "prior_ciclosporin",
)
BRAND_LIMIT_MG_KG = 15
"""Total doses of Thymoglobulin lie below, those of Grafalon above."""
FULL_CYCLOPHOSPHAMIDE_MG_KG = 200
"""Conditioning dose that thiotepa replaces in part."""
LONGEST_ADMISSION_BEFORE_DAY_0 = 30
"""Days; the stay for transplantation begins with conditioning, before reinfusion."""


def _without_catheter(column: str) -> Rule:
    return Rule(
        "rhc-not-done",
        "patients",
        column,
        ("rhc",),
        lambda frame: (frame["rhc"] == "not done") & frame[column].notna(),
        f"{column} is {{{column}}} although rhc is {{rhc}}.",
        "Empty the cell, or say in rhc what the catheterisation showed.",
    )


def _untreated(column: str) -> Rule:
    return Rule(
        "prior-treatment",
        "patients",
        column,
        ("prior_immunosuppression",),
        lambda frame: ~frame["prior_immunosuppression"] & frame[column],
        f"{column} is yes although prior_immunosuppression is no.",
        "Correct the one that is wrong.",
    )


def _not_given(frame: pd.DataFrame, column: str) -> pd.Series[bool]:
    return ~frame[column].fillna(False)


def _engrafted_after_last_contact(column: str) -> Rule:
    return Rule(
        "after-last-contact",
        "transplants",
        column,
        ("last_contact_day",),
        lambda frame: frame[column] > frame["last_contact_day"],
        f"{column} is {{{column}}}, after the last contact on day {{last_contact_day}}.",
        "Correct the day here or last_contact_day in outcomes.csv.",
    )


RULES: tuple[Rule, ...] = (
    *(_without_catheter(column) for column in (*_PRESSURES, "fluid_challenge")),
    Rule(
        "pressure-order",
        "patients",
        "pap_mean_mmhg",
        ("pap_systolic_mmhg", "pap_diastolic_mmhg"),
        lambda frame: (
            (frame["pap_mean_mmhg"] > frame["pap_systolic_mmhg"])
            | (frame["pap_mean_mmhg"] < frame["pap_diastolic_mmhg"])
        ),
        "the mean pulmonary pressure {pap_mean_mmhg} does not lie between diastolic "
        "{pap_diastolic_mmhg} and systolic {pap_systolic_mmhg}.",
        "Correct the pressures.",
    ),
    Rule(
        "pressure-order",
        "patients",
        "dbp_mmhg",
        ("sbp_mmhg",),
        lambda frame: frame["dbp_mmhg"] >= frame["sbp_mmhg"],
        "the diastolic pressure {dbp_mmhg} is not below the systolic {sbp_mmhg}.",
        "Correct the pressures; they may be exchanged.",
    ),
    *(_untreated(column) for column in _AGENTS),
    Rule(
        "dose-without-treatment",
        "patients",
        "prior_cyclophosphamide_g",
        ("prior_cyclophosphamide",),
        lambda frame: (
            frame["prior_cyclophosphamide_g"].notna() & _not_given(frame, "prior_cyclophosphamide")
        ),
        "a previous dose of {prior_cyclophosphamide_g} g stands beside a prior_cyclophosphamide "
        "that is not yes.",
        "Empty the dose, or set prior_cyclophosphamide to yes.",
    ),
    Rule(
        "dose-without-treatment",
        "transplants",
        "mobilisation_cyc_g_m2",
        ("mobilisation_cyc",),
        lambda frame: (frame["mobilisation_cyc_g_m2"] > 0) & _not_given(frame, "mobilisation_cyc"),
        "{mobilisation_cyc_g_m2} g/m² of cyclophosphamide stand beside a mobilisation_cyc that is "
        "not yes.",
        "Empty the dose, or set mobilisation_cyc to yes.",
    ),
    Rule(
        "dose-without-treatment",
        "transplants",
        "gcsf_after_days",
        ("gcsf_after",),
        lambda frame: frame["gcsf_after_days"].notna() & _not_given(frame, "gcsf_after"),
        "{gcsf_after_days} days of G-CSF stand beside a gcsf_after that is not yes.",
        "Empty the days, or set gcsf_after to yes.",
    ),
    Rule(
        "thiotepa",
        "transplants",
        "thiotepa_mg_kg",
        ("conditioning_cyc_mg_kg",),
        lambda frame: (
            (frame["thiotepa_mg_kg"] > 0)
            & (frame["conditioning_cyc_mg_kg"] >= FULL_CYCLOPHOSPHAMIDE_MG_KG)
        ),
        "thiotepa {thiotepa_mg_kg} mg/kg stands beside a full cyclophosphamide dose of "
        "{conditioning_cyc_mg_kg} mg/kg; with thiotepa it is below "
        f"{FULL_CYCLOPHOSPHAMIDE_MG_KG}.",
        "Correct the conditioning doses.",
    ),
    Rule(
        "atg-dose",
        "transplants",
        "atg_dose_mg_kg",
        ("atg_brand",),
        lambda frame: (
            (
                (frame["atg_brand"] == "Thymoglobulin")
                & (frame["atg_dose_mg_kg"] > BRAND_LIMIT_MG_KG)
            )
            | ((frame["atg_brand"] == "Grafalon") & (frame["atg_dose_mg_kg"] < BRAND_LIMIT_MG_KG))
        ),
        f"{{atg_dose_mg_kg}} mg/kg is not a dose of {{atg_brand}}: Thymoglobulin is given below "
        f"{BRAND_LIMIT_MG_KG} mg/kg in total, Grafalon above.",
        "Correct the brand or the dose.",
    ),
    Rule(
        "never-below",
        "transplants",
        "platelet_engraftment_day",
        ("platelets_never_below_20",),
        lambda frame: frame["platelet_engraftment_day"].notna() & frame["platelets_never_below_20"],
        "platelet engraftment on day {platelet_engraftment_day} of platelets that were never below "
        "20 × 10⁹/L.",
        "Empty the day, or set platelets_never_below_20 to no.",
    ),
    Rule(
        "engraftment-after-discharge",
        "transplants",
        "neutrophil_engraftment_day",
        ("conditioning_stay_days",),
        lambda frame: frame["neutrophil_engraftment_day"] > frame["conditioning_stay_days"],
        "neutrophil engraftment on day {neutrophil_engraftment_day} lies after a stay of "
        "{conditioning_stay_days} days, which began on day 0 or before.",
        "Correct the day or the stay.",
    ),
    _engrafted_after_last_contact("neutrophil_engraftment_day"),
    _engrafted_after_last_contact("platelet_engraftment_day"),
    Rule(
        "after-last-contact",
        "transplants",
        "conditioning_stay_days",
        ("last_contact_day",),
        lambda frame: (
            frame["conditioning_stay_days"]
            > frame["last_contact_day"] + LONGEST_ADMISSION_BEFORE_DAY_0
        ),
        "a stay of {conditioning_stay_days} days ends after the last contact on day "
        f"{{last_contact_day}}, even if it began {LONGEST_ADMISSION_BEFORE_DAY_0} days before "
        "day 0.",
        "Correct the stay here or last_contact_day in outcomes.csv.",
    ),
)
"""Rules on the tables ``patients`` and ``transplants``."""
