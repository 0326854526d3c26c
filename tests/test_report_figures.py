"""Figures: the same bytes each time, legible, and nothing that must stay hidden."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from nissc1.report import NotEstimable
from nissc1.report.disclosure import Disclosure
from nissc1.report.figures import Drawing, box_panels, forest, scatter, survival_panel
from nissc1.report.figures.style import PALETTE
from nissc1.report.figures.svg import THEMED, to_inline_svg, to_png, to_svg
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


def drawings() -> dict[str, Drawing | None]:
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


KINDS = ["survival", "boxes", "forest", "scatter"]


def wide(drawing: Drawing | None, *, narrow: bool = False) -> Figure:
    assert drawing is not None
    return drawing.draw(narrow)


def texts(drawing: Drawing | None) -> list[str]:
    return [text.get_text() for axes in wide(drawing).axes for text in axes.texts]


@pytest.mark.parametrize("name", KINDS)
def test_a_figure_has_the_same_bytes_each_time(name: str) -> None:
    first, second = (wide(drawings()[name]) for _ in range(2))
    assert to_inline_svg(first, "x", "f") == to_inline_svg(second, "x", "f")
    lines = {"title": "Finding", "warn": True}
    assert to_svg(first, "x", "Source", **lines) == to_svg(second, "x", "Source", **lines)
    assert to_png(first) == to_png(second)


@pytest.mark.parametrize("name", KINDS)
def test_a_figure_is_small_undated_and_self_contained(name: str) -> None:
    svg = to_svg(wide(drawings()[name]), "x")
    assert len(svg.encode()) < 200_000
    for word in ("<!DOCTYPE", "<metadata", "dc:date", "<image", "<text", "font-family"):
        assert word not in svg
    assert set(re.findall(r'(?:href|src)="([^"]{2})', svg)) <= {"#m", "#D", "#p", "#h"}


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", KINDS)
def test_a_figure_in_a_page_takes_every_colour_and_its_type_from_the_page(
    name: str, narrow: bool
) -> None:
    svg = to_inline_svg(wide(drawings()[name], narrow=narrow), "x", "f")
    assert "<text" in svg
    assert "font-family" not in svg
    colours = set(re.findall(r"(?<!,)#[0-9A-Fa-f]{6}", re.sub(r"var\([^)]*\)", "", svg)))
    assert colours == set()
    assert set(re.findall(r"var\(--fig-([a-z0-9]+)", svg)) <= set(THEMED.values())
    assert all(each.startswith("f-") for each in re.findall(r' id="([^"]*)"', svg))


@pytest.mark.parametrize("name", KINDS)
def test_on_a_phone_a_figure_is_as_narrow_as_the_page(name: str) -> None:
    """A phone of 390 pixels leaves 366 for the text; 1 inch is 96 pixels."""
    assert wide(drawings()[name], narrow=True).get_size_inches()[0] * 96 <= 366


def test_a_picture_for_print_has_300_dots_an_inch() -> None:
    png = to_png(wide(drawings()["scatter"]))
    at = png.index(b"pHYs") + 4
    assert round(int.from_bytes(png[at : at + 4]) * 0.0254) == 300


def test_markup_in_the_alternative_text_stays_text() -> None:
    figure = wide(drawings()["scatter"])
    evil = '"><script>alert(1)</script>'
    assert "<script" not in to_svg(figure, evil)
    assert "<script" not in to_inline_svg(figure, evil, "f")


def test_numbers_at_risk_stand_under_the_ticks() -> None:
    # 80 at risk on day 0; seven events by day 131, the eighth on day 414 (month 13.6).
    at_risk = [text for text in texts(survival_panel(curves())) if text.isdigit()]
    assert at_risk[:6] == ["80", "75", "73", "73", "73", "72"]


@pytest.mark.parametrize("narrow", [False, True])
def test_numbers_at_risk_are_aligned_with_the_axis(narrow: bool) -> None:
    figure = wide(survival_panel(curves()), narrow=narrow)
    figure.draw_without_rendering()
    above, below = figure.axes
    for month in above.get_xticks():
        there = above.transData.transform((month, 0))[0]
        assert below.transData.transform((month, 0))[0] == pytest.approx(there, abs=0.01)


def test_curves_end_with_observation_and_never_fall_to_nothing() -> None:
    line = wide(survival_panel(curves())).axes[0].lines[0]
    assert max(line.get_xdata()) == pytest.approx(671 / 30.4375)
    assert min(line.get_ydata()) == pytest.approx(90.0)


def test_censoring_marks_are_drawn_unless_small_numbers_are_withheld() -> None:
    def marks(drawing: Drawing | None) -> int:
        return sum(line.get_marker() == "|" for line in wide(drawing).axes[0].lines)

    assert marks(survival_panel(curves())) == 2
    assert marks(survival_panel(curves(), disclosure=Disclosure.SMALL_COUNTS)) == 0


def test_withheld_figures_show_rounded_numbers_and_coarse_steps() -> None:
    drawing = survival_panel(curves(), disclosure=Disclosure.SMALL_COUNTS)
    at_risk = [int(text) for text in texts(drawing) if text.isdigit()]
    assert all(number % 5 == 0 for number in at_risk)
    heights = set(np.round(wide(drawing).axes[0].lines[0].get_ydata(), 6))
    assert heights <= {100.0, 93.75, 87.5}


def test_withheld_figures_leak_nothing_into_what_can_be_taken_away_or_explored() -> None:
    """Days of events (1, 9, 26 …) show patients; rows may stand at the ticks of the axis only."""
    drawing = survival_panel(curves(), disclosure=Disclosure.SMALL_COUNTS)
    assert drawing is not None
    assert drawing.exploration is not None
    assert set(drawing.data["month"]) <= set(range(0, 25, 3))
    assert all(int(count) % 5 == 0 for count in drawing.data["n_at_risk"])
    assert "n_events" not in drawing.data
    assert set(drawing.exploration.x) <= set(range(0, 25, 3))


def test_what_can_be_explored_is_what_the_curve_says() -> None:
    """By hand: 8 of 80 have died by day 414; 72 are at risk afterwards, none has left before."""
    drawing = survival_panel(curves())
    assert drawing is not None
    assert drawing.exploration is not None
    stop = next(i for i, text in enumerate(drawing.exploration.stops) if "day 414" in text)
    panel = drawing.exploration.panels[0]
    estimate, limits, at_risk = panel.series[0].rows[stop]
    assert (estimate, at_risk) == ("90.0 %", "73")
    half = 1.959964 * 100 * (0.9 * 0.1 / 80) ** 0.5  # without censoring Greenwood is binomial
    assert limits == f"{90 - half:.1f}–{90 + half:.1f}"
    assert panel.series[0].y[stop] == 90.0


def test_plotted_data_tell_every_step() -> None:
    drawing = survival_panel(curves())
    assert drawing is not None
    deaths = drawing.data.query("curve == 'Overall survival' and n_events > 0")
    assert deaths["day"].tolist() == [1, 9, 26, 61, 128, 131, 414]
    assert deaths["estimate"].iloc[-1] == pytest.approx(90.0)


def test_labels_of_close_curves_do_not_overlap() -> None:
    curve = kaplan_meier(TIME, EVENT)
    figure = wide(survival_panel({"One": curve, "Two": curve}))
    heights = sorted(text.xy[1] for text in figure.axes[0].texts)  # type: ignore[attr-defined]
    assert heights[1] - heights[0] >= 6


def test_what_is_not_estimable_is_left_out_and_nothing_draws_nothing() -> None:
    nothing = NotEstimable("no patient")
    drawing = survival_panel({"OS": kaplan_meier(TIME, EVENT), "PFS": nothing})
    assert "PFS" not in texts(drawing)
    assert survival_panel({"PFS": nothing}) is None
    assert box_panels(visits().head(0), {"mrss": "mRSS"}) is None
    assert forest(pd.DataFrame({"hazard_ratio": [], "lower": [], "upper": []})) is None
    assert scatter([None], [1.0], xlabel="x", ylabel="y") is None


def few_at_first() -> pd.DataFrame:
    frame = visits()
    frame["mrss"] = frame["mrss"].astype(float)
    frame.loc[:14, "mrss"] = np.nan
    return frame


def test_boxes_have_their_number_of_patients_below() -> None:
    drawing = box_panels(few_at_first(), {"mrss": "mRSS"}, (0, 3))
    assert texts(drawing) == ["n", "5", "20"]
    assert drawing is not None
    assert drawing.data["n"].tolist() == ["5", "20"]


def test_boxes_without_disclosure_of_extremes_have_no_outliers_and_no_small_groups() -> None:
    frame = few_at_first()
    frame.loc[25, "mrss"] = 400
    drawing = box_panels(frame, {"mrss": "mRSS"}, (0, 3), disclosure=Disclosure.SMALL_COUNTS)
    assert texts(drawing) == ["n", "≤\u00a07", "20"]
    assert wide(drawing).axes[0].get_ylim()[1] < 400
    assert drawing is not None
    assert "400" not in drawing.data.to_csv()
    assert np.isnan(drawing.data["median"].iloc[0])


def test_box_quartiles_are_told_in_words() -> None:
    """Values 0 to 19: median 9.5, quartiles 4.75 and 14.25 by linear interpolation, mean 9.5."""
    frame = pd.DataFrame({"month": 0, "fvc": np.arange(20.0)})
    drawing = box_panels(frame, {"fvc": "FVC, %"}, (0,))
    assert drawing is not None
    assert drawing.exploration is not None
    assert drawing.exploration.panels[0].series[0].rows == (("9.5", "4.8–14.3", "9.5", "20"),)


def test_an_infinite_hazard_ratio_is_left_out() -> None:
    rows = pd.DataFrame(
        {"hazard_ratio": [2.0, np.inf], "lower": [1.0, 0.0], "upper": [4.0, np.inf]},
        index=["fine", "endless"],
    )
    shown = texts(forest(rows))
    assert "fine" in shown
    assert "endless" not in shown


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", KINDS)
def test_every_axis_has_a_label(name: str, narrow: bool) -> None:
    """The rows of a forest plot and of the numbers at risk are named one by one."""
    for axes in wide(drawings()[name], narrow=narrow).axes:
        if axes.axison and axes.get_visible():
            assert axes.get_xlabel()
            assert axes.get_ylabel() or axes.get_title("left") or name == "forest"


@pytest.mark.parametrize("colour", PALETTE)
def test_text_in_a_curve_colour_is_legible_on_white(colour: str) -> None:
    """Contrast as the Web Content Accessibility Guidelines 2.1 define it, at least 4.5 : 1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5
