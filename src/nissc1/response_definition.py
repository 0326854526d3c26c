"""What counts as a response at a visit, and which visit of a patient was the first with one."""

from __future__ import annotations

import pandas as pd

from nissc1.analysis_plan import setting
from nissc1.cohort.release import Cohort

COMPONENTS = {"mrss": "mrss", "fvc": "fvc_pct", "dlco": "dlco_pct"}
"""Measurements that can improve, and their columns of ``visits``."""
MRSS_IMPROVEMENT: int = setting("endpoints.response_definition", "mrss_fall")
"""Percent of the baseline skin score that must be exceeded."""
LUNG_IMPROVEMENT: int = setting("endpoints.response_definition", "lung_rise")
"""Percent of the baseline lung function (or percentage points) that must be reached."""

_ORDER = ["visit_day", "month"]
_ROUNDING = 1e-6  # a decimal fraction is not exact in binary: 66 is 10 % above 60


def improvements(cohort: Cohort, *, absolute: bool = False) -> pd.DataFrame:
    """Tell what had improved at each visit that could show a response.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    absolute : bool
        As for `nissc1.endpoints.response`.

    Returns
    -------
    DataFrame
        One row a visit after day 0, by patient and day: ``patient_id``, ``visit_day``, ``month``;
        for each of `COMPONENTS` whether it had improved by the definition (NA where it or its
        baseline value is not known); and ``counts``, whether no further immunosuppression had been
        started before or on that day.
    """
    visits = cohort.visits
    at_month_0 = visits.loc[visits["month"] == 0].sort_values(_ORDER, kind="stable")
    baseline = at_month_0.drop_duplicates("patient_id").set_index("patient_id")
    later = visits.loc[(visits["visit_day"] > 0) & (visits["month"] > 0)]
    later = later.sort_values(["patient_id", *_ORDER], kind="stable")
    immunosuppression = cohort.outcomes.set_index("patient_id")["immunosuppression_day"]
    limit = later["patient_id"].map(immunosuppression).astype("Float64")
    columns = list(COMPONENTS.values())
    at_0 = baseline[columns].reindex(later["patient_id"].array).set_axis(later.index)
    flags = {
        "mrss": _fallen(later["mrss"], at_0["mrss"]),
        "fvc": _risen(later["fvc_pct"], at_0["fvc_pct"], absolute),
        "dlco": _risen(later["dlco_pct"], at_0["dlco_pct"], absolute),
    }
    counts = (later["visit_day"] < limit).fillna(True).astype(bool)
    return later[["patient_id", *_ORDER]].assign(**flags, counts=counts).reset_index(drop=True)


def response_component(cohort: Cohort, *, absolute: bool = False) -> pd.DataFrame:
    """Tell by which measurement each responder first responded.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    absolute : bool
        As for `nissc1.endpoints.response`.

    Returns
    -------
    DataFrame
        One row a responder: ``patient_id``, ``time`` (day of the first visit that meets the
        definition), ``month`` (its scheduled month), the booleans ``mrss``, ``fvc`` and ``dlco``
        (improved at that visit), and ``component``, those that did joined by " + ".
    """
    names = list(COMPONENTS)
    visits = improvements(cohort, absolute=absolute)
    met = visits[names].fillna(False).astype(bool)
    responses = visits[["patient_id", *_ORDER]].join(met)
    responses = responses.loc[met.any(axis="columns") & visits["counts"]]
    first = responses.sort_values(_ORDER, kind="stable").drop_duplicates("patient_id")
    return pd.DataFrame(
        {
            "patient_id": first["patient_id"].astype("string"),
            "time": first["visit_day"].astype(float),
            "month": first["month"].astype(int),
            **first[names],
            "component": _named(first[names]),
        }
    ).reset_index(drop=True)


def _named(met: pd.DataFrame) -> pd.Series[str]:
    """Join the names of the columns that are true in each row."""
    names = pd.Series("", index=met.index, dtype="string")
    for name in met.columns:
        joined = names.mask(names != "", names + " + ") + name
        names = names.mask(met[name], joined)
    return names


def _fallen(value: pd.Series[int], at_0: pd.Series[int]) -> pd.Series[bool]:
    """Skin score below the baseline by more than the limit: whole numbers, so exact."""
    fallen: pd.Series[bool] = (at_0 - value) * 100 > MRSS_IMPROVEMENT * at_0
    return fallen.astype("boolean")


def _risen(value: pd.Series[float], at_0: pd.Series[float], absolute: bool) -> pd.Series[bool]:
    """Lung function above the baseline by at least the limit, up to rounding."""
    needed = LUNG_IMPROVEMENT if absolute else LUNG_IMPROVEMENT / 100 * at_0
    return (value - at_0 >= needed - _ROUNDING).astype("boolean")
