"""The patients who died: who, when, of what, and what was known beforehand (Table 3)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from nissc1.cohort.release import Cohort


@dataclass(frozen=True)
class Field:
    """Describe a column of Table 3.

    Parameters
    ----------
    name : str
        Column of `table`, and last part of the record's id.
    label, heading : str
        Name in a sentence and over a column.
    unit : str
        Unit.
    tabulated : bool
        Whether it is a column of the table; the others are mentioned in its cells or in the text.
    """

    name: str
    label: str
    heading: str
    unit: str = ""
    tabulated: bool = True


FIELDS: tuple[Field, ...] = (
    Field("death_day", "day", "Day of death", "day"),
    Field("cause", "cause", "Cause of death"),
    Field("age", "age", "Age, years", "years"),
    Field("sex", "sex", "Sex"),
    Field("sbp", "systolic blood pressure", "SBP, mmHg", "mmHg"),
    Field("dbp", "diastolic blood pressure", "DBP, mmHg", "mmHg"),
    Field("heart_rate", "heart rate", "Heart rate, /min", "per minute"),
    Field("resting_ecg", "resting ECG", "Resting ECG"),
    Field("holter_ecg", "24-hour ECG", "24-hour ECG"),
    Field("lvef", "ejection fraction by echo", "LVEF, %", "%"),
    Field("spap", "systolic pulmonary pressure by echo", "sPAP, mmHg", "mmHg"),
    Field("cardiac_mri", "cardiac MRI", "Cardiac MRI"),
    Field("rhc", "right heart catheterisation", "Catheterisation"),
    Field("proteinuria", "proteinuria", "Proteinuria"),
    Field("haematuria", "haematuria", "Haematuria"),
    Field("creatinine", "creatinine", "Creatinine, µmol/L", "µmol/L"),
    Field("mobilisation_cyc", "cyclophosphamide for mobilisation", "Mobilisation, g/m²", "g/m²"),
    Field("conditioning_cyc", "cyclophosphamide for conditioning", "Conditioning, mg/kg", "mg/kg"),
    Field("conditioning_thiotepa", "thiotepa", "Thiotepa, mg/kg", "mg/kg"),
    Field("rhc_mean_pap", "mean pulmonary pressure", "Mean PAP, mmHg", "mmHg", tabulated=False),
    Field("fluid_challenge", "fluid challenge", "Fluid challenge", tabulated=False),
    Field(
        "scintigraphy_lvef",
        "ejection fraction by scintigraphy",
        "Scintigraphy, %",
        "%",
        tabulated=False,
    ),
)
"""Columns in the order in which they are shown."""

_CLASSES = ("transplant related", "progression", "other")
_COPIED = {
    "age": "age_years",
    "sex": "sex",
    "sbp": "sbp_mmhg",
    "dbp": "dbp_mmhg",
    "heart_rate": "heart_rate_bpm",
    "lvef": "lvef_pct",
    "creatinine": "creatinine_umol_l",
    "mobilisation_cyc": "mobilisation_cyc_g_m2",
    "conditioning_cyc": "conditioning_cyc_mg_kg",
    "rhc_mean_pap": "pap_mean_mmhg",
    "scintigraphy_lvef": "scintigraphy_lvef_pct",
}
_EXAMINATIONS = ("resting_ecg", "holter_ecg", "cardiac_mri")
_SIGN = {True: "Positive", False: "Negative"}


def table(cohort: Cohort) -> pd.DataFrame:
    """List the deaths as Table 3 does.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    DataFrame
        One row a death, numbered from 1, with the columns of `FIELDS`. Deaths of transplantation
        come first, grouped by the leading word of their cause (the article's order), then those of
        progression, then others; within a group by day and age. Missing values are NA.
    """
    died = _deceased(cohort)
    detail = died["cause_of_death_detail"]
    shown = pd.DataFrame(
        {
            "death_day": died["last_contact_day"],
            "cause": detail.fillna(died["cause_of_death"].str.capitalize()),
            **{name: died[column] for name, column in _COPIED.items()},
            **{name: died[name].str.capitalize() for name in _EXAMINATIONS},
            "spap": died["spap_mmhg"]
            .astype(object)
            .where(died["spap_mmhg"].notna(), "Not recorded"),
            "rhc": _catheterisation(died),
            "proteinuria": died["proteinuria"].map(_SIGN),
            "haematuria": died["haematuria"].map(_SIGN),
            "conditioning_thiotepa": died["thiotepa_mg_kg"],
            "fluid_challenge": died["fluid_challenge"].map({True: "Done", False: "Not done"}),
        }
    )
    shown.index = pd.RangeIndex(1, len(shown) + 1, name="number")
    return shown[[field.name for field in FIELDS]]


def tabulated(died: pd.DataFrame) -> pd.DataFrame:
    """Choose and head the columns that Table 3 shows.

    Parameters
    ----------
    died : DataFrame
        Result of `table`.

    Returns
    -------
    DataFrame
        Same rows; the tabulated `FIELDS` under their headings.
    """
    shown = [field for field in FIELDS if field.tabulated]
    return died[[field.name for field in shown]].set_axis(
        [field.heading for field in shown], axis="columns"
    )


def circumstances(cohort: Cohort) -> pd.DataFrame:
    """Tell of each death what the text says of it.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    DataFrame
        One row a death in the order of `table`: ``day``; the booleans ``after_progression``,
        ``cardiac`` and ``cyclophosphamide`` (the reported cause names them), ``mri_done``,
        ``mri_normal`` and ``rhc_done``.
    """
    died = _deceased(cohort)
    cause = died["cause_of_death_detail"].fillna("")
    return pd.DataFrame(
        {
            "day": died["last_contact_day"].astype(int),
            "after_progression": died["progression_day"].notna(),
            "cardiac": cause.str.contains("cardiac", case=False).astype(bool),
            "cyclophosphamide": cause.str.contains("cyclophosphamide|CYC", case=False).astype(bool),
            "mri_done": (died["cardiac_mri"] != "not done").astype(bool),
            "mri_normal": (died["cardiac_mri"] == "normal").astype(bool),
            "rhc_done": (died["rhc"] != "not done").astype(bool),
        }
    )


def _deceased(cohort: Cohort) -> pd.DataFrame:
    outcomes = cohort.outcomes.set_index("patient_id")
    died = outcomes[outcomes["vital_status"] == "dead"].join(cohort.baseline())
    reported = died["cause_of_death_detail"].fillna("").str.lower()
    leading = reported.str.extract(r"(?:.*:)?\s*(\w*)", expand=False)
    order = pd.DataFrame(
        {
            "class": died["cause_of_death"].map({name: i for i, name in enumerate(_CLASSES)}),
            "leading": leading.where(died["cause_of_death"] == "transplant related", ""),
            "day": died["last_contact_day"],
            "age": died["age_years"],
        }
    ).sort_values(["class", "leading", "day", "age"], kind="stable")
    return died.loc[order.index]


def _catheterisation(died: pd.DataFrame) -> pd.Series[str]:
    pressure = ", mean PAP " + died["pap_mean_mmhg"].astype("string") + " mmHg"
    challenge = pd.Series(", no fluid challenge", died.index, dtype="string")
    challenge = challenge.mask(died["fluid_challenge"].fillna(False), "")
    told = died["rhc"].str.capitalize() + pressure.fillna("") + challenge
    return told.mask(died["rhc"] == "not done", "Not done").astype(object)
