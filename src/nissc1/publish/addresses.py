"""Where each figure and table of an edition is found for good, and which links leave the book."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape

PAGE = "addresses"
TITLE = "Addresses and links"
_ANCHOR = re.compile(r'<(?:figure|table|div)\b[^>]*\bid="((?:figure|table)-[\w-]+)"')
_CAPTION = r'\bid="{}"[^>]*>.*?<span class="caption-text">(.*?)(?:</p>|</figcaption>)'
_TITLE = r'\bid="{}-title"[^>]*>(.*?)</(?:td|p|caption|div)>'
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r'<a\b[^>]*\bhref="(https?:[^"]+)"')
_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
_ARTICLE = re.compile(r'<article class="bd-article">(.*?)</article>', re.DOTALL)
_HEADERLINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.:;])\s")


@dataclass(frozen=True)
class Exhibit:
    """A figure or table of a page.

    Attributes
    ----------
    anchor : str
        Its id; it does not change between editions.
    title : str
        Title, or first sentence of the caption.
    """

    anchor: str
    title: str


def exhibits(html: str) -> list[Exhibit]:
    """List the figures and tables of a page.

    Parameters
    ----------
    html : str
        The page, or its article.

    Returns
    -------
    list of Exhibit
        In their order.
    """
    found = []
    for anchor in dict.fromkeys(_ANCHOR.findall(html)):
        if anchor.endswith("-title"):
            continue
        pattern = _CAPTION if anchor.startswith("figure-") else _TITLE
        title = re.search(pattern.format(re.escape(anchor)), html, re.DOTALL)
        text = plain(title[1]) if title else anchor
        found.append(Exhibit(anchor, _SENTENCE.split(text)[0].rstrip(".:;")))
    return found


def plain(markup: str) -> str:
    """Read HTML as text.

    Parameters
    ----------
    markup : str
        HTML without scripts.

    Returns
    -------
    str
        Its words, without the marks that link to a heading.
    """
    return " ".join(unescape(_TAG.sub("", _HEADERLINK.sub("", markup))).split())


def addresses_page(pages: Mapping[str, str], edition: str) -> str:
    """Write the page that lists all addresses of an edition.

    Parameters
    ----------
    pages : mapping of str to str
        HTML of the pages by path without suffix, in reading order.
    edition : str
        Name of the edition.

    Returns
    -------
    str
        HTML for the article of the page.
    """
    chapters: list[str] = []
    leaving: dict[str, list[tuple[str, str]]] = {}
    for page, html in pages.items():
        article = _ARTICLE.search(html)
        body = article[1] if article else ""
        heading = _HEADING.search(body)
        title = plain(heading[1]) if heading else page
        items = "".join(
            f'<li><a href="{page}.html#{each.anchor}">{escape(each.title)}</a> '
            f"<code>{escape(f'{edition}/{page}.html#{each.anchor}')}</code></li>\n"
            for each in exhibits(body)
        )
        chapters.append(
            f'<h3 id="in-{page.replace("/", "-")}"><a href="{page}.html">{escape(title)}</a></h3>\n'
            f"<p><code>{escape(f'{edition}/{page}.html')}</code></p>\n"
            + (f"<ul>\n{items}</ul>\n" if items else "")
        )
        for address in _LINK.findall(body):
            leaving.setdefault(unescape(address), []).append((page, title))
    rows = "".join(
        f'<tr><th scope="row"><a href="{escape(address)}">{escape(address)}</a></th><td>'
        + ", ".join(
            f'<a href="{page}.html">{escape(title)}</a>' for page, title in dict.fromkeys(found)
        )
        + "</td></tr>\n"
        for address, found in sorted(leaving.items())
    )
    return f"""<section id="addresses-and-links">
<h1>{TITLE}</h1>
<p>The addresses of an edition's pages, figures and tables do not change. Cite those below, which
begin with the name of the edition: what begins with <code>latest</code> shows another edition when
one appears. What stands after # is the same in every edition.</p>
<section id="permanent-addresses">
<h2>Permanent addresses</h2>
{"".join(chapters)}</section>
<section id="links-that-leave-the-book">
<h2>Links that leave the book</h2>
<p>Other sites that the book links to, {len(leaving)} addresses, and the pages on which they stand.
Nothing is loaded from there before you follow a link. In the text such a link bears an arrow.</p>
<div class="pst-scrollable-table-container" tabindex="0" role="region"
 aria-label="Links that leave the book"><table class="table">
<thead><tr><th scope="col">Address</th><th scope="col">Linked from</th></tr></thead>
<tbody>
{rows}</tbody>
</table></div>
</section>
</section>
"""
