"""What notebooks read, bundled for machines that have nothing of the project but the packages."""

from __future__ import annotations

import contextlib
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from nissc1.cohort.location import releases_root
from nissc1.kernels.kernel import KERNELS
from nissc1.kernels.nursery import Nursery, can_fork
from nissc1.publish.errors import BuildError
from nissc1.publish.tasks import STILL, Executed, Place, Task, execute
from nissc1.publish.workers import Ground
from nissc1.tracing import PACKAGE, digest_of, file_digest

_TRAVELLING = ("data", "notebooks", "pyproject.toml", "requirements.lock")
RELEASES = "data/releases/"
SAME = (
    "its scheduler and workers need this commit and the packages of requirements.lock; install "
    "them, and start both anew"
)
_COMPARED = (
    "nissc1",
    "numpy",
    "pandas",
    "scipy",
    "lifelines",
    "matplotlib",
    "papermill",
)


@dataclass(frozen=True)
class Bundle:
    """What the notebooks of a project may read.

    Attributes
    ----------
    archive : bytes
        The files, as a zip archive.
    outside : bool
        Whether the releases lie outside the project.
    code : str
        Digest of the package that is needed.
    versions : dict of str to str
        Versions of the packages that results depend on.
    """

    archive: bytes = field(repr=False)
    outside: bool
    code: str
    versions: dict[str, str]

    @cached_property
    def digest(self) -> str:
        """Digest of the files."""
        return digest_of(self.archive)


def pack(ground: Ground) -> Bundle:
    """Gather what notebooks may read.

    Parameters
    ----------
    ground : Ground
        Folders of the project and of its data.

    Returns
    -------
    Bundle
        With all releases beside the one that is built, as a comparison of releases reads them.
    """
    files: dict[str, Path] = {}
    for name in _TRAVELLING:
        start = ground.home / name
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                files[path.relative_to(ground.home).as_posix()] = path
    if ground.data is not None:
        releases = releases_root(ground.data)
        files = {name: path for name, path in files.items() if not name.startswith(RELEASES)}
        for path in sorted(each for each in releases.rglob("*") if each.is_file()):
            files[f"{RELEASES}{path.relative_to(releases).as_posix()}"] = path
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in files.items():
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return Bundle(out.getvalue(), ground.data is not None, package_digest(), _versions())


def package_digest() -> str:
    """Compute the digest of this package.

    Returns
    -------
    str
        Of all its modules.
    """
    modules = sorted(PACKAGE.rglob("*.py"))
    return digest_of(
        "\n".join(f"{path.relative_to(PACKAGE)} {file_digest(path)}" for path in modules)
    )


_LOADED = package_digest()
"""What this process has in memory, should the files change while it runs."""


def _versions() -> dict[str, str]:
    found = {}
    for name in _COMPARED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def execute_bundled(task: Task, bundle: Bundle) -> Executed:
    """Execute a notebook on the worker that this is called on.

    Parameters
    ----------
    task : Task
        The notebook.
    bundle : Bundle
        What it may read.

    Returns
    -------
    Executed
        What it made.

    Raises
    ------
    BuildError
        As `nissc1.publish.tasks.execute`, and where the worker has other code or packages.
    """
    _require_same(bundle)
    with _camped(bundle) as camp:
        return execute(task, camp.place)


def _require_same(bundle: Bundle) -> None:
    here = _versions()
    code = package_digest()
    other = [
        f"{name} is {here[name]} there and {wanted} here"
        for name, wanted in bundle.versions.items()
        if here[name] != wanted
    ]
    if bundle.code != code or code != _LOADED:
        other.insert(0, "nissc1 is of another commit there, or was when the worker started")
    if other:
        raise BuildError(f"a worker of the cluster has other software: {SAME}", other)


class _Camp:
    """A bundle unpacked on a worker, beside a process that forks kernels.

    The files lie in that process's private folder, which it removes however the worker ends.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.guests = 0
        self._ending = contextlib.ExitStack()
        nursery: Nursery | None = None
        if can_fork():
            nursery = self._ending.enter_context(Nursery(KERNELS, STILL))
            nursery.wait()
            base = nursery.folder
        else:
            base = Path(self._ending.enter_context(TemporaryDirectory(prefix="nissc1-")))
        home = base / "files"
        with zipfile.ZipFile(io.BytesIO(bundle.archive)) as archive:
            archive.extractall(home)
        data = home / RELEASES if bundle.outside else None
        self.place = Place(home, data, base, base / "matplotlib", nursery)

    def leave(self) -> None:
        self._ending.close()


_camps: dict[str, _Camp] = {}
_camping = threading.Lock()


@contextlib.contextmanager
def _camped(bundle: Bundle) -> Iterator[_Camp]:
    """Share a camp among the tasks of a bundle; the next bundle's replaces it once it is empty."""
    with _camping:
        camp = _camps.get(bundle.digest)
        if camp is None:
            for digest in [each for each, other in _camps.items() if not other.guests]:
                _camps.pop(digest).leave()
            camp = _camps[bundle.digest] = _Camp(bundle)
        camp.guests += 1
    try:
        yield camp
    finally:
        with _camping:
            camp.guests -= 1


def accept(bundle: Bundle) -> Bundle:
    """Take a bundle on the worker that this is called on.

    Parameters
    ----------
    bundle : Bundle
        What notebooks may read.

    Returns
    -------
    Bundle
        The same.

    Raises
    ------
    BuildError
        If the worker has other code or packages.
    """
    _require_same(bundle)
    return bundle
