"""Keep the published editions: each appears at once and whole, or not at all."""

from __future__ import annotations

import contextlib
import filecmp
import json
import shutil
import uuid
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from nissc1.publish import facts
from nissc1.publish.book import redirect
from nissc1.publish.editions_page import editions_page
from nissc1.publish.errors import BuildError
from nissc1.publish.parameters import Parameters
from nissc1.publish.results import JSON

LATEST = "latest"
PDF = "pdf"
"""Folder of printed editions, beside the editions: these keep every byte, printed or not."""
_HIDDEN = ".incoming-"


class Outcome(Enum):
    """What publishing an edition did."""

    NEW = "published"
    IDENTICAL = "already published, identical"
    REPLACED = "replaced"


def editions(site: Path) -> list[str]:
    """List the published editions.

    Parameters
    ----------
    site : Path
        Folder of all editions.

    Returns
    -------
    list of str
        Names, the oldest release first.
    """
    if not site.is_dir():
        return []
    return sorted(
        folder.name
        for folder in site.iterdir()
        if not folder.is_symlink()
        and folder.name != LATEST
        and not folder.name.startswith(".")
        and (folder / facts.FILE).is_file()
    )


def publish(candidate: Path, site: Path, edition: str, *, replace: bool) -> Outcome:
    """Publish a finished edition.

    Parameters
    ----------
    candidate : Path
        Folder of the finished edition; it is copied.
    site : Path
        Folder of all editions.
    edition : str
        Name of the edition.
    replace : bool
        Whether an edition of this name that differs may be replaced.

    Returns
    -------
    Outcome
        Whether it is new, was there already byte for byte, or replaced another.

    Raises
    ------
    BuildError
        If another edition of this name is there and may not be replaced.
    """
    site.mkdir(parents=True, exist_ok=True)
    target = site / edition
    outcome = Outcome.NEW
    if target.exists():
        difference = first_difference(target, candidate)
        if difference is None:
            _point_latest(site)
            list_editions(site)
            return Outcome.IDENTICAL
        if not replace:
            raise BuildError(
                f"edition {edition} is already published and this build differs from it "
                f"(first in {difference}): add --replace to put this build in its place, "
                "or move the published one aside"
            )
        outcome = Outcome.REPLACED
    with _beside(site) as incoming, _beside(site) as outgoing:
        shutil.copytree(candidate, incoming)
        if outcome is Outcome.REPLACED:
            target.rename(outgoing)
        try:
            incoming.rename(target)
        except OSError:
            if outgoing.exists():
                outgoing.rename(target)
            raise
    (site / PDF / f"{edition}.pdf").unlink(missing_ok=True)  # of the edition that was here
    _point_latest(site)
    list_editions(site)
    return outcome


@contextlib.contextmanager
def _beside(site: Path) -> Iterator[Path]:
    """Offer an unused name on the same file system, so that a rename is all that is needed."""
    path = site / f"{_HIDDEN}{uuid.uuid4().hex}"
    try:
        yield path
    finally:
        if path.is_symlink() or path.is_file():
            path.unlink()
        shutil.rmtree(path, ignore_errors=True)


def first_difference(left: Path, right: Path) -> str | None:
    """Compare two folders byte by byte.

    Parameters
    ----------
    left, right : Path
        The folders.

    Returns
    -------
    str or None
        The first file, in alphabetical order, that differs or is in one folder only.
    """
    names = {
        path.relative_to(folder).as_posix()
        for folder in (left, right)
        for path in folder.rglob("*")
        if path.is_file()
    }
    for name in sorted(names):
        if not (left / name).is_file() or not (right / name).is_file():
            return name
        if not filecmp.cmp(left / name, right / name, shallow=False):
            return name
    return None


def latest(site: Path) -> str | None:
    """Tell which edition a reader should see first.

    Parameters
    ----------
    site : Path
        Folder of all editions.

    Returns
    -------
    str or None
        The newest release at default parameters; failing that the last edition by name; None if
        nothing is published.
    """
    names = editions(site)
    plain = [name for name in names if facts.read(site / name / facts.FILE).release == name]
    ranked = plain or names
    return ranked[-1] if ranked else None


def previous(site: Path, values: Parameters) -> str | None:
    """Tell which edition a new one is compared with.

    Parameters
    ----------
    site : Path
        Folder of all editions.
    values : dict
        All parameters of the new edition.

    Returns
    -------
    str or None
        Of the editions with the same parameters, the one of the latest earlier release.
    """
    found = [facts.read(site / name / facts.FILE) for name in editions(site)]
    alike = [
        (each.release, each.edition)
        for each in found
        if each.release < str(values["release"])
        and {**each.values, "release": values["release"]} == values
    ]
    return max(alike)[1] if alike else None


def account(edition: Path) -> dict[str, str]:
    """Read what an edition says of itself: its facts and its records.

    Parameters
    ----------
    edition : Path
        Folder of a published edition.

    Returns
    -------
    dict of str to str
        Text by file name.
    """
    return {name: (edition / name).read_text("utf-8") for name in (facts.FILE, JSON)}


def _point_latest(site: Path) -> None:
    name = latest(site)
    if name is None:
        return
    link = site / LATEST
    with _beside(site) as incoming, _beside(site) as outgoing:
        try:
            incoming.symlink_to(name, target_is_directory=True)
        except OSError:  # a file system without symbolic links: keep a copy
            shutil.copytree(site / name, incoming)
        if link.is_dir() and not link.is_symlink():
            link.rename(outgoing)
        incoming.replace(link)


def list_editions(site: Path) -> None:
    """Write what lists the editions: for the switcher of each page, and as a page.

    Parameters
    ----------
    site : Path
        Folder of all editions. A PDF is listed where there is one.
    """
    first = latest(site)
    entries = []
    for name in reversed(editions(site)):
        known = facts.read(site / name / facts.FILE)
        pdf = f"{PDF}/{name}.pdf"
        entries.append(
            {
                "name": f"{name} (latest)" if name == first else name,
                "version": name,
                "url": f"../{name}/",
                "preferred": name == first,
                "release": known.release,
                "cutoff": known.cutoff,
                "notice": known.notice,
                "parameters": known.parameters,
                "pdf": pdf if (site / pdf).is_file() else None,
            }
        )
    _write(site / "switcher.json", json.dumps(entries, ensure_ascii=False, indent=1) + "\n")
    _write(site / "editions.html", editions_page(entries))
    _write(site / "index.html", redirect(f"{LATEST}/index.html", "NISSC1 living report"))


def _write(path: Path, text: str) -> None:
    with _beside(path.parent) as incoming:
        incoming.write_text(text, "utf-8")
        incoming.replace(path)
