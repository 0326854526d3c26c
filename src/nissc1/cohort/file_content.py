"""Opening a file that should hold a table, and the error when it does not."""

from __future__ import annotations

from pathlib import Path


class ReadError(ValueError):
    """A file cannot be read as a table.

    Parameters
    ----------
    rule : str
        Slug of what is wrong.
    message : str
        What was found.
    action : str
        What to do about it.
    row : int, optional
        Line of the file, the header being line 1.
    column : str, optional
        Name of the column, where a whole column is at fault.
    """

    def __init__(
        self,
        rule: str,
        message: str,
        action: str,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        super().__init__(f"{message} {action}")
        self.rule = rule
        self.message = message
        self.action = action
        self.row = row
        self.column = column


def file_content(path: Path) -> bytes:
    """Read a file whole.

    Parameters
    ----------
    path : Path
        File.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    ReadError
        When it cannot be opened.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"The file cannot be opened: {error.strerror or type(error).__name__}."
        raise ReadError("unreadable", message, "Check its path and rights.") from error
