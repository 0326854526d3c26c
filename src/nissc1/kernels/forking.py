"""The process that forks others: imports large libraries once, then answers requests.

It is started by `nissc1.kernels.nursery` and serves one line of JSON a connection on a Unix socket.
It has one thread only, so that a fork copies a process at rest. What it forked dies with it, and it
ends when its standard input is closed, as happens however its parent ends. With it goes the folder
of its socket, where patients' data may lie.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Target = Callable[[Sequence[str]], None]

LOG = "output.log"
"""File in the working directory of a forked process that takes what it writes."""
_PR_SET_PDEATHSIG = 1
_LONGEST_REQUEST = 1 << 20
_WAIT_SECONDS = 0.05


def serve(address: str, target: str, preloaded: Sequence[str]) -> None:
    """Fork processes on request until standard input is closed.

    Parameters
    ----------
    address : str
        Path of the Unix socket, in a folder that nobody else can enter and that is removed in the
        end.
    target : str
        ``module:function`` that a forked process calls with its arguments.
    preloaded : sequence of str
        Modules to import first, in this order.
    """
    try:
        for name in preloaded:
            importlib.import_module(name)
        module, _, function = target.partition(":")
        call: Target = getattr(importlib.import_module(module), function)
        if threading.active_count() > 1:
            names = ", ".join(each.name for each in threading.enumerate())
            raise RuntimeError(f"a library has started a thread, which a fork would lose: {names}")
        gc.collect()
        gc.freeze()  # the collector of a child would write to, and so copy, every page
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
            listening.bind(address)
            listening.listen()
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            _Server(listening, call).run()
    finally:
        shutil.rmtree(Path(address).parent, ignore_errors=True)  # its owner may have been killed


class _Server:
    def __init__(self, listening: socket.socket, call: Target) -> None:
        self.listening = listening
        self.call = call
        self.exit_codes: dict[int, int | None] = {}

    def run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self.listening, selectors.EVENT_READ)
            selector.register(sys.stdin, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is sys.stdin:
                        if not os.read(key.fd, 4096):
                            self.end()
                            return
                    else:
                        connection, _ = self.listening.accept()
                        with connection:
                            self.answer(connection)

    def answer(self, connection: socket.socket) -> None:
        # Who asked may be gone by now; that concerns nobody else.
        with contextlib.suppress(OSError, ValueError), connection.makefile("rw") as stream:
            request = json.loads(stream.readline(_LONGEST_REQUEST))
            if request["do"] == "launch":
                reply: dict[str, Any] = {"pid": self.launch(request, connection)}
            else:
                reply = {"exit_code": self.poll(request["pid"])}
            stream.write(json.dumps(reply) + "\n")

    def launch(self, request: dict[str, Any], connection: socket.socket) -> int:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                self.listening.close()
                connection.detach()
                _stand_alone(parent, request["cwd"], request["env"])
                sys.argv = list(request["argv"])
                self.call(sys.argv[1:])
                code = 0
            except SystemExit as ending:
                code = ending.code if isinstance(ending.code, int) else int(bool(ending.code))
            finally:
                _leave(code)
        self.exit_codes[pid] = None
        return pid

    def poll(self, pid: int) -> int | None:
        if pid in self.exit_codes and self.exit_codes[pid] is None:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self.exit_codes[pid] = os.waitstatus_to_exitcode(status)
        return self.exit_codes.get(pid, -1)

    def end(self) -> None:
        """Take every forked process along, with whatever it has started."""
        for pid in [each for each in self.exit_codes if self.poll(each) is None]:
            # One that was forked just now may not lead its group yet.
            for kill in (os.killpg, os.kill):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    kill(pid, signal.SIGKILL)
        while any(self.poll(pid) is None for pid in self.exit_codes):
            time.sleep(_WAIT_SECONDS)


def _stand_alone(parent: int, folder: str, environment: dict[str, str]) -> None:
    """Give this forked process a session, a folder, an environment and a log of its own."""
    os.setsid()
    _die_with(parent)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    gc.unfreeze()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, destination in ((null, 0), (log, 1), (log, 2)):
        os.dup2(source, destination)
    _seed_anew()


def _die_with(parent: int) -> None:
    """Ask the operating system to kill this process once its parent has ended, however."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _seed_anew() -> None:
    import random

    import numpy as np

    random.seed()
    np.random.seed()


def _leave(code: int) -> None:
    """End a child without running what its parent has left to do."""
    import atexit

    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], sys.argv[3:])
