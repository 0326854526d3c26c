"""How numbers are written."""

import pytest

from nissc1.report.formatting import (
    decimals_of,
    interval,
    measure_text,
    number,
    p_text,
    round_half_up,
    undefined,
)
from nissc1.report.measures import Measure

# By hand: halves go away from zero, whatever the binary float behind them does.
HALVES = [
    (91.25, 1, "91.3"),  # 73 of 80; Python's round gives 91.2
    (71.25, 1, "71.3"),  # 57 of 80, printed so in Table 1
    (43.75, 1, "43.8"),  # 35 of 80, printed so in Table 2
    (6.25, 1, "6.3"),
    (2.675, 2, "2.68"),  # the float lies just below; round(2.675, 2) is 2.67
    (1.005, 2, "1.01"),
    (0.5, 0, "1"),
    (2.5, 0, "3"),
    (-2.5, 0, "-3"),
    (91.24999999999999, 1, "91.3"),  # a product of survival factors that ought to be 91.25
    (91.2499, 1, "91.2"),
]


@pytest.mark.parametrize(("value", "decimals", "expected"), HALVES)
def test_halves_are_rounded_away_from_zero(value: float, decimals: int, expected: str) -> None:
    assert str(round_half_up(value, decimals)) == expected


def test_a_number_keeps_its_zeros_and_has_a_true_minus_sign() -> None:
    assert number(90.0, 1) == "90.0"
    assert number(-0.31, 2) == "−0.31"


def test_a_negative_number_that_rounds_to_zero_has_no_sign() -> None:
    assert number(-0.001, 1) == "0.0"


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_what_is_missing_is_an_en_dash_and_never_nan(missing: float | None) -> None:
    assert number(missing, 1) == "–"


def test_a_reason_follows_the_dash() -> None:
    assert undefined("no patients") == "– (no patients)"
    assert undefined() == "–"


def test_a_range_has_an_en_dash_and_negative_bounds_are_joined_by_to() -> None:
    assert interval(20, 62) == "20–62"
    assert interval(-0.5, -0.1, 1) == "−0.5 to −0.1"


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (0.0, "<\u00a00.001"),
        (0.00099999, "<\u00a00.001"),
        (0.001, "0.001"),
        (0.0323, "0.032"),
        (0.4412, "0.44"),
        (0.125, "0.13"),
        (0.995, ">\u00a00.99"),
    ],
)
def test_p_values(p: float, expected: str) -> None:
    assert p_text(p) == expected


def test_a_proportion_of_everyone_hides_its_denominator() -> None:
    everyone = Measure("proportion", 71.25, n=80, events=57, denominator=80, decimals=1)
    some = Measure("proportion", 100 * 31 / 71, n=71, events=31, denominator=71, decimals=1)
    assert measure_text(everyone, 80) == "57 (71.3)"
    assert measure_text(some, 80) == "31/71 (43.7)"


def test_a_median_a_rate_and_a_bare_number() -> None:
    assert measure_text(Measure("median_range", 43.0, 20.0, 62.0), 80) == "43 (20–62)"
    rate = Measure("survival", 91.25, 85.0581, 97.4419, decimals=1)
    assert measure_text(rate, 80) == "91.3 (85.1–97.4)"
    assert measure_text(Measure("mean", 23.94, decimals=1), 80) == "23.9"


def test_what_cannot_be_estimated_says_why() -> None:
    measure = Measure("survival", reason="nobody was followed up to 36 months")
    assert measure_text(measure, 80) == "not estimable: nobody was followed up to 36 months"


def test_the_decimals_of_a_text_are_those_of_its_most_precise_number() -> None:
    assert decimals_of("57 (71.3)") == 1
    assert decimals_of("3.32 (1.04–10.62)") == 2
    assert decimals_of("35") == 0
