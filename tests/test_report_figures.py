"""Figures: the same bytes each time, legible, and nothing that must stay hidden."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from nissc1.report import NotEstimable
from nissc1.report.disclosure import Disclosure
from nissc1.report.figures import box_panels, forest, scatter, survival_panel
from nissc1.report.figures.style import PALETTE, to_svg
from nissc1.stats.cumulative_incidence import cumulative_incidence
from nissc1.stats.kaplan_meier import kaplan_meier

TIME = np.concatenate([[1, 1, 9, 26, 61, 128, 131, 414], np.arange(600, 672)])
EVENT = (np.arange(80) < 8).astype(int)


def curves() -> dict[str, Any]:
    return {
        "Overall survival": kaplan_meier(TIME, EVENT),
        "Mortality": cumulative_incidence(TIME, EVENT),
    }


def visits() -> pd.DataFrame:
    months = np.repeat([0, 3, 6], 20)
    return pd.DataFrame({"month": months, "mrss": np.arange(60) % 17, "fvc_pct": np.arange(60)})


def drawings() -> dict[str, Figure | None]:
    rows = pd.DataFrame(
        {"hazard_ratio": [3.3, 0.5], "lower": [1.04, 0.27], "upper": [10.6, 0.8]},
        index=["mRSS > 24", "CD34+ selection"],
    )
    return {
        "survival": survival_panel(curves()),
        "boxes": box_panels(visits(), {"mrss": "mRSS, points", "fvc_pct": "FVC, %"}, (0, 3, 6)),
        "forest": forest(rows),
        "scatter": scatter([1, 2, 3], [3, 2, 1], xlabel="Dose", ylabel="Days", note="r = −1"),
    }


def texts(figure: Figure | None) -> list[str]:
    assert figure is not None
    return [text.get_text() for axes in figure.axes for text in axes.texts]


@pytest.mark.parametrize("name", ["survival", "boxes", "forest", "scatter"])
def test_a_figure_has_the_same_bytes_each_time(name: str) -> None:
    first, second = (drawings()[name] for _ in range(2))
    assert first is not None
    assert second is not None
    assert to_svg(first, "x") == to_svg(second, "x")


@pytest.mark.parametrize("name", ["survival", "boxes", "forest", "scatter"])
def test_a_figure_is_small_undated_and_self_contained(name: str) -> None:
    figure = drawings()[name]
    assert figure is not None
    svg = to_svg(figure, "x")
    assert len(svg.encode()) < 200_000
    for word in ("<!DOCTYPE", "<metadata", "dc:date", "<image", "<text", "font-family"):
        assert word not in svg
    assert set(re.findall(r'(?:href|src)="([^"]{2})', svg)) <= {"#m", "#D", "#p", "#h"}


def test_markup_in_the_alternative_text_stays_text() -> None:
    figure = drawings()["scatter"]
    assert figure is not None
    svg = to_svg(figure, '"><script>alert(1)</script>')
    assert "<script" not in svg


def test_numbers_at_risk_stand_under_the_ticks() -> None:
    figure = survival_panel(curves())
    # 80 at risk on day 0; seven events by day 131, the eighth on day 414 (month 13.6).
    at_risk = [text for text in texts(figure) if text.isdigit()]
    assert at_risk[:6] == ["80", "75", "73", "73", "73", "72"]


def test_curves_end_with_observation_and_never_fall_to_nothing() -> None:
    figure = survival_panel(curves())
    assert figure is not None
    line = figure.axes[0].lines[0]
    assert max(line.get_xdata()) == pytest.approx(671 / 30.4375)
    assert min(line.get_ydata()) == pytest.approx(90.0)


def test_censoring_marks_are_drawn_unless_small_numbers_are_withheld() -> None:
    def marks(figure: Figure | None) -> int:
        assert figure is not None
        return sum(line.get_marker() == "|" for line in figure.axes[0].lines)

    assert marks(survival_panel(curves())) == 2
    assert marks(survival_panel(curves(), disclosure=Disclosure.SMALL_COUNTS)) == 0


def test_withheld_figures_show_rounded_numbers_and_coarse_steps() -> None:
    figure = survival_panel(curves(), disclosure=Disclosure.SMALL_COUNTS)
    at_risk = [int(text) for text in texts(figure) if text.isdigit()]
    assert all(number % 5 == 0 for number in at_risk)
    assert figure is not None
    heights = set(np.round(figure.axes[0].lines[0].get_ydata(), 6))
    assert heights <= {100.0, 93.75, 87.5}


def test_labels_of_close_curves_do_not_overlap() -> None:
    curve = kaplan_meier(TIME, EVENT)
    figure = survival_panel({"One": curve, "Two": curve})
    assert figure is not None
    heights = sorted(text.xy[1] for text in figure.axes[0].texts)  # type: ignore[attr-defined]
    assert heights[1] - heights[0] >= 6


def test_what_is_not_estimable_is_left_out_and_nothing_draws_nothing() -> None:
    nothing = NotEstimable("no patient")
    figure = survival_panel({"OS": kaplan_meier(TIME, EVENT), "PFS": nothing})
    assert "PFS" not in texts(figure)
    assert survival_panel({"PFS": nothing}) is None
    assert box_panels(visits().head(0), {"mrss": "mRSS"}) is None
    assert forest(pd.DataFrame({"hazard_ratio": [], "lower": [], "upper": []})) is None
    assert scatter([None], [1.0], xlabel="x", ylabel="y") is None


def test_boxes_have_their_number_of_patients_below() -> None:
    frame = visits()
    frame.loc[:14, "mrss"] = np.nan
    figure = box_panels(frame, {"mrss": "mRSS"}, (0, 3))
    assert figure is not None
    labels = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert labels == ["0\nn=5", "3\nn=20"]


def test_boxes_without_disclosure_of_extremes_have_no_outliers_and_no_small_groups() -> None:
    frame = visits()
    frame.loc[:14, "mrss"] = np.nan
    frame.loc[25, "mrss"] = 400
    figure = box_panels(frame, {"mrss": "mRSS"}, (0, 3), disclosure=Disclosure.SMALL_COUNTS)
    assert figure is not None
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0\nn ≤\u00a07", "3\nn=20"]
    assert axes.get_ylim()[1] < 400


def test_an_infinite_hazard_ratio_is_left_out() -> None:
    rows = pd.DataFrame(
        {"hazard_ratio": [2.0, np.inf], "lower": [1.0, 0.0], "upper": [4.0, np.inf]},
        index=["fine", "endless"],
    )
    figure = forest(rows)
    assert figure is not None
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["fine"]


@pytest.mark.parametrize("colour", PALETTE)
def test_text_in_a_curve_colour_is_legible_on_white(colour: str) -> None:
    """Contrast as the Web Content Accessibility Guidelines 2.1 define it, at least 4.5 : 1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5
