"""The fault that stops a build."""

from __future__ import annotations

from collections.abc import Sequence


class BuildError(Exception):
    """Say what stopped a build, where, and what to do about it.

    Parameters
    ----------
    message : str
        One sentence that names the notebook, page or file at fault.
    details : sequence of str, optional
        Further lines, one fault each, shown beneath the message.
    """

    def __init__(self, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)

    def __str__(self) -> str:
        """Return the message and the details beneath it."""
        return "\n".join([self.message, *(f"  {line}" for line in self.details)])

    def __reduce__(self) -> tuple[type[BuildError], tuple[str, tuple[str, ...]]]:
        """Keep the details when the error crosses from a worker process."""
        return (type(self), (self.message, self.details))


class RequestError(BuildError):
    """Say what is wrong with a request: it is misuse, not a fault of data or book."""
