"""What scatters between cohorts that print alike, and what does not."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nissc1.cohort.checks import check
from nissc1.ensemble import fine_gray_ratios, seed_figures, write_ensemble
from nissc1.reconstruct import write_release
from nissc1.report.published import load_published

FOLDER = Path(__file__).resolve().parents[1] / "data" / "ensemble"
ENSEMBLE = pd.read_csv(FOLDER / "2021.02.csv")


def _of_kind(kind: str) -> pd.core.groupby.SeriesGroupBy:
    return ENSEMBLE[ENSEMBLE["kind"] == kind].groupby("figure")["estimate"]


def test_at_least_twenty_cohorts_give_every_figure() -> None:
    assert ENSEMBLE["seed"].nunique() >= 20
    assert set(ENSEMBLE.groupby("figure")["seed"].nunique()) == {ENSEMBLE["seed"].nunique()}
    assert not ENSEMBLE.duplicated(["seed", "figure"]).any()


@pytest.mark.parametrize(
    ("figure", "printed"),
    [
        ("os.24m", "results.os_24m"),
        ("pfs.24m", "results.pfs_24m"),
        ("progression.24m", "results.progression_24m"),
        ("response.24m", "results.response_24m"),
        ("pfs.cox.mrss_over_24", "results.pfs_cox_mrss"),
        ("pfs.cox.age", "results.pfs_cox_age"),
    ],
)
def test_a_printed_figure_prints_the_same_in_every_cohort(figure: str, printed: str) -> None:
    text = str(load_published().set_index("id")["estimate"][printed])
    half = 0.5 * 10.0 ** -len(text.partition(".")[2])
    values = ENSEMBLE.loc[ENSEMBLE["figure"] == figure, "estimate"]
    assert (values - float(text)).abs().max() <= half + 1e-9


def test_the_figures_marked_as_printed_are_those_compared_with_print() -> None:
    assert len(_of_kind("printed").size()) == 6


def test_a_figure_that_print_leaves_open_scatters() -> None:
    scatter = _of_kind("free").agg(lambda values: values.max() - values.min())
    assert len(scatter) >= 10
    assert (scatter > 0).all()


def test_what_is_assumed_to_stand_still_after_two_years_does() -> None:
    assert (_of_kind("assumed").nunique() == 1).all()


def _small() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "time": rng.integers(1, 25, 60),  # with ties
            "cause": rng.choice([0, 1, 2], 60, p=[0.35, 0.4, 0.25]),
            "x": rng.integers(0, 2, 60),
            "y": rng.integers(20, 70, 60) / 10,
        }
    )


def test_subdistribution_hazard_ratios_equal_r() -> None:
    data = _small()
    ratios = fine_gray_ratios(
        data["time"].to_numpy(float), data["cause"].to_numpy(), data[["x", "y"]].to_numpy(float)
    )
    # R 4.2, cmprsk 2.2-11: crr(time, cause, cbind(x, y))$coef on the same 60 rows.
    assert np.log(ratios) == pytest.approx([0.2023462610, 0.1484722919], abs=1e-6)


def test_a_covariate_without_events_on_one_side_is_refused() -> None:
    time, cause = np.arange(1.0, 9.0), np.array([1, 1, 1, 1, 0, 0, 0, 0])
    with pytest.raises((ValueError, np.linalg.LinAlgError)):
        fine_gray_ratios(time, cause, (time < 5).astype(float)[:, None])


@pytest.mark.parametrize("seeds", [[], [3, 3]])
def test_seeds_must_be_given_once_each(tmp_path: Path, seeds: list[int]) -> None:
    with pytest.raises(ValueError, match="each once"):
        write_ensemble(tmp_path, seeds=seeds)


@pytest.mark.slow
def test_a_seed_gives_its_committed_figures_again() -> None:
    seed = int(ENSEMBLE["seed"].iloc[0])
    found = seed_figures(seed)
    committed = ENSEMBLE[ENSEMBLE["seed"] == seed].reset_index(drop=True)
    assert found["figure"].tolist() == committed["figure"].tolist()
    for made, kept in zip(found["estimate"], committed["estimate"], strict=True):
        assert math.isclose(made, kept, rel_tol=1e-5)


@pytest.mark.slow
def test_another_seed_makes_other_patients_that_pass_the_checks(tmp_path: Path) -> None:
    folder = tmp_path / "2021.02"
    write_release(folder, seed=int(ENSEMBLE["seed"].iloc[0]))
    assert check(folder) == []
    release = FOLDER.parent / "releases" / "2021.02" / "patients.csv"
    assert (folder / "patients.csv").read_bytes() != release.read_bytes()
