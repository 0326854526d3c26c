"""By what a patient is recognised under another pseudonym, without a name or a date of birth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from nissc1.cohort.faults import quoted

FINGERPRINT = ("transplant_date", "sex", "age_years")


def fingerprints(tables: Mapping[str, pd.DataFrame]) -> dict[str, tuple[Any, ...]]:
    """Say by what each patient is recognised.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With ``patients`` and ``transplants``; without them, or their columns, nobody is.

    Returns
    -------
    dict of str to tuple
        Day 0, sex and age by pseudonym; patients in whom one is unknown are left out.
    """
    patients, transplants = tables.get("patients"), tables.get("transplants")
    if patients is None or transplants is None:
        return {}
    if not {"sex", "age_years"} <= set(patients.columns) or "transplant_date" not in transplants:
        return {}
    joined = patients.drop_duplicates("patient_id").merge(
        transplants.drop_duplicates("patient_id")[["patient_id", "transplant_date"]],
        on="patient_id",
    )
    known = joined[["patient_id", *FINGERPRINT]].dropna()
    return {str(row[0]): tuple(row[1:]) for row in known.itertuples(index=False)}


def shown(fingerprint: tuple[Any, ...]) -> str:
    """Write a fingerprint for people.

    Parameters
    ----------
    fingerprint : tuple
        Day 0, sex and age.

    Returns
    -------
    str
        All three, named.
    """
    date, sex, age = fingerprint
    return f"day 0 ({written(date)}), sex ({sex}) and age ({age})"


def written(value: Any) -> str:
    """Write a value as a release does.

    Parameters
    ----------
    value : object
        Of any of a release's types.

    Returns
    -------
    str
        Texts in quotation marks, ``empty`` where it is missing.
    """
    if pd.isna(value):
        return "empty"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return quoted(value) if isinstance(value, str) else str(value)
