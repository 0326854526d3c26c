"""Lay out the sources of a book, changing no more than what differs from the build before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from nissc1.publish import facts as facts_of_edition
from nissc1.publish.errors import BuildError
from nissc1.publish.facts import Facts
from nissc1.publish.project import CONFIG, TOC, Project, read_yaml, source_of
from nissc1.publish.results import CSV, JSON

RECORDS_FOLDER, SOURCES_FOLDER = "records", "sources"
"""Folders of an edition: records by notebook, and notebooks as source and as executed."""
ARTEFACTS = ("tables", "figures", RECORDS_FOLDER)
BUILT = "_build"
"""Folder within the staged book that Jupyter Book makes, and reads again in the next build."""


@dataclass(frozen=True)
class Manuscript:
    """What a book is made from.

    Attributes
    ----------
    project : Project
        Pages, configuration, table of contents.
    pages : list of str
        The table of contents.
    executed : Path
        Folder of executed notebooks.
    output : Path
        Folder with ``results.json``, ``results.csv``, ``tables/`` and ``figures/``.
    facts : Facts
        Facts of the edition.
    epoch : int
        Seconds since 1970 that stand for the time of the build.
    """

    project: Project
    pages: list[str]
    executed: Path
    output: Path
    facts: Facts
    epoch: int


def staged(manuscript: Manuscript) -> dict[str, bytes]:
    """Gather the sources of the book.

    Parameters
    ----------
    manuscript : Manuscript
        What the book is made from; its facts are written beside the results.

    Returns
    -------
    dict of str to bytes
        Content by path below the folder of the staged book.

    Raises
    ------
    BuildError
        If a page in ``book/`` is not in the table of contents.
    """
    project = manuscript.project
    hand_written = project.root / "book"
    stray = [
        path.relative_to(project.root).as_posix()
        for path in sorted(hand_written.rglob("*.md"))
        if not path.name.startswith("_")
        and path.relative_to(project.root).with_suffix("").as_posix() not in manuscript.pages
    ]
    if stray:
        raise BuildError(
            f"pages that {TOC} does not show", [f"{page}: add or remove it" for page in stray]
        )
    files = {}
    for path in sorted(each for each in hand_written.rglob("*") if each.is_file()):
        name = path.relative_to(hand_written).as_posix()
        files[name if name.startswith("_static/") else f"book/{name}"] = path.read_bytes()
    for page in manuscript.pages:
        source = source_of(project, page)
        if source is not None and source.suffix == ".py":
            name = f"{source.stem}.ipynb"
            files[f"notebooks/{name}"] = (manuscript.executed / name).read_bytes()
    files |= result_files(manuscript)
    files[TOC] = (project.root / TOC).read_bytes()
    facts_path = facts_of_edition.write(manuscript.facts, manuscript.output)
    config = _configuration(manuscript, facts_path)
    files[CONFIG] = yaml.safe_dump(config, sort_keys=False).encode("utf-8")
    return files


def result_files(manuscript: Manuscript) -> dict[str, bytes]:
    """Gather records, tables and figures, which pages and readers find beside the book.

    Parameters
    ----------
    manuscript : Manuscript
        What the book is made from.

    Returns
    -------
    dict of str to bytes
        Content by path.
    """
    found = [manuscript.output / CSV, manuscript.output / JSON]
    for kind in ARTEFACTS:
        found += sorted(path for path in (manuscript.output / kind).rglob("*") if path.is_file())
    return {path.relative_to(manuscript.output).as_posix(): path.read_bytes() for path in found}


def source_files(manuscript: Manuscript) -> dict[str, bytes]:
    """Gather the notebooks, as source and as executed, which readers find beside the book.

    Parameters
    ----------
    manuscript : Manuscript
        What the book is made from.

    Returns
    -------
    dict of str to bytes
        Content by path.
    """
    found = {}
    for page in manuscript.pages:
        source = source_of(manuscript.project, page)
        if source is not None and source.suffix == ".py":
            executed = manuscript.executed / f"{source.stem}.ipynb"
            found[f"{SOURCES_FOLDER}/{source.name}"] = source.read_bytes()
            found[f"{SOURCES_FOLDER}/{executed.name}"] = executed.read_bytes()
    return found


def stage(files: Mapping[str, bytes], folder: Path) -> None:
    """Lay out the sources of the book, touching only those that differ from what is there.

    Parameters
    ----------
    files : mapping of str to bytes
        As `staged` returns them.
    folder : Path
        Where to. What an earlier build left there and `files` do not name is removed, but for what
        Jupyter Book made of it.
    """
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if name.partition("/")[0] == BUILT:
            continue
        if path.is_file() and name not in files:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _configuration(manuscript: Manuscript, facts_path: Path) -> dict[str, object]:
    config = read_yaml(manuscript.project.root / CONFIG)
    facts = manuscript.facts
    title = f"{config.get('title', 'NISSC1 living report')} {facts.release}"
    config["title"] = title if facts.parameters == "none" else f"{title} ({facts.parameters})"
    settings = config.setdefault("sphinx", {}).setdefault("config", {})
    settings["nissc1_results"] = str(manuscript.output / JSON)
    settings["nissc1_edition"] = str(facts_path)
    return config
