"""Clashing values, relations, sums, counts, units and signs."""

import pytest

from nissc1.digits.clashes import adds_up, clash, relation_clash
from nissc1.digits.patient_counts import (
    below_minimum,
    more_than_known,
    no_complement,
    other_count,
)
from nissc1.digits.printed import PrintedNumberError
from nissc1.digits.units import creatinine_unit, negative_square, pairs_needed, threshold_unit


def test_values_clash_unless_something_rounds_to_both() -> None:
    assert clash("21", "26").gap == 4  # 21.5 to 25.5
    assert clash("3.32", "3.33").holds  # only 3.325 is an end of both
    assert not clash("82", "81.8").holds
    assert not clash("8", "8").holds


def test_whole_numbers_are_said_to_exclude_each_other() -> None:
    assert clash("8", "7").sentence.startswith("8 and 7 are 1 apart")


def test_below_0_001_excludes_0_001_but_one_rounded_value_prints_both() -> None:
    found = relation_clash("<0.001", "=0.001")
    assert found.holds
    assert found.common == pytest.approx((0.0005, 0.001))


@pytest.mark.parametrize(
    ("first", "second", "holds"),
    [
        ("<0.05", "=0.03", False),
        ("=0.03", "=0.03", False),
        ("=0.03", "=0.04", True),
        ("<0.001", ">0.001", True),
        ("<0.05", ">0.01", False),
        ("<0.05", "<0.01", False),
    ],
)
def test_relations_are_taken_at_their_word(first: str, second: str, holds: bool) -> None:
    assert relation_clash(first, second).holds is holds


def test_a_statement_without_relation_is_refused() -> None:
    with pytest.raises(PrintedNumberError, match="begin it with one of <, =, >"):
        relation_clash("0.05", "<0.05")


def test_the_events_of_table_4_add_up_to_the_total_of_the_text() -> None:
    assert adds_up("119", "24", "95").holds
    assert not adds_up("118", "24", "95").holds


def test_rates_add_up_within_their_rounding_only() -> None:
    found = adds_up("100", "87.5", "6.3", "6.25")
    assert (float(found.value), float(found.slack)) == (100.05, 0.105)
    assert found.holds
    assert not adds_up("100", "87.5", "6.5", "6.25").holds


def test_one_unknown_of_a_subset_lowers_what_can_be_known() -> None:
    found = more_than_known("80", "80", "21", "20")
    assert found.most == 79
    assert found.holds
    assert not more_than_known("79", "80", "21", "20").holds


def test_a_percentage_belongs_to_17_of_80_and_not_to_7() -> None:
    found = other_count("21", "7")
    assert found.fits == (17,)
    assert found.holds
    assert not other_count("21", "17").holds


def test_days_before_a_rounded_minimum_of_months() -> None:
    found = below_minimum("6", "1 131 167 168 300")
    assert float(found.limit) == pytest.approx(5.5 * 365.25 / 12)  # 167.41
    assert found.earlier == (1, 131, 167)
    assert not below_minimum("6", "200").holds


def test_the_complement_of_kaplan_meier_would_print_more() -> None:
    found = no_complement("80", "5", "5", "6.3")  # 5/80 = 6.25, 5/75 = 6.67
    assert found.holds
    assert "5/75 = 6.67%" in found.sentence
    assert not no_complement("80", "5", "5", "6.7").holds


def test_creatinine_in_millimoles_needs_tonnes() -> None:
    found = creatinine_unit("35", "58", "20")
    # 35 mmol/L × 11.312 = 395.9 mg/dL; 58 × 72 × 395.9 / 120 = 13 778 kg
    assert found.weight("mmol/L") == pytest.approx(13778, abs=1)
    assert found.weight("µmol/L") == pytest.approx(13.778, abs=0.001)
    assert found.holds


def test_a_threshold_in_the_wrong_unit_is_beyond_the_maximum() -> None:
    assert threshold_unit("250", "1000", "1368", "9").holds
    assert not threshold_unit("250", "1", "1368", "9").holds
    assert not threshold_unit("250", "1000", "1368", "0").holds


def test_a_negative_square_suits_its_p_value_as_a_coefficient() -> None:
    found = negative_square("-0.31", "80", "0.01")
    assert found.t == pytest.approx(-2.8797, abs=1e-4)  # -0.31 sqrt(78 / (1 - 0.0961))
    assert found.p_value == pytest.approx(0.0051, abs=5e-5)  # R: 2 * pt(-2.8797, 78)
    assert found.holds
    assert not negative_square("0.31", "80", "0.01").holds


def test_the_fewest_pairs_use_the_strongest_coefficient_that_rounds() -> None:
    # -0.315: t = 2.655 with 66 pairs (5 % less than 0.01: 2.6549 needed), 2.634 with 65 (2.656)
    assert pairs_needed("-0.31", "0.01") == 66
    assert pairs_needed("0.01", "0.01", most=100) is None
