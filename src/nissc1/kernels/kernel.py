"""A Jupyter kernel that listens on no port of the machine.

With the transport ``ipc`` the five channels of a kernel are sockets in a private folder. Two doors
remain open in ipykernel as it comes: a debugger, and a pipe for the output of child processes, both
on TCP. Here they stay shut.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

from nissc1.kernels.nursery import Work

sys.modules["debugpy"] = None  # type: ignore[assignment]  # for ipykernel, as if not installed

MODULE = "nissc1.kernels.kernel"
KERNELS = Work(
    f"{MODULE}:launch",
    (
        MODULE,
        "ipykernel.kernelapp",
        "IPython.core.interactiveshell",
        "IPython.core.completer",
        "matplotlib_inline.backend_inline",
        "numpy",
        "pandas",
        "scipy.optimize",
        "scipy.stats",
        "matplotlib.figure",
        "matplotlib.backends.backend_svg",
        "seaborn",
        "lifelines",
        "statsmodels.api",
        "yaml",
    ),
)
"""What notebooks need and no edit of this project changes; its own modules are left out."""


def launch(arguments: Sequence[str]) -> None:
    """Run a kernel in this process until it is shut down.

    Parameters
    ----------
    arguments : sequence of str
        As for ``python -m ipykernel_launcher``.
    """
    from ipykernel import kernelapp
    from ipykernel.iostream import IOPubThread

    class WithoutPipe(IOPubThread):
        def __init__(self, socket: Any, pipe: bool = False, session: Any = False) -> None:
            super().__init__(socket, pipe=False, session=session)  # type: ignore[no-untyped-call]

    vars(kernelapp)["IOPubThread"] = WithoutPipe
    # The application reads its parent when its module is imported, which may be long ago.
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    kernelapp.IPKernelApp.launch_instance(argv=[*arguments, parent])


if __name__ == "__main__":
    launch(sys.argv[1:])
