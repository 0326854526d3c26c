"""Workers of a Dask cluster: what a notebook reads travels with it, so no files need be shared.

The machines need the same commit of this package and the pinned packages, and nothing else of the
project. Data arrive over Dask's connections (use ``tls://`` where others can listen) and lie in the
worker's own folder, readable by its user only, until the worker ends.
"""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from nissc1.cohort.location import releases_root
from nissc1.kernels.kernel import KERNELS
from nissc1.kernels.nursery import Nursery, can_fork
from nissc1.publish.errors import BuildError, RequestError
from nissc1.publish.tasks import STILL, Executed, Place, Task, execute
from nissc1.publish.workers import Ground, LocalWorkers
from nissc1.tracing import PACKAGE, digest_of, file_digest

if TYPE_CHECKING:
    from distributed import Client

R = TypeVar("R")

CONNECT_SECONDS = 20
TRIES_AFTER_LOSS = 3
"""Times that a notebook is given to another worker when the one that had it is lost."""
PER_THREAD = 2
"""Notebooks in hand for each thread of the cluster, so that none waits for the next."""
_TRAVELLING = (
    "data/published",
    "data/ensemble",
    "notebooks",
    "pyproject.toml",
    "requirements.lock",
)
_COMPARED = (
    "nissc1",
    "numpy",
    "pandas",
    "scipy",
    "lifelines",
    "matplotlib",
    "great-tables",
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
    releases = releases_root(ground.data) if ground.data else ground.home / "data" / "releases"
    for path in sorted(each for each in releases.rglob("*") if each.is_file()):
        files[f"data/releases/{path.relative_to(releases).as_posix()}"] = path
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
    return digest_of("\n".join(f"{path.name} {file_digest(path)}" for path in modules))


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
    return execute(task, _Camp.of(bundle).place)


def _require_same(bundle: Bundle) -> None:
    here = _versions()
    other = [
        f"{name} is {here[name]} there and {wanted} here"
        for name, wanted in bundle.versions.items()
        if here[name] != wanted
    ]
    if bundle.code != package_digest():
        other.insert(0, "nissc1 is of another commit there")
    if other:
        raise BuildError(
            "a worker of the cluster would compute with other software: install this commit and "
            "requirements.lock there",
            other,
        )


class _Camp:
    """A bundle unpacked on a worker, with a process that forks kernels; one for all its tasks."""

    _lock = threading.Lock()
    _current: _Camp | None = None

    def __init__(self, bundle: Bundle) -> None:
        from distributed import get_worker

        self.digest = bundle.digest
        folder = Path(get_worker().local_directory) / f"nissc1-{bundle.digest[:16]}"
        folder.mkdir(mode=0o700, exist_ok=True)
        with zipfile.ZipFile(io.BytesIO(bundle.archive)) as archive:
            archive.extractall(folder)
        cache = folder / "matplotlib"
        cache.mkdir(exist_ok=True)
        self.nursery: Nursery | None = None
        if can_fork():
            self.nursery = Nursery(KERNELS, {**STILL, "MPLCONFIGDIR": str(cache)}).__enter__()
            self.nursery.wait()
        sockets = self.nursery.folder if self.nursery else folder
        data = folder / "data" / "releases" if bundle.outside else None
        self.place = Place(folder, data, sockets, cache, self.nursery)

    @classmethod
    def of(cls, bundle: Bundle) -> _Camp:
        with cls._lock:
            if cls._current is None or cls._current.digest != bundle.digest:
                cls._current = cls(bundle)
            return cls._current


class ClusterWorkers:
    """The workers of a Dask cluster; books are compiled on this machine.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.5:8786`` or ``tls://…``.
    ground : Ground
        Folders here.
    say : callable
        Receives a line about the cluster.
    """

    def __init__(self, address: str, ground: Ground, say: Callable[[str], None]) -> None:
        self._address = address
        self._ground = ground
        self._say = say
        self._here = LocalWorkers(ground, None, say)
        self._client: Client | None = None
        self._executor: Any = None
        self._bundle: Any = None
        self.size = 1

    def __enter__(self) -> Self:
        """Connect, and send the workers what notebooks may read.

        Raises
        ------
        RequestError
            If Dask is not installed, or nobody answers at the address.
        """
        try:
            from distributed import Client
        except ImportError:
            raise RequestError(
                "--scheduler needs Dask: pip install 'nissc1[cluster]', or leave it out"
            ) from None
        try:
            self._client = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as fault:
            raise RequestError(f"no Dask scheduler answers at {self._address}: {fault}") from None
        self._client.wait_for_workers(1)
        threads = sum(self._client.nthreads().values())
        self.size = max(1, PER_THREAD * threads)
        self._say(f"Cluster: {len(self._client.nthreads())} workers, {threads} threads")
        self._bundle = self._client.scatter(pack(self._ground), broadcast=True)
        self._executor = self._client.get_executor(retries=TRIES_AFTER_LOSS, pure=False)
        return self

    def __exit__(self, *ending: Any) -> None:
        """Give up what is not finished, and disconnect."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            self._client.close()
        self._here.__exit__(*ending)

    def submit(self, task: Task) -> Future[Executed]:
        """Have a notebook executed by some worker.

        Parameters
        ----------
        task : Task
            The notebook.

        Returns
        -------
        concurrent.futures.Future
            What it makes, or the `BuildError` that says what went wrong.
        """
        future: Future[Executed] = self._executor.submit(execute_bundled, task, self._bundle)
        return future

    def press(self, call: Callable[[Nursery | None], R]) -> Future[R]:
        """Have a book compiled on this machine.

        Parameters
        ----------
        call : callable
            Takes the nursery that forks Jupyter Book, or None.

        Returns
        -------
        concurrent.futures.Future
            What it returns.
        """
        return self._here.press(call)
