"""Kernels forked from a process that has the libraries imported."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client import BlockingKernelClient

from nissc1.kernels.kernel import KERNELS
from nissc1.kernels.nursery import ForkedProcess, Nursery, NurseryError, can_fork

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="needs a system on which kernels can be forked"),
]
QUIET = {"MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery(KERNELS, QUIET) as started:
        started.wait()
        yield started


class Kernel:
    """A kernel and a client of it."""

    def __init__(self, nursery: Nursery, folder: Path, **environment: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        connection = nursery.folder / f"{folder.name}.json"
        self.client = BlockingKernelClient(connection_file=str(connection), transport="ipc")
        self.client.ip = str(connection.with_suffix("")) + "-ipc"
        self.client.shell_port, self.client.iopub_port, self.client.stdin_port = 1, 2, 3
        self.client.hb_port, self.client.control_port = 4, 5
        self.client.write_connection_file()
        arguments = ["ipykernel_launcher", "-f", str(connection)]
        arguments.append("--HistoryManager.hist_file=:memory:")
        variables = {**os.environ, **QUIET, "IPYTHONDIR": str(folder / "ipython"), **environment}
        self.process = ForkedProcess(str(nursery.socket), arguments, str(folder), variables)
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def value(self, expression: str) -> str:
        reply = self.client.execute(
            "", user_expressions={"x": expression}, silent=False, reply=True, timeout=30
        )
        found = reply["content"]["user_expressions"]["x"]
        return found["data"]["text/plain"] if found["status"] == "ok" else found["ename"]

    def run(self, code: str) -> None:
        self.client.execute(code, reply=True, timeout=30)

    def end(self) -> None:
        self.client.stop_channels()
        self.process.send_signal(signal.SIGKILL)


@pytest.fixture
def kernel(nursery: Nursery, tmp_path: Path) -> Iterator[Callable[..., Kernel]]:
    started: list[Kernel] = []

    def start(name: str = "one", **environment: str) -> Kernel:
        started.append(Kernel(nursery, tmp_path / f"{tmp_path.name}-{name}", **environment))
        return started[-1]

    yield start
    for each in started:
        each.end()


def runs(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def gone(pid: int, seconds: float = 10) -> bool:
    for _ in range(int(seconds / 0.1)):
        if not runs(pid):
            return True
        time.sleep(0.1)
    return False


def test_a_kernel_has_the_libraries_but_none_of_the_projects_modules(
    kernel: Callable[..., Kernel],
) -> None:
    one = kernel()
    one.run("import sys")
    assert one.value("'pandas' in sys.modules and 'lifelines' in sys.modules") == "True"
    assert one.value("[m for m in sys.modules if m.startswith('nissc1.report')]") == "[]"


def test_each_kernel_has_a_process_a_folder_and_an_environment_of_its_own(
    kernel: Callable[..., Kernel],
) -> None:
    one, two = kernel("one", COLOUR="red"), kernel("two", SHAPE="round")
    for each in (one, two):
        each.run("import os, random, numpy")
    assert one.value("os.getpid()") == str(one.process.pid) != two.value("os.getpid()")
    assert one.value("os.getcwd()") != two.value("os.getcwd()")
    assert one.value("(os.environ.get('COLOUR'), os.environ.get('SHAPE'))") == "('red', None)"
    assert two.value("(os.environ.get('COLOUR'), os.environ.get('SHAPE'))") == "(None, 'round')"
    one.run("import pandas; pandas.options.display.max_rows = 7; shared = 1")
    assert two.value("shared") == "NameError"
    assert two.value("__import__('pandas').options.display.max_rows") == "60"
    assert one.value("random.random()") != two.value("random.random()")
    assert one.value("numpy.random.rand()") != two.value("numpy.random.rand()")


def test_kernels_leave_no_door_for_other_users(
    nursery: Nursery, kernel: Callable[..., Kernel]
) -> None:
    assert nursery.folder.stat().st_mode & 0o777 == 0o700
    assert nursery.socket.parent == nursery.folder
    pid = kernel().process.pid
    inodes = {
        name.removeprefix("socket:[").removesuffix("]")
        for name in (str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir())
        if name.startswith("socket:[")
    }
    assert inodes
    for table in ("tcp", "tcp6", "udp", "udp6"):
        lines = Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        assert not inodes & {line.split()[9] for line in lines}, table


def test_a_killed_kernel_is_known_by_its_signal(kernel: Callable[..., Kernel]) -> None:
    one = kernel()
    assert one.process.poll() is None
    os.kill(one.process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while one.process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert one.process.poll() == -signal.SIGKILL


def test_kernels_and_what_they_started_end_with_the_nursery(tmp_path: Path) -> None:
    with Nursery(KERNELS, QUIET) as nursery:
        nursery.wait()
        one = Kernel(nursery, tmp_path / "one")
        one.run("import subprocess; child = subprocess.Popen(['sleep', '300'])")
        child = int(one.value("child.pid"))
        one.client.stop_channels()
        assert runs(child)
    assert gone(one.process.pid)
    assert gone(child)
    assert not nursery.folder.exists()


def test_kernels_end_when_the_process_that_forked_them_is_killed(tmp_path: Path) -> None:
    with Nursery(KERNELS, QUIET) as nursery:
        nursery.wait()
        one = Kernel(nursery, tmp_path / "one")
        one.client.stop_channels()
        process: Any = nursery._process
        process.kill()
        assert gone(one.process.pid)
        assert one.process.poll() == -1


def test_nothing_is_left_when_the_caller_is_killed(tmp_path: Path) -> None:
    script = textwrap.dedent(
        f"""
        import os, sys, time
        from pathlib import Path
        from nissc1.kernels.kernel import KERNELS
        from nissc1.kernels.nursery import ForkedProcess, Nursery
        nursery = Nursery(KERNELS, {QUIET!r}).__enter__()
        nursery.wait()
        arguments = ["ipykernel_launcher", "-f", str(nursery.folder / "k.json")]
        kernel = ForkedProcess(str(nursery.socket), arguments, {str(tmp_path)!r}, dict(os.environ))
        print(nursery._process.pid, kernel.pid, nursery.folder, flush=True)
        time.sleep(300)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    ) as caller:
        assert caller.stdout is not None
        *numbers, folder = caller.stdout.readline().split()
        pids = [int(word) for word in numbers]
        assert all(map(runs, pids))
        assert Path(folder).is_dir()
        caller.kill()
    assert all(map(gone, pids))
    assert not Path(folder).exists()


def test_why_nothing_can_be_forked_is_told(tmp_path: Path) -> None:
    (tmp_path / "seaborn.py").write_text("raise ImportError('broken on purpose')")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    with (
        Nursery(KERNELS, {"PYTHONPATH": path}) as nursery,
        pytest.raises(NurseryError, match="nothing can be forked: ImportError: broken on purpose"),
    ):
        nursery.wait()
