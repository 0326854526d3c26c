"""What a reader takes away to run the notebooks of an edition again: one archive."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from nissc1.cohort.location import present_releases
from nissc1.publish import facts
from nissc1.publish.project import CONFIG, TOC, Project
from nissc1.publish.results import JSON
from nissc1.tracing import PACKAGE

EDITION = "edition"
PREVIOUS = "previous"
_ALONGSIDE = (
    CONFIG,
    TOC,
    "pyproject.toml",
    "requirements.lock",
    "environment.yml",
    "LICENSE",
    "LICENSE-CC-BY-4.0",
)
_WHOLE = ("book", "notebooks", "data")
_RELEASES = "data/releases"
_RUN = '''"""Compute figures of this edition again and compare them: python run.py [NOTEBOOK ...]"""

import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE / ".venv"
NEEDED = ("jupytext", "lifelines", "matplotlib", "pandas", "scipy", "statsmodels")

if any(importlib.util.find_spec(name) is None for name in NEEDED):
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print("Making .venv from requirements.lock, once; this takes a few minutes.", flush=True)
        venv.create(FOLDER, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.lock"]
        subprocess.run(install, check=True)
    sys.exit(subprocess.call([python, HERE / "run.py", *sys.argv[1:]]))

os.environ["NISSC1_HOME"] = str(HERE)
os.environ["MPLBACKEND"] = "agg"
sys.path.insert(0, str(HERE / "src"))

from nissc1.publish.rerun import main  # noqa: E402

sys.exit(main(HERE, sys.argv[1:]))
'''
_README = """NISSC1 living report, edition {edition}
{line}
{notice}. Data cut-off {cutoff}.

Run all notebooks again, or those that you name, and compare what they compute with
edition/results.json:

    python run.py
    python run.py figure-1

This needs Python 3.11 or newer. Where a library is missing, run.py makes an environment from
requirements.lock beside it, which needs a package registry. Tables and figures go to output/.
Change a file in notebooks/ and run again to see what follows from it.

{data}
"""
_WITH_DATA = "data/releases/ holds the patients, who are made up (CC BY 4.0)."
_WITHOUT_DATA = (
    "The patients' data belong to the registry and are not in this archive. Set NISSC1_DATA\n"
    "to the folder that holds the release {release}."
)


def kit_name(edition: str) -> str:
    """Name the archive of an edition.

    Parameters
    ----------
    edition : str
        Name of the edition.

    Returns
    -------
    str
        File name in the edition's folder.
    """
    return f"nissc1-{edition}.zip"


def pack_kit(project: Project, known: facts.Facts, results: bytes, previous: Path | None) -> bytes:
    """Pack the archive.

    Parameters
    ----------
    project : Project
        The project.
    known : Facts
        Facts of the edition.
    results : bytes
        Its ``results.json``.
    previous : Path or None
        Folder of the edition that it is compared with.

    Returns
    -------
    bytes
        A zip archive, the same bytes each time: package, notebooks, pinned packages, what print
        says, this edition's figures, and the releases of the project up to this one as far as
        their patients are made up. Real patients' data are never packed.
    """
    root = f"nissc1-{known.edition}/"
    releases = list(_releases(project, known.release))
    has_data = known.release in releases
    data = _WITH_DATA if has_data else _WITHOUT_DATA.format(release=known.release)
    title = f"NISSC1 living report, edition {known.edition}"
    texts = {
        "run.py": _RUN.encode(),
        "README.txt": _README.format(
            edition=known.edition,
            line="=" * len(title),
            notice=known.notice,
            cutoff=known.cutoff,
            data=data,
        ).encode(),
        f"{EDITION}/{facts.FILE}": facts.text(known).encode(),
        f"{EDITION}/{JSON}": results,
    }
    if previous is not None:
        texts |= {
            f"{PREVIOUS}/{name}": (previous / name).read_bytes() for name in (facts.FILE, JSON)
        }
    files = dict(_files(project, releases))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted({*texts, *files}):
            content = texts[name] if name in texts else files[name].read_bytes()
            entry = zipfile.ZipInfo(root + name)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def _releases(project: Project, last: str) -> Iterator[str]:
    folder = project.root / _RELEASES
    for name in present_releases(folder):
        descriptor = json.loads((folder / name / "datapackage.json").read_text("utf-8"))
        if name <= last and descriptor.get("synthetic") is True:
            yield name


def _files(project: Project, releases: list[str]) -> Iterator[tuple[str, Path]]:
    for name in _ALONGSIDE:
        if (project.root / name).is_file():
            yield name, project.root / name
    allowed = {(project.root / _RELEASES / each) for each in releases}
    for path in (each for name in _WHOLE for each in _below(project.root / name)):
        of_release = project.root / _RELEASES in path.parents
        if not of_release or allowed & set(path.parents):
            yield path.relative_to(project.root).as_posix(), path
    for path in _below(PACKAGE):
        yield f"src/{path.relative_to(PACKAGE.parent).as_posix()}", path


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
            yield path
