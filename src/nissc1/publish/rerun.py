"""Run notebooks of an edition again and hold their records against those published."""

from __future__ import annotations

import math
import os
import sys
import types
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from nissc1.publish import facts
from nissc1.publish.errors import BuildError
from nissc1.publish.kit import EDITION, PREVIOUS
from nissc1.publish.notebooks import Notebook, find_notebooks, load
from nissc1.publish.parameters import Parameters
from nissc1.publish.project import Project, toc_pages
from nissc1.publish.results import JSON
from nissc1.report import built_edition
from nissc1.report.output import EARLIER, OUTPUT, RECORDS
from nissc1.report.record import Record
from nissc1.report.records import RecordBook

TOLERANCE = 1e-9
"""Relative difference of estimates beyond which two machines disagree."""


def rerun(home: Path, names: Sequence[str]) -> dict[str, list[str]]:
    """Run notebooks again.

    Parameters
    ----------
    home : Path
        Folder that holds what `nissc1.publish.kit` packed.
    names : sequence of str
        Notebooks; none stands for all.

    Returns
    -------
    dict of str to list of str
        By notebook, in what its records differ from the published ones; empty where they agree.

    Raises
    ------
    BuildError
        If there is no such notebook.

    Notes
    -----
    They run in this process, one after the other, those that read the records of the others last;
    of the others that did not run, these read the published records.
    """
    project = Project(home)
    notebooks = find_notebooks(project, toc_pages(project))
    unknown = set(names) - {each.name for each in notebooks}
    if unknown:
        raise BuildError(
            f"no notebook {', '.join(sorted(unknown))}; "
            f"there are {', '.join(each.name for each in notebooks)}"
        )
    known = facts.read(home / EDITION / facts.FILE)
    published = RecordBook.from_json((home / EDITION / JSON).read_text("utf-8"))
    output = home / "output"
    os.environ[OUTPUT] = str(output)
    os.environ["NISSC1_HOME"] = str(home)
    os.environ["NISSC1_COMMIT"] = known.commit
    if (home / PREVIOUS).is_dir():
        os.environ[built_edition.PREVIOUS] = str(home / PREVIOUS)
    found = {}
    for notebook in sorted(notebooks, key=lambda each: each.after_all):
        if names and notebook.name not in names:
            continue
        if notebook.after_all:
            _lay_out(output, notebooks, published)
        _run(notebook, known.values)
        made = (output / RECORDS / f"{notebook.name}.json").read_text("utf-8")
        before = [each for each in published if each.notebook == notebook.name]
        found[notebook.name] = list(_differences(before, RecordBook.from_json(made)))
    return found


def _lay_out(output: Path, notebooks: Sequence[Notebook], published: RecordBook) -> None:
    for each in notebooks:
        if not each.after_all:
            made = output / RECORDS / f"{each.name}.json"
            records = RecordBook(one for one in published if one.notebook == each.name)
            text = made.read_text("utf-8") if made.is_file() else records.to_json()
            path = output / EARLIER / made.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


def _run(notebook: Notebook, values: Parameters) -> None:
    main = types.ModuleType("__main__")
    for number, cell in enumerate(load(notebook.source).cells, start=1):
        if cell.cell_type == "code":
            code = compile(cell.source, f"{notebook.source.name}, cell {number}", "exec")
            exec(code, main.__dict__)
        if "parameters" in cell.metadata.get("tags", []):
            main.__dict__.update(values)


def _differences(before: Sequence[Record], after: RecordBook) -> Iterator[str]:
    for was in before:
        now = after.get(was.id)
        if now is None:
            yield f"{was.id}: published as {was.text}, not computed"
        elif not _same(was, now):
            yield f"{was.id}: published as {was.text}, computed {now.text}"
    names = {each.id for each in before}
    yield from (f"{each.id}: not published" for each in after if each.id not in names)


def _same(was: Record, now: Record) -> bool:
    return all(
        math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        if isinstance(old, float) and isinstance(new, float)
        else old == new
        for old, new in zip(asdict(was).values(), asdict(now).values(), strict=True)
    )


def main(home: Path, names: Sequence[str]) -> int:
    """Run notebooks again and say what came out.

    Parameters
    ----------
    home : Path
        As for `rerun`.
    names : sequence of str
        As for `rerun`.

    Returns
    -------
    int
        0 where all records agree, 1 where one differs, 2 where there is no such notebook.
    """
    try:
        found = rerun(home, names)
    except BuildError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    for name, differences in found.items():
        verdict = "as published" if not differences else "DIFFERENT"
        sys.stdout.write(f"{name}: {verdict}\n")
        sys.stdout.write("".join(f"  {each}\n" for each in differences))
    return 1 if any(found.values()) else 0
