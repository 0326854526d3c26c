"""Jupyter's extension point: kernels that are forked instead of started."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from nissc1.kernels.kernel import MODULE
from nissc1.kernels.nursery import SOCKET, ForkedProcess

if TYPE_CHECKING:
    import subprocess

NAME = "nissc1-warm"
"""Name under which the entry point group ``jupyter_client.kernel_provisioners`` lists it."""


class WarmProvisioner(LocalProvisioner):
    """Fork a kernel from the process whose socket the environment of the kernel names.

    Everything but the start of the process is as with Jupyter's own provisioner of local kernels.
    """

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel.

        Parameters
        ----------
        cmd : list of str
            Command that would start it: interpreter, ``-m``, module, and its arguments.
        **kwargs : object
            ``cwd`` and ``env``.

        Returns
        -------
        dict
            How to connect to it.
        """
        environment = dict(kwargs["env"])
        self.cwd = kwargs.get("cwd") or pathlib.Path.cwd()
        arguments = cmd[cmd.index(MODULE) :]
        kernel = ForkedProcess(environment[SOCKET], arguments, str(self.cwd), environment)
        self.process = cast("subprocess.Popen[bytes]", kernel)
        self.pid = kernel.pid
        self.pgid = self.pid  # it makes itself the leader of a group
        return self.connection_info
