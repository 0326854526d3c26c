"""The patients' way through the study: counts by hand, the diagram and its words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nissc1.cohort.release import load_release
from nissc1.flow import Analysed, Step, analysed, participant_flow
from nissc1.report import figures
from nissc1.report.disclosure import Disclosure
from nissc1.report.flow import describe_flow

RELEASES = Path(__file__).parent / "fixtures" / "releases"
COHORT = load_release("2020.01", RELEASES)


def test_patients_are_followed_from_one_time_to_the_next() -> None:
    # by hand: P02 died on day 9 and P04 on day 414; P05 was last seen on day 400, P01 and P03 after
    # day 730; progression of P04 on day 300 and of P03 on day 350
    assert participant_flow(COHORT, [12, 24]) == [
        Step(12, died=1, not_due=0, seen_shortly=0, no_contact=0, followed=4, progressed=2),
        Step(24, died=1, not_due=0, seen_shortly=0, no_contact=1, followed=2, progressed=0),
    ]


def test_who_was_transplanted_too_late_for_the_cut_off_is_not_lost() -> None:
    # P05 was transplanted on 1 February 2016, 403 days before this cut-off
    last = participant_flow(COHORT, [12, 24], dt.date(2017, 3, 10))[-1]
    assert (last.not_due, last.no_contact) == (1, 0)


def test_who_was_seen_in_the_half_year_before_is_told_from_who_was_not() -> None:
    # 18 months are 547.9 days, the half-year before begins on day 365.25: P05, day 400
    step = participant_flow(COHORT, [18])[0]
    assert (step.seen_shortly, step.no_contact, step.followed) == (1, 0, 2)


@pytest.mark.parametrize("release", ["2021.02", "2026.02"])
def test_each_step_adds_up_to_the_one_before(release: str) -> None:
    cohort = load_release(release)
    followed = len(cohort.outcomes)
    for step in participant_flow(cohort, [12, 24, 36, 48, 60]):
        left = step.died + step.not_due + step.seen_shortly + step.no_contact
        assert followed == step.followed + left
        followed = step.followed


def test_analyses_count_who_enters_them() -> None:
    counts = {each.name: each.patients for each in analysed(load_release("2021.02"))}
    # Henes et al. 2021: 80 patients; platelets never fell in 13 of them; n of the repeated measures
    assert (counts["os"], counts["platelets"]) == (80, 67)
    assert [counts[name] for name in ("mrss", "fvc", "dlco", "shaq")] == [55, 37, 35, 15]


STEPS = [
    Step(12, died=7, not_due=0, seen_shortly=1, no_contact=0, followed=72, progressed=5),
    Step(24, died=1, not_due=0, seen_shortly=0, no_contact=22, followed=49, progressed=12),
]
ANALYSES = [Analysed("os", "Overall survival", 80), Analysed("mrss", "Skin score", 3)]


def drawn(narrow: bool = False, disclosure: Disclosure = Disclosure.NONE) -> Figure:
    drawing = figures.flow_chart(80, STEPS, ANALYSES, disclosure=disclosure)
    assert drawing is not None
    return drawing.draw(narrow)


def texts(figure: Figure) -> list[str]:
    found: list[Any] = [text.get_text() for text in figure.axes[0].texts]
    return [text for text in found if text]


def test_the_diagram_shows_every_count_and_leaves_out_who_is_none() -> None:
    assert texts(drawn()) == [
        "Transplanted: 80",
        "Died: 7",
        "Last seen in the 6 months before: 1",
        "Followed at 12 months: 72",
        "Progressed since the box above: 5",
        "Died: 1",
        "Last seen earlier: 22",
        "Followed at 24 months: 49",
        "Progressed since the box above: 12",
        "Analysed",
        "Overall survival: 80",
        "Skin score: 3",
    ]


@pytest.mark.parametrize("narrow", [False, True])
def test_the_diagrams_text_stays_in_its_boxes(narrow: bool) -> None:
    figure = drawn(narrow)
    renderer = FigureCanvasAgg(figure).get_renderer()
    edge = figure.axes[0].get_window_extent(renderer).x1
    shown = [text for text in figure.axes[0].texts if text.get_text()]
    assert max(text.get_window_extent(renderer).x1 for text in shown) < edge


def test_what_the_boxes_say_can_be_taken_away() -> None:
    drawing = figures.flow_chart(80, STEPS, ANALYSES)
    assert drawing is not None
    rows = [" ".join(row[1:]) for row in drawing.data.itertuples(index=False)]
    said = [text.replace(":", "") for text in texts(drawn()) if text != "Analysed"]
    assert rows == said


def test_small_numbers_are_not_disclosed_by_the_diagram_or_its_words() -> None:
    shown = texts(drawn(disclosure=Disclosure.SMALL_COUNTS))
    assert "Died: ≤\u00a07" in shown
    assert "Followed at 12 months: 70" in shown
    words = describe_flow(80, STEPS, ANALYSES, Disclosure.SMALL_COUNTS)
    assert "died ≤\u00a07" in words
    assert "72" not in words


def test_the_words_beside_the_diagram_have_its_numbers() -> None:
    assert describe_flow(80, STEPS, ANALYSES, Disclosure.NONE) == (
        "Flow diagram. Transplanted: 80. At 12 months: followed 72; since the time before died 7, "
        "last seen in the 6 months before 1, progressed 5. At 24 months: followed 49; since the "
        "time before died 1, last seen earlier 22, progressed 12. Analysed: Overall survival 80, "
        "Skin score 3."
    )


def test_nobody_is_drawn_as_nothing() -> None:
    assert figures.flow_chart(0, [], []) is None
