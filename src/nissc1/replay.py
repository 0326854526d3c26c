"""The key estimates as they stood at earlier data cut-offs.

Each look goes back to what was known on a calendar date: patients transplanted by then, and nothing
seen later. That is not all that an analyst of the day would have met, because corrections and late
reports of the release count from the start; a comparison of releases shows those.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from scipy.stats import norm

from nissc1 import endpoints
from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.release import Cohort
from nissc1.maturity import Maturity, maturity
from nissc1.stats.cumulative_incidence import cumulative_incidence
from nissc1.stats.curve import Curve
from nissc1.stats.kaplan_meier import kaplan_meier
from nissc1.stats.sequential import curve_information, miss_probability, mixture_critical_value

HALF_YEARS = ((6, 30), (12, 31))
"""Month and day of the regular looks."""
SHORTEST_DAYS = 91
"""A regular look that would be followed by the last one within fewer days is left out."""

KEY_ENDPOINTS: dict[str, tuple[str, Callable[[Cohort], pd.DataFrame]]] = {
    "os": ("Overall survival", endpoints.overall_survival),
    "pfs": ("Progression-free survival", endpoints.progression_free_survival),
    "progression": ("Progression", endpoints.progression),
    "nrm": ("Non-relapse mortality", endpoints.non_relapse_mortality),
    "response": ("Response", endpoints.response),
}
"""Title of each endpoint that is replayed, and its definition."""


@dataclass(frozen=True, eq=False)
class Look:
    """Hold the estimates as they stood at one data cut-off.

    Attributes
    ----------
    release : str
        Data release looked back from.
    cutoff : datetime.date
        Last calendar day that counts.
    cohort : Cohort
        The patients as they were known then.
    curves : mapping of str to Curve
        By key of `KEY_ENDPOINTS`, times in days; empty without patients.
    """

    release: str
    cutoff: dt.date
    cohort: Cohort
    curves: Mapping[str, Curve]

    @property
    def name(self) -> str:
        """Date for the id of a record: ``2015_06_30``."""
        return self.cutoff.isoformat().replace("-", "_")

    def maturity(self, months: float) -> Maturity:
        """Count the patients who could have been followed that long by the cut-off.

        Parameters
        ----------
        months : float
            Time after transplantation.

        Returns
        -------
        Maturity
            Counts.
        """
        return maturity(self.cohort, months * DAYS_PER_MONTH, self.cutoff)


def key_months(horizon: int) -> list[int]:
    """List the times after transplantation at which the endpoints are replayed.

    Parameters
    ----------
    horizon : int
        Last time, in months.

    Returns
    -------
    list of int
        12, 24 and the horizon, none beyond the horizon; ascending.
    """
    return sorted({month for month in (12, 24, horizon) if month <= horizon})


def half_yearly(first: dt.date, last: dt.date) -> list[dt.date]:
    """List the ends of half-years from one date to another, and the other.

    Parameters
    ----------
    first, last : datetime.date
        First and last day.

    Returns
    -------
    list of datetime.date
        30 June and 31 December of each year from `first` on, but none in the last 90 days before
        `last`, and `last` itself; ascending. Empty if `last` is before `first`.
    """
    if last < first:
        return []
    ends = [
        dt.date(year, month, day)
        for year in range(first.year, last.year + 1)
        for month, day in HALF_YEARS
    ]
    latest = last - dt.timedelta(days=SHORTEST_DAYS)
    return [*(end for end in ends if first <= end <= latest), last]


def replay(
    cohort: Cohort, cutoff: dt.date | None = None, *, conf_level: float = 0.95
) -> list[Look]:
    """Estimate the key endpoints at half-yearly cut-offs.

    Parameters
    ----------
    cohort : Cohort
        Patients of one release. For several releases, chain the lists of looks; each look names its
        release.
    cutoff : datetime.date, optional
        The last look; the release's own cut-off by default.
    conf_level : float
        Level of the pointwise limits.

    Returns
    -------
    list of Look
        From the end of the half-year of the first transplantation; empty without patients.
    """
    first = cohort.transplants["transplant_date"].min()
    if pd.isna(first):
        return []
    dates = half_yearly(first.date(), cutoff or cohort.release.data_cutoff)
    return [look(cohort, date, conf_level=conf_level) for date in dates]


def look(cohort: Cohort, cutoff: dt.date, *, conf_level: float = 0.95) -> Look:
    """Estimate the key endpoints at one cut-off.

    Parameters
    ----------
    cohort : Cohort
        Patients of one release.
    cutoff : datetime.date
        Last calendar day that counts.
    conf_level : float
        Level of the pointwise limits.

    Returns
    -------
    Look
        The estimates; without curves where nobody had been transplanted by then.
    """
    known = cohort.censored_at(cutoff)
    endpoints_known = KEY_ENDPOINTS.items() if len(known.patients) else ()
    curves = {key: _curve(of(known), conf_level) for key, (_, of) in endpoints_known}
    return Look(cohort.release.id, cutoff, known, curves)


def miss_probabilities(looks: Sequence[Look], key: str, months: float) -> tuple[int, float, float]:
    """Compute what repeated looks do to the intervals of one estimate.

    Parameters
    ----------
    looks : sequence of Look
        In order of their cut-offs, all with the same level.
    key : str
        Endpoint, of `KEY_ENDPOINTS`.
    months : float
        Time after transplantation.

    Returns
    -------
    n_looks : int
        Looks at which the estimate has a variance and somebody could have been followed that long.
    usual, every_look : float
        Large-sample probability that at least one of them misses the truth, for pointwise intervals
        and for those that hold at every look; 0 without looks. It takes the information that the
        looks had as given.
    """
    information = []
    for look in looks:
        row = curve_information(look.curves[key]).at([months * DAYS_PER_MONTH]).iloc[0]
        error = float(row["std_error"])
        estimable = look.maturity(months).followed > 0 and error > 0
        information.append(1 / error**2 if estimable else 0.0)
    seen = sum(value > 0 for value in information)
    if not seen:
        return 0, 0.0, 0.0
    level = looks[0].curves[key].conf_level
    usual = miss_probability(information, float(norm.ppf(0.5 + level / 2)))
    factors = mixture_critical_value(information, conf_level=level)
    return seen, usual, miss_probability(information, factors)


def _curve(frame: pd.DataFrame, conf_level: float) -> Curve:
    if "event" in frame:
        return kaplan_meier(frame["time"], frame["event"], conf_level=conf_level)
    return cumulative_incidence(frame["time"], frame["cause"], conf_level=conf_level)
