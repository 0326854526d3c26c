"""A data release on disk, and the cohort of patients that is analysed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from nissc1 import tracing
from nissc1.cohort.baseline import baseline_frame
from nissc1.cohort.censoring import censored_tables
from nissc1.cohort.corrections import corrections_frame
from nissc1.cohort.descriptor_checks import SIMULATED_AFTER
from nissc1.cohort.frozen_files import FrozenFiles, ReleaseError
from nissc1.cohort.location import present_releases, releases_root
from nissc1.cohort.population import select_rows
from nissc1.cohort.reading import DTYPES
from nissc1.cohort.release_identity import Release
from nissc1.cohort.release_parts import IDENTITY, identity_digest
from nissc1.cohort.schema import fields, resource_names
from nissc1.cohort.tables import Tables

__all__ = ["Cohort", "Release", "ReleaseError", "load_release", "open_release"]


@dataclass(frozen=True, eq=False)
class Cohort:
    """The patients under analysis.

    Parameters
    ----------
    release : Release
        Where they come from.
    _tables : Tables
        The tables of the release in pandas' nullable types, rows in the order of the files.
    """

    release: Release
    _tables: Tables = field(repr=False)

    @property
    def patients(self) -> pd.DataFrame:
        """Return the table of the patients."""
        return self._tables["patients"]

    @property
    def transplants(self) -> pd.DataFrame:
        """Return the table of the transplants."""
        return self._tables["transplants"]

    @property
    def outcomes(self) -> pd.DataFrame:
        """Return the table of the outcomes."""
        return self._tables["outcomes"]

    @property
    def visits(self) -> pd.DataFrame:
        """Return the table of the visits."""
        return self._tables["visits"]

    @property
    def adverse_events(self) -> pd.DataFrame:
        """Return the table of the adverse events."""
        return self._tables["adverse_events"]

    @classmethod
    def from_frames(
        cls, tables: Mapping[str, pd.DataFrame], release: Release | None = None
    ) -> Cohort:
        """Make a cohort in memory.

        Parameters
        ----------
        tables : mapping of str to DataFrame
            Any of the five tables. A table or column left out is taken as missing; columns beyond
            the schema are kept.
        release : Release, optional
            Identity; an unregistered, synthetic one by default.

        Returns
        -------
        Cohort
            With the columns in the schema's order and types.

        Raises
        ------
        ValueError
            When a table has no such name in the schema.
        """
        unknown = sorted(set(tables) - set(resource_names()))
        if unknown:
            raise ValueError(
                f"No table is named {unknown[0]!r}. Must be one of {', '.join(resource_names())}."
            )
        typed = {
            name: _with_types(tables.get(name, pd.DataFrame()), name) for name in resource_names()
        }
        if release is None:
            release = Release(
                id="unregistered",
                folder=Path(),
                data_cutoff=dt.date.max,
                synthetic=True,
                disclosure="none",
                title="Cohort made in memory",
            )
        return cls(release, Tables.of(typed))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the five tables by name.

        Returns
        -------
        dict of str to DataFrame
            The tables themselves, not copies.
        """
        return {name: self._tables[name] for name in resource_names()}

    def baseline(self) -> pd.DataFrame:
        """Join what is known of each patient at day 0.

        Returns
        -------
        DataFrame
            Indexed by ``patient_id``; see `nissc1.cohort.baseline.baseline_frame`.
        """
        return baseline_frame(self.patients, self.transplants, self.visits)

    def censored_at(self, cutoff: dt.date) -> Cohort:
        """Return the cohort as it stood at a calendar date.

        Parameters
        ----------
        cutoff : datetime.date
            Last calendar day that counts; not after the release's own data cut-off.

        Returns
        -------
        Cohort
            Patients transplanted by then, nothing known after it; see
            `nissc1.cohort.censoring.censored_tables`. May be empty.

        Raises
        ------
        ReleaseError
            When the date lies after the data cut-off of the release.
        """
        if cutoff > self.release.data_cutoff:
            raise ReleaseError(
                f"The cut-off {cutoff.isoformat()} lies after the data of release "
                f"{self.release.id}, which end on {self.release.data_cutoff.isoformat()}. Choose "
                "that day or an earlier one."
            )
        return Cohort(self.release, censored_tables(self._tables, cutoff))

    def select(self, population: str) -> Cohort:
        """Return the patients for whom an expression on the baseline holds.

        Parameters
        ----------
        population : str
            For example ``sex == "F" and mrss > 24``; see `nissc1.cohort.population`.

        Returns
        -------
        Cohort
            In the same order; may be empty.

        Raises
        ------
        PopulationError
            When the expression is not one of the language.
        """
        baseline = self.baseline()
        chosen = baseline.index[select_rows(population, baseline).to_numpy()]

        def kept(name: str) -> pd.DataFrame:
            table = self._tables[name]
            return table.loc[table["patient_id"].isin(chosen)].reset_index(drop=True)

        return Cohort(self.release, self._tables.each(kept))


def load_release(release: str, data: Path | None = None) -> Cohort:
    """Load a registered data release, once all its files are proven to be unedited.

    Parameters
    ----------
    release, data : str, Path
        As for `open_release`.

    Returns
    -------
    Cohort
        All patients of the release, every table read.

    Raises
    ------
    ReleaseError
        As for `open_release`, for any of the tables.
    """
    cohort = open_release(release, data)
    cohort.tables()
    return cohort


def open_release(release: str, data: Path | None = None) -> Cohort:
    """Open a registered data release; a table is read, and verified, when it is asked for.

    Parameters
    ----------
    release : str
        Identity, ``YYYY.MM``.
    data : Path, optional
        Folder that holds the releases; ``$NISSC1_DATA``, or the project's ``data/releases``, by
        default.

    Returns
    -------
    Cohort
        All patients of the release, confirmed corrections applied.

    Raises
    ------
    ReleaseError
        When the release is not there, its descriptor is not sound, or, once it is asked for, a
        table was edited since it was registered or cannot be read by the schema. The message names
        the file.
    """
    root = releases_root(data)
    present = present_releases(root)
    if release not in present:
        known = ", ".join(present) if present else "none"
        raise ReleaseError(
            f"Release {release!r} is not in {root}. Releases present there: {known}."
        )
    folder = root / release
    files = FrozenFiles(folder, release)
    descriptor = files.descriptor
    after = descriptor.get(SIMULATED_AFTER)
    tracing.note(IDENTITY, release, identity_digest(descriptor))
    identity = Release(
        id=release,
        folder=folder,
        data_cutoff=dt.date.fromisoformat(descriptor["data_cutoff"]),
        synthetic=descriptor["synthetic"],
        disclosure=descriptor["disclosure"],
        title=descriptor["title"],
        simulated_after=dt.date.fromisoformat(after) if after else None,
        corrections=corrections_frame(files.corrections),
        files=files,
    )
    return Cohort(identity, Tables({name: partial(files.table, name) for name in files.names}))


def _with_types(table: pd.DataFrame, name: str) -> pd.DataFrame:
    types = {described["name"]: DTYPES[described["type"]] for described in fields(name)}
    extra = [column for column in table.columns if column not in types]
    return table.reindex(columns=[*types, *extra]).astype(types).reset_index(drop=True)
