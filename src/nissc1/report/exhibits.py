"""Showing tables and figures, and keeping them as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from nissc1.report.beside import PrintedColumn
from nissc1.report.disclosure import Disclosure
from nissc1.report.display import Html, sentence
from nissc1.report.figure_html import described, figure_html
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.svg import to_png, to_svg
from nissc1.report.formatting import NO_BREAK_SPACE, p_text
from nissc1.report.intervals import IntervalRecorder
from nissc1.report.layout import Layout
from nissc1.report.origins import running_cell
from nissc1.report.output import Output
from nissc1.report.record import Record
from nissc1.report.source_line import source_line
from nissc1.report.spread import NOT_PRINTED
from nissc1.report.table_docx import document
from nissc1.report.table_html import table_html
from nissc1.report.table_latex import latex
from nissc1.report.table_xlsx import workbook
from nissc1.report.tables import frame_layout, record_frame, record_layout

_WITHHELD = "Withheld: it shows single patients, and small numbers are not disclosed here."


class Exhibitor(IntervalRecorder):
    """Show what a notebook found.

    Parameters
    ----------
    output : Output
        Where the files of the notebook go.
    printed : PrintedColumn
        The article's figures.
    release : str
        Data release.
    cohort_n : int
        Patients analysed.
    disclosure : Disclosure
        Rule for small numbers.
    """

    def __init__(
        self,
        output: Output,
        printed: PrintedColumn,
        release: str,
        cohort_n: int,
        disclosure: Disclosure,
    ) -> None:
        super().__init__(output.notebook, release, cohort_n, disclosure)
        self._output = output
        self._print = printed
        self._groups: dict[str, str] = {}

    @property
    def comparable(self) -> bool:
        """Whether the figures may be judged against print."""
        return self._print.comparable

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
        for group, records in named.items():
            for record in records:
                self._groups.setdefault(record.id, group)
        printed = {record.id: self._print.of(record, place) for record in rows}
        notes = []
        if not self.comparable and any(text for text, _, _ in printed.values()):
            notes.append(
                "Other patients, follow-up, limits or rounding than the article's: the printed "
                "figures are shown for orientation, without a verdict."
            )
        if self.comparable and not all(text for text, _, _ in printed.values()):
            notes.append(NOT_PRINTED)
        layout = record_layout(
            name,
            title,
            named,
            printed,
            release=self._heading,
            printed_heading="Printed (Henes 2021)",
            footnotes=footnotes,
            printed_notes=notes,
            source=self._source,
        )
        self._keep(layout, record_frame(named, printed), rows)
        return Html(table_html(layout, running_cell()))

    @property
    def _heading(self) -> str:
        """Heading of computed figures: release and patients."""
        patients = self.disclosure.count_text(self.n)
        return f"Release {self.release_id}, N{NO_BREAK_SPACE}={NO_BREAK_SPACE}{patients}"

    @property
    def _source(self) -> str:
        return source_line(self.cohort.release, self.parameters)

    def _keep(self, layout: Layout, frame: pd.DataFrame, records: Sequence[Record] = ()) -> None:
        """Write a table in each form in which readers take it away."""
        if not self._output.wanted:
            return
        files: dict[str, str | bytes] = {
            "csv": frame.to_csv(index=False, lineterminator="\n"),
            "xlsx": workbook(layout, records),
            "tex": latex(layout),
            "docx": document(layout),
        }
        for ending, content in files.items():
            self._output.write("tables", f"{layout.name}.{ending}", content)

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
        empty: str = "no patient in the analysis, so there is nothing to show.",
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
        empty : str
            What to say where there is no row.

        Returns
        -------
        Html
            The table, or a sentence where there is no row or it is withheld.
        """
        self._output.claim(name)
        if patient_level and self.disclosure.active:
            return sentence(f"{title}. {_WITHHELD}")
        if frame.empty:
            return sentence(f"{title}: {empty}")
        shown = frame.copy()
        for column in counts:
            if self.disclosure.active:
                shown[column] = [
                    value if pd.isna(value) else self.disclosure.count_text(int(value))
                    for value in frame[column]
                ]
        text = shown.map(lambda cell: cell.text if isinstance(cell, Record) else cell)
        for column in p_values:
            shown[column] = [None if pd.isna(p) else p_text(p) for p in frame[column]]
        layout = frame_layout(
            name,
            title,
            shown,
            decimals=decimals,
            group=group,
            footnotes=footnotes,
            source=self._source,
        )
        self._keep(layout, text)
        return Html(table_html(layout, running_cell()))

    def figure(
        self,
        name: str,
        figure: Drawing | Figure | None,
        alt: str,
        *,
        title: str = "",
        numbers: Sequence[Record] = (),
        patient_level: bool = False,
    ) -> Html:
        """Show a figure, and keep it as SVG and PNG with its data as CSV.

        Parameters
        ----------
        name : str
            Name in the edition, such as ``figure-1``.
        figure : Drawing, matplotlib.figure.Figure or None
            The figure; None where nothing could be drawn. One of matplotlib has no form for phones
            and no data to take away.
        alt : str
            What is drawn, for those who cannot see it; title and numbers are added.
        title : str
            The finding that it shows, from `nissc1.report.session.Report.finding`.
        numbers : sequence of Record
            What a reader would take from it.
        patient_level : bool
            Whether points are patients: not shown where small numbers are withheld.

        Returns
        -------
        Html
            The figure, or a sentence.

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
            return sentence("Nothing can be estimated from these patients, so nothing is drawn.")
        simulated = self.cohort.release.simulated_after is not None
        told = described(alt, title, numbers)
        wide = figure.draw(False) if isinstance(figure, Drawing) else figure
        html = figure_html(
            name,
            figure,
            wide,
            title=title,
            alt=told,
            source=self._source,
            warn=simulated,
            cell=running_cell(),
        )
        if self._output.wanted:
            drawn = to_svg(wide, told, self._source, title=title, warn=simulated)
            self._output.write("figures", f"{name}.svg", drawn)
            self._output.write("figures", f"{name}.png", to_png(wide))
            if isinstance(figure, Drawing):
                data = figure.data.to_csv(index=False, lineterminator="\n")
                self._output.write("figures", f"{name}.csv", data)
        return Html(html)
