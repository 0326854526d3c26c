"""What is shown of small numbers. Expected values are worked out by hand from the rule."""

from dataclasses import replace

import numpy as np
import pytest

from nissc1.report.disclosure import Disclosure
from nissc1.report.formatting import measure_text
from nissc1.report.measures import Measure, count, median_range, proportion, single

SMALL = Disclosure.SMALL_COUNTS


def shown(measure: Measure) -> str:
    return measure_text(SMALL.protect(measure), 80)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1, "≤\u00a07"), (7, "≤\u00a07"), (8, "10"), (12, "10"), (13, "15"), (80, "80")],
)
def test_counts_are_redacted_up_to_seven_and_rounded_to_five(value: int, text: str) -> None:
    assert shown(count(value)) == text
    assert SMALL.count_text(value) == text


def test_percentages_come_from_the_rounded_counts() -> None:
    protected = SMALL.protect(proportion(None, 57, 80))
    assert (protected.events, protected.denominator, protected.estimate) == (55, 80, 68.75)
    assert measure_text(protected, 80) == "55 (68.8)"


def test_a_small_numerator_withholds_its_percentage_everywhere() -> None:
    protected = SMALL.protect(proportion(None, 5, 79))
    assert (protected.events, protected.estimate, protected.n) == (None, None, 80)
    assert measure_text(protected, 80) == "≤\u00a07 of 80"


def test_nobody_is_a_count_that_may_be_shown() -> None:
    assert shown(proportion(None, 0, 80)) == "0 (0.0)"


def test_a_small_denominator_withholds_everything() -> None:
    protected = SMALL.protect(proportion(None, 3, 6))
    assert (protected.n, protected.events, protected.denominator) == (None, None, None)
    assert "withheld" in measure_text(protected, 80)


def test_minimum_and_maximum_are_withheld() -> None:
    protected = SMALL.protect(median_range([20.0, 43.0, 62.0] * 10))
    assert (protected.lower, protected.upper) == (None, None)
    assert measure_text(protected, 80) == "43 (median only)"


def test_a_rate_is_a_multiple_of_five_patients() -> None:
    rate = Measure("survival", 90.0, 83.43, 96.57, 80, 8, 72, "%", 1)
    protected = SMALL.protect(rate)
    # 5 / 80 = 6.25 %: 90 -> 87.5 (14.4 steps), 83.43 -> 81.25 (13.3), 96.57 -> 93.75 (15.5 down)
    assert (protected.estimate, protected.lower, protected.upper) == (87.5, 81.25, 93.75)
    assert (protected.n, protected.events, protected.denominator) == (80, 10, 70)


def test_a_rate_from_few_events_is_withheld() -> None:
    rate = Measure("cumulative_incidence", 6.25, 2.3, 13.0, 80, 5, 75, "%", 1)
    assert SMALL.protect(rate).estimate is None
    assert shown(rate) == "withheld (≤\u00a07 events)"


def test_what_describes_one_patient_is_withheld() -> None:
    assert "withheld" in shown(single("value", 131, n=1))
    assert "withheld" in shown(single("value", "cardiac toxicity", n=1))


def test_a_value_that_counts_patients_is_a_count() -> None:
    assert shown(single("value", 4, unit="patients")) == "≤\u00a07"
    assert shown(single("value", 4, unit="days")) == "4"


def test_no_stored_number_betrays_a_small_count() -> None:
    for measure in (proportion(None, 5, 80), count(4, of=80), single("value", 3.0, n=2)):
        protected = SMALL.protect(measure)
        stored = [protected.estimate, protected.lower, protected.upper, protected.events]
        assert stored == [None] * 4


def test_curves_are_coarsened_to_steps_of_five_patients() -> None:
    coarse = SMALL.shares([1.0, 79 / 80, 77 / 80, 0.9, 0.0], 80)
    np.testing.assert_allclose(coarse, [1.0, 1.0, 0.9375, 0.875, 0.0])


def test_without_the_rule_nothing_changes() -> None:
    measure = replace(proportion(None, 5, 80))
    assert Disclosure.NONE.protect(measure) is measure
    assert Disclosure.NONE.count_text(3) == "3"
    np.testing.assert_array_equal(Disclosure.NONE.shares([0.987], 80), [0.987])
