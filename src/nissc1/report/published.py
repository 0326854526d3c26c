"""The printed figures of the article and the places where it contradicts itself."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from nissc1.cohort.location import project_root

#: Data release on which the article's analysis rests; only its figures can agree with print.
PUBLISHED_RELEASE = "2021.02"
FIGURE_COLUMNS = (
    "id",
    "where",
    "label",
    "statistic",
    "printed",
    "relation",
    "estimate",
    "lower",
    "upper",
    "n",
    "denominator",
    "decimals",
    "record",
    "reads_as",
    "note",
)
CONTRADICTION_COLUMNS = ("id", "rows", "statement", "arithmetic", "followed", "kind", "check")


def load_published(folder: Path | None = None) -> pd.DataFrame:
    """Read every printed figure.

    Parameters
    ----------
    folder : Path, optional
        Folder of ``figures.csv``; by default the project's ``data/published``.

    Returns
    -------
    pandas.DataFrame
        One row a printed quantity, all columns text as printed, empty where nothing is printed:
        ``id, where, label, statistic, printed, relation, estimate, lower, upper, n, denominator,
        decimals, record, reads_as, note``.

    Raises
    ------
    ValueError
        If a column is missing or an id comes twice.
    """
    return _load("figures.csv", FIGURE_COLUMNS, folder)


def load_contradictions(folder: Path | None = None) -> pd.DataFrame:
    """Read the places where the article contradicts itself.

    Parameters
    ----------
    folder : Path, optional
        Folder of ``contradictions.csv``; by default the project's ``data/published``.

    Returns
    -------
    pandas.DataFrame
        One row a contradiction, all text: ``id``, ``rows`` (ids of printed figures, separated by
        spaces), ``statement``, ``arithmetic``, ``followed``, ``kind``, ``check`` (see
        `nissc1.digits.checks`).

    Raises
    ------
    ValueError
        If a column is missing or an id comes twice.
    """
    return _load("contradictions.csv", CONTRADICTION_COLUMNS, folder)


def _load(name: str, columns: tuple[str, ...], folder: Path | None) -> pd.DataFrame:
    path = (folder or project_root() / "data" / "published") / name
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"{name}: column(s) {', '.join(missing)} are missing; add them.")
    twice = sorted(set(frame.loc[frame["id"].duplicated(), "id"]))
    if twice:
        raise ValueError(f"{name}: id(s) {', '.join(twice)} come twice; each row needs its own.")
    return frame
