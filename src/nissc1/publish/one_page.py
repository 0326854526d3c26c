"""The pages of an edition put together as one long page, to be printed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from nissc1.publish import facts
from nissc1.publish.addresses import plain

_ARTICLE = re.compile(r'<article class="bd-article">(.*?)</article>', re.DOTALL)
_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
_ID = re.compile(r'(\b(?:id|for|aria-labelledby|aria-describedby|name)=")([^"]+)"')
_ADDRESS = re.compile(r'(\b(?:href|src)=")([^"]+)"')
_FIT = """<script>
/* What is folded is opened. A table wider than the paper is made smaller until it fits, and gets a
   sheet turned sideways where it would become too small to read. */
addEventListener("load", () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  for (const part of document.querySelectorAll("article table")) {
    let room = part.closest("article").clientWidth;
    if (part.scrollWidth > room / 0.7) {
      part.classList.add("nissc1-sideways");
      room = (room * 267) / 180;
    }
    if (part.scrollWidth > room + 1) part.style.zoom = room / part.scrollWidth;
  }
});
</script>"""
_STYLESHEET = re.compile(r'<link\b[^>]*rel="stylesheet"[^>]*>')


def one_page(edition: Path) -> str:
    """Put the pages of an edition together.

    Parameters
    ----------
    edition : Path
        Folder of a published edition.

    Returns
    -------
    str
        HTML of a page that lies in that folder: cover, table of contents, and the chapters in
        their order with their figures and tables, without folded code. Links between chapters
        lead to places of the page.
    """
    known = facts.read(edition / facts.FILE)
    pages = {
        page: (edition / f"{page}.html").read_text("utf-8")
        for page in known.pages
        if page not in ("search", "addresses")
    }
    chapters = {page: _chapter(page, html, pages) for page, html in pages.items()}
    styles = "\n".join([*_styles(next(iter(pages.values()))), _on_paper(edition)])
    return (
        '<!DOCTYPE html>\n<html lang="en" data-theme="light" data-mode="light">\n<head>\n'
        '<meta charset="utf-8">\n'
        f"<title>NISSC1 living report, edition {escape(known.edition)}</title>\n"
        f"{styles}\n{_running_head(known)}\n{_FIT}\n</head>\n"
        '<body class="nissc1-print">\n'
        f"{_cover(known)}\n{_contents(chapters)}\n" + "\n".join(chapters.values()) + "\n</body>\n"
        "</html>\n"
    )


def _styles(page: str) -> list[str]:
    return [each.replace('href="../', 'href="') for each in _STYLESHEET.findall(page)]


def _on_paper(edition: Path) -> str:
    """Apply the rules for paper from the start, so that tables are measured as they are printed."""
    path = edition / "_static" / "print.css"
    text = path.read_text("utf-8") if path.is_file() else ""
    return f"<style>{text.replace('@media print', '@media all')}</style>"


def _running_head(known: facts.Facts) -> str:
    """Say on each sheet what the data are, for it may be found apart from the others."""
    text = (
        f"NISSC1 living report, edition {known.edition} · {known.notice} · "
        f"data cut-off {known.cutoff}"
    )
    quoted = text.replace("\\", "").replace('"', "'").replace("<", "")
    return f'<style>@page {{ @top-left {{ content: "{quoted}"; }} }}</style>'


def _cover(known: facts.Facts) -> str:
    changed = "" if known.parameters == "none" else f"<p>{escape(known.parameters)}</p>\n"
    return (
        '<section class="nissc1-cover">\n<p class="nissc1-cover__title">NISSC1 living report</p>\n'
        f"<p>Edition {escape(known.edition)} · data cut-off {escape(known.cutoff)}</p>\n{changed}"
        f'<p class="nissc1-cover__notice">{escape(known.notice)}</p>\n'
        f"<p>Version {escape(known.version)}, commit {escape(known.commit[:12])}, "
        f"{escape(known.built)}. Text and figures as in the HTML edition, without its code.</p>\n"
        "</section>"
    )


def _contents(chapters: Mapping[str, str]) -> str:
    items = "".join(
        f'<li><a href="#{_place(page)}">{escape(_title(html, page))}</a></li>\n'
        for page, html in chapters.items()
    )
    return f'<nav class="nissc1-contents">\n<h2>Contents</h2>\n<ol>\n{items}</ol>\n</nav>'


def _title(html: str, page: str) -> str:
    heading = _HEADING.search(html)
    return plain(heading[1]) if heading else page


def _place(page: str, anchor: str = "") -> str:
    return "--".join(filter(None, (page.replace("/", "-"), anchor)))


def _chapter(page: str, html: str, pages: Mapping[str, str]) -> str:
    article = _ARTICLE.search(html)
    body = _SCRIPT.sub("", article[1]) if article else ""
    body = _ID.sub(lambda found: f'{found[1]}{_places(page, found[2])}"', body)
    body = _ADDRESS.sub(lambda found: _readdressed(page, found, list(pages)), body)
    return f'<article class="bd-article nissc1-chapter" id="{_place(page)}">\n{body}\n</article>'


def _places(page: str, ids: str) -> str:
    return " ".join(_place(page, each) for each in ids.split())


def _readdressed(page: str, found: re.Match[str], pages: Sequence[str]) -> str:
    """Write an address anew; a link to a file would name a folder of the machine in the PDF."""
    address = _address(page, found[2], pages)
    is_file = not re.match(r"#|[a-z]+:", address)
    return f'data-file="{address}"' if found[1] == 'href="' and is_file else f'{found[1]}{address}"'


def _address(page: str, address: str, pages: Sequence[str]) -> str:
    """Lead to places of the long page where there are such, else to files beside it."""
    if re.match(r"[a-z]+:", address):
        return address
    target, _, anchor = address.partition("#")
    if not target:
        return f"#{_place(page, anchor)}"
    parts: list[str] = []
    for part in (page.rpartition("/")[0] + "/" + target).split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    path = "/".join(parts)
    name = path.removesuffix(".html")
    return f"#{_place(name, anchor)}" if path.endswith(".html") and name in pages else path
