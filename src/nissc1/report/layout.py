"""A table as it is laid out, before it becomes HTML, a workbook, LaTeX or a Word document."""

from __future__ import annotations

from dataclasses import dataclass, field


class Sourced(str):
    """Hold a text that shows a results record.

    Parameters
    ----------
    text : str
        What is shown.
    record : str
        Id of the record; empty if there is none.
    """

    record: str

    def __new__(cls, text: str, record: str) -> Sourced:
        """Make the text and note its record."""
        made = super().__new__(cls, text)
        made.record = record
        return made


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes
    ----------
    text : str
        What is shown.
    record : str
        Id of the record that it shows; empty if it shows none.
    number : float, int or None
        The value of a cell that is a plain number, for a workbook.
    markup : str
        HTML in place of the text.
    """

    text: str
    record: str = ""
    number: float | int | None = None
    markup: str = ""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    heading : str
        Its heading.
    right : bool
        Whether its cells are set flush right.
    printed : bool
        Whether it tells what the article prints: shown on a page only when asked for.
    """

    heading: str
    right: bool = False
    printed: bool = False


@dataclass(frozen=True)
class Row:
    """One row: its heading and a cell a column."""

    head: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """Rows under a common heading; an empty name has none."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Layout:
    """A table.

    Attributes
    ----------
    name : str
        Name in the edition, such as ``table-1``.
    title : str
        Title.
    stub : str
        Heading of the row headings; may be empty.
    columns : tuple of Column
        Columns after the row headings.
    groups : tuple of Group
        Rows.
    notes : tuple of str
        Footnotes.
    source : str
        Which data it shows, for files that leave the page.
    printed_notes : tuple of str
        Footnotes on what the article prints, shown on a page with it.
    """

    name: str
    title: str
    stub: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()
    source: str = field(default="", compare=False)
    printed_notes: tuple[str, ...] = ()

    @property
    def below(self) -> tuple[str, ...]:
        """All that stands below the table in a file."""
        return tuple(note for note in (*self.notes, *self.printed_notes, self.source) if note)

    @property
    def wide(self) -> int:
        """Number of columns, row headings included."""
        return len(self.columns) + 1
