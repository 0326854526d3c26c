"""A Jupyter kernel that listens on no port of the machine.

With the transport ``ipc`` the five channels of a kernel are sockets in a private folder. Two doors
remain open in ipykernel as it comes: a debugger, and a pipe for the output of child processes, both
on TCP. Here they stay shut.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

MODULE = "nissc1.kernels.kernel"


def launch(arguments: Sequence[str]) -> None:
    """Run a kernel in this process until it is shut down.

    Parameters
    ----------
    arguments : sequence of str
        As for ``python -m ipykernel_launcher``.
    """
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # as if it were not installed
    from ipykernel import kernelapp
    from ipykernel.iostream import IOPubThread

    class WithoutPipe(IOPubThread):
        def __init__(self, socket: Any, pipe: bool = False, session: Any = False) -> None:
            super().__init__(socket, pipe=False, session=session)  # type: ignore[no-untyped-call]

    vars(kernelapp)["IOPubThread"] = WithoutPipe
    kernelapp.IPKernelApp.launch_instance(argv=list(arguments))


if __name__ == "__main__":
    launch(sys.argv[1:])
