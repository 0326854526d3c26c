"""Titles of the chapters that notebooks become."""

from __future__ import annotations

import re

from nissc1.cohort.location import project_root

_TITLE = re.compile(r"^# # (.+)$", re.MULTILINE)


def chapter_titles() -> dict[str, str]:
    """Read the title of each notebook.

    Returns
    -------
    dict of str to str
        By name of the notebook, the first heading of its source; notebooks without one are left
        out.
    """
    found = {}
    for path in sorted((project_root() / "notebooks").glob("*.py")):
        title = _TITLE.search(path.read_text("utf-8"))
        if title:
            found[path.stem] = title[1].strip()
    return found
