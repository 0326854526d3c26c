"""How complete the data are: enrolment, visits, missing values."""

from __future__ import annotations

import pandas as pd

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.release import Cohort
from nissc1.cohort.schema import fields
from nissc1.endpoints import overall_survival

MEASURES = {
    "mrss": "Skin score",
    "fvc_pct": "FVC",
    "dlco_pct": "DLCO",
    "shaq": "sHAQ",
    "esr_mm_h": "ESR",
}
"""Columns of ``visits`` and their headings."""

_APPLY_TO_SOME = {
    "pap_mean_mmhg",
    "pap_systolic_mmhg",
    "pap_diastolic_mmhg",
    "fluid_challenge",
    "prior_cyclophosphamide_g",
    "gcsf_after_days",
    "scintigraphy_lvef_pct",
    "neutrophil_engraftment_day",
    "platelet_engraftment_day",
}


def enrolment(cohort: Cohort) -> pd.DataFrame:
    """Collect where and when the patients were enrolled, and what was planned.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    DataFrame
        One row a fact: ``name``, ``label``, ``value`` (number or text), ``unit``.
    """
    baseline = cohort.baseline()
    countries = baseline["country"].dropna()
    day_0 = baseline["transplant_date"].dropna()
    age = next(field for field in fields("patients") if field["name"] == "age_years")["constraints"]
    rows = [
        ("centres", "Centres", baseline["centre"].nunique(), ""),
        ("countries", "Countries", countries.nunique(), ""),
        (
            "european_countries",
            "Countries in Europe",
            countries[countries != "BR"].nunique(),
            "",
        ),
        ("inclusion_start", "First transplantation", _month(day_0.min()), ""),
        ("inclusion_end", "Last transplantation", _month(day_0.max()), ""),
        ("age_min", "Youngest age allowed", age["minimum"], "years"),
        ("age_max", "Oldest age allowed", age["maximum"], "years"),
        ("visit_months", "Visits after transplantation", _listed(_months(cohort)[1:]), ""),
    ]
    return pd.DataFrame(rows, columns=["name", "label", "value", "unit"])


def by_visit(cohort: Cohort) -> pd.DataFrame:
    """Count the patients with each measurement at each scheduled visit.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    DataFrame
        One row a month: ``Month``, one column a measure of `MEASURES`, and the patients who had
        died (``Died before``) or whose follow-up had ended (``Follow-up ended before``) by then.
    """
    due = _months(cohort)
    survival = overall_survival(cohort)
    months = survival["time"] / DAYS_PER_MONTH
    dead = survival["event"] == 1
    measured = cohort.visits.groupby("month")[list(MEASURES)].count().reindex(due, fill_value=0)
    return (
        measured.rename(columns=MEASURES)
        .reset_index(names="Month")
        .assign(
            **{
                "Died before": [int((dead & (months < month)).sum()) for month in due],
                "Follow-up ended before": [int((~dead & (months < month)).sum()) for month in due],
            }
        )
    )


def missing(cohort: Cohort) -> pd.DataFrame:
    """Count the missing baseline values.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    DataFrame
        ``Column`` (its title) and ``Patients``, most first; only columns with missing values that
        apply to every patient.
    """
    titles = {
        field["name"]: field["title"]
        for table in ("patients", "transplants")
        for field in fields(table)
        if field["name"] not in _APPLY_TO_SOME | {"patient_id"}
    }
    lacking = cohort.baseline()[list(titles)].isna().sum()
    lacking = lacking[lacking > 0].sort_values(ascending=False, kind="stable")
    return pd.DataFrame(
        {"Column": [titles[name] for name in lacking.index], "Patients": lacking.to_numpy()}
    )


def _months(cohort: Cohort) -> list[int]:
    return sorted({0, *(int(month) for month in cohort.visits["month"])})


def _month(date: pd.Timestamp) -> str | None:
    return None if pd.isna(date) else f"{date:%B %Y}"


def _listed(months: list[int]) -> str | None:
    if not months:
        return None
    last = f"{months[-1]} months"
    return f"{', '.join(map(str, months[:-1]))} and {last}" if len(months) > 1 else last
