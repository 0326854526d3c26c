"""Making records: one method a kind of figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nissc1.report import measures
from nissc1.report.disclosure import Disclosure
from nissc1.report.formatting import measure_text
from nissc1.report.measures import DAYS_PER_MONTH, Measure, NotEstimable
from nissc1.report.records import Record, RecordBook
from nissc1.stats.curve import Curve
from nissc1.stats.result import GroupTest


class Recorder:
    """Turn estimates into records, refusing an id that is taken.

    Parameters
    ----------
    notebook : str
        Name of the notebook.
    release : str
        Data release.
    cohort_n : int
        Patients analysed; a proportion of them is written without its denominator.
    disclosure : Disclosure
        How small numbers are stored and shown.
    """

    def __init__(
        self, notebook: str, release: str, cohort_n: int, disclosure: Disclosure = Disclosure.NONE
    ) -> None:
        self.notebook = notebook
        self.release_id = release
        self.n = cohort_n
        self.disclosure = disclosure
        self.records = RecordBook()

    def _record(self, record_id: str, label: str, measure: Measure) -> Record:
        shown = self.disclosure.protect(measure)
        return self.records.add(
            Record(
                id=record_id,
                label=label,
                statistic=shown.statistic,
                estimate=shown.estimate,
                lower=shown.lower,
                upper=shown.upper,
                n=shown.n,
                events=shown.events,
                denominator=shown.denominator,
                unit=shown.unit,
                text=measure_text(shown, self.disclosure.shown_count(self.n) or 0),
                notebook=self.notebook,
                release=self.release_id,
            )
        )

    def count(
        self, record_id: str, label: str, n: int, unit: str = "patients", *, of: int | None = None
    ) -> Record:
        """Record a count.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        n : int
            The count.
        unit : str
            What is counted.
        of : int, optional
            Patients it refers to.

        Returns
        -------
        Record
            Text such as ``35``.
        """
        return self._record(record_id, label, measures.count(n, unit, of=of))

    def proportion(
        self,
        record_id: str,
        label: str,
        flags: Any = None,
        *,
        numerator: int | None = None,
        denominator: int | None = None,
    ) -> Record:
        """Record a proportion, in percent.

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
            Text ``57 (71.3)``; ``31/71 (43.7)`` where not all patients are known.
        """
        measure = measures.proportion(flags, numerator, denominator)
        return self._record(record_id, label, measure)

    def median_range(
        self, record_id: str, label: str, values: Any, unit: str = "", decimals: int = 0
    ) -> Record:
        """Record the median with minimum and maximum.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        values : array_like
            One value a patient; missing ones are left out.
        unit : str
            Unit.
        decimals : int
            Digits shown.

        Returns
        -------
        Record
            Text ``43 (20–62)``.
        """
        return self._record(record_id, label, measures.median_range(values, unit, decimals))

    def mean(
        self, record_id: str, label: str, values: Any, unit: str = "", decimals: int = 1
    ) -> Record:
        """Record the mean.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        values : array_like
            One value a patient; missing ones are left out.
        unit : str
            Unit.
        decimals : int
            Digits shown.

        Returns
        -------
        Record
            Text ``23.9``.
        """
        return self._record(record_id, label, measures.mean(values, unit, decimals))

    def sd(
        self, record_id: str, label: str, values: Any, unit: str = "", decimals: int = 1
    ) -> Record:
        """Record the standard deviation, divisor n − 1.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        values : array_like
            One value a patient; missing ones are left out.
        unit : str
            Unit.
        decimals : int
            Digits shown.

        Returns
        -------
        Record
            Text ``9.7``.
        """
        return self._record(record_id, label, measures.sd(values, unit, decimals))

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
        return self._record(record_id, label, measures.rate(curve, at, when))

    def hazard_ratio(
        self,
        record_id: str,
        label: str,
        row: pd.Series[Any] | Mapping[str, Any] | NotEstimable,
        *,
        n: int | None = None,
        events: int | None = None,
    ) -> Record:
        """Record a hazard ratio with its confidence interval.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        row : Series, mapping or NotEstimable
            Row of a Cox model's table, with ``hazard_ratio, lower, upper``.
        n, events : int, optional
            Patients and events in the model.

        Returns
        -------
        Record
            Text ``3.32 (1.04–10.62)``.
        """
        return self._record(record_id, label, measures.hazard_ratio(row, n, events))

    def p_value(
        self,
        record_id: str,
        label: str,
        p: float | GroupTest | NotEstimable | None,
        n: int | None = None,
    ) -> Record:
        """Record a P value.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        p : float, GroupTest or NotEstimable
            The P value, or the test that yielded it (its `n` is taken too).
        n : int, optional
            Patients in the test.

        Returns
        -------
        Record
            Text ``0.44`` or ``< 0.001``.
        """
        if isinstance(p, GroupTest):
            n = p.n if n is None else n
            alone = NotEstimable("the data allow no comparison of groups")
            p = alone if p.df == 0 else p.p_value
        return self._record(record_id, label, measures.single("p_value", p, n))

    def correlation(
        self, record_id: str, label: str, r: float | NotEstimable | None, n: int | None = None
    ) -> Record:
        """Record a correlation coefficient; its P value is a record of its own.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        r : float or NotEstimable
            Coefficient.
        n : int, optional
            Patients.

        Returns
        -------
        Record
            Text ``−0.31``.
        """
        return self._record(record_id, label, measures.single("correlation", r, n, "", 2))

    def value(
        self,
        record_id: str,
        label: str,
        value: Any,
        unit: str = "",
        decimals: int = 0,
        *,
        n: int | None = None,
        lower: float | None = None,
        upper: float | None = None,
        patient_level: bool = False,
    ) -> Record:
        """Record any other single number, span or text.

        Parameters
        ----------
        record_id, label : str
            Id of the record and what a table calls it.
        value : float, int, str, None or NotEstimable
            The value; None with both bounds makes a span, ``4–5``.
        unit : str
            Unit; ``patients`` or ``events`` subject it to the rule for small counts.
        decimals : int
            Digits shown.
        n : int, optional
            Patients behind it.
        lower, upper : float, optional
            Bounds.
        patient_level : bool
            Whether it describes a single patient (Table 3): sets `n` to 1, so that it is withheld
            where small numbers are.

        Returns
        -------
        Record
            Statistic ``value``, or ``text`` if the value is text.
        """
        measure = measures.single(
            "value", value, 1 if patient_level else n, unit, decimals, (lower, upper)
        )
        return self._record(record_id, label, measure)
