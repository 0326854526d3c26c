"""One row a patient: what was known before transplantation, and how it was done."""

from __future__ import annotations

import pandas as pd

VISIT_COLUMNS = ["mrss", "fvc_pct", "dlco_pct", "shaq", "esr_mm_h"]
UMOL_L_PER_MG_DL = 88.4
"""Serum creatinine: 1 mg/dL is 88.4 µmol/L."""


def creatinine_clearance(
    age_years: pd.Series[float], weight_kg: pd.Series[float], creatinine_umol_l: pd.Series[float]
) -> pd.Series[float]:
    """Estimate creatinine clearance as the study did.

    The formula is the one printed below the study's Table 1, which has no factor for women:
    (140 - age) / creatinine in mg/dL x weight / 72.

    Parameters
    ----------
    age_years, weight_kg, creatinine_umol_l : Series
        Age in years, weight in kg and serum creatinine in µmol/L, on one index.

    Returns
    -------
    Series
        Clearance in mL/min; NA where a component is.

    References
    ----------
    Cockcroft DW, Gault MH. Nephron 1976;16:31-41.
    """
    per_mg_dl = creatinine_umol_l / UMOL_L_PER_MG_DL
    return (140 - age_years) / per_mg_dl * weight_kg / 72


def baseline_frame(
    patients: pd.DataFrame, transplants: pd.DataFrame, visits: pd.DataFrame
) -> pd.DataFrame:
    """Join what is known of each patient at day 0.

    Parameters
    ----------
    patients, transplants, visits : DataFrame
        Tables of a cohort; `patients` and `transplants` with one row a patient.

    Returns
    -------
    DataFrame
        Indexed by ``patient_id`` in the order of `patients`: the columns of both tables, the
        month-0 values ``mrss``, ``fvc_pct``, ``dlco_pct``, ``shaq`` and ``esr_mm_h``, and the
        derived ``bmi`` (kg/m²) and ``creatinine_clearance`` (mL/min). NA where a source is missing.

    Raises
    ------
    ValueError
        When a patient has more than one row in `patients`, in `transplants` or at month 0.
    """
    month_0 = visits.loc[visits["month"] == 0, ["patient_id", *VISIT_COLUMNS]]
    tables = [table.set_index("patient_id") for table in (patients, transplants, month_0)]
    for table in tables:
        if not table.index.is_unique:
            repeated = table.index[table.index.duplicated()][0]
            raise ValueError(
                f"Patient {repeated!r} has more than one row where there may be one: in patients, "
                "in transplants, or at month 0 of visits. Run the checks on the release."
            )
    known = tables[0].index
    joined = pd.concat([tables[0], *(table.reindex(known) for table in tables[1:])], axis="columns")
    joined["bmi"] = joined["weight_kg"] / (joined["height_cm"] / 100) ** 2
    joined["creatinine_clearance"] = creatinine_clearance(
        joined["age_years"], joined["weight_kg"], joined["creatinine_umol_l"]
    )
    return joined
