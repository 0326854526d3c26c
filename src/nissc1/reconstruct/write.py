"""Write the reconstructed cohort as a data release."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from nissc1.cohort.descriptor import build_descriptor
from nissc1.cohort.schema import DESCRIPTOR, columns
from nissc1.reconstruct import assumptions as assumed
from nissc1.reconstruct.adverse_events import add_adverse_events
from nissc1.reconstruct.balance import balance_pfs
from nissc1.reconstruct.baseline import add_baseline, match_fev1
from nissc1.reconstruct.body import add_body
from nissc1.reconstruct.courses import build_courses
from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.infections import find_splits
from nissc1.reconstruct.marginals import MarginalError
from nissc1.reconstruct.procedure import add_procedure
from nissc1.reconstruct.prognosis import fit_ages, fit_response
from nissc1.reconstruct.targets import MissedFigureError, Targets
from nissc1.reconstruct.visits import add_visits, prepare_baseline
from nissc1.reconstruct.workup import add_workup, table3_rows

DEFAULT_SEED = 20210201
#: Cohorts tried for a seed until one prints as the article does in every figure searched.
ATTEMPTS = 40
Tables = dict[str, list[dict[str, Any]]]


class FolderNotEmptyError(FileExistsError):
    """Report that the folder to write into holds something already."""


def _silent(message: str) -> None:
    """Drop a progress message."""


def build_tables(
    *, seed: int = DEFAULT_SEED, progress: Callable[[str], None] | None = None
) -> Tables:
    """Make the synthetic cohort in memory.

    Parameters
    ----------
    seed : int
        Start of the random generator; the same seed makes the same patients on any machine.
    progress : callable, optional
        Receives one line a step, and why an attempt was given up.

    Returns
    -------
    dict
        Rows by table of the release, columns by name; None is a missing value.

    Raises
    ------
    MissedFigureError
        When no attempt meets every printed figure.
    """
    tell = progress or _silent
    targets = Targets()
    for attempt in range(ATTEMPTS):
        # Seeded with a text, the generator takes its digest: the same on any machine.
        rng = random.Random(f"{seed}, attempt {attempt}") if attempt else random.Random(seed)
        try:
            return _attempt(rng, targets, tell)
        except (MissedFigureError, MarginalError) as missed:
            tell(f"attempt {attempt + 1} of {ATTEMPTS} given up: {missed}")
    raise MissedFigureError(
        f"Seed {seed} gave no cohort that prints as the article does in {ATTEMPTS} attempts. "
        "Choose another seed, or check the printed figures that the messages name."
    )


def _attempt(rng: random.Random, targets: Targets, tell: Callable[[str], None]) -> Tables:
    """Make one cohort; an error says which printed figure was missed."""
    draft = Draft(rng, targets, build_courses(rng, targets, tell))
    table3_rows(draft)
    add_workup(draft)
    add_baseline(draft)
    complete = prepare_baseline(draft)
    tell("baseline and work-up drawn")
    skin, age = fit_ages(draft, complete["mrss"])
    tell(f"progression-free survival: skin score {skin}, age {age}")
    add_body(draft)
    rho = add_procedure(draft)
    tell(f"procedure drawn; correlation of cell dose and engraftment {rho:.3f}")
    balance_pfs(draft)
    tell(f"response: no CD34+ selection {fit_response(draft)}")
    splits = find_splits(targets)
    tell(
        "infections: counts that print each P value: "
        + ", ".join(f"{figure} {len(found)}" for figure, found in splits.items())
    )
    events = add_adverse_events(draft, splits)
    visits = add_visits(draft, complete)
    match_fev1(draft)
    tell("visits: means, SDs and P values of change met")
    return _tables(draft, visits, events)


def _tables(draft: Draft, visits: list[dict[str, Any]], events: list[dict[str, Any]]) -> Tables:
    """Name the patients in the order of transplantation and lay the tables out."""
    dates = draft.column("transplant_date")
    order = sorted(draft.patients, key=lambda p: (dates[p], draft.traits["other"][p]))
    names = {p: f"N{number:03d}" for number, p in enumerate(order, 1)}
    for p, course in enumerate(draft.courses):
        death = draft.targets.death(course.table3, "cause") if course.table3 else None
        draft.put("last_contact_day", {p: course.last_contact})
        draft.put("vital_status", {p: "dead" if course.dead else "alive"})
        draft.put("cause_of_death", {p: _class_of(death)})
        draft.put("cause_of_death_detail", {p: death})
        draft.put("progression_day", {p: course.progression})
        draft.put("progression_basis", {p: course.basis})
        draft.put("immunosuppression_day", {p: course.immunosuppression})
    draft.put("patient_id", names)
    tables: Tables = {
        table: [{name: draft.column(name)[p] for name in columns(table)} for p in order]
        for table in ("patients", "transplants", "outcomes")
    }
    place = {p: number for number, p in enumerate(order)}
    tables["visits"] = [
        {"patient_id": names[row["patient"]], **row}
        for row in sorted(visits, key=lambda row: (place[row["patient"]], row["month"]))
    ]
    events = sorted(events, key=lambda row: place[row["patient"]])
    tables["adverse_events"] = [
        {"event_id": f"E{number:03d}", "patient_id": names[row["patient"]], **row}
        for number, row in enumerate(events, 1)
    ]
    return tables


def _class_of(cause: str | None) -> str | None:
    """Class a cause of death of Table 3."""
    if cause is None:
        return None
    return "progression" if cause.startswith("Progression") else "transplant related"


def _cell(value: Any) -> str:
    """Write a value: yes/no, ISO dates, numbers without trailing zeros, empty where missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _write_csv(path: Path, names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_cell(row.get(name)) for name in names] for row in rows)


def write_release(
    folder: Path,
    *,
    seed: int = DEFAULT_SEED,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Write the reconstructed cohort as a data release: five CSV files and their descriptor.

    Parameters
    ----------
    folder : Path
        New or empty folder.
    seed : int
        Start of the random generator. The same seed writes the same bytes on any machine.
    progress : callable, optional
        Receives one line a step.

    Raises
    ------
    FolderNotEmptyError
        When the folder holds anything already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmptyError(
            f"{folder} holds files already, and a release is never overwritten. Name a new folder, "
            "or remove this one first."
        )
    tables = build_tables(seed=seed, progress=progress)
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        _write_csv(folder / f"{table}.csv", columns(table), rows)
    descriptor = build_descriptor(
        release_id=assumed.RELEASE_ID,
        data_cutoff=assumed.DATA_CUTOFF,
        synthetic=True,
        disclosure="none",
        title=assumed.TITLE,
        description=assumed.DESCRIPTION,
        licenses=assumed.LICENSES,
        sources=assumed.SOURCES,
        folder=folder,
    )
    descriptor["synthetic_notice"] = assumed.SYNTHETIC_NOTICE
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    (folder / DESCRIPTOR).write_bytes(text.encode())
    (progress or _silent)(f"release written to {folder}")
