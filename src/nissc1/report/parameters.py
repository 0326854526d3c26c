"""The parameters that every notebook takes, checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from nissc1.analysis_plan import setting
from nissc1.cohort.release import Cohort, open_release
from nissc1.maturity import ARTICLE_HORIZON
from nissc1.report.disclosure import Disclosure
from nissc1.report.published import PUBLISHED_RELEASE

CONF_LEVEL: float = setting("time.limits", "conf_level")


class ParameterError(ValueError):
    """Say which parameter is wrong, what was found and what is allowed."""


@dataclass(frozen=True)
class Parameters:
    """Hold checked parameters.

    Attributes
    ----------
    release : str
        Data release, ``YYYY.MM``.
    cutoff : date or None
        Date of administrative censoring; None for the release's own.
    horizon_months : int or None
        Last landmark, in months; None for what the follow-up at hand allows.
    population : str or None
        Filter on the baseline columns; None for all patients.
    conf_level : float
        Level of the confidence intervals.
    disclosure : Disclosure
        How small numbers are shown.
    """

    release: str
    cutoff: dt.date | None
    horizon_months: int | None
    population: str | None
    conf_level: float
    disclosure: Disclosure

    @property
    def comparable(self) -> bool:
        """Whether agreement with print can be asked for: same patients, follow-up and limits."""
        return (
            self.release == PUBLISHED_RELEASE
            and self.cutoff is None
            and self.population is None
            and self.conf_level == CONF_LEVEL
            and not self.disclosure.active
        )

    def cohort(self, data: Path | None = None) -> Cohort:
        """Load the release and apply cut-off and population.

        Parameters
        ----------
        data : Path, optional
            Folder of the releases, as for `nissc1.cohort.release.load_release`.

        Returns
        -------
        Cohort
            The analysed patients; possibly none.

        Raises
        ------
        ReleaseError
            If the release is unknown or damaged, or the cut-off is after its data.
        PopulationError
            If the filter is not allowed.
        """
        cohort = open_release(self.release, data)
        if self.cutoff is not None:
            cohort = cohort.censored_at(self.cutoff)
        return cohort if self.population is None else cohort.select(self.population)


def landmarks(horizon: int) -> tuple[int, ...]:
    """List the months of the rates.

    Parameters
    ----------
    horizon : int
        Last month.

    Returns
    -------
    tuple of int
        1 and 2 years, each later one, and the horizon. The article's two years are always among
        them, because the prose reads their rates.
    """
    every: int = setting("time.landmarks", "every")
    return tuple(sorted({12, ARTICLE_HORIZON, *range(every, horizon, every), horizon}))


def check_parameters(
    release: object,
    cutoff: object,
    horizon_months: object,
    population: object,
    conf_level: object,
    disclosure: object,
) -> Parameters:
    """Check the parameters of a notebook.

    Parameters
    ----------
    release, cutoff, horizon_months, population, conf_level, disclosure : object
        As they come from the parameters cell; see `Parameters`. The cut-off is an ISO date or a
        date.

    Returns
    -------
    nissc1.report.parameters.Parameters
        The same, typed.

    Raises
    ------
    ParameterError
        If one is not allowed; the message names it, the value found and what is allowed.
    """
    if not isinstance(release, str) or not release.strip():
        raise _error("release", release, "the id of a data release as text, such as '2021.02'")
    if horizon_months is not None and (
        isinstance(horizon_months, bool)
        or not isinstance(horizon_months, int)
        or horizon_months <= 0
    ):
        raise _error("horizon_months", horizon_months, "None or a whole number above 0")
    if population is not None and (not isinstance(population, str) or not population.strip()):
        raise _error("population", population, "None or a filter as text, such as 'sex == \"F\"'")
    if isinstance(conf_level, bool) or not isinstance(conf_level, float) or not 0 < conf_level < 1:
        raise _error("conf_level", conf_level, "a number above 0 and below 1, such as 0.95")
    allowed = [rule.value for rule in Disclosure]
    if disclosure not in allowed:
        raise _error("disclosure", disclosure, " or ".join(map(repr, allowed)))
    return Parameters(
        release=release,
        cutoff=_date(cutoff),
        horizon_months=horizon_months,
        population=population,
        conf_level=conf_level,
        disclosure=Disclosure(str(disclosure)),
    )


def _date(value: object) -> dt.date | None:
    if value is None:
        return None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    allowed = "None or a date written YYYY-MM-DD, such as '2016-12-31'"
    if not isinstance(value, str) or len(value) != len("YYYY-MM-DD"):
        raise _error("cutoff", value, allowed)
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise _error("cutoff", value, allowed) from error


def _error(name: str, value: object, allowed: str) -> ParameterError:
    return ParameterError(
        f"parameter {name} is {value!r}; allowed is {allowed}. "
        "Correct it in the parameters cell or with --set."
    )
