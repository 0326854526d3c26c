"""Time builds of an edition against what one would do without this project's builder.

    python benchmarks/builds.py                # three rounds, about half an hour
    python benchmarks/builds.py --repeats 1 --without series

Everything happens in a copy of the project. A round does each of these once, one after the other:
`jupyter-book build` that executes the notebooks itself; papermill in a loop and then
`jupyter-book build`; this project's build with an empty cache, again with nothing changed, after an
edited paragraph, after an edited cell, and after one changed table of the release. A round of the
series builds an edition a centre together, and then each alone with an empty cache. Printed are the
medians of the rounds and their ratios. Results are written to _build/benchmarks/builds.json.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import jupytext
import measure
import nbformat
import yaml

from nissc1.cohort.descriptor import digest

EDITION = "2021.02"
COLUMN = "centre"
EDITED = "table-1"
CHANGED = "adverse_events"
DONE = re.compile(r"(\d+) notebooks? executed, (\d+) reused")
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
LOOP = """
import sys
from pathlib import Path
import papermill
for source in sorted(Path(sys.argv[1]).glob("*.ipynb")):
    papermill.execute_notebook(source, Path(sys.argv[2]) / source.name, kernel_name="python3",
                               progress_bar=False)
"""


class Copy:
    """The project in a folder of its own, as git knows it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=measure.ROOT, check=True, capture_output=True
        )
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (measure.ROOT / name).is_file():
                (home / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(measure.ROOT / name, home / name)

    def environment(self, **more: str) -> dict[str, str]:
        path = str(self.home / "src")
        return {**os.environ, "PYTHONPATH": path, "NISSC1_HOME": str(self.home), **more}

    def run(self, *arguments: object, **more: str) -> tuple[float, str]:
        """Time a command of this interpreter; what it prints."""
        command = [sys.executable, *map(str, arguments)]
        begun = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=self.home,
            env=self.environment(**more),
            check=False,
            capture_output=True,
            text=True,
        )
        took = time.perf_counter() - begun
        if done.returncode:
            raise RuntimeError(f"{arguments} failed:\n{(done.stdout + done.stderr)[-3000:]}")
        return took, done.stdout + done.stderr

    def build(self, *arguments: str) -> tuple[float, str]:
        return self.run("-m", "nissc1.cli", "build", EDITION, "--replace", *arguments)

    def forget(self) -> None:
        for name in ("_build", "_site"):
            shutil.rmtree(self.home / name, ignore_errors=True)


def executed(printed: str) -> int:
    (found,) = DONE.findall(printed)
    return int(found[0])


class ByHand:
    """The same notebooks and pages for Jupyter Book and papermill as they come."""

    def __init__(self, copy: Copy, folder: Path) -> None:
        built = copy.home / "_build" / EDITION
        self.copy, self.book, self.sources = copy, folder / "book", folder / "sources"
        self.output = folder / "output"
        shutil.copytree(built / "book", self.book, ignore=shutil.ignore_patterns("_build"))
        shutil.copytree(built / "output", self.output)
        shutil.copytree(self.output / "records", self.output / "earlier", dirs_exist_ok=True)
        self.sources.mkdir()
        for source in sorted((copy.home / "notebooks").glob("*.py")):
            content = jupytext.read(source)
            content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
            nbformat.write(content, self.sources / f"{source.stem}.ipynb")
        for name in ("agreement", "changes"):
            (self.output / "earlier" / f"{name}.json").unlink(missing_ok=True)
        self.config = yaml.safe_load((self.book / "_config.yml").read_text("utf-8"))
        settings = self.config["sphinx"]["config"]
        settings["nissc1_results"] = str(self.output / "results.json")
        settings["nissc1_edition"] = str(self.output / "edition.json")

    def _prepare(self, execution: str) -> None:
        shutil.rmtree(self.book / "_build", ignore_errors=True)
        self.config["execute"] = {"execute_notebooks": execution, "timeout": -1}
        (self.book / "_config.yml").write_text(yaml.safe_dump(self.config), "utf-8")
        for source in self.sources.glob("*.ipynb"):
            shutil.copy(source, self.book / "notebooks" / source.name)

    def _compile(self) -> float:
        command = ["-c", JUPYTER_BOOK, "build", self.book]
        took, printed = self.copy.run(*command, NISSC1_OUTPUT=str(self.output))
        pages = len(list((self.book / "_build" / "html" / "notebooks").glob("*.html")))
        if "CellExecutionError" in printed or pages < len(list(self.sources.iterdir())):
            raise RuntimeError(f"a notebook failed:\n{printed[-3000:]}")
        return took

    def jupyter_book(self) -> float:
        self._prepare("force")
        return self._compile()

    def papermill(self) -> float:
        self._prepare("off")
        took, _ = self.copy.run(
            "-c", LOOP, self.sources, self.book / "notebooks", NISSC1_OUTPUT=str(self.output)
        )
        return took + self._compile()


