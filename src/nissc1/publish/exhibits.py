"""Sphinx extension: show a figure of a notebook on another page.

::

    :::{exhibit} figure-1
    :notebook: figure-1

    The caption.
    :::

puts the drawing there as the notebook's own page has it: in the colours of the page, with a form
for phones, its downloads and a link to the cell that draws it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from nissc1.publish.uses import note_use
from nissc1.tracing import digest_of

_ANCHOR = re.compile(r'<a href="#')


def shown(book: Path, notebook: str, name: str) -> str:
    """Read a figure from an executed notebook.

    Parameters
    ----------
    book : Path
        The staged book.
    notebook, name : str
        Names of the notebook and of the figure.

    Returns
    -------
    str
        Its HTML for a page in another folder; empty if the notebook shows no such figure.
    """
    path = book / "notebooks" / f"{notebook}.ipynb"
    if not path.is_file():
        return ""
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            html = "".join(output.get("data", {}).get("text/html", ""))
            if f'id="exhibit-{name}"' in html:
                return _ANCHOR.sub(f'<a href="../notebooks/{notebook}.html#', html)
    return ""


def state_of(book: Path, exhibit: str) -> str:
    """Tell one state of a figure from another.

    Parameters
    ----------
    book : Path
        The staged book.
    exhibit : str
        ``notebook/name``.

    Returns
    -------
    str
        Digest of what is shown.
    """
    notebook, _, name = exhibit.partition("/")
    return digest_of(shown(book, notebook, name))


class Exhibit(SphinxDirective):
    """Show a figure of a notebook."""

    has_content = True
    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {"notebook": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Read the figure.

        Returns
        -------
        list of docutils.nodes.Node
            The figure with its caption; nothing where the notebook has nothing to draw.

        Raises
        ------
        docutils.parsers.rst.DirectiveError
            If the notebook is not named; it becomes a warning with the place.
        """
        name, notebook = self.arguments[0].strip(), self.options.get("notebook", "")
        if not notebook:
            raise self.error(f"{{exhibit}} {name}: say of which notebook, with :notebook:")
        html = shown(Path(self.env.srcdir), notebook, name)
        note_use(self.env, f"exhibit:{notebook}/{name}", digest_of(html))
        if not html:
            return []
        holder = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, holder)
        words = [child for part in holder.children for child in part.children]
        drawing = nodes.raw("", html, format="html")
        return [nodes.figure("", drawing, nodes.caption("", "", *words))]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive ``exhibit``.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The running Sphinx.

    Returns
    -------
    dict
        Version and safety of the extension.
    """
    app.add_directive("exhibit", Exhibit)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
