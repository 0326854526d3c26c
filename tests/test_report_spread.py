"""The spread between cohorts that print alike."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from nissc1.report.spread import load_ensemble, spread


def ensemble() -> pd.DataFrame:
    rows = [
        (1, "a.b", "A", "printed", 10.0, "%"),
        (2, "a.b", "A", "printed", 10.0, "%"),
        (1, "c.d", "C", "free", 1.0, ""),
        (2, "c.d", "C", "free", 4.0, ""),
        (3, "c.d", "C", "free", 2.0, ""),
    ]
    return pd.DataFrame(rows, columns=["seed", "figure", "label", "kind", "estimate", "unit"])


def test_what_print_leaves_open_comes_first_with_its_range() -> None:
    shown = spread(ensemble(), [("c.d", 3.0)])
    assert shown["Figure"].tolist() == ["C", "A, %"]
    assert shown.loc[0, ["This release", "Smallest", "Median", "Largest"]].tolist() == [3, 1, 2, 4]
    assert pd.isna(shown.loc[1, "This release"])


def test_a_release_without_ensemble_has_no_rows(tmp_path: Path) -> None:
    assert spread(load_ensemble("2026.02", tmp_path), []).empty


def test_the_committed_ensemble_covers_what_the_chapter_shows() -> None:
    shown = spread(load_ensemble("2021.02"), [])
    assert set(shown["Kind"]) >= {"Left open by print", "Printed"}
    assert (shown["Largest"] >= shown["Smallest"]).all()
