"""A fault in a data release: where it is, what was found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_VALUE = 60
ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True)
class Fault:
    """One fault of a data release.

    Parameters
    ----------
    file : str
        Name of the file.
    row : int or None
        Line of the file as an editor counts it, the header being line 1; None for the whole file.
    column : str or None
        Name of the column; None for the whole row or file.
    value : str or None
        The cell as `quoted` writes it; None where no single cell is at fault.
    rule : str
        Slug of the rule.
    message : str
        What is wrong and what is allowed.
    action : str
        What to do.
    severity : str
        ``error`` stops; ``warning`` stops unless it is accepted; ``note`` only informs.
    accepted : str or None
        Reason for which a warning was accepted.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    rule: str
    message: str
    action: str
    severity: str = ERROR
    accepted: str | None = None

    def __str__(self) -> str:
        """Write the fault on one line."""
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            where += f", column {self.column}"
        if self.value is not None:
            where += f", value {self.value}"
        kind = self.rule if self.severity == ERROR else f"{self.rule}, {self.severity}"
        if self.accepted is not None:
            kind += f" accepted: {self.accepted}"
        return f"{where}: {self.message} {self.action}".rstrip() + f" [{kind}]"

    @property
    def stops(self) -> bool:
        """Whether it keeps the data from being registered."""
        return self.severity == ERROR or (self.severity == WARNING and self.accepted is None)


def quoted(value: object) -> str:
    """Write a value so that it fits on a line and cannot be mistaken.

    Parameters
    ----------
    value : object
        Anything found in a file.

    Returns
    -------
    str
        Its representation in quotation marks, control characters escaped, cut to 60 characters.
    """
    text = str(value)
    return repr(text) if len(text) <= LONGEST_VALUE else repr(text[: LONGEST_VALUE - 1] + "…")
