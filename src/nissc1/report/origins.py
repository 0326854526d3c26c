"""In which cell of a notebook each record was made."""

from __future__ import annotations

import builtins
import json
from collections.abc import Mapping
from pathlib import Path

ORIGINS = "origins"
"""Kind of the files that tell it, one a notebook."""
CELL = "cell-{}"
"""Anchor of a cell in its page, by its execution count."""


def running_cell() -> int | None:
    """Tell which cell is being executed.

    Returns
    -------
    int or None
        Its execution count; None outside a notebook.
    """
    shell = getattr(builtins, "get_ipython", lambda: None)()
    # Versions of IPython differ in when they count; what was entered so far ends with this cell.
    entered = getattr(getattr(shell, "history_manager", None), "input_hist_parsed", [])
    return len(entered) - 1 if len(entered) > 1 else None


def to_json(cells: Mapping[str, int]) -> str:
    """Write down which cell made which record.

    Parameters
    ----------
    cells : mapping of str to int
        Execution count by record id.

    Returns
    -------
    str
        JSON.
    """
    return json.dumps(dict(cells), indent=0) + "\n"


def read(folder: Path, notebook: str) -> dict[str, int]:
    """Read which cell made which record.

    Parameters
    ----------
    folder : Path
        Where the files are.
    notebook : str
        Name of the notebook.

    Returns
    -------
    dict of str to int
        Execution count by record id; empty where the notebook left no file.
    """
    path = folder / f"{notebook}.json"
    if not path.is_file():
        return {}
    return {str(name): int(count) for name, count in json.loads(path.read_text("utf-8")).items()}
