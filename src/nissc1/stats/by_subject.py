"""Turning measurements at visits, a row each, into a matrix of subjects by visits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nissc1.stats.options import check_columns


def by_subject(frame: pd.DataFrame, subject: str, within: str, outcome: str) -> pd.DataFrame:
    """Return a measurement as a matrix of subjects by levels.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a subject and level.
    subject, within, outcome : str
        Columns with the subject, the level (as a rule the month) and the measurement.

    Returns
    -------
    pandas.DataFrame
        Floats; one row a subject and one column a level, both sorted; NaN where there is no value
        or no row.

    Raises
    ------
    ValueError
        If a column is absent, the outcome is not numeric or is infinite, a subject or level is
        missing, or a subject has two rows of one level.
    """
    check_columns(frame, [subject, within, outcome])
    if not pd.api.types.is_numeric_dtype(frame[outcome]):
        raise ValueError(
            f"{outcome!r} has type {frame[outcome].dtype}; numbers are needed. Convert the column."
        )
    keys = frame[[subject, within]]
    if keys.isna().to_numpy().any():
        raise ValueError(
            f"{subject!r} or {within!r} is missing in {int(keys.isna().any(axis=1).sum())} row(s); "
            "both are needed in each. Leave these rows out or complete them."
        )
    repeated = keys[keys.duplicated()]
    if len(repeated):
        who, level = repeated.astype(str).iloc[0]
        raise ValueError(
            f"{subject!r} {who} has more than one row for {within!r} {level}; one is allowed. "
            "Choose or average the measurements."
        )
    values = frame[outcome].astype("Float64").astype(np.float64)
    if np.isinf(values).any():
        raise ValueError(
            f"{outcome!r} is infinite in {int(np.isinf(values).sum())} row(s); finite numbers are "
            "needed. Correct them or mark them as missing."
        )
    return frame.assign(**{outcome: values}).pivot(index=subject, columns=within, values=outcome)
