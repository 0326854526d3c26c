"""Jupyter kernel managers whose kernels are described in a folder of their own, not the user's."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import Unicode, default
from traitlets.config import Config

from nissc1.kernels.kernel import MODULE
from nissc1.kernels.nursery import SOCKET, Nursery
from nissc1.kernels.provisioner import NAME

KERNEL = "nissc1"
"""Name of the kernel in its description."""


class PrivateKernelManager(AsyncKernelManager):
    """Start kernels that a given folder describes.

    Attributes
    ----------
    descriptions : str
        The folder.
    """

    descriptions = Unicode(config=True)

    @default("kernel_spec_manager")
    def _only_described(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[self.descriptions])


def describe_kernel(
    folder: Path, sockets: Path, environment: Mapping[str, str], nursery: Nursery | None
) -> Config:
    """Describe a kernel of the running interpreter.

    Parameters
    ----------
    folder : Path
        Where the description is written; must not exist.
    sockets : Path
        Base of the names of its sockets, short and in a private folder.
    environment : mapping of str to str
        What the kernel sees beside the environment of this process.
    nursery : Nursery or None
        From which to fork it; None starts an interpreter.

    Returns
    -------
    traitlets.config.Config
        Configuration of a `PrivateKernelManager`, which listens on no port.
    """
    command = [sys.executable, "-Xfrozen_modules=off", "-m", MODULE]
    command += ["-f", "{connection_file}", "--HistoryManager.hist_file=:memory:"]
    description: dict[str, object] = {
        "argv": command,
        "display_name": "Python 3",
        "language": "python",
        "env": dict(environment),
    }
    if nursery is not None:
        description["env"] = {**environment, SOCKET: str(nursery.socket)}
        description["metadata"] = {"kernel_provisioner": {"provisioner_name": NAME}}
    (folder / KERNEL).mkdir(parents=True)
    (folder / KERNEL / "kernel.json").write_text(json.dumps(description), "utf-8")
    settings = {"descriptions": str(folder), "transport": "ipc", "connection_file": str(sockets)}
    return Config({"PrivateKernelManager": settings})
