"""Write the simulated cohort as a registry would send it: an export, not yet a release."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from nissc1.cohort.corrections import CORRECTIONS
from nissc1.cohort.incoming.identity import IDENTITY
from nissc1.cohort.schema import columns
from nissc1.reconstruct import FolderNotEmptyError
from nissc1.simulate import export_choices
from nissc1.simulate.known import Known, Row, read_known
from nissc1.simulate.simulated_cohort import Simulated, simulate

DEFAULT_SEED = 20260201

TITLE = "NISSC1, synthetic cohort with follow-up simulated after {day}"
NOTICE = (
    "Nobody lived this. The patients of the study were constructed from the printed article, and "
    "all follow-up after {day}, every visit after month 24 and the patients from N081 on were made "
    "by a program at published long-term rates. It happened to nobody and is no evidence about "
    "the treatment."
)
DESCRIPTION = (
    "Release {base} continued by a seeded program to show how a living report takes up new "
    "follow-up: visits at 36, 48 and 60 months, progressions, deaths and losses at rates of "
    "published series, newly enrolled patients, events reported late, and corrected values. Every "
    "assumption stands in nissc1.simulate.assumptions with its source."
)
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def _silent(message: str) -> None:
    """Drop a progress message."""


def write_export(
    folder: Path,
    *,
    seed: int = DEFAULT_SEED,
    data: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Write a simulated export: five CSV files, ``release.yml`` and ``corrections.yml``.

    Parameters
    ----------
    folder : Path
        New or empty folder.
    seed : int
        Start of chance. The same seed writes the same bytes on any machine.
    data : Path, optional
        Folder of the releases, as for `nissc1.cohort.release.load_release`.
    progress : callable, optional
        Receives one line a step.

    Raises
    ------
    FolderNotEmptyError
        When the folder holds anything already.
    ReleaseError
        When the release that is continued is not there or was edited.
    """
    tell = progress or _silent
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmptyError(
            f"{folder} holds files already, and nothing is overwritten. Name a new folder, or "
            "remove this one first."
        )
    known = read_known(data)
    made = simulate(known, seed)
    tell(_summary(known, made))
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in made.tables.items():
        _write_csv(folder / f"{table}.csv", columns(table), rows)
    (folder / IDENTITY).write_bytes(_lines(_identity(known)).encode())
    entries = "".join(
        "- " + _lines(asdict(entry), indent="  ").removeprefix("  ") for entry in made.entries
    )
    (folder / CORRECTIONS).write_bytes(entries.encode())
    tell(f"export written to {folder}")


def _identity(known: Known) -> dict[str, str]:
    day = known.data_cutoff.isoformat()
    return {
        "data_cutoff": export_choices.DATA_CUTOFF.value.isoformat(),
        "synthetic": "true",
        "simulated_after": day,
        "disclosure": "none",
        "title": TITLE.format(day=day),
        "description": DESCRIPTION.format(base=export_choices.BASE_RELEASE),
        "synthetic_notice": NOTICE.format(day=day),
    }


def _lines(content: Mapping[str, str], indent: str = "") -> str:
    """Write keys and values as YAML; what is more than a word stands in double quotes."""
    return "".join(
        f"{indent}{key}: "
        + (value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False))
        + "\n"
        for key, value in content.items()
    )


def _write_csv(path: Path, names: Sequence[str], rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _summary(known: Known, made: Simulated) -> str:
    """Say in one line what was added."""
    before, after = (len(each["patients"]) for each in (known.tables, made.tables))
    visits = len(made.tables["visits"]) - len(known.tables["visits"])
    dead = sum(row["vital_status"] == "dead" for row in made.tables["outcomes"])
    progressed = sum(row["progression_day"] != "" for row in made.tables["outcomes"])
    return (
        f"{after - before} new patients, {visits} new visits; now {dead} deaths and {progressed} "
        "progressions"
    )
