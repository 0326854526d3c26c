"""Write the page of performance from the results of the other benchmarks.

    python benchmarks/performance.py

Reads _build/benchmarks/*.json, which builds.py, workers.py, estimators.py and tables.py write, and
writes benchmarks/performance.md. A benchmark that was not run is an error: the page holds no figure
that is older than another.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

import measure

PAGE = measure.ROOT / "benchmarks" / "performance.md"
NAMES = ("builds", "workers", "estimators", "tables")
MOST_SECONDS, LARGEST = 1.5, 10**6
LIMIT_MEGABYTES = 2048
TIES = {"days": "whole days", "continuous": "hardly any ties"}

HEAD = """# Performance

<!-- Written by benchmarks/performance.py. -->

What a build costs against what one would do without this project's builder, and what an estimator
costs against R. Each figure is a ratio of two things measured in one run, in turns; the seconds
beside it are medians and hold for the machine below only. `make bench` measures all of it anew and
writes this page.
"""


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Lay out a table in Markdown."""
    head = list(headings)
    lines = [head, ["---"] * len(head), *map(list, rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def compared(rows: list[dict[str, Any]]) -> str:
    """Builds or workers, each against something else."""
    return table(
        ("Work", "s", "Against", "s", "Ratio", "To be reached", "Reached"),
        (
            (
                row["work"],
                f"{row['seconds']:.1f}",
                row["against"],
                f"{row['seconds_against']:.1f}",
                f"{row['ratio']:.2f}",
                row["reach"] or "–",
                row["met"] if row["reach"] else "–",
            )
            for row in rows
        ),
    )


def reached(row: dict[str, Any]) -> str:
    """Whether an estimator is as fast as asked for, and in so much memory."""
    fits = row["patients"] < LARGEST or row["megabytes"] <= LIMIT_MEGABYTES
    if row["ratio"] is None or row["patients"] < 10**4:
        return "–" if fits else "no"
    most = MOST_SECONDS if row["patients"] < 10**5 else 1.0
    return "yes" if fits and row["ratio"] <= most else "no"


def estimators(found: dict[str, Any]) -> str:
    """Estimators against R, and how their times grow."""
    names = {row["estimator"]: None for row in found["rows"]}
    times = table(
        ("Estimator", "Times", "Patients", "s", "s in R", "Ratio", "Apart", "MB", "Reached"),
        (
            (
                row["estimator"],
                TIES[row["ties"]],
                f"{row['patients']:,}",
                number(row["seconds"], ".4f"),
                number(row["seconds_r"], ".4f"),
                number(row["ratio"], ".2f"),
                number(row["difference"], ".0e"),
                number(row["megabytes"], ".0f"),
                reached(row),
            )
            for row in found["rows"]
        ),
    )
    slopes = table(
        ("Estimator", *TIES.values()),
        (
            (
                name,
                *(
                    next(
                        number(line["slope"], ".2f")
                        for line in found["slopes"]
                        if (line["estimator"], line["ties"]) == (name, ties)
                    )
                    for ties in TIES
                ),
            )
            for name in names
        ),
    )
    return f"""{times}
*Ratio*: seconds of this project by those of R; at most {MOST_SECONDS} is asked for at
10,000 patients, less than 1 from 100,000 on, and at most {LIMIT_MEGABYTES} MB at a million.
*Apart*: largest relative difference from R. R's `crr` takes time with the square of the patients
and is not run on more than 10,000.

Slope of the logarithm of time over that of the number of patients; 1 is linear.

{slopes}
{found["r"]}.
"""


def registry(found: dict[str, Any]) -> str:
    """Tables and loading at the size of a registry."""
    slopes = {line["step"]: line["slope"] for line in found["slopes"]}
    largest = max(row["patients"] for row in found["rows"])
    rows = [row for row in found["rows"] if row["patients"] == largest]
    what = f"{largest:,} patients with {rows[0]['visits']:,} visits."
    return f"{what}\n\n" + table(
        ("Step", "s", "MB", "Slope"),
        (
            (
                row["step"].replace("_", " "),
                f"{row['seconds']:.1f}",
                f"{row['megabytes']:.0f}",
                number(slopes[row["step"]], ".2f"),
            )
            for row in rows
        ),
    )


def main() -> int:
    """Write the page; 1 if a benchmark was not run."""
    paths = {name: measure.RESULTS / f"{name}.json" for name in NAMES}
    missing = [name for name, path in paths.items() if not path.is_file()]
    if missing:
        sys.stderr.write(f"Not run yet: {', '.join(missing)}. Run: make bench\n")
        return 1
    found = {name: json.loads(path.read_text("utf-8")) for name, path in paths.items()}
    machine = ", ".join(f"{name} {value}" for name, value in found["builds"]["machine"].items())
    parts = {
        "Builds": compared(found["builds"]["rows"]),
        "Workers": compared(found["workers"]["rows"]),
        "Estimators": estimators(found["estimators"]),
        "Tables of a registry": registry(found["tables"]),
        "Machine": f"{machine}.\n",
    }
    page = HEAD + "".join(f"\n## {title}\n\n{text}" for title, text in parts.items())
    PAGE.write_text(page, "utf-8")
    print(PAGE.relative_to(measure.ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
