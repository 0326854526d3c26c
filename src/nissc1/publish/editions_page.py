"""The page that lists all editions, with their PDFs where they were printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def editions_page(entries: Sequence[Mapping[str, object]]) -> str:
    """Write the page.

    Parameters
    ----------
    entries : sequence of mapping
        As in ``switcher.json``: ``name``, ``version``, ``cutoff``, ``notice``, ``parameters``, and
        ``pdf``, None where the edition was not printed.

    Returns
    -------
    str
        HTML; it lies beside the editions.
    """
    here = Path(__file__).with_name("templates")
    pages = Environment(loader=FileSystemLoader(here), autoescape=True, undefined=StrictUndefined)
    return pages.get_template("editions.html").render(entries=entries)
