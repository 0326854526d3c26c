"""Stage the book of an edition and compile it with Jupyter Book."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml

import nissc1
from nissc1.publish import facts as facts_of_edition
from nissc1.publish import site
from nissc1.publish.errors import BuildError
from nissc1.publish.facts import Facts
from nissc1.publish.progress import Stage
from nissc1.publish.project import CONFIG, TOC, Project, read_yaml, source_of
from nissc1.publish.results import CSV, JSON

ARTEFACTS = ("tables", "figures")
_SHOWN_LINES = 40
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FAULT = re.compile(r"\b(WARNING|ERROR|CRITICAL|SEVERE)\b|unresolved|Traceback \(most recent")
_STEP = re.compile(r"(reading sources|writing output)\.\.\. \[ *\d+%\] (\S+)")
_CELL = re.compile(r"(?P<page>notebooks/[\w.-]+)\.ipynb:(?P<line>\d{5,})")
_REDIRECT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={target}">
<link rel="icon" href="data:,">
<title>{title}</title>
</head>
<body><p><a href="{target}">{title}</a></p></body>
</html>
"""


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


def redirect(target: str, title: str) -> str:
    """Write a page that leads to another, also without scripts.

    Parameters
    ----------
    target, title : str
        Relative address, and the text of the link.

    Returns
    -------
    str
        HTML.
    """
    return _REDIRECT.format(target=target, title=title)


def stage(manuscript: Manuscript, folder: Path) -> None:
    """Lay out the sources of the book.

    Parameters
    ----------
    manuscript : Manuscript
        What the book is made from.
    folder : Path
        Where to; must not exist.

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
    shutil.copytree(hand_written, folder / "book", ignore=shutil.ignore_patterns("_static"))
    if (hand_written / "_static").is_dir():
        shutil.copytree(hand_written / "_static", folder / "_static")
    (folder / "notebooks").mkdir()
    for page in manuscript.pages:
        source = source_of(project, page)
        if source is not None and source.suffix == ".py":
            executed = f"{source.stem}.ipynb"
            shutil.copy(manuscript.executed / executed, folder / "notebooks" / executed)
    _copy_results(manuscript, folder)
    shutil.copy(project.root / TOC, folder / TOC)
    facts_path = facts_of_edition.write(manuscript.facts, manuscript.output)
    config = _configuration(manuscript, facts_path)
    (folder / CONFIG).write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")


def _copy_results(manuscript: Manuscript, folder: Path) -> None:
    """Lay records, tables and figures where pages and readers find them."""
    for name in (CSV, JSON):
        shutil.copy(manuscript.output / name, folder / name)
    for kind in ARTEFACTS:
        if (manuscript.output / kind).is_dir():
            shutil.copytree(manuscript.output / kind, folder / kind)


def _configuration(manuscript: Manuscript, facts_path: Path) -> dict[str, object]:
    config = read_yaml(manuscript.project.root / CONFIG)
    facts = manuscript.facts
    title = f"{config.get('title', 'NISSC1 living report')} {facts.release}"
    config["title"] = title if facts.parameters == "none" else f"{title} ({facts.parameters})"
    settings = config.setdefault("sphinx", {}).setdefault("config", {})
    settings["nissc1_results"] = str(manuscript.output / JSON)
    settings["nissc1_edition"] = str(facts_path)
    return config


def compile_book(manuscript: Manuscript, folder: Path, progress: Stage) -> Path:
    """Compile a staged book; every warning is an error.

    Parameters
    ----------
    manuscript : Manuscript
        What was staged.
    folder : Path
        The staged book.
    progress : Stage
        Told of each page.

    Returns
    -------
    Path
        The folder of the HTML.

    Raises
    ------
    BuildError
        With the lines of the log that are at fault, notebooks' cells by number.
    """
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    command += ["build", "-n", "-W", "--keep-going", str(folder)]
    environment = {
        **os.environ,
        "NO_COLOR": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(
            [str(Path(nissc1.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        ).rstrip(os.pathsep),
        "PYTHONUNBUFFERED": "1",
        "SOURCE_DATE_EPOCH": str(manuscript.epoch),
        "TZ": "UTC",
    }
    log: list[str] = []
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
    ) as process:
        for raw in process.stdout or ():
            for line in _COLOUR.sub("", raw).rstrip("\n").split("\r"):
                log.append(line)
                step = _STEP.search(line)
                if step:
                    progress.doing(step.group(2))
                if step and step.group(1) == "writing output":
                    progress.done(step.group(2))
    (folder.parent / "jupyter-book.log").write_text("\n".join(log) + "\n", "utf-8")
    lines = [_readable(line, folder) for line in log if _FAULT.search(line)]
    if lines:
        more = len(lines) - _SHOWN_LINES
        shown = [*lines[:_SHOWN_LINES], *([f"… and {more} more"] if more > 0 else [])]
        raise BuildError("the book does not compile cleanly", shown)
    if process.returncode:
        raise BuildError(
            f"Jupyter Book ended with exit code {process.returncode}",
            [_readable(line, folder) for line in log[-15:]],
        )
    html = folder / "_build" / "html"
    missing = [page for page in manuscript.pages if not (html / f"{page}.html").is_file()]
    if missing:
        raise BuildError("pages of the table of contents came out empty-handed", missing)
    return html


def _readable(line: str, folder: Path) -> str:
    """Name places as the author knows them: a notebook's cell, not a line of its JSON."""

    def cell(match: re.Match[str]) -> str:
        index, within = divmod(int(match["line"]), 10_000)
        path = folder / f"{match['page']}.ipynb"
        cells = nbformat.read(path, as_version=4).cells if path.is_file() else []
        number = cells[index - 1].id.removeprefix("cell-") if index <= len(cells) else index
        return f"{match['page']}.py, cell {number}, line {within}"

    return _CELL.sub(cell, line.replace(f"{folder}{os.sep}", ""))


def finish_site(manuscript: Manuscript, html: Path, folder: Path) -> None:
    """Complete the site of an edition and check it.

    Parameters
    ----------
    manuscript : Manuscript
        What the book was made from.
    html : Path
        What Jupyter Book produced; it is moved.
    folder : Path
        Where to; must not exist.

    Raises
    ------
    BuildError
        If the site would load something from a third party, holds a dead link, or names a folder
        of the machine.
    """
    shutil.move(html, folder)
    for leftover in (".buildinfo", "objects.inv"):
        (folder / leftover).unlink(missing_ok=True)
    shutil.rmtree(folder / "_sources", ignore_errors=True)
    for template in (folder / "_static").rglob("*.html"):
        template.unlink()
    _copy_results(manuscript, folder)
    shutil.copy(manuscript.output / facts_of_edition.FILE, folder / facts_of_edition.FILE)
    title = f"NISSC1 living report, edition {manuscript.facts.edition}"
    (folder / "index.html").write_text(redirect(f"{manuscript.pages[0]}.html", title), "utf-8")
    found = site.faults(folder, [manuscript.project.root, Path(sys.prefix)])
    if found:
        more = len(found) - _SHOWN_LINES
        shown = [*found[:_SHOWN_LINES], *([f"… and {more} more"] if more > 0 else [])]
        raise BuildError("the site has faults", shown)
