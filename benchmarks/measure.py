"""What the benchmarks share: child processes, medians, slopes, tables, results."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "_build" / "benchmarks"


def seconds(call: Callable[[], Any], calls: int = 1) -> float:
    """Time a call, averaged over several."""
    begun = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - begun) / calls


def peak_megabytes() -> float:
    """Most memory that this process has held so far (resident set, in MiB).

    Linux starts a child's getrusage at what its parent held, so that a large parent hides a small
    child; the high-water mark of the process's own memory does not.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = [each for each in status.read_text().splitlines() if each.startswith("VmHWM")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(script: Path, *arguments: object) -> dict[str, Any]:
    """Run a script in a process of its own and read the JSON that it prints."""
    command = [sys.executable, str(script), *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def slope(sizes: Sequence[int], times: Sequence[float]) -> float | None:
    """Slope of the straight line through the logarithms: 1 is linear, 2 quadratic."""
    if len(sizes) < 2:
        return None
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def machine() -> dict[str, Any]:
    packages = ("numpy", "pandas", "lifelines", "pyarrow")
    return {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def print_table(rows: Sequence[dict[str, Any]], columns: dict[str, str]) -> None:
    """Print rows below headings; `columns` maps a key to its format."""
    shown = [
        ["–" if row.get(key) is None else format(row[key], form) for key, form in columns.items()]
        for row in rows
    ]
    widths = [max(map(len, cells)) for cells in zip(columns, *shown, strict=True)]
    for cells in [list(columns), *shown]:
        print("  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)))


def write_results(name: str, content: dict[str, Any]) -> Path:
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({"machine": machine(), **content}, indent=2) + "\n", "utf-8")
    return path
