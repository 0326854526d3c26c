"""Titles of the book's pages, above all of the chapters that notebooks become."""

from __future__ import annotations

import json
import re
from pathlib import Path

from nissc1 import tracing
from nissc1.cohort.location import project_root

TITLES = "chapter titles"
"""Kind of dependency: the titles, but not the rest of the notebooks."""
PAGE_TITLES = "page titles"
"""Kind of dependency: the titles of all pages, but not the rest of them."""
_TITLE = re.compile(r"^# # (.+)$", re.MULTILINE)
_PAGE_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


def chapter_titles(root: Path | None = None) -> dict[str, str]:
    """Read the title of each notebook.

    Parameters
    ----------
    root : Path, optional
        Folder of the project.

    Returns
    -------
    dict of str to str
        By name of the notebook, the first heading of its source; notebooks without one are left
        out.
    """
    found = {}
    with tracing.untraced():
        for path in sorted(((root or project_root()) / "notebooks").glob("*.py")):
            title = _TITLE.search(path.read_text("utf-8"))
            if title:
                found[path.stem] = title[1].strip()
    tracing.note(TITLES, "all", titles_digest(found))
    return found


def page_titles(root: Path | None = None) -> dict[str, str]:
    """Read the title of each page, notebook or not.

    Parameters
    ----------
    root : Path, optional
        Folder of the project.

    Returns
    -------
    dict of str to str
        First heading by page, such as ``book/methods`` or ``notebooks/flow``; pages without one are
        left out.
    """
    home = root or project_root()
    found = {}
    with tracing.untraced():
        for pattern, heading in (("book/*.md", _PAGE_TITLE), ("notebooks/*.py", _TITLE)):
            for path in sorted(home.glob(pattern)):
                title = heading.search(path.read_text("utf-8"))
                if title:
                    page = path.relative_to(home).with_suffix("").as_posix()
                    found[page] = title[1].strip()
    tracing.note(PAGE_TITLES, "all", titles_digest(found))
    return found


def titles_digest(titles: dict[str, str]) -> str:
    """Compute the digest of titles.

    Parameters
    ----------
    titles : dict of str to str
        As `chapter_titles` or `page_titles` returns them.

    Returns
    -------
    str
        Digest.
    """
    return tracing.digest_of(json.dumps(titles))
