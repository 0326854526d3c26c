"""A build that is killed leaves no process, no file and no half-written edition."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import uuid
from pathlib import Path

import pytest

from nissc1.publish.build import Means, build
from nissc1.publish.editions import first_difference
from nissc1.publish.planning import Request

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]
ROUNDS = 5
MARK = "NISSC1_TEST_MARK"
BUILDER = """
    import sys
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    import conftest
    from nissc1.publish import build, planning
    from nissc1.publish.project import Project
    from nissc1.report import parameters
    stand_in = lambda release, data=None: conftest.FakeCohort(release)
    parameters.open_release = planning.load_release = stand_in
    build.build(
        Project(Path({root!r})),
        planning.Request(replace=True),
        conftest.quiet_reporter(),
        build.Means(jobs=2, force=True),
    )
"""


@pytest.fixture
def scratch():
    # Sockets need short names.
    folder = Path(tempfile.mkdtemp(prefix="n"))
    yield folder
    shutil.rmtree(folder)


def marked(mark):
    """Processes that were started, or forked from one that was started, with a mark."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def soon(condition):
    deadline = time.monotonic() + 15
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def test_a_build_killed_at_any_moment_leaves_nothing_behind(mini, quiet, scratch, root):
    mini.notebook("first", "import time\ntime.sleep(0.5)")
    published = mini.project.site / "2021.02"
    mark = str(uuid.uuid4())
    script = textwrap.dedent(BUILDER.format(tests=str(root / "tests"), root=str(mini.root)))

    def start():
        environment = {**os.environ, MARK: mark, "TMPDIR": str(scratch)}
        environment.pop("NISSC1_DATA", None)
        return subprocess.Popen([sys.executable, "-c", script], env=environment)

    begun = time.monotonic()
    assert start().wait() == 0
    lasts = time.monotonic() - begun
    whole = shutil.copytree(published, mini.root / "whole")
    assert marked(mark) == []
    assert list(scratch.iterdir()) == []

    chance = random.SystemRandom()
    for number in range(ROUNDS):
        if number % 2:
            shutil.rmtree(mini.project.site, ignore_errors=True)
        builder = start()
        moment = chance.uniform(0.2 * lasts, lasts)
        time.sleep(moment)
        builder.send_signal(signal.SIGKILL)
        builder.wait()
        when = f"killed after {moment:.3f} of {lasts:.3f} s"
        assert soon(lambda: marked(mark) == []), f"{when}: {marked(mark)} still run"
        assert soon(lambda: not list(scratch.iterdir())), f"{when}: left {list(scratch.iterdir())}"
        if published.exists():
            assert first_difference(whole, published) is None, when
        assert [each.name for each in mini.project.site.glob("2021*")] in ([], ["2021.02"]), when

    done = build(mini.project, Request(replace=True), quiet, Means(jobs=2))
    assert first_difference(whole, done.folder) is None
