"""Rows of Table 2: mobilisation, graft, conditioning, support."""

from __future__ import annotations

import pandas as pd

from nissc1.tabulation.row import Row, Rows, Values, count, median, share


def _dose_with(brand: str) -> Values:
    return lambda b: b["atg_dose_mg_kg"].where(b["atg_brand"] == brand)


def _with_thiotepa(column: str) -> Values:
    return lambda b: b[column].where(b["thiotepa_mg_kg"] > 0)


def _alone(baseline: pd.DataFrame) -> pd.Series[bool]:
    return baseline["thiotepa_mg_kg"] == 0


PROCEDURE: Rows = {
    "Mobilisation": (
        count("procedure.mobilisation_cyc", "Cyclophosphamide", "mobilisation_cyc"),
        median(
            "procedure.mobilisation_cyc_dose", "Cyclophosphamide", "mobilisation_cyc_g_m2", "g/m²"
        ),
        share(
            "procedure.mobilisation_cyc_2",
            "Cyclophosphamide 2 g/m²",
            lambda b: b["mobilisation_cyc_g_m2"] == 2,
        ),
        share(
            "procedure.mobilisation_cyc_4",
            "Cyclophosphamide 4 g/m²",
            lambda b: b["mobilisation_cyc_g_m2"] == 4,
        ),
        share(
            "procedure.mobilisation_cyc_other",
            "Cyclophosphamide, other dose",
            lambda b: (b["mobilisation_cyc_g_m2"] != 2) & (b["mobilisation_cyc_g_m2"] != 4),
        ),
        count(
            "procedure.mobilisation_cyc_missing",
            "Cyclophosphamide, dose not known",
            lambda b: b["mobilisation_cyc_g_m2"].isna(),
        ),
        share("procedure.mobilisation_gcsf", "G-CSF", "mobilisation_gcsf"),
        share("procedure.leukapheresis_1", "One leukapheresis", lambda b: b["leukaphereses"] == 1),
        share("procedure.leukapheresis_2", "Two leukaphereses", lambda b: b["leukaphereses"] == 2),
        share(
            "procedure.leukapheresis_3", "Three leukaphereses", lambda b: b["leukaphereses"] == 3
        ),
        median(
            "procedure.mobilisation_to_conditioning",
            "From mobilisation to conditioning",
            "mobilisation_to_conditioning_days",
            "days",
        ),
    ),
    "Graft": (
        share("procedure.cd34_selected", "CD34+ selection", "cd34_selection"),
        share("procedure.cd34_unselected", "No CD34+ selection", lambda b: ~b["cd34_selection"]),
        median("procedure.cd34_dose", "CD34+ cells reinfused", "cd34_dose", "10⁶/kg", 2),
    ),
    "Conditioning": (
        count(
            "procedure.conditioning_cyc",
            "Cyclophosphamide",
            lambda b: b["conditioning_cyc_mg_kg"] > 0,
        ),
        median(
            "procedure.conditioning_cyc_dose",
            "Cyclophosphamide",
            "conditioning_cyc_mg_kg",
            "mg/kg",
        ),
        share(
            "procedure.conditioning_cyc_200",
            "Cyclophosphamide 200 mg/kg",
            lambda b: _alone(b) & (b["conditioning_cyc_mg_kg"] == 200),
        ),
        share(
            "procedure.conditioning_cyc_other",
            "Cyclophosphamide, other dose",
            lambda b: _alone(b) & (b["conditioning_cyc_mg_kg"] != 200),
        ),
        share("procedure.conditioning_cyc_alone", "Cyclophosphamide without thiotepa", _alone),
        share(
            "procedure.conditioning_cyc_100_thiotepa",
            "Cyclophosphamide and thiotepa",
            lambda b: ~_alone(b),
        ),
        median(
            "procedure.thiotepa_cyc_dose",
            "With thiotepa: cyclophosphamide",
            _with_thiotepa("conditioning_cyc_mg_kg"),
            "mg/kg",
        ),
        median(
            "procedure.thiotepa_dose",
            "With thiotepa: thiotepa",
            _with_thiotepa("thiotepa_mg_kg"),
            "mg/kg",
        ),
        share(
            "procedure.atg_rabbit",
            "Rabbit antithymocyte globulin",
            lambda b: b["atg_brand"].notna(),
        ),
        median(
            "procedure.thymoglobulin_dose",
            "Thymoglobulin",
            _dose_with("Thymoglobulin"),
            "mg/kg",
            1,
        ),
        median("procedure.grafalon_dose", "Grafalon", _dose_with("Grafalon"), "mg/kg"),
        median("procedure.atg_days", "Antithymocyte globulin", "atg_days", "days"),
        share("procedure.methylprednisolone", "Methylprednisolone with it", "methylprednisolone"),
        count("procedure.tbi", "Total body irradiation", "total_body_irradiation"),
    ),
    "Growth factor and hospital stay": (
        share("procedure.gcsf_after", "G-CSF after reinfusion", "gcsf_after"),
        median("procedure.gcsf_days", "G-CSF after reinfusion", "gcsf_after_days", "days"),
        median(
            "procedure.mobilisation_stay",
            "Hospital stay for mobilisation",
            "mobilisation_stay_days",
            "days",
        ),
        median(
            "procedure.conditioning_stay",
            "Hospital stay for transplantation",
            "conditioning_stay_days",
            "days",
        ),
    ),
}
"""Table 2 of Henes et al. 2021, with what its Results add; for `Cohort.baseline()`."""

ENGRAFTMENT: tuple[Row, ...] = (
    median("engraftment.neutrophils", "Neutrophils", "neutrophil_engraftment_day", "days"),
    median("engraftment.platelets", "Platelets", "platelet_engraftment_day", "days"),
    share(
        "engraftment.never_below_platelets",
        "Platelets never below 20 × 10⁹/L",
        "platelets_never_below_20",
    ),
)
"""Engraftment as the Results give it; for `Cohort.baseline()`."""
