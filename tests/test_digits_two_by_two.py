"""Tables and tests behind a P value."""

import pytest

from nissc1.digits.two_by_two import (
    CHI_SQUARED,
    CORRECTED,
    FISHER,
    no_single_test,
    p_values,
    tables_that_print,
)
from nissc1.stats import chi_squared, fisher_exact


@pytest.mark.parametrize(
    ("first", "n", "second", "m"), [(28, 35, 32, 45), (23, 34, 36, 45), (0, 5, 3, 4), (2, 9, 3, 9)]
)
def test_p_values_are_those_of_the_reports_own_tests(
    first: int, n: int, second: int, m: int
) -> None:
    table = [[first, n - first], [second, m - second]]
    found = p_values(first, n, second, m)
    assert found[CHI_SQUARED] == pytest.approx(chi_squared(table, correction=False).p_value)
    assert found[CORRECTED] == pytest.approx(chi_squared(table, correction=True).p_value)
    assert found[FISHER] == pytest.approx(fisher_exact(table).p_value)


def test_nothing_to_compare_gives_one() -> None:
    assert set(p_values(0, 5, 0, 4).values()) == {1.0}


def test_p_0_44_for_the_graft_comes_from_one_table_by_fisher_alone() -> None:
    found = tables_that_print("0.44", 35, 45, 60, 80)
    assert found.searched == 21  # 15 to 35 infected among the selected
    assert found.tables[["test", "first", "second", "outside"]].values.tolist() == [
        [FISHER, 28, 32, 0]
    ]


def test_patients_outside_the_groups_may_be_affected_or_not() -> None:
    found = tables_that_print("0.32", 34, 45, 60, 80)
    assert found.outside == 1
    assert found.searched == 20 + 21  # 60 in the groups: 15 to 34; 59: 14 to 34
    assert found.tests == (CORRECTED,)


def test_no_single_test_gives_all_three() -> None:
    searches = [
        tables_that_print("0.44", 35, 45, 60, 80),
        tables_that_print("0.16", 45, 23, 60, 80),
        tables_that_print("0.32", 34, 45, 60, 80),
    ]
    assert searches[1].tests == (CORRECTED, FISHER)
    found = no_single_test(*searches)
    assert found.holds
    assert found.sentence.endswith("none serves all.")
    assert not no_single_test(*searches[:2]).holds  # Fisher's serves both
    assert no_single_test(*searches[:2]).common == (FISHER,)


def test_groups_larger_than_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="must not overlap"):
        tables_that_print("0.5", 50, 40, 60, 80)
