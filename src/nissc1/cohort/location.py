"""Where the project and its data releases live."""

from __future__ import annotations

import os
from pathlib import Path

from nissc1.cohort.schema import DESCRIPTOR, RELEASE_ID


def project_root() -> Path:
    """Find the folder that holds ``data/``.

    Returns
    -------
    Path
        ``$NISSC1_HOME`` where it is set; else the closest folder above this file that holds both
        ``pyproject.toml`` and ``data``.

    Raises
    ------
    FileNotFoundError
        When neither is there, as when the package was installed apart from the project.
    """
    home = os.environ.get("NISSC1_HOME")
    if home:
        return Path(home)
    for folder in Path(__file__).resolve().parents:
        if (folder / "pyproject.toml").is_file() and (folder / "data").is_dir():
            return folder
    raise FileNotFoundError(
        "The project's folder (with pyproject.toml and data/) is not above the installed package. "
        "Set NISSC1_HOME to it."
    )


def releases_root(data: Path | None = None) -> Path:
    """Find the folder that holds one folder a data release.

    Parameters
    ----------
    data : Path, optional
        The folder, where the caller names it.

    Returns
    -------
    Path
        `data`, else ``$NISSC1_DATA``, else ``data/releases`` of the project.
    """
    if data is not None:
        return data
    configured = os.environ.get("NISSC1_DATA")
    return Path(configured) if configured else project_root() / "data" / "releases"


def present_releases(root: Path) -> list[str]:
    """List the releases below a folder.

    Parameters
    ----------
    root : Path
        As `releases_root` finds it; may be absent.

    Returns
    -------
    list of str
        Names such as ``2021.02``, oldest first.
    """
    if not root.is_dir():
        return []
    return sorted(
        folder.name
        for folder in root.iterdir()
        if RELEASE_ID.fullmatch(folder.name) and (folder / DESCRIPTOR).is_file()
    )
