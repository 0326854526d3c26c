"""Sphinx extension: what the theme gets wrong for readers, put right in each page's HTML.

Templates of the same name in ``templates/`` come before the theme's. What no template of its own
size can mend is changed here in the finished HTML of the page.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

FILTER = "nissc1_mended"
MENDS = {
    # The logo and the search button lie in no landmark.
    '<div id="pst-primary-sidebar" class': '<div id="pst-primary-sidebar" role="complementary"'
    ' aria-label="Contents and search" class',
    # Results appear without a word to those who cannot see them.
    '<div id="search-results">': '<div id="search-results" aria-live="polite">',
    # Buttons that name themselves by a tooltip only.
    'title="Toggle primary sidebar"': 'title="Contents" aria-label="Show or hide the contents"',
    'title="Toggle secondary sidebar"': 'title="On this page" aria-label="Show its headings"',
    # The role was taken out of the standard, and the list of references asks for list items.
    'role="doc-biblioentry"': 'role="listitem"',
}
"""Markup of the theme and of docutils, and what stands in its place."""
UNSEEN = '<span class="nissc1-unseen">{}</span>'
_EMPTY_HEADING = re.compile(r"(<th\b[^>]*>)\s*</th>")
_LINK = re.compile(r'<a\b(?P<attributes>[^>]*\bhref="https?:[^>]*)>(?P<text>.*?)</a>', re.DOTALL)
_RELATION = re.compile(r'\s*\brel="[^"]*"')


def mended(html: str) -> str:
    """Mend the HTML of a page.

    Parameters
    ----------
    html : str
        All between header and footer.

    Returns
    -------
    str
        With landmarks and names for what had none, a word in the empty headings of tables, and
        links that lead out of the book marked as such: for eyes by a class, for ears by words, for
        programs by a relation.
    """
    for fault, remedy in MENDS.items():
        html = html.replace(fault, remedy)
    html = _EMPTY_HEADING.sub(rf"\1{UNSEEN.format('Item')}</th>", html)
    return _LINK.sub(_marked, html)


def _marked(link: re.Match[str]) -> str:
    attributes = _RELATION.sub("", link["attributes"])
    if 'class="' in attributes:
        attributes = attributes.replace('class="', 'class="nissc1-external ', 1)
    else:
        attributes = f' class="nissc1-external"{attributes}'
    note = UNSEEN.format(" (another site)")
    return f'<a{attributes} rel="external">{link["text"]}{note}</a>'


def _before_the_theme(app: Sphinx, config: Config) -> None:
    config.templates_path.append(str(Path(__file__).with_name("templates")))


def _add_filter(app: Sphinx) -> None:
    templates = getattr(app.builder, "templates", None)
    if templates is not None:
        templates.environment.filters[FILTER] = mended


def setup(app: Sphinx) -> ExtensionMetadata:
    """Put templates and mends before the theme's.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The running Sphinx.

    Returns
    -------
    dict
        Version and safety of the extension.
    """
    app.connect("config-inited", _before_the_theme)
    app.connect("builder-inited", _add_filter)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
