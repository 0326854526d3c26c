"""Keep a process that forks others for as long as they are needed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

SOCKET = "NISSC1_NURSERY"
"""Environment variable that names the socket of the process that forks kernels."""
_ANSWER_SECONDS = 30


class NurseryError(RuntimeError):
    """The process that forks cannot be started or does not answer."""


def can_fork() -> bool:
    """Tell whether processes can be forked here.

    Returns
    -------
    bool
        False where there is no fork, and on macOS, whose system libraries do not survive one.
    """
    return hasattr(os, "fork") and sys.platform != "darwin"


@dataclass(frozen=True)
class Work:
    """What forked processes do.

    Attributes
    ----------
    target : str
        ``module:function`` that is called with the arguments.
    preloaded : tuple of str
        Modules that are imported before anything is forked.
    """

    target: str
    preloaded: tuple[str, ...]


class Nursery:
    """A process that has large libraries imported, and the folder of its socket.

    Use it as a context manager; the processes that it forked end with it.

    Parameters
    ----------
    work : Work
        What the forked processes do.
    environment : mapping of str to str
        What the libraries see when they are imported; each process brings an environment of its
        own.

    Attributes
    ----------
    folder : Path
        Private folder (mode 0700) for the socket, and for those of kernels.
    """

    def __init__(self, work: Work, environment: Mapping[str, str]) -> None:
        self._work = work
        self._environment = dict(environment)
        self._holder = tempfile.TemporaryDirectory(prefix="nissc1-")
        self.folder = Path(self._holder.name)
        self._process: subprocess.Popen[str] | None = None

    @property
    def socket(self) -> Path:
        """Return the path of the socket."""
        return self.folder / "nursery"

    def __enter__(self) -> Self:
        """Start the process; it imports while the caller goes on."""
        command = [sys.executable, "-Xfrozen_modules=off", "-m", "nissc1.kernels.forking"]
        self._process = subprocess.Popen(
            [*command, str(self.socket), self._work.target, *self._work.preloaded],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **self._environment},
            start_new_session=True,  # a Ctrl-C is for the caller, who ends this process in order
        )
        return self

    def wait(self) -> None:
        """Wait until the libraries are imported.

        Raises
        ------
        NurseryError
            If the process ended instead; the message holds what it said last.
        """
        process = self._process
        if process is None or process.stdout is None or process.stderr is None:
            raise NurseryError("the process that forks was not started")
        if not process.stdout.closed and process.stdout.readline().strip() != "ready":
            said = process.stderr.read().strip().splitlines()
            raise NurseryError(f"nothing can be forked: {said[-1] if said else 'no reason given'}")

    def __exit__(self, *ending: object) -> None:
        """End the process, and with it those that it forked."""
        process = self._process
        if process is not None:
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
            try:
                process.wait(_ANSWER_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._holder.cleanup()


def ask(address: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Ask the process that forks.

    Parameters
    ----------
    address : str
        Path of its socket.
    request : mapping
        What to do.

    Returns
    -------
    dict
        Its answer.

    Raises
    ------
    NurseryError
        If it does not answer.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_ANSWER_SECONDS)
            connection.connect(address)
            with connection.makefile("rw") as stream:
                stream.write(json.dumps(request) + "\n")
                stream.flush()
                answer: dict[str, Any] = json.loads(stream.readline())
                return answer
    except (OSError, ValueError) as fault:
        raise NurseryError(f"the process that forks does not answer: {fault}") from fault


class ForkedProcess:
    """A forked process, with the methods of `subprocess.Popen` that Jupyter uses.

    Parameters
    ----------
    address : str
        Socket of the process that forks.
    argv : sequence of str
        Command line; the target gets all but its first word.
    cwd : str
        Working directory.
    env : mapping of str to str
        Environment.

    Attributes
    ----------
    pid : int
        Process, which leads a process group of its own.
    """

    stdin = stdout = stderr = None

    def __init__(self, address: str, argv: Sequence[str], cwd: str, env: Mapping[str, str]) -> None:
        self._address = address
        request = {"do": "launch", "argv": list(argv), "cwd": cwd, "env": dict(env)}
        self.pid = int(ask(address, request)["pid"])
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Ask for the exit code; None while the process runs."""
        if self.returncode is None:
            try:
                self.returncode = ask(self._address, {"do": "poll", "pid": self.pid})["exit_code"]
            except NurseryError:
                self.returncode = -1  # none outlives the one that forked it
        return self.returncode

    def wait(self) -> int | None:
        """Return the exit code of a process that has ended."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal, if the process still runs.

        Parameters
        ----------
        number : int
            The signal.
        """
        if self.poll() is None:
            os.kill(self.pid, number)
