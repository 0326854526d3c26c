"""What a frozen data release is, apart from its patients."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from nissc1 import tracing
from nissc1.cohort.corrections import corrections_frame
from nissc1.cohort.frozen_files import FrozenFiles
from nissc1.cohort.release_parts import HASHES, SCHEMAS, hashes_digest, schemas_digest


@dataclass(frozen=True)
class Release:
    """Identity of a frozen data release.

    Parameters
    ----------
    id : str
        ``YYYY.MM``.
    folder : Path
        Folder of the files.
    data_cutoff : datetime.date
        Last calendar day that the data cover.
    synthetic : bool
        Whether the patients are made up.
    disclosure : str
        Disclosure control under which the release may be shown.
    title : str
        One line for people.
    descriptor : dict
        Content of ``datapackage.json``.
    simulated_after : datetime.date or None
        Day after which nothing was observed in anybody: a program made up what lies behind it.
    corrections : DataFrame
        What ``corrections.yml`` lists, of any status; see
        `nissc1.cohort.corrections.corrections_frame`. The tables hold the confirmed ones applied.
    files : FrozenFiles or None
        The files themselves; None for a release made in memory.
    """

    id: str
    folder: Path
    data_cutoff: dt.date
    synthetic: bool
    disclosure: str
    title: str
    simulated_after: dt.date | None = None
    corrections: pd.DataFrame = field(default_factory=corrections_frame, repr=False, compare=False)
    files: FrozenFiles | None = field(default=None, repr=False, compare=False)

    @property
    def descriptor(self) -> dict[str, Any]:
        """Return the content of ``datapackage.json``; empty for a release made in memory."""
        if self.files is None:
            return {}
        tracing.note(SCHEMAS, self.id, schemas_digest(self.files.descriptor))
        return self.files.descriptor

    @property
    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 digest of each table's file by name; empty in memory.

        ``corrections.yml`` is among them where there is one.
        """
        if self.files is None:
            return {}
        tracing.note(HASHES, self.id, hashes_digest(self.files.descriptor))
        return self.files.hashes()
