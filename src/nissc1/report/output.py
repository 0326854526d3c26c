"""Where a notebook's artefacts go."""

from __future__ import annotations

import os
import re
from pathlib import Path

OUTPUT = "NISSC1_OUTPUT"
RECORDS = "records"
EARLIER = "earlier"
"""Records of the notebooks that ran before those that read them."""
DEPENDENCIES = "dependencies"
"""What each notebook's result depends on."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Output:
    """Write the artefacts of one notebook below ``$NISSC1_OUTPUT``; nothing if it is unset.

    Parameters
    ----------
    notebook : str
        Name of the notebook.

    Raises
    ------
    ValueError
        If the name is not lower-case letters, digits and single hyphens.
    """

    def __init__(self, notebook: str) -> None:
        _check_name("notebook", notebook)
        self.notebook = notebook
        self._names: set[str] = set()

    def claim(self, name: str) -> None:
        """Reserve the name of a table or figure.

        Parameters
        ----------
        name : str
            The name.

        Raises
        ------
        ValueError
            If it is not allowed or is taken in this notebook.
        """
        _check_name("table or figure", name)
        if name in self._names:
            raise ValueError(
                f"notebook {self.notebook}: the name {name!r} is used for two tables or figures; "
                "give each its own."
            )
        self._names.add(name)

    @property
    def wanted(self) -> bool:
        """Whether what is written is kept."""
        return bool(os.environ.get(OUTPUT))

    def write(self, kind: str, file: str, content: str | bytes) -> None:
        """Write one file, text as UTF-8 with line feeds.

        Parameters
        ----------
        kind : str
            ``records``, ``tables`` or ``figures``.
        file : str
            File name.
        content : str or bytes
            Content of the file.
        """
        folder = os.environ.get(OUTPUT)
        if not folder:
            return
        path = Path(folder) / kind / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)

    def kept(self, kind: str) -> Path:
        """Name the folder in which a build keeps its artefacts.

        Parameters
        ----------
        kind : str
            `RECORDS`, `EARLIER`, ``tables`` or ``figures``.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        RuntimeError
            If ``$NISSC1_OUTPUT`` is unset: outside a build nothing is kept.
        """
        folder = os.environ.get(OUTPUT)
        if not folder:
            raise RuntimeError(
                f"notebook {self.notebook} reads what other notebooks computed, and outside a "
                f"build nothing is kept. Run `nissc1 build`, or set {OUTPUT} to a folder and run "
                "the other notebooks first."
            )
        return Path(folder) / kind


def _check_name(what: str, name: str) -> None:
    if not _SLUG.fullmatch(name):
        raise ValueError(
            f"the {what} name is {name!r}; lower-case letters, digits and single hyphens are "
            "allowed, such as 'table-1'."
        )
