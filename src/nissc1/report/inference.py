"""Making records from curves, models and tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.cohort.release import Cohort
from nissc1.maturity import Maturity, maturity
from nissc1.report import estimates
from nissc1.report.disclosure import Disclosure
from nissc1.report.estimates import NotEstimable
from nissc1.report.formatting import NO_BREAK_SPACE, measure_text
from nissc1.report.measures import Measure, single
from nissc1.report.parameters import Parameters
from nissc1.report.record import Record
from nissc1.report.recorder import Recorder
from nissc1.stats.curve import Curve
from nissc1.stats.followup import FollowUp

Result = TypeVar("Result")

IMMATURE = "†"
"""Mark of a rate at a time up to which fewer than half of the patients could have been followed."""


class InferenceRecorder(Recorder):
    """Record what estimators and tests return, or that they cannot be applied.

    Parameters
    ----------
    notebook : str
        Name of the notebook.
    release : str
        Data release.
    cohort_n : int
        Patients analysed.
    disclosure : Disclosure
        How small numbers are stored and shown.

    Attributes
    ----------
    cohort : Cohort
        The patients analysed.
    parameters : Parameters
        Checked parameters, the data cut-off among them.
    whole_cohort : bool
        Whether all patients of the release are analysed with all their follow-up. A method that
        refuses their data is at fault; one that refuses a subgroup's is not.
    """

    cohort: Cohort
    parameters: Parameters
    whole_cohort: bool = True

    def __init__(
        self, notebook: str, release: str, cohort_n: int, disclosure: Disclosure = Disclosure.NONE
    ) -> None:
        super().__init__(notebook, release, cohort_n, disclosure)
        self._immature: dict[str, Maturity] = {}

    @property
    def maturity_notes(self) -> list[str]:
        """Footnote that explains the mark of the immature rates so far; none without such."""
        count = self.disclosure.count_text
        times = "; ".join(
            f"{when}: {count(found.followed)} of {count(found.n)}"
            for when, found in self._immature.items()
        )
        rule = "fewer than half of the patients could have been followed that long"
        return [f"{IMMATURE} Immature: {rule} ({times})."] if times else []

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
        followed: Maturity | None = None,
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
        followed : Maturity, optional
            How many of the patients behind the curve could have been followed so long; by default
            of those analysed.

        Returns
        -------
        Record
            Text ``91.3 (85.1–97.4)``; statistic ``survival`` or ``cumulative_incidence``. The text
            ends in a dagger where the rate is immature, and `maturity_notes` explains it; where
            nobody could have been followed so long, nothing is estimated.

        Raises
        ------
        ValueError
            If not exactly one of months and days is given.
        """
        if (months is None) == (days is None):
            raise ValueError(f"record {record_id}: give either months or days, not both or none.")
        at = days if days is not None else (months or 0) * DAYS_PER_MONTH
        when = f"day {days:g}" if days is not None else f"{months:g} months"
        measure = estimates.rate(curve, at, when)
        found = maturity(self.cohort, at, self.parameters.cutoff) if followed is None else followed
        if measure.estimate is None or not found.immature:
            return self._record(record_id, label, measure)
        if found.followed == 0:
            nobody = f"by the data cut-off nobody could have been followed up to {when}"
            nothing = replace(measure, estimate=None, lower=None, upper=None, reason=nobody)
            return self._record(record_id, label, nothing)
        shown = self.disclosure.protect(measure)  # before the text is fixed; a second time is idle
        if shown.estimate is not None:
            text = measure_text(shown, shown.n or 0) + NO_BREAK_SPACE + IMMATURE
            shown = replace(shown, text=text)
            if followed is None:
                self._immature[when] = found
        return self._record(record_id, label, shown)

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
