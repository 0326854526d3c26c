"""Repeated measurements of the same patients."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from nissc1.cohort.release import Cohort

OUTCOMES = ("mrss", "fvc_pct", "dlco_pct", "shaq", "esr_mm_h")


def complete_series(
    cohort: Cohort, outcome: str, months: Sequence[int] = (0, 12, 24)
) -> pd.DataFrame:
    """Collect a measurement in the patients who have it at every one of some months.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    outcome : str
        Column of ``visits``: ``mrss``, ``fvc_pct``, ``dlco_pct``, ``shaq`` or ``esr_mm_h``.
    months : sequence of int
        Scheduled months, each once.

    Returns
    -------
    DataFrame
        Long: ``patient_id``, ``month``, ``value`` (float); patients in the order of ``patients``,
        months in the order given. Empty where nobody is complete.

    Raises
    ------
    ValueError
        When the outcome is not one of these, or the months are none or repeated.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"{outcome!r} is not measured at visits. Must be one of {OUTCOMES}.")
    if not months or len(set(months)) != len(months):
        raise ValueError(f"Months must be given, each once; found {list(months)}.")
    measured = cohort.visits.loc[
        cohort.visits["month"].isin(months) & cohort.visits[outcome].notna()
    ]
    wide = measured.pivot(index="patient_id", columns="month", values=outcome)
    wide = wide.reindex(columns=list(months)).dropna()
    patients = cohort.patients["patient_id"]
    kept = patients[patients.isin(wide.index)]
    return pd.DataFrame(
        {
            "patient_id": pd.Series(kept.repeat(len(months)).array, dtype="string"),
            "month": pd.Series(list(months) * len(kept), dtype=int),
            "value": wide.loc[kept].to_numpy(dtype=float).ravel(),
        }
    )
