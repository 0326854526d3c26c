"""Results of notebooks, kept by content, and used again while nothing they depend on has changed.

A result is found in two steps: by what is known before a notebook runs (its code, parameters, the
pinned packages), and then by what was noted while it ran. Times of files play no part, nor does
prose, which is put around the results afterwards.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from pathlib import Path

from nissc1.publish.inputs import Inputs
from nissc1.publish.notebooks import read_source
from nissc1.publish.tasks import STILL, Executed, Task
from nissc1.tracing import Dependency, digest_of

FORMAT = 2
"""To be raised when results are kept or made in another way than what is noted tells."""
KEPT = 40
"""Results of one notebook and one set of parameters that are kept; the longest unused go."""
_DEPENDENCIES = "dependencies.json"
_NOTEBOOK = "executed.ipynb"
_FILES = "files/"
_SECONDS = "seconds"
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class Store:
    """A folder of results.

    Parameters
    ----------
    folder : Path
        Where; made when it is first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, task: Task, inputs: Inputs) -> Executed | None:
        """Look for a result that can be used again.

        Parameters
        ----------
        task : Task
            The notebook.
        inputs : Inputs
            Everything else as it is now.

        Returns
        -------
        Executed or None
            None where there is none, or what there is cannot be read.
        """
        for path in sorted(self._shelf(task, inputs).glob("*.zip")):
            try:
                with zipfile.ZipFile(path) as archive:
                    if inputs.agree_with(_dependencies(archive)):
                        found = _read(archive)
                        os.utime(path)  # tells what is unused; freshness is a matter of content
                        return found
            except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
                path.unlink(missing_ok=True)  # cut short by a crash of the machine
        return None

    def seconds(self, task: Task) -> float:
        """Tell how long a notebook took when it last ran.

        Parameters
        ----------
        task : Task
            The notebook.

        Returns
        -------
        float
            Seconds; of one that never ran, endless, so that it is begun first.
        """
        try:
            return float((self._folder / task.name / _SECONDS).read_text())
        except (OSError, ValueError):
            return float("inf")

    def keep(self, task: Task, inputs: Inputs, executed: Executed, seconds: float) -> bool:
        """Keep a result, unless something changed while it was made.

        Parameters
        ----------
        task : Task
            The notebook.
        inputs : Inputs
            As they were looked at before.
        executed : Executed
            What it made.
        seconds : float
            How long that took.

        Returns
        -------
        bool
            Whether it was kept.
        """
        (self._folder / task.name).mkdir(parents=True, exist_ok=True)
        (self._folder / task.name / _SECONDS).write_text(f"{seconds:.2f}")
        if not executed.dependencies or not inputs.agree_with(executed.dependencies):
            return False
        shelf = self._shelf(task, inputs)
        shelf.mkdir(parents=True, exist_ok=True)
        name = digest_of(json.dumps([list(_row(each)) for each in executed.dependencies]))
        handle, temporary = tempfile.mkstemp(dir=shelf, prefix=".new-")
        with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w") as archive:
            _write(archive, executed)
        Path(temporary).replace(shelf / f"{name[:40]}.zip")
        self._tidy(shelf)
        return True

    def _shelf(self, task: Task, inputs: Inputs) -> Path:
        code = [
            (cell.source, "parameters" in cell.metadata.get("tags", []))
            for cell in read_source(task.source).cells
            if cell.cell_type == "code"
        ]
        known = [FORMAT, code, task.parameters, sorted(STILL.items()), inputs.runtime]
        return self._folder / task.name / digest_of(json.dumps(known))[:40]

    def _tidy(self, shelf: Path) -> None:
        found = sorted(shelf.glob("*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[KEPT:]:
            path.unlink(missing_ok=True)


def _row(dependency: Dependency) -> tuple[str, str, str]:
    return dependency.kind, dependency.name, dependency.digest


def _dependencies(archive: zipfile.ZipFile) -> tuple[Dependency, ...]:
    return tuple(Dependency(*each) for each in json.loads(archive.read(_DEPENDENCIES)))


def _read(archive: zipfile.ZipFile) -> Executed:
    return Executed(
        notebook=archive.read(_NOTEBOOK).decode("utf-8"),
        files={
            name.removeprefix(_FILES): archive.read(name)
            for name in archive.namelist()
            if name.startswith(_FILES)
        },
        dependencies=_dependencies(archive),
    )


def _write(archive: zipfile.ZipFile, executed: Executed) -> None:
    rows = json.dumps([list(_row(each)) for each in executed.dependencies])
    contents: dict[str, bytes] = {
        _DEPENDENCIES: rows.encode(),
        _NOTEBOOK: executed.notebook.encode("utf-8"),
        **{f"{_FILES}{name}": content for name, content in executed.files.items()},
    }
    for name, content in contents.items():
        entry = zipfile.ZipInfo(name, _EARLIEST)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, content)
