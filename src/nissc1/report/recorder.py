"""Making records: one method a kind of figure."""

from __future__ import annotations

from typing import Any

from nissc1.report import measures
from nissc1.report.disclosure import Disclosure
from nissc1.report.formatting import measure_text
from nissc1.report.measures import Measure
from nissc1.report.origins import running_cell
from nissc1.report.record import Record
from nissc1.report.records import RecordBook


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
        self._cells: dict[str, int] = {}

    def _record(self, record_id: str, label: str, measure: Measure) -> Record:
        shown = self.disclosure.protect(measure)
        cell = running_cell()
        if cell is not None:
            self._cells[record_id] = cell
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
        value : float, int, str or None
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
