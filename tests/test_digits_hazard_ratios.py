"""Hazard ratios: what their limits imply."""

from math import log, sqrt

import numpy as np
import pytest

from nissc1.digits.covariate_unit import sd_bounds, slope_units
from nissc1.digits.hazard_ratios import (
    event_splits,
    nearer_ratio,
    ratio_below_one,
    ratio_limits,
    totals_that_fit,
)

SKIN = ratio_limits("1.04", "10.62")


def test_the_geometric_mean_of_the_limits_is_the_estimate() -> None:
    assert SKIN.estimate == pytest.approx(sqrt(1.04 * 10.62))  # 3.3234
    assert SKIN.estimates == pytest.approx((sqrt(1.035 * 10.615), sqrt(1.045 * 10.625)))


def test_the_standard_error_comes_from_the_width() -> None:
    assert SKIN.std_error == pytest.approx(log(10.62 / 1.04) / 3.919928, abs=1e-7)
    low, high = SKIN.std_errors
    assert low < SKIN.std_error < high


def test_the_abstract_is_nearer_and_the_text_possible() -> None:
    found = nearer_ratio("1.04", "10.62", "3.32", "3.33")
    assert found.holds
    assert "3.315 to 3.332, so 3.33 is possible too" in found.sentence
    assert not nearer_ratio("1.04", "10.62", "3.33", "3.32").holds
    assert "3.40 is impossible" in nearer_ratio("1.04", "10.62", "3.32", "3.40").sentence


@pytest.mark.parametrize(("lower", "upper"), [("0.00", "2.00"), ("2.00", "1.00"), ("1.0", "1.1")])
def test_limits_that_cannot_be_limits_are_refused(lower: str, upper: str) -> None:
    with pytest.raises(ValueError, match="positive, ascending"):
        ratio_limits(lower, upper)


def test_fourteen_events_fit_the_limits_as_10_and_4_only() -> None:
    found = event_splits(SKIN, 14)  # 1/10 + 1/4 = 0.350; the limits allow 0.3498 to 0.3529
    assert (found.searched, found.admissible) == (7, ((10, 4),))
    assert found.text == "10 + 4"


def test_no_other_total_up_to_half_of_the_patients_fits() -> None:
    assert totals_that_fit(SKIN, 40) == (14,)
    assert totals_that_fit(SKIN, 80)[1:] == tuple(range(54, 64))  # 51 to 60, and 3


def test_the_interval_of_selection_lies_below_one_and_turns_round() -> None:
    found = ratio_below_one("0.46", "0.27", "0.76")
    assert found.holds
    assert found.inverse == pytest.approx((2.1739, 1.3158, 3.7037), abs=1e-4)
    assert not ratio_below_one("0.46", "0.27", "1.00").holds


def test_a_year_as_unit_of_age_means_302_for_ten_and_is_excluded() -> None:
    units = slope_units("1.77", ratio_limits("1.07", "2.94"), 42, 80, 14, (1, 10))
    assert units["ratio_per_ten"].tolist() == pytest.approx([1.77**10, 1.77])  # 301.8
    assert units["ratio_over_span"].tolist() == pytest.approx([1.77**42, 1.77**4.2])
    assert units["possible"].tolist() == [False, True]
    # SE = ln(2.94 / 1.07) / 3.92 = 0.2579; 1 / (0.2579 sqrt(14)) = 1.0365 units
    assert units["implied_sd"].tolist() == pytest.approx([1.0365, 10.365], abs=1e-3)


@pytest.mark.parametrize("patients", [4, 5, 80])
def test_the_bounds_of_a_standard_deviation_are_reached(patients: int) -> None:
    least, most = sd_bounds(42, patients)
    middle = [0.0] + [21.0] * (patients - 2) + [42.0]
    ends = [0.0] * (patients // 2) + [42.0] * (patients - patients // 2)
    assert np.std(middle, ddof=1) == pytest.approx(least)
    assert np.std(ends, ddof=1) == pytest.approx(most)
