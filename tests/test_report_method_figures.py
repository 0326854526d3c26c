"""Figures of competing risks, proportional hazards and splines: what they draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from nissc1.report import NotEstimable, figures
from nissc1.report.disclosure import Disclosure
from nissc1.stats import cumulative_incidence, kaplan_meier, schoenfeld_test, spline_cox

SMALL = Disclosure.SMALL_COUNTS
NOTHING = NotEstimable("no patient in the analysis")
RNG = np.random.default_rng(11)
TIME = np.sort(RNG.integers(1, 800, 80)).astype(float)
CAUSE = np.where(np.arange(80) % 7 == 0, 1, np.where(np.arange(80) % 11 == 0, 2, 0))
FRAME = pd.DataFrame(
    {
        "time": TIME,
        "event": (CAUSE > 0).astype(int),
        "x": RNG.normal(size=80),
        "group": np.arange(80) % 2,
    }
)
TEST = schoenfeld_test(FRAME, time="time", event="event", covariates=["x", "group"])
SPLINE = spline_cox(FRAME, time="time", event="event", covariate="x")


def incidences() -> dict[str, Any]:
    return {
        "Progression": cumulative_incidence(TIME, CAUSE, of=1),
        "Death": cumulative_incidence(TIME, CAUSE, of=2),
    }


def tops(axes: Any) -> list[float]:
    """Height of each stacked area at the right end."""
    return [float(line.get_ydata()[-1]) for line in axes.lines]


def test_stacked_shares_add_up_to_all_patients_and_each_is_an_incidence() -> None:
    drawing = figures.stacked_incidence("Free", incidences(), 24)
    assert drawing is not None
    figure = drawing.draw(False)
    free, progressed, everyone = tops(figure.axes[0])
    expected = {
        name: 100 * curve.at(24 * 30.4375)["estimate"].item()
        for name, curve in incidences().items()
    }
    assert everyone == pytest.approx(100)
    assert progressed - free == pytest.approx(expected["Progression"])
    assert everyone - progressed == pytest.approx(expected["Death"])


def test_stacked_shares_are_coarse_where_small_numbers_are_withheld() -> None:
    drawing = figures.stacked_incidence(
        "Free", incidences(), 24, disclosure=Disclosure.SMALL_COUNTS
    )
    assert drawing is not None
    figure = drawing.draw(False)
    free, progressed, _ = tops(figure.axes[0])
    step = 100 * 5 / 80
    assert free % step == pytest.approx(0, abs=1e-9)
    assert progressed % step == pytest.approx(0, abs=1e-9)


def test_nothing_is_stacked_if_one_share_is_unknown() -> None:
    assert figures.stacked_incidence("Free", incidences() | {"Death": NOTHING}) is None
    assert figures.stacked_incidence("Free", {}) is None


def test_residuals_are_a_panel_a_covariate_with_a_point_an_event_in_months() -> None:
    drawing = figures.residual_panels(TEST, {"x": "Score", "group": "Group"})
    assert drawing is not None
    figure = drawing.draw(False)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["Score", "Group"]
    points = figure.axes[0].lines[1]
    np.testing.assert_allclose(points.get_xdata(), TEST.time / 30.4375)
    np.testing.assert_allclose(points.get_ydata(), TEST.scaled_residuals[:, 0])
    assert figures.residual_panels(NOTHING, {"x": "Score"}) is None


def test_log_log_curves_are_drawn_for_groups_with_an_event() -> None:
    by_group = {
        str(name): kaplan_meier(part["time"], part["event"])
        for name, part in FRAME.groupby("group")
    }
    free = kaplan_meier([5.0, 9.0], [0, 0])
    drawing = figures.log_log_panel({**by_group, "free": free, "nobody": NOTHING})
    assert drawing is not None
    figure = drawing.draw(False)
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["0", "1"]
    assert figures.log_log_panel({"free": free}) is None


def test_a_spline_whose_reference_is_outside_its_data_is_left_out() -> None:
    both = {"Score": (SPLINE, 0.0), "Far": (SPLINE, 99.0), "None": (NOTHING, 0.0)}
    drawing = figures.hazard_ratio_panels(both)
    assert drawing is not None
    figure = drawing.draw(False)
    assert [axes.get_xlabel() for axes in figure.axes] == ["Score"]
    assert figures.hazard_ratio_panels({"Far": (SPLINE, 99.0)}) is None


def test_every_figure_has_a_form_for_phones_and_data_to_take_away() -> None:
    for drawing in (
        figures.stacked_incidence("Free", incidences(), 24),
        figures.residual_panels(TEST, {"x": "Score"}),
        figures.log_log_panel({"all": kaplan_meier(TIME, FRAME["event"])}),
        figures.hazard_ratio_panels({"Score": (SPLINE, 0.0)}),
    ):
        assert drawing is not None
        assert drawing.draw(True).get_figwidth() < 4 < drawing.draw(False).get_figwidth()
        assert len(drawing.data) > 1


def test_only_the_ticks_can_be_taken_away_where_small_numbers_are_withheld() -> None:
    drawing = figures.stacked_incidence(
        "Free", incidences(), 24, disclosure=Disclosure.SMALL_COUNTS
    )
    assert drawing is not None
    assert drawing.data["month"].tolist() == list(range(0, 25, 3))
