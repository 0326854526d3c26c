"""Sphinx extension: read and write again what has become stale, and nothing else.

Sphinx knows when the source of a page changed. It does not know that a page shows a record of the
results or a fact of the edition, nor that each page bears titles of the others, banner, header and
footer. Pages that show a changed record are read again, and where anything changed that every page
bears, all are written again, so that no sidebar is older than its book.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from nissc1.publish import facts
from nissc1.publish.numbers import EDITION, current_use
from nissc1.publish.uses import uses
from nissc1.tracing import digest_of, file_digest

_FRAME = "nissc1_frame"


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    return [
        page
        for page, shown in uses(env).items()
        if page not in removed and any(current_use(app, use) != text for use, text in shown.items())
    ]


def _forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    uses(env).pop(page, None)


def _merge(
    app: Sphinx, env: BuildEnvironment, pages: Iterable[str], other: BuildEnvironment
) -> None:
    for page in pages:
        if page in uses(other):
            uses(env)[page] = uses(other)[page]


def _to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Ask for every page where what all of them bear has changed.

    Pages with terms for the search index are always written: Sphinx reads its index of words back
    from the build before, but not these terms.
    """
    frame = _frame(app, env)
    if getattr(env, _FRAME, None) == frame:
        entries: dict[str, list[Any]] = env.domaindata["index"]["entries"]
        return sorted(page for page, found in entries.items() if found)
    setattr(env, _FRAME, frame)
    return sorted(env.found_docs)


def _frame(app: Sphinx, env: BuildEnvironment) -> str:
    here = Path(__file__).parent
    static = [
        path
        for folder in (*map(Path(app.confdir).joinpath, app.config.html_static_path), here)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    borne: dict[str, Any] = {
        "facts": facts.read(Path(app.config[EDITION])).texts(),
        "order": {page: sorted(pages) for page, pages in env.toctree_includes.items()},
        "titles": {page: title.astext() for page, title in env.titles.items()},
        "files": [(path.name, file_digest(path)) for path in static],
    }
    return digest_of(json.dumps(borne, sort_keys=True))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect to the events of a build.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The running Sphinx.

    Returns
    -------
    dict
        Version and safety of the extension.
    """
    app.connect("env-get-outdated", _outdated)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _to_write)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
