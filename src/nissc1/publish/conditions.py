"""Sphinx extension: parts of a page that depend on what the edition is.

::

    :::{when} longer
    At {edition}`horizon` …
    :::

shows its content where the fact ``longer`` of the edition is "yes", and ``{when} not longer`` where
it is "no". What is not shown is not read either, so that it may name records which are not there.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from nissc1.publish import facts
from nissc1.publish.numbers import EDITION
from nissc1.publish.uses import note_use

_ANSWERS = ("yes", "no")


class When(SphinxDirective):
    """Show the content where a fact of the edition is "yes", or with ``not`` before it, "no"."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Look the fact up.

        Returns
        -------
        list of docutils.nodes.Node
            The parsed content, or nothing.

        Raises
        ------
        docutils.parsers.rst.DirectiveError
            If there is no such fact; it becomes a warning with the place.
        """
        wanted, name = "yes", self.arguments[0].strip()
        if name.startswith("not "):
            wanted, name = "no", name.removeprefix("not ").strip()
        known = facts.read(Path(self.config[EDITION])).texts()
        allowed = [fact for fact, answer in known.items() if answer in _ANSWERS]
        if name not in allowed:
            raise self.error(
                f"{{when}} {self.arguments[0]}: no such condition; allowed, also after not: "
                f"{', '.join(allowed)}"
            )
        note_use(self.env, f"when:{name}", known[name])
        if known[name] != wanted:
            return []
        holder = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, holder)
        return holder.children


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive ``when``.

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
    app.add_directive("when", When)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
