"""How far the book's own records scatter between cohorts that print alike.

The ensemble of `nissc1.ensemble` follows a few figures; here every record that the article does
not print is followed, by running the notebooks themselves on each cohort.
"""

from __future__ import annotations

import os
import runpy
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from nissc1.cohort.location import project_root
from nissc1.reconstruct import write_release
from nissc1.report.published import PUBLISHED_RELEASE, load_published
from nissc1.report.records import RecordBook

ABOUT_OTHERS = (
    "agreement",
    "analysis-plan",
    "changes",
    "estimates-over-time",
    "evidence",
    "identification",
    "reading-the-digits",
    "reporting-checklists",
)
"""Notebooks about print, the plan, other studies, the ensemble or looks back: not run."""


def seed_records(seed: int) -> pd.DataFrame:
    """Reconstruct a cohort and run the notebooks on it.

    Parameters
    ----------
    seed : int
        Of `nissc1.reconstruct.write_release`.

    Returns
    -------
    DataFrame
        Its records that have an estimate and that the article does not print: ``id``, ``label``,
        ``estimate``, ``unit``.
    """
    with TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        write_release(Path(folder) / PUBLISHED_RELEASE, seed=seed)
        os.environ |= {"NISSC1_DATA": folder, "NISSC1_OUTPUT": str(output), "MPLBACKEND": "agg"}
        for notebook in sorted((project_root() / "notebooks").glob("*.py")):
            if notebook.stem not in ABOUT_OTHERS:
                runpy.run_path(str(notebook))
        records = RecordBook.read(output / "records").to_frame()
    printed = set(load_published()["record"])
    open_ones = records[records["estimate"].notna() & ~records["id"].isin(printed)]
    return open_ones[["id", "label", "estimate", "unit"]]


def write_record_spread(
    folder: Path,
    *,
    seeds: Sequence[int],
    jobs: int = 2,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Write the range of every record that print leaves open.

    Parameters
    ----------
    folder : Path
        Made where it does not exist; the file is named after the release.
    seeds : sequence of int
        Seeds, no two the same.
    jobs : int
        Processes.
    progress : callable, optional
        Receives one line a cohort.
    """
    parts = []
    # Notebooks read their folders from the environment, so each cohort has a process of its own.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for seed, part in zip(seeds, pool.map(seed_records, seeds), strict=True):
            parts.append(part)
            if progress is not None:
                progress(f"records of cohort {len(parts)} of {len(seeds)}, seed {seed}")
    ranges = pd.concat(parts).groupby("id", sort=True)["estimate"]
    table = ranges.agg(cohorts="count", smallest="min", largest="max").reset_index()
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(
        folder / f"{PUBLISHED_RELEASE}-records.csv",
        index=False,
        float_format="%.6g",
        lineterminator="\n",
    )
