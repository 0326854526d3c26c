"""Deaths and survival against those of a general population of the same age and sex.

The population is that of the United States (``data/life_table``): a stand-in, for want of a table
of the study's countries that may be passed on. Its last year is carried forward, and its first one
back.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from nissc1.cohort.location import project_root
from nissc1.cohort.release import Cohort
from nissc1.endpoints import overall_survival
from nissc1.stats import expected_deaths, person_years
from nissc1.stats.inputs import FloatArray

DAYS_PER_YEAR = 365.25
MIDDLE_OF_YEAR = 0.5
"""Added to completed years of age, since the birthday is not known."""
WINDOWS: dict[str, tuple[str, float, float]] = {
    "all": ("Whole follow-up", 0.0, float("inf")),
    "100d": ("Up to day 100", 0.0, 100.0),
    "24m": ("Day 101 to the end of year 2", 100.0, 2 * DAYS_PER_YEAR),
    "later": ("From year 3 on", 2 * DAYS_PER_YEAR, float("inf")),
}
"""Parts of the follow-up: heading, days after which it begins and up to which it lasts."""
_COLUMNS = ["year", "sex", "age", "q"]


@dataclass(frozen=True)
class Benchmark:
    """Compare deaths in a part of the follow-up with the population's.

    Attributes
    ----------
    name, label : str
        Key and heading, as in `WINDOWS`.
    patients : int
        Patients under observation in it.
    person_years : float
        Years observed.
    deaths : int
        Deaths observed.
    expected : float
        Deaths expected in the population over the same years of age and calendar.
    """

    name: str
    label: str
    patients: int
    person_years: float
    deaths: int
    expected: float


def load_life_table(folder: Path | None = None) -> pd.DataFrame:
    """Read the life table.

    Parameters
    ----------
    folder : Path, optional
        Folder of ``united_states.csv``; by default the project's ``data/life_table``.

    Returns
    -------
    pandas.DataFrame
        ``year``, ``sex`` (F, M), ``age`` (completed years), ``q`` (probability of dying within the
        year of age), ``rate`` (deaths a person-year, −log(1 − q)).

    Raises
    ------
    ValueError
        If the columns differ, a cell is missing or comes twice, or a probability is none.
    """
    path = (folder or project_root() / "data" / "life_table") / "united_states.csv"
    table = pd.read_csv(path, encoding="utf-8")
    if list(table.columns) != _COLUMNS:
        raise ValueError(
            f"{path.name}: columns {', '.join(map(str, table.columns))}; needed are "
            f"{', '.join(_COLUMNS)}. Make it anew with make.R."
        )
    cells = table.groupby(["sex", "age", "year"]).size()
    whole = len(set(table["sex"])) * table["age"].nunique() * table["year"].nunique()
    if set(table["sex"]) != {"F", "M"} or len(cells) != whole or (cells > 1).any():
        raise ValueError(
            f"{path.name}: {len(cells)} different cells in {len(table)} rows; one for each sex (F, "
            "M), age and year is needed. Make it anew with make.R."
        )
    if not table["q"].between(0, 1, inclusive="left").all():
        raise ValueError(
            f"{path.name}: q must lie between 0 and 1, 1 excluded. Make it anew with make.R."
        )
    return table.assign(rate=-np.log1p(-table["q"]))


def benchmarks(cohort: Cohort, life_table: pd.DataFrame) -> list[Benchmark]:
    """Compare the deaths with those of the population, in each part of the follow-up.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    life_table : pandas.DataFrame
        Result of `load_life_table`.

    Returns
    -------
    list of Benchmark
        One a window of `WINDOWS`, those without follow-up left out.
    """
    entry = _entry(cohort)
    found = []
    for name, (label, begin, end) in WINDOWS.items():
        inside = entry[entry["time"] > begin]
        span = inside["time"].clip(upper=end) - begin
        died = inside["event"].eq(1) & (inside["time"] <= end)
        shifted = inside.assign(
            age=inside["age"] + begin / DAYS_PER_YEAR,
            start=inside["start"] + begin / DAYS_PER_YEAR,
            years=span / DAYS_PER_YEAR,
        )
        if shifted.empty:
            continue
        cells = person_years(shifted, age="age", year="start", followed="years")
        result = expected_deaths(_within(cells, life_table), life_table)
        found.append(
            Benchmark(
                name, label, len(inside), result.person_years, int(died.sum()), result.estimate
            )
        )
    return found


def expected_survival(
    cohort: Cohort, life_table: pd.DataFrame, months: FloatArray, *, days_per_month: float
) -> FloatArray:
    """Compute the survival that the population would have had.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    life_table : pandas.DataFrame
        Result of `load_life_table`.
    months : ndarray
        Times since transplantation, ascending.
    days_per_month : float
        Length of a month.

    Returns
    -------
    ndarray
        Mean of the patients' expected survival at each time, however long they were followed: the
        estimate that Ederer, Axtell and Cutler (1961) call the first. NaN without patients.
    """
    entry = _entry(cohort)
    if entry.empty:
        return np.full(len(months), np.nan)
    years = months * days_per_month / DAYS_PER_YEAR
    whole = entry.assign(years=float(years[-1]))
    cells = person_years(whole, age="age", year="start", followed="years", by=["patient_id", "sex"])
    rated = _within(cells, life_table).merge(
        life_table[["sex", "age", "year", "rate"]], on=["sex", "age", "year"], validate="m:1"
    )
    survival = np.zeros(len(months))
    for _, own in rated.sort_values(["age_then", "year_then"]).groupby("patient_id"):
        time = np.concatenate([[0.0], own["person_years"].cumsum()])
        hazard = np.concatenate([[0.0], (own["person_years"] * own["rate"]).cumsum()])
        survival += np.exp(-np.interp(years, time, hazard))
    return np.asarray(survival / len(entry), dtype=np.float64)


def _entry(cohort: Cohort) -> pd.DataFrame:
    """Collect age and calendar time on day 0, and the follow-up; without date nobody counts."""
    survival = overall_survival(cohort).set_index("patient_id")
    baseline = cohort.baseline().dropna(subset=["transplant_date"])
    known = survival.loc[baseline.index]
    date = baseline["transplant_date"].dt
    of_year = date.dayofyear.astype(float) - 1
    length = np.where(date.is_leap_year, 366.0, 365.0)
    return pd.DataFrame(
        {
            "patient_id": baseline.index.to_numpy(),
            "sex": baseline["sex"].to_numpy(),
            "age": baseline["age_years"].to_numpy(dtype=float) + MIDDLE_OF_YEAR,
            "start": date.year.to_numpy(dtype=float) + of_year.to_numpy() / length,
            "time": known["time"].to_numpy(),
            "event": known["event"].to_numpy(),
        }
    )


def _within(cells: pd.DataFrame, life_table: pd.DataFrame) -> pd.DataFrame:
    """Move what lies outside the table's years and ages to its nearest ones."""
    return cells.assign(
        age_then=cells["age"],
        year_then=cells["year"],
        age=cells["age"].clip(life_table["age"].min(), life_table["age"].max()),
        year=cells["year"].clip(life_table["year"].min(), life_table["year"].max()),
    )
