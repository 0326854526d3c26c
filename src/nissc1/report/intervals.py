"""Making records of estimates with intervals: means, exact shares and rates, mean times."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.maturity import maturity
from nissc1.report.estimates import NotEstimable
from nissc1.report.formatting import NO_BREAK_SPACE, measure_text
from nissc1.report.inference import IMMATURE, InferenceRecorder, Result
from nissc1.report.measures import Measure, finite, proportion
from nissc1.report.record import Record
from nissc1.stats.exact_intervals import Rate, exact_interval
from nissc1.stats.hazard_model import FitError
from nissc1.stats.restricted_mean import RestrictedMean

#: End of the part of an error message that says what is the case, before what to do about it.
_END = re.compile(r"; |\. ")

UNDETERMINED = "too few events, or all on one side"
"""Why a model cannot be fitted."""


class IntervalRecorder(InferenceRecorder):
    """Record estimates of analyses that not every cohort allows, with their intervals.

    Attributes
    ----------
    conf_level : float
        Level of the intervals.
    """

    conf_level: float

    def attempt(
        self, method: Callable[..., Result], /, *data: Any, **options: Any
    ) -> Result | NotEstimable:
        """Call a method which asks more of the data than a cohort need have.

        Unlike `estimate` it lets the whole cohort be refused, too: whether a model of few events
        or of many visits can be fitted depends on what a new export brings.

        Parameters
        ----------
        method : callable
            Estimator or test.
        *data : array_like or DataFrame
            Its data; none may be NotEstimable.
        **options : object
            Its options.

        Returns
        -------
        object or NotEstimable
            What the method returns, or why it refuses: the first clause of its error, or where a
            model cannot be fitted `UNDETERMINED`, which tells no counts.
        """
        refused = [each for each in data if isinstance(each, NotEstimable)]
        if refused:
            return refused[0]
        if data and len(data[0]) == 0:
            return NotEstimable("no patient in the analysis")
        try:
            return method(*data, **options)
        except FitError:
            return NotEstimable(UNDETERMINED)
        except ValueError as error:
            return NotEstimable(_END.split(str(error))[0].rstrip("."))

    def span(
        self,
        record_id: str,
        label: str,
        found: Mapping[str, Any] | pd.Series[Any] | NotEstimable,
        unit: str = "",
        decimals: int = 1,
        *,
        n: int | None = None,
        events: int | None = None,
    ) -> Record:
        """Record an estimate with its interval.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        found : mapping, Series or NotEstimable
            ``estimate``, ``lower`` and ``upper``.
        unit : str
            Unit.
        decimals : int
            Digits shown.
        n, events : int, optional
            Patients behind it, and events.

        Returns
        -------
        Record
            Statistic ``value``, text ``−11.5 (−13.1 to −9.9)``; the estimate alone where it has no
            finite limits.
        """
        if isinstance(found, NotEstimable):
            nothing = Measure(
                "value", n=n, events=events, unit=unit, decimals=decimals, reason=found.reason
            )
            return self._record(record_id, label, nothing)
        numbers = [finite(found[name]) for name in ("estimate", "lower", "upper")]
        estimate, lower, upper = numbers
        if lower is None or upper is None:
            lower = upper = None
        reason = "" if estimate is not None else "the data do not determine it"
        measure = Measure(
            "value",
            estimate,
            None if estimate is None else lower,
            None if estimate is None else upper,
            n,
            events,
            unit=unit,
            decimals=decimals,
            reason=reason,
        )
        return self._record(record_id, label, measure)

    def exact(
        self,
        record_id: str,
        label: str,
        flags: Any = None,
        *,
        numerator: int | None = None,
        denominator: int | None = None,
    ) -> Record:
        """Record a proportion with its exact interval, in percent.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        flags : boolean Series, optional
            One value a patient; a missing one is not known and leaves the denominator.
        numerator, denominator : int, optional
            Counts in place of flags.

        Returns
        -------
        Record
            Statistic ``proportion``, text ``5/80, 6.3 (2.1–14.0)``; Clopper and Pearson's limits.
            Where small numbers are withheld, those of the rounded counts.
        """
        measure = proportion(flags, numerator, denominator)
        shown = self.disclosure.protect(measure)
        if shown.estimate is None or shown.events is None or not shown.denominator:
            return self._record(record_id, label, measure)
        events = min(shown.events, shown.denominator)
        found = exact_interval(events, shown.denominator, conf_level=self.conf_level)
        limits = replace(shown, lower=100 * found.lower, upper=100 * found.upper)
        return self._record(record_id, label, limits)

    def rate_per(
        self, record_id: str, label: str, rate: Rate | NotEstimable, per: float, unit: str
    ) -> Record:
        """Record events by person-time, with an exact interval.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        rate : Rate or NotEstimable
            The rate.
        per : float
            Units of person-time to which it is referred.
        unit : str
            What that is called.

        Returns
        -------
        Record
            Statistic ``value`` with `events`; withheld where these are few and small numbers are.
        """
        if isinstance(rate, NotEstimable):
            return self.span(record_id, label, rate, unit)
        names = ("estimate", "lower", "upper")
        found = {name: per * getattr(rate, name) for name in names}
        return self.span(record_id, label, found, unit, 2, events=rate.n_events)

    def mean_time(
        self, record_id: str, label: str, result: RestrictedMean | NotEstimable, months: float
    ) -> Record:
        """Record a mean time lived or lost up to a horizon, in months.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        result : RestrictedMean or NotEstimable
            The mean, with times in months.
        months : float
            The horizon.

        Returns
        -------
        Record
            Statistic ``value``. Marked as immature, and explained in `maturity_notes`, as rates
            are; nothing where nobody could have been followed so long.
        """
        return self.at_landmark(record_id, label, result, months)

    def at_landmark(
        self,
        record_id: str,
        label: str,
        result: RestrictedMean | NotEstimable,
        months: float,
        unit: str = "months",
    ) -> Record:
        """Record an estimate that stands for a time, and is immature where follow-up is too short.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        result : RestrictedMean or NotEstimable
            Anything with the numbers of one.
        months : float
            The time.
        unit : str
            Unit; shares in percent are coarsened where small numbers are withheld, as curves are.

        Returns
        -------
        Record
            As for `mean_time`.
        """
        found = maturity(self.cohort, months * DAYS_PER_MONTH, self.parameters.cutoff)
        if found.followed == 0 and found.n and not isinstance(result, NotEstimable):
            when = f"{months:g} months"
            result = NotEstimable(
                f"by the data cut-off nobody could have been followed up to {when}"
            )
        if isinstance(result, NotEstimable):
            return self.span(record_id, label, result, unit, 1)
        numbers = np.array([result.estimate, result.lower, result.upper])
        if unit == "%":
            numbers = 100 * self.disclosure.shares(numbers / 100, result.n)
        estimate, lower, upper = (finite(number) for number in numbers)
        measure = Measure(
            "value",
            estimate,
            None if upper is None else lower,
            None if lower is None else upper,
            result.n,
            result.n_events,
            unit=unit,
            decimals=1,
            reason="" if estimate is not None else "nobody was followed so long",
        )
        shown = self.disclosure.protect(measure)
        if found.immature and shown.estimate is not None:
            text = measure_text(shown, 0) + NO_BREAK_SPACE + IMMATURE
            shown = replace(shown, text=text)
            self._immature[f"{months:g} months"] = found
        return self._record(record_id, label, shown)