def append(copy: Copy, text: str) -> None:
    path = copy.home / "notebooks" / f"{EDITED}.py"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def change_table(copy: Copy, number: int) -> None:
    """Give one patient's row another value, and the release the table's new digest."""
    folder = copy.home / "data" / "releases" / EDITION
    path = folder / f"{CHANGED}.csv"
    rows = list(csv.reader(path.open(newline="", encoding="utf-8")))
    rows[-1][rows[0].index("onset_day")] = str(70 + number)
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    descriptor = folder / "datapackage.json"
    content = json.loads(descriptor.read_text("utf-8"))
    for resource in content["resources"]:
        if resource["path"] == path.name:
            resource["bytes"], found = digest(path)
            resource["hash"] = f"sha256:{found}"
    descriptor.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def one_round(copy: Copy, by_hand: ByHand, number: int) -> dict[str, float]:
    """Every way of building, once."""
    took = {"jupyter-book": by_hand.jupyter_book(), "papermill": by_hand.papermill()}
    ran: dict[str, int] = {}

    def ours(name: str, change: Callable[[], None]) -> None:
        change()
        took[name], printed = copy.build()
        ran[f"{name}, notebooks"] = executed(printed)

    ours("cold", copy.forget)
    ours("nothing changed", lambda: None)
    ours("paragraph edited", lambda: append(copy, f"\n# %% [markdown]\n# Note {number}.\n"))
    ours("cell edited", lambda: append(copy, f"\n# %%\nlen('{'x' * number}');\n"))
    ours("table changed", lambda: change_table(copy, number))
    return {**took, **ran}


def one_series(copy: Copy) -> dict[str, float]:
    """An edition a centre: together, and each alone with an empty cache."""
    copy.forget()
    together, _ = copy.build("--each", COLUMN)
    site = copy.home / "_site"
    filters = [
        json.loads((edition / "edition.json").read_text("utf-8"))["values"]["population"]
        for edition in sorted(site.glob(f"{EDITION}-population-*"))
    ]
    alone = 0.0
    for each in filters:
        copy.forget()
        took, _ = copy.build("--set", f"population={each}")
        alone += took
    return {"together": together, "alone": alone, "editions": len(filters)}


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: measure.median([each[name] for each in rounds]) for name in rounds[0]}


def rows_of(builds: dict[str, float], series: dict[str, float]) -> list[dict]:
    """What is compared with what, and how far it should reach."""
    rows = []

    def row(work: str, ours: float, against: str, theirs: float, reach: str, met: bool) -> None:
        rows.append(
            {
                "work": work,
                "seconds": ours,
                "against": against,
                "seconds_against": theirs,
                "ratio": theirs / ours,
                "reach": reach,
                "met": "yes" if met else "no",
            }
        )

    if builds:
        book, loop, cold = builds["jupyter-book"], builds["papermill"], builds["cold"]
        row("full build", cold, "jupyter-book", book, "5 × faster", book >= 5 * cold)
        row("full build", cold, "papermill, jupyter-book", loop, "4 × faster", loop >= 4 * cold)
        for name, share in (
            ("nothing changed", 0.03),
            ("paragraph edited", None),
            ("cell edited", 0.15),
            ("table changed", None),
        ):
            ran = int(builds[f"{name}, notebooks"])
            met = share is None or builds[name] <= share * book
            reach = "" if share is None else f"at most {share:.0%}"
            row(f"{name} ({ran} executed)", builds[name], "jupyter-book", book, reach, met)
    if series:
        together, alone = series["together"], series["alone"]
        what = f"{int(series['editions'])} editions together"
        row(what, together, "each alone", alone, "3 × faster", alone >= 3 * together)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--without", nargs="+", choices=["builds", "series"], default=[])
    given = parser.parse_args()
    builds: list[dict[str, float]] = []
    series: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as holder:
        copy = Copy(Path(holder) / "project")
        copy.build()
        by_hand = ByHand(copy, Path(holder))
        for number in range(1, given.repeats + 1):
            print(f"round {number} of {given.repeats} …", flush=True)
            if "builds" not in given.without:
                builds.append(one_round(copy, by_hand, number))
            if "series" not in given.without:
                series.append(one_series(copy))
    rows = rows_of(
        medians(builds) if builds else {},
        medians(series) if series else {},
    )
    form = {"work": "", "seconds": ".1f", "against": "", "seconds_against": ".1f"}
    measure.print_table(rows, form | {"ratio": ".2f", "reach": "", "met": ""})
    content = {"repeats": given.repeats, "rows": rows, "builds": builds, "series": series}
    print(measure.write_results("builds", content).relative_to(measure.ROOT))


if __name__ == "__main__":
    main()
