"""Time the notebooks of many editions on one Dask worker and on two.

    python benchmarks/workers.py               # three rounds, about ten minutes

Scheduler and workers, a thread each, are processes of this machine. A round executes the notebooks
of an edition a centre, but for those that read the records of the others, on one worker and then on
two; each time on a cluster that was started anew and has executed one notebook before. Printed are
the medians and their ratio. Results are written to _build/benchmarks/workers.json.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import measure

from nissc1.publish.cluster import ClusterWorkers
from nissc1.publish.many import plan_each
from nissc1.publish.planning import Plan, Request
from nissc1.publish.project import Project
from nissc1.publish.tasks import Task

COLUMN = "centre"
MODULE = "distributed.cli.dask_{}"
OPTIONS = ("--host", "127.0.0.1", "--no-dashboard")


def tasks(plans: list[Plan]) -> list[Task]:
    """The notebooks of all editions, each as a build would send it."""
    return [
        Task(
            name=notebook.name,
            source=notebook.source.read_text("utf-8"),
            parameters=planned.values,
            environment={"NISSC1_COMMIT": planned.commit.id},
        )
        for planned in plans
        for notebook in planned.notebooks
        if not notebook.after_all
    ]


def start(kind: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", MODULE.format(kind), *arguments]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet)


def on(workers: int, plans: list[Plan], folder: Path) -> float:
    """Seconds that a number of workers take."""
    file = folder / f"scheduler-{time.monotonic_ns()}.json"
    started = [start("scheduler", *OPTIONS, "--port", "0", "--scheduler-file", str(file))]
    try:
        while not (file.is_file() and file.stat().st_size):
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        for _ in range(workers):
            started.append(start("worker", address, *OPTIONS, "--nthreads", "1", "--no-nanny"))
        return _timed(address, workers, plans)
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _timed(address: str, workers: int, plans: list[Plan]) -> float:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)
    work = tasks(plans)
    with ClusterWorkers(address, plans[0].ground, lambda line: None) as pool:
        for future in [pool.submit(work[0]) for _ in range(2 * workers)]:
            future.result()  # each worker has its data, and its process to fork
        begun = time.perf_counter()
        for future in [pool.submit(task) for task in work]:
            future.result()
        return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    series = plan_each(Project(measure.ROOT), Request(release="2021.02"), COLUMN)
    rounds = []
    with tempfile.TemporaryDirectory() as holder:
        for number in range(1, given.repeats + 1):
            print(f"round {number} of {given.repeats} …", flush=True)
            rounds.append([on(workers, series.plans, Path(holder)) for workers in (1, 2)])
    one, two = (measure.median(each) for each in zip(*rounds, strict=True))
    row = {
        "work": f"notebooks of {len(series.plans)} editions on two Dask workers",
        "seconds": two,
        "against": "one",
        "seconds_against": one,
        "ratio": one / two,
        "reach": "1.8 × faster",
        "met": "yes" if one >= 1.8 * two else "no",
    }
    form = {"work": "", "seconds": ".1f", "against": "", "seconds_against": ".1f"}
    measure.print_table([row], form | {"ratio": ".2f", "reach": "", "met": ""})
    content = {"repeats": given.repeats, "rows": [row], "rounds": rounds}
    print(measure.write_results("workers", content).relative_to(measure.ROOT))


if __name__ == "__main__":
    main()
