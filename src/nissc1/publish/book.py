"""Compile the staged book of an edition with Jupyter Book, complete its site and check it."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat

from nissc1.kernels.nursery import Nursery
from nissc1.publish import facts as facts_of_edition
from nissc1.publish import site
from nissc1.publish.assets import slim_assets
from nissc1.publish.errors import BuildError
from nissc1.publish.kit import kit_name, pack_kit
from nissc1.publish.press import print_book
from nissc1.publish.progress import Stage
from nissc1.publish.results import JSON
from nissc1.publish.staging import BUILT, Manuscript, result_files, source_files
from nissc1.publish.tasks import STILL
from nissc1.tracing import PACKAGE

_SHOWN_LINES = 40
_NOT_PUBLISHED = (".buildinfo", "objects.inv", "_sources")
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


def compile_book(
    manuscript: Manuscript, folder: Path, progress: Stage, nursery: Nursery | None = None
) -> Path:
    """Compile a staged book; every warning is an error.

    Parameters
    ----------
    manuscript : Manuscript
        What was staged.
    folder : Path
        The staged book.
    progress : Stage
        Told of each page.
    nursery : Nursery or None
        Forks Jupyter Book, see `nissc1.publish.press`; None starts it.

    Returns
    -------
    Path
        The folder of the HTML.

    Raises
    ------
    BuildError
        With the lines of the log that are at fault, notebooks' cells by number. What was compiled
        is then removed, so that the next build sees every fault again.
    """
    try:
        return _compile(manuscript, folder, progress, nursery)
    except BaseException:
        shutil.rmtree(folder / BUILT, ignore_errors=True)
        raise


def _compile(
    manuscript: Manuscript, folder: Path, progress: Stage, nursery: Nursery | None
) -> Path:
    html, unfinished = folder / BUILT / "html", folder / BUILT / "unfinished"
    if unfinished.exists():  # Sphinx cannot go on from where it was killed
        shutil.rmtree(folder / BUILT)
    shutil.rmtree(html / "_static", ignore_errors=True)  # made anew each time
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    environment = {
        **os.environ,
        **STILL,
        "NO_COLOR": "1",
        "PYTHONPATH": os.pathsep.join(
            [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
        ).rstrip(os.pathsep),
        "PYTHONUNBUFFERED": "1",
        "SOURCE_DATE_EPOCH": str(manuscript.epoch),
    }
    log: list[str] = []

    def follow(line: str) -> None:
        log.append(_COLOUR.sub("", line))
        step = _STEP.search(log[-1])
        if step:
            progress.doing(step.group(2))
        if step and step.group(1) == "writing output":
            progress.done(step.group(2))

    arguments = ["build", "-n", "-W", "--keep-going", str(folder)]
    code = print_book(arguments, folder.parent, environment, nursery, follow)
    if code == 0:
        unfinished.unlink()
    (folder.parent / "jupyter-book.log").write_text("\n".join(log) + "\n", "utf-8")
    lines = [_readable(line, folder) for line in log if _FAULT.search(line)]
    if lines:
        more = len(lines) - _SHOWN_LINES
        shown = [*lines[:_SHOWN_LINES], *([f"… and {more} more"] if more > 0 else [])]
        raise BuildError("the book does not compile cleanly", shown)
    if code:
        raise BuildError(
            f"Jupyter Book ended with exit code {code}",
            [_readable(line, folder) for line in log[-15:]],
        )
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
        What Jupyter Book produced; it is copied.
    folder : Path
        Where to; must not exist.

    Raises
    ------
    BuildError
        If the site would load something from a third party, holds a dead link, or names a folder
        of the machine.
    """
    shutil.copytree(html, folder, ignore=shutil.ignore_patterns(*_NOT_PUBLISHED))
    _prune(folder, manuscript.pages)
    _tidy_index(folder / "searchindex.js")
    for template in (folder / "_static").rglob("*.html"):
        template.unlink()
    slim_assets(folder)
    for name, content in (result_files(manuscript) | source_files(manuscript)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    shutil.copy(manuscript.output / facts_of_edition.FILE, folder / facts_of_edition.FILE)
    known = manuscript.facts
    previous = None if known.previous == "none" else manuscript.project.site / known.previous
    results = (manuscript.output / JSON).read_bytes()
    kit = pack_kit(manuscript.project, known, results, previous)
    (folder / kit_name(known.edition)).write_bytes(kit)
    title = f"NISSC1 living report, edition {manuscript.facts.edition}"
    (folder / "index.html").write_text(redirect(f"{manuscript.pages[0]}.html", title), "utf-8")
    found = site.faults(folder, [manuscript.project.root, Path(sys.prefix)])
    if found:
        more = len(found) - _SHOWN_LINES
        shown = [*found[:_SHOWN_LINES], *([f"… and {more} more"] if more > 0 else [])]
        raise BuildError("the site has faults", shown)


def _tidy_index(path: Path) -> None:
    """Leave out the words that have gone since earlier builds, and put the others in order."""
    begin, end = "Search.setIndex(", ")"
    index = json.loads(path.read_text("utf-8").strip().removeprefix(begin).removesuffix(end))
    for words in ("terms", "titleterms"):
        index[words] = {word: pages for word, pages in index[words].items() if pages != []}
    ordered = json.dumps(index, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"{begin}{ordered}{end}", "utf-8")


def _prune(folder: Path, pages: Sequence[str]) -> None:
    """Remove what earlier builds of the same book have left: pages, images, downloads."""
    kept = {folder / f"{page}.html" for page in pages}
    for kind in {page.partition("/")[0] for page in pages}:
        for path in (folder / kind).rglob("*.html"):
            if path not in kept:
                path.unlink()
    folder = folder.resolve()
    used = site.used_files(folder)
    for kind in ("_images", "_downloads"):
        for path in sorted((folder / kind).rglob("*"), reverse=True):
            if path.is_file() and path not in used:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()
