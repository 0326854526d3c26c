"""The report session of a notebook: parameters in, records, tables and figures out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import pandas as pd
from matplotlib.figure import Figure

from nissc1.cohort.release import Cohort
from nissc1.report.beside import PrintedColumn
from nissc1.report.disclosure import Disclosure
from nissc1.report.display import Html, Svg, sentence
from nissc1.report.figures.style import to_svg
from nissc1.report.formatting import p_text
from nissc1.report.inference import InferenceRecorder
from nissc1.report.notice import notice
from nissc1.report.output import Output
from nissc1.report.parameters import CONF_LEVEL, Parameters, check_parameters
from nissc1.report.published import load_contradictions, load_published
from nissc1.report.record import Record
from nissc1.report.records import RecordBook
from nissc1.report.tables import frame_table, record_table

_WITHHELD = "Withheld: it shows single patients, and small numbers are not disclosed here."


class Report(InferenceRecorder):
    """Give a notebook its cohort, and take its figures.

    Use `Report.open`.

    Parameters
    ----------
    notebook : str
        Name of the notebook: lower-case letters, digits and hyphens.
    parameters : Parameters
        Checked parameters.
    cohort : Cohort
        Analysed patients.
    published : pandas.DataFrame, optional
        Printed figures; by default the project's.
    contradictions : pandas.DataFrame, optional
        The article's contradictions; by default the project's.

    Attributes
    ----------
    cohort : Cohort
        Patients after cut-off and population filter.
    parameters : Parameters
        Checked parameters.
    landmarks : tuple of int
        Months at which rates are given.
    conf_level : float
        Level to pass to the estimators.
    disclosure : Disclosure
        Rule for small numbers, to pass to the figures.
    n : int
        Number of patients.
    """

    def __init__(
        self,
        notebook: str,
        parameters: Parameters,
        cohort: Cohort,
        published: pd.DataFrame | None = None,
        contradictions: pd.DataFrame | None = None,
    ) -> None:
        self._output = Output(notebook)
        rules = (parameters.disclosure.value, cohort.release.disclosure)
        small = Disclosure.SMALL_COUNTS in rules
        disclosure = Disclosure.SMALL_COUNTS if small else Disclosure.NONE
        super().__init__(notebook, parameters.release, len(cohort.patients), disclosure)
        self.parameters = parameters
        self.cohort = cohort
        self.landmarks = parameters.landmarks
        self.conf_level = parameters.conf_level
        self.comparable = parameters.comparable and not disclosure.active
        self.whole_cohort = parameters.population is None and parameters.cutoff is None
        self._print = PrintedColumn(
            load_published() if published is None else published,
            load_contradictions() if contradictions is None else contradictions,
            self.comparable,
        )
        self._closed = False

    @classmethod
    def open(
        cls,
        *,
        notebook: str,
        release: str,
        cutoff: Any = None,
        horizon_months: int = 24,
        population: str | None = None,
        conf_level: float = CONF_LEVEL,
        disclosure: str = "none",
    ) -> Self:
        """Check the parameters, load the release and select the patients.

        Parameters
        ----------
        notebook : str
            Name of the notebook.
        release : str
            Data release.
        cutoff : str or date, optional
            ISO date of administrative censoring.
        horizon_months : int
            Last landmark.
        population : str, optional
            Filter on the baseline columns.
        conf_level : float
            Level of the confidence intervals.
        disclosure : {"none", "small-counts"}
            Rule for small numbers; a release that demands ``small-counts`` gets it in any case.

        Returns
        -------
        Report
            The session.

        Raises
        ------
        ParameterError
            If a parameter is not allowed.
        ReleaseError
            If the release is unknown or damaged, or the cut-off lies after its data.
        PopulationError
            If the filter is not allowed.
        """
        parameters = check_parameters(
            release, cutoff, horizon_months, population, conf_level, disclosure
        )
        return cls(notebook, parameters, parameters.cohort())

    def table(
        self,
        name: str,
        title: str,
        groups: Mapping[str, Sequence[Record]] | Sequence[Record],
        footnotes: Sequence[str] = (),
        *,
        where: str | None = None,
    ) -> Html:
        """Show records with the printed figures beside them, and keep them as CSV.

        Parameters
        ----------
        name : str
            Name of the table in the edition, such as ``table-1``.
        title : str
            Title.
        groups : mapping of str to sequence of Record, or sequence of Record
            Rows, in groups if named.
        footnotes : sequence of str
            Notes below.
        where : str, optional
            Place in the article from which the printed figure is taken first; by default the one
            that `name` names (``table-1``: ``table1``).

        Returns
        -------
        Html
            The table, or a sentence where there is no row.
        """
        self._output.claim(name)
        named = dict(groups) if isinstance(groups, Mapping) else {"": list(groups)}
        named = {group: list(rows) for group, rows in named.items() if len(rows)}
        if not named:
            return sentence(f"{title}: no patient in the analysis, so there is nothing to show.")
        place = name.replace("-", "") if where is None else where
        rows = [record for group in named.values() for record in group]
        printed = {record.id: self._print.of(record, place) for record in rows}
        notes = list(footnotes)
        if not self.comparable and any(text for text, _, _ in printed.values()):
            notes.append(
                "Other patients, follow-up, limits or rounding than the article's: the printed "
                "figures are shown for orientation, without a verdict."
            )
        html, frame = record_table(
            name,
            title,
            named,
            printed,
            release=f"Release {self.release_id}",
            printed_heading="Printed (Henes 2021)",
            footnotes=notes,
        )
        self._output.write("tables", f"{name}.csv", frame.to_csv(index=False, lineterminator="\n"))
        return Html(html)

    def frame_table(
        self,
        name: str,
        title: str,
        frame: pd.DataFrame,
        footnotes: Sequence[str] = (),
        *,
        decimals: Mapping[str, int] | int = 1,
        p_values: Sequence[str] = (),
        group: str | None = None,
        patient_level: bool = False,
        counts: Sequence[str] = (),
    ) -> Html:
        """Show a data frame, and keep it as CSV.

        Parameters
        ----------
        name, title : str
            Name in the edition, and title.
        frame : pandas.DataFrame
            The first column (after `group`) heads the rows. Cells: text, numbers, booleans, dates,
            `Record`, missing.
        footnotes : sequence of str
            Notes below.
        decimals : mapping of str to int, or int
            Digits shown of floats.
        p_values : sequence of str
            Columns of P values, written as such.
        group : str, optional
            Column that names row groups.
        patient_level : bool
            Whether a row is a patient: not shown where small numbers are withheld.
        counts : sequence of str
            Columns of integers that count patients or events, subject to the rule for small
            numbers.

        Returns
        -------
        Html
            The table, or a sentence where there is no row or it is withheld.
        """
        self._output.claim(name)
        if patient_level and self.disclosure.active:
            return sentence(f"{title}. {_WITHHELD}")
        if frame.empty:
            return sentence(f"{title}: no patient in the analysis, so there is nothing to show.")
        shown = frame.copy()
        for column in counts:
            if self.disclosure.active:
                shown[column] = [
                    value if pd.isna(value) else self.disclosure.count_text(int(value))
                    for value in frame[column]
                ]
        text = shown.map(lambda cell: cell.text if isinstance(cell, Record) else cell)
        self._output.write("tables", f"{name}.csv", text.to_csv(index=False, lineterminator="\n"))
        for column in p_values:
            shown[column] = [None if pd.isna(p) else p_text(p) for p in frame[column]]
        return Html(
            frame_table(name, title, shown, decimals=decimals, group=group, footnotes=footnotes)
        )

    def figure(
        self, name: str, figure: Figure | None, alt: str, *, patient_level: bool = False
    ) -> Svg | Html:
        """Show a figure, and keep it as SVG.

        Parameters
        ----------
        name : str
            Name in the edition, such as ``figure-1``.
        figure : matplotlib.figure.Figure or None
            The figure; None where nothing could be drawn.
        alt : str
            What it shows, for those who cannot see it.
        patient_level : bool
            Whether points are patients: not shown where small numbers are withheld.

        Returns
        -------
        Svg or Html
            The drawing, or a sentence.

        Raises
        ------
        ValueError
            If `alt` is empty.
        """
        self._output.claim(name)
        if not alt.strip():
            raise ValueError(f"figure {name} has no alternative text; say what it shows.")
        if patient_level and self.disclosure.active:
            return sentence(f"Figure. {_WITHHELD}")
        if figure is None:
            return sentence("No patient in the analysis, so there is nothing to draw.")
        drawing = to_svg(figure, alt)
        self._output.write("figures", f"{name}.svg", drawing)
        return Svg(drawing, alt)

    def notice(self) -> Html:
        """Show which data the numbers come from.

        Returns
        -------
        Html
            Release, cut-off, number of patients, deviating parameters, and whether the patients
            are synthetic.
        """
        patients = self.disclosure.count_text(self.n)
        return notice(self.cohort.release, self.parameters, patients, self.disclosure)

    def earlier(self) -> RecordBook:
        """Read the records of the notebooks that ran before this one in the same build.

        Returns
        -------
        RecordBook
            Their records.

        Raises
        ------
        RuntimeError
            If the notebook runs outside a build, where nothing was kept.
        """
        return RecordBook.read(self._output.kept("records"))

    def publish(self) -> None:
        """Write the records; the last call of a notebook.

        Raises
        ------
        RuntimeError
            If it was called before.
        """
        if self._closed:
            raise RuntimeError(f"notebook {self.notebook}: publish() comes once, as the last call.")
        self._closed = True
        self._output.write("records", f"{self.notebook}.json", self.records.to_json())
