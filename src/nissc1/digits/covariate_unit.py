"""The unit in which a continuous variable entered a Cox model."""

from __future__ import annotations

from math import exp, log, sqrt

import pandas as pd

from nissc1.digits.hazard_ratios import RatioLimits
from nissc1.digits.printed import read_number


def slope_units(
    ratio: str, limits: RatioLimits, span: int, patients: int, events: int, units: tuple[int, ...]
) -> pd.DataFrame:
    """Compare units in which a continuous variable may have entered a Cox model.

    Parameters
    ----------
    ratio : str
        Printed hazard ratio of one unit.
    limits : RatioLimits
        Its limits.
    span : int
        Largest less smallest value, for age in years.
    patients, events : int
        Patients and events of the model.
    units : tuple of int
        Candidates, for age in years.

    Returns
    -------
    pandas.DataFrame
        ``unit``; ``ratio_per_ten``, the hazard ratio of ten years; ``ratio_over_span``, of the
        oldest against the youngest; ``implied_sd``, the standard deviation that the limits ask for,
        1 / (SE √events) units (Hsieh and Lavori 2000); ``possible``: whether it lies between the
        least and the greatest standard deviation that `patients` values with this span can have.
    """
    slope = log(read_number(ratio).value)
    sd_in_units = 1 / (limits.std_error * sqrt(events))
    least, most = sd_bounds(span, patients)
    frame = pd.DataFrame({"unit": list(units)})
    frame["ratio_per_ten"] = [exp(slope * 10 / unit) for unit in units]
    frame["ratio_over_span"] = [exp(slope * span / unit) for unit in units]
    frame["implied_sd"] = sd_in_units * frame["unit"]
    frame["possible"] = frame["implied_sd"].between(least, most)
    return frame


def sd_bounds(span: float, patients: int) -> tuple[float, float]:
    """Bound the standard deviation of values by their span (Thomson 1955).

    Parameters
    ----------
    span : float
        Largest less smallest value.
    patients : int
        Number of values, 2 or more.

    Returns
    -------
    least, most : float
        All but the two extremes in the middle; half of the values at each extreme.
    """
    low, high = patients // 2, patients - patients // 2
    most = span * sqrt(low * high / (patients * (patients - 1)))
    return span / sqrt(2 * (patients - 1)), most
