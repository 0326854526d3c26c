"""Sphinx extension: banner, header and footer that every page bears."""

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
        HTML: what the data are, the cut-off, and a link.
    """
    loud = ' class="nissc1-simulated"' if edition.simulated == "yes" else ""
    parts = [
        f"<strong{loud}>{escape(edition.notice)}</strong>",
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
        HTML: edition, release, cut-off, day and commit.
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
        f"data cut-off {escape(edition.cutoff)} · last updated {escape(edition.built)}, {commit}. "
        f"{escape(edition.notice)}.</p>"
    )


def warning(edition: facts.Facts, limits: str | None) -> str:
    """Write the box below the title of each page of a simulated edition.

    Parameters
    ----------
    edition : Facts
        The edition.
    limits : str or None
        Address of the page that says what the data can tell.

    Returns
    -------
    str
        HTML; empty where nothing is simulated.
    """
    if edition.simulated != "yes":
        return ""
    more = f' <a href="{escape(limits)}">What this can tell</a>' if limits else ""
    return (
        '<div class="admonition danger nissc1-simulated-box"><p class="admonition-title">Simulated'
        " follow-up: no finding</p><p>The patients are invented, and a program made up all that "
        f"happens to them after {escape(edition.simulated_after)}: every visit, progression "
        "and death, every late report and correction, and every patient enrolled since. The page "
        "shows how the report follows new data. It says nothing about the treatment."
        f"{more}</p></div>"
    )


def _add_notices(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    edition = facts.read(Path(app.config[EDITION]))
    found = app.env.found_docs

    def address(target: str) -> str | None:
        return str(context["pathto"](target)) if target in found else None

    context["nissc1_facts"] = edition
    box = warning(edition, address(LIMITS_PAGE))
    if box and "body" in context:
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{box}", 1)
    context["theme_announcement"] = banner(edition, address(LIMITS_PAGE))
    context["theme_extra_footer"] = footer(edition, address(PROVENANCE_PAGE))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Give each page its banner, header and footer.

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
    app.setup_extension("nissc1.publish.theme")
    app.connect("html-page-context", _add_notices)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
