"""The course over the visits: which model is fitted, and how it is checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from nissc1.cohort.release import load_release
from nissc1.report.figures import mean_courses, single_courses
from nissc1.stats import mmrm
from nissc1.visit_course import (
    FAR,
    MEASUREMENTS,
    mixed_model,
    standardised_residuals,
    structure_test,
)


def visits(n: int, months: int, seed: int = 1, spread: float = 1.0) -> pd.DataFrame:
    """Complete courses that fall, with equal variances and correlations."""
    rng = np.random.default_rng(seed)
    values = rng.normal(20, 4, (n, 1)) - np.arange(months) + rng.normal(0, spread, (n, months))
    return pd.DataFrame(
        {
            "patient_id": np.repeat([f"N{k:03}" for k in range(n)], months),
            "month": np.tile(np.arange(months), n),
            "mrss": values.ravel(),
        }
    )


@pytest.mark.parametrize(("n", "structure"), [(18, "unstructured"), (17, "compound-symmetry")])
def test_any_matrix_needs_three_patients_for_each_of_its_parameters(n: int, structure: str) -> None:
    assert mixed_model(visits(n, 3), "mrss").covariance_structure == structure  # 6 parameters


def test_where_the_data_determine_no_other_matrix_the_simpler_one_is_fitted() -> None:
    frame = visits(30, 3)
    twice = frame[frame["month"] == 2].assign(month=3)  # one visit repeats the other
    model = mixed_model(pd.concat([frame, twice]), "mrss")
    assert model.covariance_structure == "compound-symmetry"
    with pytest.raises(ValueError, match="no other matrix than compound-symmetry"):
        structure_test(frame, "mrss", model)


def test_unequal_variances_are_told_from_equal_ones() -> None:
    even = visits(60, 4)
    uneven = even.assign(mrss=even["mrss"].where(even["month"] < 2, even["mrss"] * 3))
    assert structure_test(even, "mrss", mixed_model(even, "mrss")).p_value > 0.01
    found = structure_test(uneven, "mrss", mixed_model(uneven, "mrss"))
    assert found.df == 10 - 2
    assert found.statistic > chi2.ppf(0.999, found.df)


def test_residuals_of_a_single_visit_are_the_usual_ones() -> None:
    frame = visits(40, 2)
    model = mmrm(frame, outcome="mrss", subject="patient_id", within="month")
    first = frame[frame["month"] == 0]["mrss"]
    found = standardised_residuals(frame, "mrss", model)[::2]
    np.testing.assert_allclose(found, (first - first.mean()) / first.std(), rtol=1e-6)


def test_normal_residuals_are_as_often_far_as_the_normal_distribution_says() -> None:
    frame = visits(600, 3)
    far = np.abs(standardised_residuals(frame, "mrss", mixed_model(frame, "mrss"))) > FAR
    assert abs(far.mean() - 0.0455) < 4 * np.sqrt(0.0455 / far.size)


def test_later_visits_leave_the_first_two_years_as_they_are() -> None:
    from nissc1.report import Report
    from nissc1.report.course import fit_courses

    report = Report.open(notebook="repeated-measures", release="2021.02")
    seen = report.cohort.visits
    more = pd.concat([seen, seen[seen["month"] == 24].assign(month=36)])
    before = fit_courses(report, seen, [0, 3, 6, 12, 18, 24])[0].changes()
    after = fit_courses(report, more, [0, 3, 6, 12, 18, 24, 36])[0].changes()
    pd.testing.assert_frame_equal(after.loc[:24], before)
    assert after.index[-1] == 36


def test_every_measurement_is_a_column_of_the_visits() -> None:
    columns = [column for column, *_ in MEASUREMENTS.values()]
    assert set(columns) < set(load_release("2021.02").visits)


def test_figures_leave_out_what_was_not_measured() -> None:
    frame = visits(20, 3)
    table = mixed_model(frame, "mrss").table()
    panels = {"Skin": {"Mixed model": table}, "Lung": {"Mixed model": table.iloc[:0]}}
    drawn = mean_courses(panels)
    assert drawn is not None
    assert [axes.get_title(loc="left") for axes in drawn.draw(False).axes] == ["Skin"]
    single = single_courses(frame.assign(fvc=np.nan), {"Skin": "mrss", "Lung": "fvc"}, panels)
    assert single is not None
    assert len(single.draw(True).axes[0].collections[0].get_paths()) == 20  # type: ignore[attr-defined]
    assert list(drawn.data["estimate"]) == list(table["estimate"])
    assert len(single.data) == len(frame)
    assert mean_courses({"Lung": {"Mixed model": table.iloc[:0]}}) is None
    assert single_courses(frame.iloc[:0], {"Skin": "mrss"}, panels) is None


def test_single_courses_are_withheld_where_small_numbers_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = (Path(__file__).parents[1] / "notebooks" / "repeated-measures.py").read_text()
    monkeypatch.setenv("NISSC1_OUTPUT", str(tmp_path))
    exec(source.replace('disclosure = "none"', 'disclosure = "small-counts"'), {})
    assert {path.stem for path in (tmp_path / "figures").iterdir()} == {"course-means"}
