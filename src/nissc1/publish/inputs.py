"""The inputs of a build as they are now, to hold against those of an earlier result."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from nissc1.cohort.release_parts import RELEASE_PARTS, part_digest
from nissc1.report.chapters import (
    PAGE_TITLES,
    TITLES,
    chapter_titles,
    page_titles,
    titles_digest,
)
from nissc1.tracing import (
    ABSENT,
    FILE,
    LISTING,
    MODULE,
    PACKAGE,
    Dependency,
    digest_of,
    file_digest,
    listing_digest,
    texts_digest,
)

LOCK = "requirements.lock"


class Inputs:
    """What results may depend on; each input is looked at once.

    Parameters
    ----------
    home : Path
        Folder of the project.
    releases : Path
        Folder of the data releases, which are taken to be what their descriptors say.
    facts : mapping of tuple of (str, str) to str
        Digests of what the build itself hands to notebooks, by kind and name.

    Attributes
    ----------
    runtime : str
        Digest of interpreter and pinned packages, on which every result depends.
    """

    def __init__(
        self, home: Path, releases: Path, facts: Mapping[tuple[str, str], str] | None = None
    ) -> None:
        self._home = home
        self._releases = releases
        self._known: dict[tuple[str, str], str] = dict(facts or {})
        lock = file_digest(home / LOCK)
        self.runtime = digest_of("\n".join([sys.version, platform.machine(), lock]))
        self._modules = {
            path.relative_to(PACKAGE.parent).as_posix(): file_digest(path)
            for path in sorted(PACKAGE.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }

    def with_facts(self, facts: Mapping[tuple[str, str], str]) -> Inputs:
        """Return the same inputs with further facts.

        Parameters
        ----------
        facts : mapping of tuple of (str, str) to str
            Digests by kind and name.

        Returns
        -------
        Inputs
            Shares what has been looked at.
        """
        more = object.__new__(Inputs)
        more.__dict__ = {**self.__dict__, "_known": {**self._known, **facts}}
        return more

    def current(self, kind: str, name: str) -> str:
        """Return the digest of an input as it is now.

        Parameters
        ----------
        kind, name : str
            As in `nissc1.tracing.Dependency`.

        Returns
        -------
        str
            Digest; `ABSENT` for what is not there or is of an unknown kind.
        """
        key = (kind, name)
        if key not in self._known:
            self._known[key] = self._look(kind, name)
        return self._known[key]

    def _look(self, kind: str, name: str) -> str:
        if kind == MODULE:
            return self._modules.get(name, ABSENT)
        if kind == FILE:
            return file_digest(self._home / name)
        if kind == LISTING:
            return listing_digest(self._home / name)
        if kind == TITLES:
            return titles_digest(chapter_titles(self._home))
        if kind == PAGE_TITLES:
            return titles_digest(page_titles(self._home))
        if kind in RELEASE_PARTS:
            return part_digest(self._releases, kind, name)
        return ABSENT

    def key_of(self, files: Mapping[str, bytes]) -> str:
        """Compute what a site depends on.

        Parameters
        ----------
        files : mapping of str to bytes
            The staged book, its configuration included.

        Returns
        -------
        str
            Digest of them, of the package and of the pinned packages.
        """
        named = {name: digest_of(content) for name, content in files.items()}
        return texts_digest({**named, **self._modules, "runtime": self.runtime})

    def agree_with(self, dependencies: Iterable[Dependency]) -> bool:
        """Tell whether a result can be used again.

        Parameters
        ----------
        dependencies : iterable of Dependency
            What it depends on.

        Returns
        -------
        bool
            Whether every input is now what it was.
        """
        return all(self.current(each.kind, each.name) == each.digest for each in dependencies)
