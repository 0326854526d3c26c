"""Where an edition's numbers come from: release, files, commit, software."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

import pandas as pd

from nissc1 import tracing
from nissc1.cohort.location import project_root
from nissc1.cohort.release import Release

PACKAGES = (
    "nissc1",
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "lifelines",
    "matplotlib",
    "seaborn",
    "papermill",
    "jupytext",
    "jupyter-book",
)
UNKNOWN = "unknown"


def commit() -> str:
    """Name the commit from which this is run.

    Returns
    -------
    str
        ``$NISSC1_COMMIT`` if set; otherwise what git says of the project's folder; ``unknown``
        where there is no repository or no git.
    """
    given = os.environ.get("NISSC1_COMMIT", "").strip()
    tracing.note(tracing.FACT, "commit", tracing.digest_of(given))
    if given:
        return given
    git = shutil.which("git")
    if git is None:
        return UNKNOWN
    try:
        done = subprocess.run(
            [git, "rev-parse", "HEAD"],
            cwd=project_root(),
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN
    return done.stdout.strip() or UNKNOWN


def software(packages: Iterable[str] = PACKAGES) -> pd.DataFrame:
    """List Python and the packages that compute the report.

    Parameters
    ----------
    packages : iterable of str
        Distribution names.

    Returns
    -------
    pandas.DataFrame
        ``Software``, ``Version``; one row each, Python first; a package that is not installed is
        called so.
    """
    rows = [("Python", platform.python_version())]
    with tracing.untraced():  # the pinned packages are an input of every result
        for name in packages:
            try:
                rows.append((name, version(name)))
            except PackageNotFoundError:
                rows.append((name, "not installed"))
    return pd.DataFrame(rows, columns=["Software", "Version"])


def release_files(release: Release) -> pd.DataFrame:
    """List the files of a release with their hashes.

    Parameters
    ----------
    release : Release
        The release.

    Returns
    -------
    pandas.DataFrame
        ``File``, ``SHA-256``; one row a file, by name, without folders.
    """
    rows = sorted((name, value) for name, value in release.hashes.items())
    return pd.DataFrame(rows, columns=["File", "SHA-256"])


def origin(release: Release) -> pd.DataFrame:
    """Say of a release what a reader must know before using its numbers.

    Parameters
    ----------
    release : Release
        The release.

    Returns
    -------
    pandas.DataFrame
        ``Item``, ``Value``: release, title, data cut-off, kind of data, disclosure, commit.
    """
    kind = "synthetic reconstruction" if release.synthetic else "patients' data"
    rows = [
        ("Release", release.id),
        ("Title", release.title),
        ("Data cut-off", release.data_cutoff.isoformat()),
        ("Kind of data", kind),
        ("Disclosure of the release", release.disclosure),
        ("Commit", commit()),
    ]
    return pd.DataFrame(rows, columns=["Item", "Value"])
