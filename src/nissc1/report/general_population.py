"""Records of deaths and survival against a general population."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.general_population import WINDOWS, Benchmark, benchmarks, expected_survival
from nissc1.report.disclosure import SMALL_TEXT
from nissc1.report.estimates import NotEstimable
from nissc1.report.record import Record
from nissc1.report.session import Report
from nissc1.stats import smr
from nissc1.stats.curve import Curve

_NAME = "population"
_NOBODY = "nobody was under observation"
REFERENCES = {"lower": ("30 % lower", 0.7), "higher": ("30 % higher", 1.3)}
"""Other mortalities of the reference: key, heading and factor."""


def record_benchmarks(report: Report, life_table: pd.DataFrame) -> pd.DataFrame:
    """Record the standardised mortality ratio in each part of the follow-up.

    Parameters
    ----------
    report : Report
        Session of a notebook; it takes the records.
    life_table : pandas.DataFrame
        Result of `nissc1.general_population.load_life_table`.

    Returns
    -------
    pandas.DataFrame
        One row a part, cells records: ``Part of the follow-up``, ``Patients``, ``Person-years``,
        ``Deaths``, ``Expected``, ``Ratio (interval)``.
    """
    found = {each.name: each for each in benchmarks(report.cohort, life_table)}
    rows = []
    for name, (label, _, _) in WINDOWS.items():
        here, at = found.get(name), f"{_NAME}.{name}"
        unit = label[:1].lower() + label[1:]
        hidden = here and report.disclosure.shown_count(here.patients) is None
        few = f"withheld ({SMALL_TEXT} patients)" if hidden else None
        rows.append(
            {
                "Part of the follow-up": label,
                "Patients": report.count(
                    f"{at}.patients", f"Under observation, {unit}", here.patients if here else 0
                ),
                "Person-years": report.value(
                    f"{at}.person_years",
                    f"Person-years, {unit}",
                    few or (here.person_years if here else 0),
                    decimals=1,
                ),
                "Deaths": report.count(
                    f"{at}.deaths", f"Deaths, {unit}", here.deaths if here else 0
                ),
                "Expected": report.value(
                    f"{at}.expected",
                    f"Expected deaths, {unit}",
                    few or (here.expected if here else 0),
                    decimals=2,
                ),
                "Ratio (interval)": _ratio(
                    report, f"{at}.smr", f"Observed by expected, {unit}", here
                ),
            }
        )
    for name, (label, factor) in REFERENCES.items():
        whole = found.get("all")
        _ratio(report, f"{_NAME}.all.smr_{name}", f"Observed by expected, {label}", whole, factor)
    return pd.DataFrame(rows)


def _ratio(
    report: Report, name: str, label: str, here: Benchmark | None, factor: float = 1.0
) -> Record:
    if here is None:
        return report.value(name, label, f"not estimable: {_NOBODY}")
    shown = report.disclosure.shown_count
    deaths = shown(here.deaths)  # rounded where small numbers are not disclosed
    if deaths is None or shown(here.patients) is None:
        return report.value(name, label, f"withheld ({SMALL_TEXT} events or patients)")
    result = smr(deaths, here.expected * factor, conf_level=report.conf_level)
    return report.value(
        name, label, result.estimate, decimals=1, lower=result.lower, upper=result.upper
    )


def record_survival(
    report: Report, curve: Curve | NotEstimable, life_table: pd.DataFrame
) -> pd.DataFrame:
    """Record observed and expected survival at the landmarks.

    Parameters
    ----------
    report : Report
        Session of a notebook; it takes the records.
    curve : Curve or NotEstimable
        Overall survival, times in days.
    life_table : pandas.DataFrame
        Result of `nissc1.general_population.load_life_table`.

    Returns
    -------
    pandas.DataFrame
        One row a landmark, cells records: ``Months``, ``Alive, % (interval)``, ``Expected, %``.
    """
    expected = expected_percent(report, np.array(report.landmarks, dtype=float), life_table)
    rows = []
    for month, value in zip(report.landmarks, expected, strict=True):
        label = f"Expected to be alive at {month} months in the population"
        known = value if np.isfinite(value) else f"not estimable: {_NOBODY}"
        rows.append(
            {
                "Months": f"{month}",
                "Alive, % (interval)": report.rate(
                    f"{_NAME}.observed.{month}m", f"Alive at {month} months", curve, months=month
                ),
                "Expected, %": report.value(
                    f"{_NAME}.expected.{month}m", label, known, "%", decimals=1
                ),
            }
        )
    return pd.DataFrame(rows)


def expected_percent(
    report: Report, months: np.ndarray[tuple[int], np.dtype[np.float64]], life_table: pd.DataFrame
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Compute the expected survival of the patients analysed, in percent.

    Parameters
    ----------
    report : Report
        Session of a notebook.
    months : ndarray
        Times since transplantation, ascending.
    life_table : pandas.DataFrame
        Result of `nissc1.general_population.load_life_table`.

    Returns
    -------
    ndarray
        NaN without patients.
    """
    return 100 * expected_survival(report.cohort, life_table, months, days_per_month=DAYS_PER_MONTH)
