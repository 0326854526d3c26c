"""Sphinx extension: how to cite a page, what it tells programs, and where all is found for good."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from nissc1.publish import addresses, facts
from nissc1.publish.citation import Citation
from nissc1.publish.kit import kit_name
from nissc1.publish.numbers import EDITION
from nissc1.publish.page_metadata import PageMetadata

DOI = "nissc1_doi"
ADDRESS = "nissc1_address"
_SEARCH = "search"


def cite_box(citation: Citation, found: list[addresses.Exhibit], index: str) -> str:
    """Write the box at the end of a page that tells how to cite it.

    Parameters
    ----------
    citation : Citation
        The page.
    found : list of Exhibit
        Its figures and tables.
    index : str
        Relative address of the page of all addresses.

    Returns
    -------
    str
        HTML: a box to be opened, with the permanent addresses, the citation as text, and as BibTeX
        and RIS to be copied or saved.
    """
    edition, page = citation.edition.edition, citation.page
    name = f"nissc1-{edition}-{page.replace('/', '-')}"
    places = "".join(
        f'<li><a href="#{each.anchor}" data-permanent="{each.anchor}">{escape(each.title)}</a> '
        f"<code>{escape(f'{edition}/{page}.html#{each.anchor}')}</code></li>\n"
        for each in found
    )
    return f"""<details class="nissc1-cite" id="cite-this-page">
<summary>Cite this page</summary>
<p>{escape(citation.text())}</p>
<p>Permanent address: <code>{escape(f"{edition}/{page}.html")}</code>, beside the other editions
(<a href="{escape(index)}">all addresses</a>).</p>
{f"<ul>{places}</ul>" if places else ""}
{_record("BibTeX", f"{name}.bib", "application/x-bibtex", citation.bibtex())}
{_record("RIS", f"{name}.ris", "application/x-research-info-systems", citation.ris())}
</details>
"""


def run_box(notebook: str, edition: str, root: str) -> str:
    """Write the box that tells how to run the notebook of a page oneself.

    Parameters
    ----------
    notebook : str
        Its name.
    edition : str
        Name of the edition.
    root : str
        Relative address of the edition's folder.

    Returns
    -------
    str
        HTML: a box to be opened, with a link to the archive and the command.
    """
    kit = kit_name(edition)
    command = f"unzip {kit} && python3 nissc1-{edition}/run.py {notebook}"
    return f"""<details class="nissc1-cite" id="run-this-notebook">
<summary>Run this notebook yourself</summary>
<p><a href="{escape(root + kit)}" download>Download {escape(kit)}</a>: notebooks, package, pinned
libraries and data of this edition. One command computes the figures of this page again and compares
them with those published:</p>
<div class="highlight"><pre tabindex="0">{escape(command)}</pre></div>
<p>It needs Python 3.11 or newer, and where a library is missing, a package registry. Change the
notebook and run it again to see what follows.</p>
</details>
"""


def _record(kind: str, name: str, media: str, text: str) -> str:
    address = f"data:{media};charset=utf-8,{quote(text)}"
    return (
        f'<p><strong>{kind}</strong> · <a href="{address}" download="{escape(name)}">'
        f"Save {escape(name)}</a></p>\n"
        f'<div class="highlight"><pre tabindex="0">{escape(text)}</pre></div>'
    )


def _add_citation(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    edition = facts.read(Path(app.config[EDITION]))
    site = app.config[ADDRESS].rstrip("/")
    title = "Search" if page == _SEARCH else context.get("title", "")
    citation = Citation(
        title=addresses.plain(title),
        page=page,
        edition=edition,
        doi=app.config[DOI],
        address=f"{site}/{edition.edition}/{page}.html" if site else "",
    )
    lead = tree.next_node(nodes.paragraph) if tree is not None else None
    metadata = PageMetadata(
        citation, lead.astext() if lead is not None else "", context["content_root"]
    )
    context["nissc1_head"] = metadata.head()
    if tree is not None and "body" in context:
        index = str(context["pathto"](addresses.PAGE))
        folder, _, name = page.partition("/")
        if folder == "notebooks":
            context["body"] += run_box(name, edition.edition, context["content_root"])
        context["body"] += cite_box(citation, addresses.exhibits(context["body"]), index)


def _collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Add the page of addresses, from the pages that have been written."""
    edition = facts.read(Path(app.config[EDITION]))
    written = {
        page: path.read_text("utf-8")
        for page in edition.pages
        for path in [Path(app.outdir) / f"{page}.html"]
        if page in app.env.found_docs and path.is_file()
    }
    body = addresses.addresses_page(written, edition.edition)
    yield addresses.PAGE, {"title": addresses.TITLE, "body": body}, "page.html"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Give each page its citation and metadata, and the book its page of addresses.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The running Sphinx.

    Returns
    -------
    dict
        Version and safety of the extension.
    """
    app.setup_extension("nissc1.publish.numbers")
    app.setup_extension("nissc1.publish.theme")
    app.add_config_value(DOI, "", "html", types=(str,))
    app.add_config_value(ADDRESS, "", "html", types=(str,))
    app.connect("html-page-context", _add_citation)
    app.connect("html-collect-pages", _collect)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
