"""Making records from curves, models and tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report import estimates
from nissc1.report.estimates import NotEstimable
from nissc1.report.measures import Measure, single
from nissc1.report.record import Record
from nissc1.report.recorder import Recorder
from nissc1.stats.curve import Curve
from nissc1.stats.followup import FollowUp

Result = TypeVar("Result")


class InferenceRecorder(Recorder):
    """Record what estimators and tests return, or that they cannot be applied.

    Attributes
    ----------
    whole_cohort : bool
        Whether all patients of the release are analysed with all their follow-up. A method that
        refuses their data is at fault; one that refuses a subgroup's is not.
    """

    whole_cohort: bool = True

    def estimate(
        self, method: Callable[..., Result], /, *data: Any, **options: Any
    ) -> Result | NotEstimable:
        """Call an estimator or test, unless the patients do not suffice for it.

        Parameters
        ----------
        method : callable
            Such as `nissc1.stats.kaplan_meier.kaplan_meier`.
        *data : array_like or DataFrame
            Its data.
        **options : object
            Its options.

        Returns
        -------
        object or NotEstimable
            What the method returns; NotEstimable where the first data argument is empty or, in a
            subgroup or with an earlier cut-off, the method refuses the data. Record makers and
            figures accept either.

        Raises
        ------
        ValueError
            If the method refuses the data of the whole cohort.
        """
        incidence = method.__name__ == "cumulative_incidence"
        statistic = "cumulative_incidence" if incidence else "survival"
        if len(data[0]) == 0:
            return NotEstimable("no patient in the analysis", statistic)
        try:
            return method(*data, **options)
        except ValueError as error:
            if self.whole_cohort:
                raise
            return NotEstimable(str(error).split("; ")[0].rstrip("."), statistic)

    def rate(
        self,
        record_id: str,
        label: str,
        curve: Curve | NotEstimable,
        *,
        months: float | None = None,
        days: float | None = None,
    ) -> Record:
        """Record a survival probability or cumulative incidence at one time, in percent.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        curve : Curve or NotEstimable
            Kaplan-Meier or cumulative incidence estimate with times in days.
        months, days : float
            The time, one of the two; a month is 30.4375 days.

        Returns
        -------
        Record
            Text ``91.3 (85.1–97.4)``; statistic ``survival`` or ``cumulative_incidence``.

        Raises
        ------
        ValueError
            If not exactly one of months and days is given.
        """
        if (months is None) == (days is None):
            raise ValueError(f"record {record_id}: give either months or days, not both or none.")
        at = days if days is not None else (months or 0) * DAYS_PER_MONTH
        when = f"day {days:g}" if days is not None else f"{months:g} months"
        return self._record(record_id, label, estimates.rate(curve, at, when))

    def hazard_ratio(
        self,
        record_id: str,
        label: str,
        model: Any,
        covariate: str | None = None,
        *,
        n: int | None = None,
        events: int | None = None,
    ) -> Record:
        """Record a hazard ratio with its confidence interval.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        model : fitted model, Series, mapping or NotEstimable
            A model with ``.table()``, and `covariate` names the row; or the row itself, with
            ``hazard_ratio, lower, upper``.
        covariate : str, optional
            Row of the model's table.
        n, events : int, optional
            Patients and events in the model; a model tells them itself.

        Returns
        -------
        Record
            Text ``3.32 (1.04–10.62)``.
        """
        row = model
        if covariate is not None and not isinstance(model, NotEstimable):
            row = model.table().loc[covariate]
            n = model.n if n is None else n
            events = model.n_events if events is None else events
        return self._record(record_id, label, estimates.hazard_ratio(row, n, events))

    def p_value(self, record_id: str, label: str, p: Any, n: int | None = None) -> Record:
        """Record a P value.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        p : float, test result or NotEstimable
            The P value, or the result of a test, which also tells the number of patients.
        n : int, optional
            Patients in the test.

        Returns
        -------
        Record
            Text ``0.44`` or ``< 0.001``.
        """
        if isinstance(p, NotEstimable):
            return self._record(record_id, label, Measure("p_value", n=n, reason=p.reason))
        value, patients = estimates.p_value_of(p)
        return self._record(
            record_id, label, single("p_value", value, patients if n is None else n)
        )

    def median_time(
        self, record_id: str, label: str, result: FollowUp | NotEstimable, unit: str
    ) -> Record:
        """Record a median time with its confidence interval.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        result : FollowUp or NotEstimable
            Reverse Kaplan-Meier estimate.
        unit : str
            Unit of its times.

        Returns
        -------
        Record
            Statistic ``value``, text ``24.1 (23.9–24.6)``.
        """
        if isinstance(result, NotEstimable):
            return self._record(record_id, label, Measure("value", unit=unit, reason=result.reason))
        span = (result.lower, result.upper)
        return self._record(
            record_id, label, single("value", result.median, result.n, unit, 1, span)
        )

    def correlation(self, record_id: str, label: str, r: Any, n: int | None = None) -> Record:
        """Record a correlation coefficient; its P value is a record of its own.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        r : float, Association or NotEstimable
            The coefficient, or the result that holds it and the number of pairs.
        n : int, optional
            Patients.

        Returns
        -------
        Record
            Text ``−0.31``.
        """
        if isinstance(r, NotEstimable):
            return self._record(record_id, label, Measure("correlation", n=n, reason=r.reason))
        if hasattr(r, "coefficient"):
            r, n = r.coefficient, r.n if n is None else n
        return self._record(record_id, label, single("correlation", r, n, decimals=2))
