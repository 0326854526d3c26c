"""The report session of a notebook: parameters in, records, tables and figures out."""

from __future__ import annotations

import json
import sys
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd

from nissc1 import tracing
from nissc1.cohort.location import present_releases, project_root, releases_root
from nissc1.cohort.release import Cohort, load_release
from nissc1.maturity import horizon_at_hand
from nissc1.report import origins
from nissc1.report.beside import PrintedColumn
from nissc1.report.built_edition import BuiltEdition, previous_edition
from nissc1.report.disclosure import Disclosure
from nissc1.report.exhibits import Exhibitor
from nissc1.report.findings import HORIZON, finding
from nissc1.report.origins import ORIGINS
from nissc1.report.output import DEPENDENCIES, EARLIER, RECORDS, Output
from nissc1.report.parameters import CONF_LEVEL, Parameters, check_parameters, landmarks
from nissc1.report.published import load_contradictions, load_published
from nissc1.report.records import RecordBook
from nissc1.report.spread import load_record_spread


class Report(Exhibitor):
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
        rules = (parameters.disclosure.value, cohort.release.disclosure)
        small = Disclosure.SMALL_COUNTS in rules
        disclosure = Disclosure.SMALL_COUNTS if small else Disclosure.NONE
        comparable = parameters.comparable and not disclosure.active
        column = PrintedColumn(
            load_published() if published is None else published,
            load_contradictions() if contradictions is None else contradictions,
            comparable,
            load_record_spread(parameters.release) if comparable else None,
        )
        output = Output(notebook)
        super().__init__(output, column, parameters.release, len(cohort.patients), disclosure)
        self.parameters = parameters
        self.cohort = cohort
        self.conf_level = parameters.conf_level
        self.whole_cohort = parameters.population is None and parameters.cutoff is None
        self._closed = False

    @cached_property
    def horizon(self) -> int:
        """Horizon of curves and rates, month; who does not ask reads no visits for it."""
        asked = self.parameters.horizon_months
        return asked or horizon_at_hand(self.cohort, self.parameters.cutoff)

    @cached_property
    def landmarks(self) -> tuple[int, ...]:
        """Give the landmarks of rates, month."""
        return landmarks(self.horizon)

    @classmethod
    def open(
        cls,
        *,
        notebook: str,
        release: str,
        cutoff: Any = None,
        horizon_months: int | None = None,
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
        horizon_months : int, optional
            Last landmark; by default what the follow-up at hand allows, see
            `nissc1.maturity.horizon_at_hand`.
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
        # Releases are noted table by table, and the packages by the lock that pins them.
        tracing.start(project_root(), passed_over=[releases_root(), Path(sys.prefix)])
        parameters = check_parameters(
            release, cutoff, horizon_months, population, conf_level, disclosure
        )
        return cls(notebook, parameters, parameters.cohort())

    def finding(self, template: str, otherwise: str) -> str:
        """State a finding with the numbers of records of this notebook.

        Parameters
        ----------
        template : str
            Sentence with places such as ``{os.24m:estimate}``; ``{horizon}`` stands for the last
            month.
        otherwise : str
            What to say where one of the numbers is not to be had.

        Returns
        -------
        str
            The sentence, for the title of a figure.
        """
        horizon = str(self.horizon) if HORIZON in template else ""
        return finding(self.records, template, otherwise, horizon)

    def earlier(self) -> RecordBook:
        """Read the records of the notebooks that do not read the others' in turn.

        Returns
        -------
        RecordBook
            Their records.

        Raises
        ------
        RuntimeError
            If the notebook runs outside a build, where nothing was kept.
        """
        folder = self._output.kept(EARLIER)
        with tracing.untraced():
            texts = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.json"))}
        tracing.note(tracing.FACT, "earlier", tracing.texts_digest(texts))
        return RecordBook.read(folder)

    def previous(self) -> BuiltEdition | None:
        """Read the edition that this one is compared with.

        Returns
        -------
        BuiltEdition or None
            The latest one of an earlier release with the same parameters, as the build found it.
        """
        return previous_edition()

    def releases(self) -> list[Cohort]:
        """Load this release and those before it, with the same filter and cut-off.

        Returns
        -------
        list of Cohort
            The patients of each release that lies beside this one, oldest first, this one last. A
            release whose data end before the cut-off keeps its own end.
        """
        own = self.cohort.release
        earlier = (name for name in present_releases(releases_root()) if name < own.id)
        return [*(self._alike(load_release(name)) for name in earlier), self.cohort]

    def _alike(self, cohort: Cohort) -> Cohort:
        cutoff, population = self.parameters.cutoff, self.parameters.population
        if cutoff is not None and cutoff < cohort.release.data_cutoff:
            cohort = cohort.censored_at(cutoff)
        return cohort if population is None else cohort.select(population)

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
        records = self.records.within(self._groups)
        self._output.write(RECORDS, f"{self.notebook}.json", records.to_json())
        if self._cells:
            self._output.write(ORIGINS, f"{self.notebook}.json", origins.to_json(self._cells))
        depends = [[each.kind, each.name, each.digest] for each in tracing.finish()]
        self._output.write(DEPENDENCIES, f"{self.notebook}.json", json.dumps(depends))
