"""Print an edition as one PDF, with the Chromium of the machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nissc1.publish import facts
from nissc1.publish.editions import LATEST, PDF, editions, list_editions
from nissc1.publish.errors import BuildError
from nissc1.publish.one_page import one_page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
TIMEOUT = 300
_PAGE = re.compile(rb"/Type\s*/Page\b")
_DATE = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")
_NODE = re.compile(rb"\(node(\d{8})\)")
_STANDING_STILL = "1970-01-01"


@dataclass(frozen=True)
class Printed:
    """A printed edition.

    Attributes
    ----------
    path : Path
        The file.
    pages : int
        Its pages.
    size : int
        Its bytes.
    """

    path: Path
    pages: int
    size: int


def print_edition(site: Path, edition: str) -> Printed:
    """Print a published edition and list it for its readers.

    Parameters
    ----------
    site : Path
        Folder of all editions.
    edition : str
        Name of the edition.

    Returns
    -------
    Printed
        What was printed, to ``pdf/<edition>.pdf``.

    Raises
    ------
    BuildError
        If there is no such edition or no Chromium, or Chromium does not print.

    Notes
    -----
    The dates that Chromium writes into the file are replaced by the edition's day, and its numbers
    of nodes by others: the same edition, Chromium and fonts give the same bytes. Another Chromium
    may lay out otherwise.
    """
    if edition == LATEST or edition not in editions(site):
        raise BuildError(
            f"edition {edition} is not built; run: nissc1 build {edition}",
            [f"built: {', '.join(editions(site)) or 'none yet'}"],
        )
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise BuildError(
            f"printing needs Chromium, none of {', '.join(PROGRAMS)} is installed; "
            "on Debian and Ubuntu: apt-get install chromium"
        )
    with tempfile.TemporaryDirectory(prefix="nissc1-pdf-") as holder:
        copy = Path(holder) / edition
        shutil.copytree(site / edition, copy)
        page = copy / "print.html"
        page.write_text(one_page(copy), "utf-8")
        made = Path(holder) / "made.pdf"
        _print(program, page, made, Path(holder) / "profile")
        content = _renumbered(_dated(made.read_bytes(), facts.read(copy / facts.FILE).built))
    path = site / PDF / f"{edition}.pdf"
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)
    list_editions(site)
    return Printed(path, len(_PAGE.findall(content)), len(content))


def _print(program: str, page: Path, made: Path, profile: Path) -> None:
    command = [
        program,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        f"--user-data-dir={profile}",
        "--no-pdf-header-footer",
        "--virtual-time-budget=60000",
        f"--print-to-pdf={made}",
        page.as_uri(),
    ]
    still = {**os.environ, "TZ": "UTC"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, env=still)
    except subprocess.TimeoutExpired:
        raise BuildError(f"Chromium printed for {TIMEOUT} s and was stopped") from None
    if done.returncode or not made.is_file():
        raise BuildError(
            f"Chromium did not print (exit code {done.returncode})", done.stderr.splitlines()[-5:]
        )


def _dated(content: bytes, day: str) -> bytes:
    """Put the edition's day in the place of the clock's, digit for digit, so that offsets hold."""
    known = day if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else _STANDING_STILL
    return _DATE.sub(rb"\g<1>" + known.replace("-", "").encode() + b"000000", content)


def _renumbered(content: bytes) -> bytes:
    """Count anew, from one on, the nodes that cells of tables name as their headings.

    Chromium counts all nodes that it has ever made, so that the numbers shift from run to run.
    """
    numbers = sorted(set(_NODE.findall(content)))
    names = {number: b"(node%08d)" % place for place, number in enumerate(numbers, start=1)}
    return _NODE.sub(lambda found: names[found[1]], content)
