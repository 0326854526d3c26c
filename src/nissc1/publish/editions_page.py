"""The page that lists all editions, with their PDFs where they were printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nissc1.publish.beside import page_beside


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
    return page_beside("editions.html", entries=entries)
