"""Notebooks executed by the workers of a Dask cluster, which share no files with the builder."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from nissc1.kernels.nursery import can_fork
from nissc1.publish import bundle
from nissc1.publish.build import Means, build
from nissc1.publish.editions import first_difference
from nissc1.publish.errors import BuildError, RequestError
from nissc1.publish.planning import Request

pytest.importorskip("distributed", reason="needs Dask: pip install 'nissc1[cluster]'")
pytestmark = pytest.mark.slow
DASK = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
WORKER = [sys.executable, "-m", "distributed.cli.dask_worker"]


class Cluster:
    """A scheduler and workers, each a process of its own, reachable from this machine only."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.log = (folder / "log").open("w")
        options = ["--host", "127.0.0.1", "--no-dashboard"]
        self.scheduler = self._start(
            DASK, *options, "--port", "0", "--scheduler-file", str(self.file)
        )
        deadline = time.monotonic() + 60
        while not (self.file.is_file() and self.file.stat().st_size):
            assert time.monotonic() < deadline, "the scheduler does not start"
            time.sleep(0.1)
        self.address = json.loads(self.file.read_text())["address"]
        self.workers = [
            self._start(WORKER, self.address, *options, "--nthreads", "1", "--no-nanny")
            for _ in range(workers)
        ]

    def _start(self, command: list[str], *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*command, *arguments], cwd=self.folder, stdout=self.log, stderr=self.log
        )

    def end(self) -> None:
        for each in [*self.workers, self.scheduler]:
            each.kill()
            each.wait()
        self.log.close()


@pytest.fixture
def cluster(tmp_path):
    started = []

    def start(workers):
        folder = tmp_path / f"cluster{len(started)}"
        folder.mkdir()
        started.append(Cluster(folder, workers))
        return started[-1]

    yield start
    for each in started:
        each.end()


def built(mini, reporter, address):
    means = Means(force=True, scheduler=address)
    return build(mini.project, Request(replace=True), reporter, means)


def read_soon(path):
    deadline = time.monotonic() + 60
    while not path.is_file():
        assert time.monotonic() < deadline, f"{path.name} did not appear"
        time.sleep(0.05)
    return path.read_text()


def parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_the_book_is_that_of_a_build_without_a_cluster(mini, quiet, cluster, tmp_path):
    mini.notebook("first", 'print((home / "data" / "doses.csv").read_text())')
    (mini.root / "data").mkdir()
    (mini.root / "data" / "doses.csv").write_text("200")
    here = build(mini.project, Request(), quiet, Means(jobs=1)).folder.rename(tmp_path / "here")
    there = built(mini, quiet, cluster(2).address)
    assert there.tally.executed == ("first", "second")
    assert first_difference(here, there.folder) is None


@pytest.mark.skipif(not can_fork(), reason="looks for the forked kernel of a killed worker")
def test_a_worker_that_is_killed_costs_a_repetition_and_leaves_nothing(
    mini, quiet, cluster, tmp_path
):
    workers = cluster(2)
    body = f"""
    marks = Path({str(tmp_path)!r})
    tries = len(list(marks.glob("try*")))
    (marks / "new").write_text(f"{{os.getpid()}} {{os.getppid()}} {{home}}")
    (marks / "new").rename(marks / f"try{{tries}}")
    import time
    time.sleep(0 if tries else 300)
    """
    mini.notebook("first", body)
    done = []
    thread = threading.Thread(target=lambda: done.append(built(mini, quiet, workers.address)))
    thread.start()
    kernel, nursery, home = read_soon(tmp_path / "try0").split()
    os.kill(parent(int(nursery)), signal.SIGKILL)
    thread.join(timeout=120)
    assert done[0].tally.executed == ("first", "second")
    assert (tmp_path / "try1").is_file()
    assert not (tmp_path / "try2").exists()
    assert not Path(f"/proc/{kernel}").exists()
    assert not Path(home).exists()
    assert Path(home) != mini.root


def test_a_worker_killed_at_any_moment_changes_nothing(mini, quiet, cluster, tmp_path):
    here = build(mini.project, Request(), quiet, Means()).folder.rename(tmp_path / "here")
    workers = cluster(2)
    begun = time.monotonic()
    built(mini, quiet, workers.address)
    moment = random.SystemRandom().uniform(0, time.monotonic() - begun)
    threading.Timer(moment, workers.workers[0].kill).start()
    there = built(mini, quiet, workers.address)
    assert first_difference(here, there.folder) is None, f"killed after {moment:.3f} s"


def test_a_notebook_that_fails_is_named_and_not_repeated(mini, quiet, cluster, tmp_path):
    body = f"""
    with open({str(tmp_path / "runs")!r}, "a") as runs:
        _ = runs.write("x")
    1 / 0
    """
    mini.notebook("second", body)
    with pytest.raises(BuildError) as caught:
        built(mini, quiet, cluster(1).address)
    assert "notebook second, cell 4" in str(caught.value)
    assert "ZeroDivisionError" in str(caught.value)
    assert (tmp_path / "runs").read_text() == "x"


def test_workers_with_other_code_are_refused(mini, quiet, cluster, monkeypatch):
    monkeypatch.setattr(bundle, "package_digest", lambda: "other")
    with pytest.raises(BuildError, match="another commit"):
        built(mini, quiet, cluster(1).address)


def test_workers_with_other_packages_are_refused(mini, quiet, cluster, monkeypatch):
    monkeypatch.setattr(bundle, "version", lambda name: "0.0.1")
    with pytest.raises(BuildError, match=r"pandas is .* there and 0\.0\.1 here"):
        built(mini, quiet, cluster(1).address)


@pytest.mark.parametrize(
    ("address", "message"),
    [("nonsense", "address with a port"), ("tcp://127.0.0.1:9", "no Dask scheduler answers")],
)
def test_an_address_without_a_scheduler_is_told(mini, quiet, monkeypatch, address, message):
    monkeypatch.setattr("nissc1.publish.cluster.CONNECT_SECONDS", 1)
    with pytest.raises(RequestError, match=message):
        built(mini, quiet, address)


def test_a_scheduler_without_workers_is_told(mini, quiet, cluster, monkeypatch):
    monkeypatch.setattr("nissc1.publish.cluster.CONNECT_SECONDS", 3)
    with pytest.raises(RequestError, match="has no workers; start one with: dask worker"):
        built(mini, quiet, cluster(0).address)
