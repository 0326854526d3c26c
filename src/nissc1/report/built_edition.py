"""A built edition, read back: its facts, figures and patients."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nissc1 import tracing
from nissc1.cohort.release import Cohort
from nissc1.report.parameters import check_parameters
from nissc1.report.records import RecordBook

FACTS, RESULTS = "edition.json", "results.json"
PREVIOUS = "NISSC1_PREVIOUS"
"""Folder with ``edition.json`` and ``results.json`` of the earlier edition; unset where none is."""


@dataclass(frozen=True, eq=False)
class BuiltEdition:
    """What an edition was made from, and what it says.

    Attributes
    ----------
    name, release, cutoff : str
        Its name, its data release, and where its follow-up ends (ISO).
    records : RecordBook
        Its figures.
    values : dict
        Its parameters by name.
    """

    name: str
    release: str
    cutoff: str
    records: RecordBook
    values: dict[str, Any]

    def cohort(self, data: Path | None = None) -> Cohort:
        """Load its patients.

        Parameters
        ----------
        data : Path, optional
            Folder of the releases, as for `nissc1.cohort.release.load_release`.

        Returns
        -------
        Cohort
            As its notebooks saw them.

        Raises
        ------
        ReleaseError
            If its data release is not at hand.
        """
        return check_parameters(**self.values).cohort(data)


def read_edition(folder: Path) -> BuiltEdition:
    """Read an edition's facts and records.

    Parameters
    ----------
    folder : Path
        Folder with ``edition.json`` and ``results.json``.

    Returns
    -------
    BuiltEdition
        The edition.
    """
    facts = json.loads((folder / FACTS).read_text("utf-8"))
    return BuiltEdition(
        name=facts["edition"],
        release=facts["release"],
        cutoff=facts["cutoff"],
        records=RecordBook.from_json((folder / RESULTS).read_text("utf-8")),
        values=facts["values"],
    )


def previous_edition() -> BuiltEdition | None:
    """Read the edition that a build compares with.

    Returns
    -------
    BuiltEdition or None
        None where ``$NISSC1_PREVIOUS`` names none.
    """
    folder = os.environ.get(PREVIOUS)
    if not folder:
        tracing.note(tracing.FACT, "previous", tracing.ABSENT)
        return None
    texts = {name: (Path(folder) / name).read_text("utf-8") for name in (FACTS, RESULTS)}
    tracing.note(tracing.FACT, "previous", tracing.texts_digest(texts))
    return read_edition(Path(folder))
