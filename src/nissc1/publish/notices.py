"""Sphinx extension: the banner and the footer that every page bears."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from nissc1.publish import facts
from nissc1.publish.numbers import EDITION

LIMITS_PAGE = "book/limits"
PROVENANCE_PAGE = "notebooks/provenance"


def banner(edition: facts.Facts, limits: str | None) -> str:
    """Write the line above each page.

    Parameters
    ----------
    edition : Facts
        The edition.
    limits : str or None
        Address of the page that says what the data can tell.

    Returns
    -------
    str
        HTML: what the data are, release and cut-off, and a link.
    """
    parts = [
        f"<strong>{escape(edition.notice)}</strong>",
        f"release {escape(edition.release)}",
        f"data cut-off {escape(edition.cutoff)}",
    ]
    if edition.parameters != "none":
        parts.append(escape(edition.parameters))
    if limits:
        parts.append(f'<a href="{escape(limits)}">what this can tell</a>')
    return " · ".join(parts)


def footer(edition: facts.Facts, provenance: str | None) -> str:
    """Write the line below each page.

    Parameters
    ----------
    edition : Facts
        The edition.
    provenance : str or None
        Address of the page that tells files, commit and software.

    Returns
    -------
    str
        HTML: edition, release, cut-off and commit.
    """
    commit = escape(edition.commit[:12])
    if edition.commit.endswith("+changes"):
        commit += " with changes"
    if provenance:
        commit = f'<a href="{escape(provenance)}">commit {commit}</a>'
    else:
        commit = f"commit {commit}"
    return (
        f"<p>Edition {escape(edition.edition)} · release {escape(edition.release)} · "
        f"data cut-off {escape(edition.cutoff)} · {commit}. {escape(edition.notice)}.</p>"
    )


def _add_notices(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    edition = facts.read(Path(app.config[EDITION]))
    found = app.env.found_docs

    def address(target: str) -> str | None:
        return str(context["pathto"](target)) if target in found else None

    context["theme_announcement"] = banner(edition, address(LIMITS_PAGE))
    context["theme_extra_footer"] = footer(edition, address(PROVENANCE_PAGE))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Give each page its banner and footer.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The running Sphinx, with ``nissc1.publish.numbers`` loaded.

    Returns
    -------
    dict
        Version and safety of the extension.
    """
    app.setup_extension("nissc1.publish.numbers")
    app.connect("html-page-context", _add_notices)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
