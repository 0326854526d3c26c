"""How far figures scatter between cohorts that print alike."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from nissc1.cohort.location import project_root
from nissc1.report.formatting import EN_DASH, MINUS

KINDS = {
    "free": "Left open by print",
    "assumed": "Not printed, held fixed by an assumption of the reconstruction",
    "printed": "Printed",
}
"""Kinds of figures in the ensemble, and their headings."""

NOT_PRINTED = (
    "–: not printed. Other cohorts that print the same can differ here; their range is shown where "
    "it was computed, and the chapter “How identified is it?” says what it means."
)


def load_ensemble(release: str, folder: Path | None = None) -> pd.DataFrame:
    """Read the figures of the cohorts that print as a release does.

    Parameters
    ----------
    release : str
        Id of the release.
    folder : Path, optional
        Folder of the ensembles; by default the project's ``data/ensemble``.

    Returns
    -------
    DataFrame
        One row a seed and figure: ``seed``, ``figure``, ``label``, ``kind``, ``estimate``,
        ``unit``, ``n``, ``n_at_risk``; empty where the release has no ensemble.
    """
    path = (folder or project_root() / "data" / "ensemble") / f"{release}.csv"
    columns = ["seed", "figure", "label", "kind", "estimate", "unit", "n", "n_at_risk"]
    try:
        return pd.read_csv(path, keep_default_na=False, na_values={"n_at_risk": ""})
    except FileNotFoundError:
        return pd.DataFrame(columns=columns)


def load_record_spread(release: str, folder: Path | None = None) -> dict[str, str]:
    """Read how far the records that print leaves open scatter.

    Parameters
    ----------
    release : str
        Id of the release.
    folder : Path, optional
        Folder of the ensembles; by default the project's ``data/ensemble``.

    Returns
    -------
    dict of str to str
        By record id, the range in words, such as ``24 cohorts: 11.2–14``; empty where the release
        has no ensemble.
    """
    path = (folder or project_root() / "data" / "ensemble") / f"{release}-records.csv"
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")
    except FileNotFoundError:
        return {}
    return {
        str(row["id"]): f"{row['cohorts']} cohorts: "
        + _range(float(row["smallest"]), float(row["largest"]))
        for row in rows
    }


def _range(smallest: float, largest: float) -> str:
    low, high = (f"{value:.3g}".replace("-", MINUS) for value in (smallest, largest))
    return low if low == high else f"{low}{EN_DASH}{high}"


def spread(ensemble: pd.DataFrame, here: Iterable[tuple[str, float]]) -> pd.DataFrame:
    """Summarise each figure over the cohorts, beside this release's.

    Parameters
    ----------
    ensemble : DataFrame
        Result of `load_ensemble`.
    here : iterable of tuple of str and float
        Id and value of the same figures in the release.

    Returns
    -------
    DataFrame
        One row a figure, those left open first: ``Kind``, ``Figure`` (with its unit), ``This
        release``, ``Smallest``, ``Median``, ``Largest``.
    """
    own = dict(here)
    rows = []
    for kind, heading in KINDS.items():
        chosen = ensemble[ensemble["kind"] == kind]
        for figure, values in chosen.groupby("figure", sort=False):
            first = values.iloc[0]
            unit = f", {first['unit']}" if first["unit"] else ""
            estimate = values["estimate"].astype(float)
            rows.append(
                {
                    "Kind": heading,
                    "Figure": f"{first['label']}{unit}",
                    "This release": own.get(str(figure)),
                    "Smallest": estimate.min(),
                    "Median": estimate.median(),
                    "Largest": estimate.max(),
                }
            )
    return pd.DataFrame(rows)
