"""Pages that lie beside the editions and have no part in the book."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def page_beside(template: str, **values: object) -> str:
    """Write such a page.

    Parameters
    ----------
    template : str
        Name of the file in ``templates``; it extends ``beside_editions.html``.
    **values : object
        What the template asks for; escaped.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    jinja2.UndefinedError
        If the template asks for more.
    """
    folder = FileSystemLoader(Path(__file__).with_name("templates"))
    pages = Environment(loader=folder, autoescape=True, undefined=StrictUndefined)
    return pages.get_template(template).render(values)
