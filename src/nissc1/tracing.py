"""What a notebook's result depends on, noted while it runs.

A build keeps the result of a notebook and reuses it for as long as nothing that it depends on has
changed. What that is cannot be guessed from its source: it is noted as it happens. Files and
folders that Python opens below the project are noted by an audit hook; what is finer than a file (a
table of a release, the commit) by `note`, where it is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE, LISTING, MODULE, FACT = "file", "listing", "module", "fact"
ABSENT = "absent"
"""Digest of a file or folder that is not there."""
_GENERATED = ("_build", "_site", ".git")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
PACKAGE = Path(__file__).parent


@dataclass(frozen=True, order=True)
class Dependency:
    """One thing that a result depends on.

    Attributes
    ----------
    kind : str
        ``file``, ``listing`` (names in a folder), ``module`` (a file of the package), ``fact``
        (what a build hands to notebooks), or what `note` was given.
    name : str
        Path below the project, beside the package for a module, or a name of the kind's own.
    digest : str
        SHA-256 of the content as it was read, or `ABSENT`.
    """

    kind: str
    name: str
    digest: str


@dataclass
class _Trace:
    root: Path
    passed_over: list[Path]
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    quiet: bool = False


_active: _Trace | None = None
_hooked = False
_package_texts: dict[Path, str] = {}


def digest_of(content: bytes | str) -> str:
    """Compute the digest of a content.

    Parameters
    ----------
    content : bytes or str
        The content; text counts as UTF-8.

    Returns
    -------
    str
        SHA-256 in lower-case hexadecimal digits.
    """
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def texts_digest(texts: Mapping[str, str]) -> str:
    """Compute the digest of several named texts.

    Parameters
    ----------
    texts : mapping of str to str
        Text by name.

    Returns
    -------
    str
        Digest that does not depend on their order.
    """
    return digest_of(json.dumps(sorted(texts.items()), ensure_ascii=False))


def file_digest(path: Path) -> str:
    """Compute the digest of a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        Digest, or `ABSENT`.
    """
    try:
        return digest_of(path.read_bytes())
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return ABSENT


def listing_digest(path: Path) -> str:
    """Compute the digest of the names in a folder.

    Parameters
    ----------
    path : Path
        The folder.

    Returns
    -------
    str
        Digest, or `ABSENT`.
    """
    try:
        return digest_of("\n".join(sorted(each.name for each in path.iterdir())))
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT


def start(root: Path, passed_over: Iterable[Path] = ()) -> None:
    """Begin to note what this process reads below a folder.

    Parameters
    ----------
    root : Path
        Folder of the project.
    passed_over : iterable of Path, optional
        Folders below which nothing is noted, because it is noted more finely.
    """
    global _active, _hooked
    _active = _Trace(root.resolve(), [path.resolve() for path in passed_over])
    if not _hooked:
        sys.addaudithook(_hook)  # it cannot be taken away, so there is one
        _hooked = True


def note(kind: str, name: str, digest: str) -> None:
    """Note a dependency that is finer than a file, or no file; nothing where no trace is kept.

    Parameters
    ----------
    kind, name, digest : str
        As in `Dependency`.
    """
    if _active is not None:
        _active.found[kind, name] = digest


def package_text(path: Path) -> str:
    """Read a text of the package that modules may want as they are imported.

    That may be before a trace begins, so the file counts for every trace of this process, as the
    module that asks for it does.

    Parameters
    ----------
    path : Path
        File beside the modules.

    Returns
    -------
    str
        The text.
    """
    content = path.read_bytes()
    _package_texts[path] = digest_of(content)
    return content.decode()


@contextmanager
def untraced() -> Iterator[None]:
    """Read inside without noting the files.

    Yields
    ------
    None
        While nothing is noted by itself; `note` still notes.
    """
    trace = _active
    if trace is None or trace.quiet:
        yield
        return
    trace.quiet = True
    try:
        yield
    finally:
        trace.quiet = False


def finish(package: Path = PACKAGE) -> list[Dependency]:
    """End the trace.

    Parameters
    ----------
    package : Path
        Folder of the package whose imported modules count.

    Returns
    -------
    list of Dependency
        What was noted, and the modules of the package that this process has imported; sorted.
        Empty where no trace was begun.
    """
    global _active
    trace, _active = _active, None
    if trace is None:
        return []
    for module in list(sys.modules.values()):
        origin = getattr(module, "__file__", None)
        if origin and Path(origin).is_relative_to(package):
            name = Path(origin).relative_to(package.parent).as_posix()
            trace.found[MODULE, name] = file_digest(Path(origin))
    for path, digest in _package_texts.items():
        if path.is_relative_to(package):
            trace.found[MODULE, path.relative_to(package.parent).as_posix()] = digest
    return sorted(Dependency(*name, digest) for name, digest in trace.found.items())


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    trace = _active
    if trace is None or trace.quiet:
        return
    if event == "open":
        path, _, flags = arguments
        if not isinstance(flags, int) or not flags & _WRITING:
            _note_path(trace, FILE, path)
    elif event in ("os.listdir", "os.scandir"):
        _note_path(trace, LISTING, arguments[0])


def _note_path(trace: _Trace, kind: str, given: object) -> None:
    if not isinstance(given, str | bytes | os.PathLike):
        return
    with untraced():  # looking at the path opens files itself
        path = Path(os.fsdecode(given)).absolute()
        if path.is_relative_to(PACKAGE):
            if path.suffix not in (".py", ".pyc") and path.is_file():
                name = path.relative_to(PACKAGE.parent).as_posix()
                trace.found[MODULE, name] = file_digest(path)
            return
        if not path.is_relative_to(trace.root):
            return
        name = path.relative_to(trace.root).as_posix()
        generated = name.partition("/")[0] in _GENERATED
        if generated or any(path.is_relative_to(each) for each in trace.passed_over):
            return
        trace.found[kind, name] = file_digest(path) if kind == FILE else listing_digest(path)
