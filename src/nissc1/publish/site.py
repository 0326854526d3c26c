"""Check a produced site: no request to third parties, no dead link, no path of the machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADING = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
_IDLE_RELATIONS = {"alternate", "author", "canonical", "help", "license", "next", "prev", "search"}
_CSS_LOAD = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s;]+)""")
_SCRIPT_LOAD = re.compile(
    r"""(?:https?:)?//(?:cdn\.|cdnjs\.|unpkg\.com|fonts\.|ajax\.|esm\.sh)[^\s"'`]*"""
)
_TEXT_SUFFIXES = {
    ".css",
    ".csv",
    ".html",
    ".ipynb",
    ".js",
    ".json",
    ".py",
    ".svg",
    ".tex",
    ".txt",
    ".xml",
}


@dataclass
class _Page:
    loads: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = _Page()
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value for name, value in attrs if value is not None}
        for name in ("id", "name"):
            if name in values:
                self.page.anchors.add(values[name])
        for name in _LOADING.get(tag, ()):
            if name in values:
                self.page.loads += _addresses(values[name], several=name == "srcset")
        if tag == "link" and "href" in values:
            relations = set(values.get("rel", "").lower().split())
            target = self.page.links if relations <= _IDLE_RELATIONS else self.page.loads
            target.append(values["href"])
        if tag == "a" and "href" in values:
            self.page.links.append(values["href"])
        self.page.loads += _CSS_LOAD.findall(values.get("style", ""))
        self._within = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "style":
            self.page.loads += _CSS_LOAD.findall(data)
        elif self._within == "script":
            self.page.loads += _SCRIPT_LOAD.findall(data)


def _addresses(value: str, *, several: bool) -> list[str]:
    if not several or value.startswith("data:"):
        return [value.strip()]
    return [part.split()[0] for part in value.split(",") if part.split()]


def _read(path: Path) -> _Page:
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    return reader.page


def _is_foreign(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme in ("http", "https", "ws", "wss", "ftp")


def faults(site: Path, machine_paths: Sequence[Path] = ()) -> list[str]:
    """Check the files of a site.

    Parameters
    ----------
    site : Path
        Folder of one edition.
    machine_paths : sequence of Path, optional
        Folders whose names must not appear in any text file.

    Returns
    -------
    list of str
        One line a fault: file, address, what to do. Empty if the site is sound.
    """
    pages = {path: _read(path) for path in sorted(site.rglob("*.html"))}
    found = [*_foreign_loads(site, pages), *_dead_links(site, pages)]
    found += _leaks(site, machine_paths)
    return list(dict.fromkeys(found))


def used_files(site: Path) -> set[Path]:
    """List the files that the pages of a site, and the style sheets these load, show or link to.

    Parameters
    ----------
    site : Path
        Folder of one edition.

    Returns
    -------
    set of Path
        Absolute paths; not all of them need exist.
    """
    found = {
        target
        for path in site.rglob("*.html")
        for page in [_read(path)]
        for target in _local(path, [*page.links, *page.loads])
    }
    waiting = [path for path in found if path.suffix == ".css"]
    while waiting:
        path = waiting.pop()
        text = path.read_text("utf-8") if path.is_file() else ""
        fresh = set(_local(path, _CSS_LOAD.findall(text))) - found
        found |= fresh
        waiting += [each for each in fresh if each.suffix == ".css"]
    return found


def _local(path: Path, addresses: Sequence[str]) -> Iterator[Path]:
    for address in addresses:
        parts = urlsplit(address)
        if parts.path and not parts.scheme and not parts.netloc:
            yield (path.parent / unquote(parts.path)).resolve()


def _foreign_loads(site: Path, pages: dict[Path, _Page]) -> Iterator[str]:
    loads = [(path, address) for path, page in pages.items() for address in page.loads]
    for path in sorted([*site.rglob("*.css"), *site.rglob("*.svg")]):
        text = path.read_text("utf-8")
        loads += [(path, address) for address in _CSS_LOAD.findall(text)]
        if path.suffix == ".svg":
            reader = _Reader()
            reader.feed(text)
            loads += [(path, address) for address in reader.page.loads]
    for path, address in loads:
        if _is_foreign(address):
            yield (
                f"{path.relative_to(site)}: loads {address} from a third party; "
                "bundle the file or leave it out"
            )


def _dead_links(site: Path, pages: dict[Path, _Page]) -> Iterator[str]:
    root = site.resolve()
    for path, page in pages.items():
        where = path.relative_to(site)
        for address in [*page.links, *page.loads]:
            parts = urlsplit(address)
            if _is_foreign(address) or parts.scheme in ("data", "mailto", "javascript", "about"):
                continue
            if parts.scheme or parts.path.startswith("/"):
                yield f"{where}: {address} works on this machine only; make the link relative"
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            if target.is_dir():
                target /= "index.html"
            if not target.is_relative_to(root) or not target.is_file():
                yield f"{where}: {address} leads nowhere; mend the link or add the page"
                continue
            anchor = unquote(parts.fragment)
            known = pages.get(site / target.relative_to(root))
            if anchor not in ("", "top") and known is not None and anchor not in known.anchors:
                yield f"{where}: {address} names a place that the page does not have"


def _leaks(site: Path, machine_paths: Sequence[Path]) -> Iterator[str]:
    needles = [str(path) for path in machine_paths if len(path.parts) > 1]
    for path in sorted(site.rglob("*")):
        if path.suffix in _TEXT_SUFFIXES and path.is_file():
            text = path.read_text("utf-8", errors="replace")
            for needle in needles:
                if needle in text:
                    yield (
                        f"{path.relative_to(site)}: names the folder {needle} of this machine; "
                        "show a path relative to the project"
                    )
