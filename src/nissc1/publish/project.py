"""Where the project's files lie, what its table of contents names, and which commit it is."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from nissc1.publish.errors import BuildError

TOC = "_toc.yml"
CONFIG = "_config.yml"


@dataclass(frozen=True)
class Commit:
    """The state of the source that an edition is built from.

    Attributes
    ----------
    id : str
        Full hash, with ``+changes`` if files differ from it; ``unknown`` outside a Git clone.
    epoch : int
        Seconds since 1970 of the commit, the only clock that a build reads; 0 if unknown.
    """

    id: str
    epoch: int

    @property
    def date(self) -> str:
        """Return the day of the commit (ISO, UTC), or ``unknown``."""
        if not self.epoch:
            return "unknown"
        return datetime.fromtimestamp(self.epoch, tz=UTC).date().isoformat()


@dataclass(frozen=True)
class Project:
    """The folder that holds ``_config.yml``, ``_toc.yml``, ``book/`` and ``notebooks/``.

    Attributes
    ----------
    root : Path
        Absolute path of the folder.
    """

    root: Path

    @property
    def build(self) -> Path:
        """Return the folder of intermediate files."""
        return self.root / "_build"

    @property
    def site(self) -> Path:
        """Return the folder of published editions."""
        return self.root / "_site"


def find_project(start: Path | None = None) -> Project:
    """Find the project folder.

    Parameters
    ----------
    start : Path, optional
        A folder inside the project. By default `NISSC1_HOME`, then the working directory, then the
        place of this package are tried.

    Returns
    -------
    Project
        The nearest folder upwards that holds both ``_config.yml`` and ``_toc.yml``.

    Raises
    ------
    BuildError
        If there is none.
    """
    home = os.environ.get("NISSC1_HOME")
    if start is not None:
        starts = [start]
    elif home:
        starts = [Path(home)]
    else:
        starts = [Path.cwd(), Path(__file__)]
    for place in starts:
        for folder in (place.resolve(), *place.resolve().parents):
            if (folder / TOC).is_file() and (folder / CONFIG).is_file():
                return Project(folder)
    tried = ", ".join(str(place) for place in starts)
    raise BuildError(
        f"no {CONFIG} and {TOC} in {tried} or above: "
        "run nissc1 inside a clone of the project, or set NISSC1_HOME to it"
    )


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        Its content.

    Raises
    ------
    BuildError
        If the file is missing, malformed or no mapping.
    """
    try:
        loaded = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BuildError(f"{path.name} is missing from {path.parent}") from None
    except yaml.YAMLError as fault:
        raise BuildError(f"{path.name} is not valid YAML: {fault}") from None
    if not isinstance(loaded, dict):
        raise BuildError(f"{path.name} must hold a mapping, found {type(loaded).__name__}")
    return loaded


def toc_pages(project: Project) -> list[str]:
    """List the pages of the book in reading order.

    Parameters
    ----------
    project : Project
        The project.

    Returns
    -------
    list of str
        Paths below the project folder without suffix, for example ``"notebooks/table-1"``.

    Raises
    ------
    BuildError
        If ``_toc.yml`` names a page twice, or one without a source.
    """
    pages: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("root", "file"):
                    pages.append(str(value))
                else:
                    walk(value)
        elif isinstance(node, list):
            for entry in node:
                walk(entry)

    walk(read_yaml(project.root / TOC))
    twice = sorted({page for page in pages if pages.count(page) > 1})
    if twice:
        raise BuildError(f"{TOC} names {', '.join(twice)} more than once")
    missing = [page for page in pages if source_of(project, page) is None]
    if missing:
        raise BuildError(
            f"{TOC} names pages that have no source",
            [f"{page}: neither {page}.md nor {page}.py exists" for page in missing],
        )
    return pages


def source_of(project: Project, page: str) -> Path | None:
    """Find the source of a page.

    Parameters
    ----------
    project : Project
        The project.
    page : str
        Path below the project folder without suffix.

    Returns
    -------
    Path or None
        A ``.md`` page or a ``.py`` notebook; None if there is neither.
    """
    for suffix in (".md", ".py"):
        path = project.root / f"{page}{suffix}"
        if path.is_file():
            return path
    return None


def commit_of(project: Project) -> Commit:
    """Tell which commit the project's files are.

    Parameters
    ----------
    project : Project
        The project.

    Returns
    -------
    Commit
        Of the Git clone; ``unknown`` if Git is absent or the folder is no clone.
    """

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(project.root), *arguments],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    try:
        identity, epoch = git("log", "-1", "--format=%H %ct").split()
        changed = bool(git("status", "--porcelain"))
    except (OSError, subprocess.CalledProcessError, ValueError):
        return Commit("unknown", int(os.environ.get("SOURCE_DATE_EPOCH", "0")))
    return Commit(identity + "+changes" * changed, int(epoch))
