"""Sphinx extension: formulas as MathML, which browsers draw themselves without a script."""

from __future__ import annotations

from docutils import nodes
from docutils.utils.math import latex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

RENDERER = "mathml"
_logger = logging.getLogger(__name__)


def _convert(node: nodes.Element, *, block: bool) -> str:
    try:
        return str(latex2mathml.tex2mathml(node.astext(), as_block=block))
    except (SyntaxError, ValueError) as fault:
        _logger.warning("formula %s: %s", node.astext(), fault, location=node)
        return ""


def _visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(_convert(node, block=False))
    raise nodes.SkipNode


def _visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    translator.body.append(_convert(node, block=True) + "</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer; ``html_math_renderer: mathml`` chooses it.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The running Sphinx.

    Returns
    -------
    dict
        Version and safety of the extension.
    """
    app.add_html_math_renderer(RENDERER, (_visit_inline, None), (_visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
