"""Percentages: which counts and denominators can stand behind them."""

from fractions import Fraction

import pandas as pd
import pytest

from nissc1.digits.impossible_percentages import (
    no_common_denominator,
    no_common_rounding,
    no_denominator,
    other_denominator,
)
from nissc1.digits.percentages import (
    counts_behind,
    denominators,
    denominators_behind,
    fractions,
    fractions_behind,
)
from nissc1.digits.printed import PrintedNumberError, plain, read_number, rounded


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("half up", "71.3"), ("half to even", "71.2"), ("truncated", "71.2")],
)
def test_a_half_goes_up_to_even_or_is_cut_off(rule: str, expected: str) -> None:
    assert rounded(Fraction(7125, 100), 1, rule) == read_number(expected).value


def test_an_unknown_rule_and_a_negative_number_are_refused() -> None:
    with pytest.raises(ValueError, match="half up, half to even, truncated"):
        rounded(Fraction(1), 0, "up")
    with pytest.raises(ValueError, match="negative"):
        rounded(Fraction(-1), 0)


def test_trailing_zeros_are_precision() -> None:
    assert read_number("81.0").high == Fraction(8105, 100)
    assert read_number("81").high == Fraction(163, 2)


def test_a_text_that_is_no_number_is_refused_with_an_example() -> None:
    with pytest.raises(PrintedNumberError, match=r"'12%' is not a printed number.*92\.7"):
        read_number("12%")


def test_plain_drops_trailing_zeros_and_keeps_a_true_minus() -> None:
    assert [plain(Fraction(925, 10), 3), plain(-0.31, 2), plain(-0.001, 1)] == [
        "92.5",
        "−0.31",
        "0",
    ]


def test_31_of_71_is_the_only_fraction_of_71_for_43_7_percent() -> None:
    found = fractions("43.7", 71)
    own = found[found["denominator"] == 71]
    assert own.values.tolist() == [[31, 71, True, True, False]]  # 43.66


def test_fractions_are_all_that_brute_force_finds() -> None:
    """Every pair up to 80, with Python's own exact half-to-even rounding as reference."""
    for percent in ("92.7", "12", "0", "100", "87"):
        decimals = len(percent.partition(".")[2])
        expected = {
            (n, d)
            for d in range(1, 81)
            for n in range(d + 1)
            if round(Fraction(100 * n, d), decimals) == Fraction(percent)
        }
        found = fractions(percent)
        even = found[found["half_to_even"]]
        assert set(zip(even["numerator"], even["denominator"], strict=True)) == expected


def test_denominators_of_table_1_by_hand() -> None:
    assert denominators("57", "71.3") == (80,)  # 57/80 = 71.25 half up; 57/79 = 72.2
    assert denominators("3", "4.2") == (71, 72)  # 4.225, 4.167; 3/73 = 4.11, 3/70 = 4.29
    assert denominators("74", "92.7") == ()
    assert denominators("0", "0") == tuple(range(1, 81))


def test_counts_behind_a_percentage_of_80() -> None:
    assert counts_behind("6.3", 80) == (5,)
    assert counts_behind("92.7", 80) == ()


def test_no_denominator_names_the_two_nearest() -> None:
    found = no_denominator("74", "92.7")
    assert found.holds
    assert found.nearest == (80, 79)
    assert round(float(found.implied), 2) == 79.83
    assert "74/80 = 92.5% and 74/79 = 93.671%" in found.sentence


def test_a_denominator_that_exists_is_named_and_the_claim_does_not_hold() -> None:
    found = no_denominator("57", "71.3")
    assert not found.holds
    assert found.sentence.endswith("57 is 71.3% of 80.")


def test_a_list_with_two_denominators_has_none_in_common() -> None:
    found = no_common_denominator("46 58.2", "48 60")
    assert found.fits == ((79,), (80,))
    assert found.holds
    assert not no_common_denominator("46 58.2", "16 20.3").holds


def test_another_denominator_holds_only_if_no_percentage_fits_the_stated_one() -> None:
    found = other_denominator("80", "8 10.3", "7 9.2")
    assert found.holds
    assert "8 is 10.3% of 78 (of 80 it would be 10%)" in found.sentence
    assert not other_denominator("80", "8 10.3", "57 71.3").holds


def test_halves_printed_up_and_down_have_no_common_rule() -> None:
    found = no_common_rounding("70/80 87", "57/80 71.3")
    assert found.rules == (("truncated",), ("half up",))
    assert found.holds
    assert not no_common_rounding("73/80 91.2", "70/80 87").holds  # both truncated


def test_a_percentage_that_no_rule_prints_shows_nothing_about_rounding() -> None:
    assert not no_common_rounding("74/80 92.7", "57/80 71.3").holds


def test_the_frames_list_every_denominator_and_fraction_as_text() -> None:
    figures = pd.DataFrame(
        {
            "id": ["a", "b"],
            "where": "table1",
            "label": ["A", "B"],
            "printed": ["74 (92.7)", "1/5"],
            "n": ["74", "1"],
            "estimate": ["92.7", ""],
        }
    )
    behind = denominators_behind(figures)
    assert behind[["id", "fits", "choices"]].values.tolist() == [["a", "none", 0]]
    listed = fractions_behind(figures)
    assert listed[["rounded", "truncated"]].values.tolist() == [["51/55, 38/41", "64/69"]]
