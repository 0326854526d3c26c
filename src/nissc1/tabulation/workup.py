"""Rows on the cardiopulmonary work-up in three groups of patients."""

from __future__ import annotations

import pandas as pd

from nissc1.tabulation.row import Row, abnormal, count, done, share

NORMAL_LVEF = 50
"""Percent from which an ejection fraction by echocardiography counts as normal; not the article's,
which only says "normal"."""


def neither_examined(baseline: pd.DataFrame) -> pd.Series[bool]:
    """Tell who had neither cardiac MRI nor right heart catheterisation.

    Parameters
    ----------
    baseline : DataFrame
        `Cohort.baseline()`.

    Returns
    -------
    Series of bool
        One value a patient.
    """
    return ~done("cardiac_mri")(baseline) & ~done("rhc")(baseline)


NOT_EXAMINED: tuple[Row, ...] = (
    count(
        "workup.no_mri_rhc.effusion",
        "Pericardial effusion",
        "pericardial_effusion",
    ),
    count(
        "workup.no_mri_rhc.spap_over_25",
        "Systolic pulmonary pressure above 25 mmHg",
        lambda b: b["spap_mmhg"] > 25,
    ),
    count("workup.no_mri_rhc.resting_ecg_done", "Resting ECG done", done("resting_ecg")),
    share(
        "workup.no_mri_rhc.resting_ecg_abnormal", "Resting ECG abnormal", abnormal("resting_ecg")
    ),
    share("workup.no_mri_rhc.holter_abnormal", "24-hour ECG abnormal", abnormal("holter_ecg")),
)
"""In the patients with neither examination."""

MRI_ABNORMAL: tuple[Row, ...] = (
    count("workup.mri_abnormal.n", "Patients", done("cardiac_mri")),
    count(
        "workup.mri_abnormal.lvef_normal",
        "Ejection fraction normal",
        lambda b: b["lvef_pct"] >= NORMAL_LVEF,
    ),
    count("workup.mri_abnormal.effusion", "Pericardial effusion", "pericardial_effusion"),
    count(
        "workup.mri_abnormal.resting_ecg_abnormal", "Resting ECG abnormal", abnormal("resting_ecg")
    ),
    count("workup.mri_abnormal.holter_abnormal", "24-hour ECG abnormal", abnormal("holter_ecg")),
    count("workup.mri_abnormal.rhc_done", "Catheterised", done("rhc")),
    count(
        "workup.mri_abnormal.rhc_normal", "Catheterisation normal", lambda b: b["rhc"] == "normal"
    ),
    count("workup.mri_abnormal.fluid_challenge", "Fluid challenge", "fluid_challenge"),
)
"""In the patients with abnormal cardiac MRI."""

EARLY_DEATHS: tuple[Row, ...] = (
    count(
        "workup.early_deaths.resting_ecg_normal",
        "Resting ECG normal",
        lambda b: b["resting_ecg"] == "normal",
    ),
    count(
        "workup.early_deaths.lvef_normal",
        "Ejection fraction normal",
        lambda b: b["lvef_pct"] >= NORMAL_LVEF,
    ),
    share("workup.early_deaths.holter_done", "24-hour ECG done", done("holter_ecg")),
    share("workup.early_deaths.mri_done", "Cardiac MRI done", done("cardiac_mri")),
    share(
        "workup.early_deaths.fluid_challenge",
        "Fluid challenge done",
        lambda b: b["fluid_challenge"].fillna(False),
    ),
)
"""In the patients who died by day 100 without progression."""
