"""Zip archives that are the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_EARLIEST = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """Pack files into an archive.

    Parameters
    ----------
    files : mapping of str to str or bytes
        Content by path, in the order in which they are packed.

    Returns
    -------
    bytes
        A zip archive without times.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()
