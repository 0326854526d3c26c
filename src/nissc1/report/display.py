"""What a notebook's cell shows: a table, a figure or a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Html:
    """Show a piece of HTML.

    Attributes
    ----------
    html : str
        The markup; everything that comes from data in it is escaped.
    """

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return a short name, so that no markup shows up as text."""
        return "<table, figure or note>"


def sentence(text: str) -> Html:
    """Show a sentence in place of a table or figure.

    Parameters
    ----------
    text : str
        The sentence; it is escaped.

    Returns
    -------
    Html
        A paragraph of class ``nissc1-note``.
    """
    return Html(f'<p class="nissc1-note">{escape(text)}</p>')
