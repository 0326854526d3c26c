import numpy as np
import pandas as pd
import pytest
from scipy.stats import nchypergeom_fisher

from nissc1.stats import chi_squared, fisher_exact, spearman


def test_spearman_by_hand():
    # ranks 1 2 3 4 and 2 1 4 3: rho = 1 - 6 * 4 / (4 * 15)
    result = spearman([10, 20, 30, 40], [5, 1, 9, 7])
    assert result.coefficient == pytest.approx(0.6)
    assert (result.n, result.n_missing, result.df) == (4, 0, 2)


def test_spearman_leaves_incomplete_pairs_out_and_counts_them():
    x = pd.array([1, 2, None, 4, 5], dtype="Int64")
    result = spearman(x, [2.0, 1.0, 7.0, np.nan, 3.0])
    assert (result.n, result.n_missing) == (3, 2)
    assert result.coefficient == spearman([1, 2, 5], [2, 1, 3]).coefficient


def test_spearman_of_a_monotone_relation_is_one():
    result = spearman([1, 2, 3, 4], [1, 8, 27, 64])
    assert result.coefficient == pytest.approx(1)
    assert result.p_value == pytest.approx(0)


@pytest.mark.parametrize(("x", "y"), [([1, 2], [3, 4]), ([1, 1, 1], [1, 2, 3]), ([], [])])
def test_spearman_which_does_not_exist_is_missing(x, y):
    result = spearman(x, y)
    assert np.isnan(result.coefficient)
    assert np.isnan(result.p_value)


def test_spearman_refuses_text_and_unequal_lengths():
    with pytest.raises(ValueError, match="x holds values of type"):
        spearman(["a", "b", "c"], [1, 2, 3])
    with pytest.raises(ValueError, match="differ in length"):
        spearman([1, 2, 3], [1, 2])


def test_chi_squared_by_hand():
    # expected 15 in each cell: 4 * 25 / 15; corrected 4 * 4.5^2 / 15
    table = [[10, 20], [20, 10]]
    assert chi_squared(table, correction=False).statistic == pytest.approx(20 / 3)
    assert chi_squared(table).statistic == pytest.approx(81 / 15)
    assert chi_squared(table).coefficient == pytest.approx(1 / 3)


def test_chi_squared_leaves_empty_categories_out():
    full, padded = [[10, 20], [20, 10]], [[10, 0, 20], [20, 0, 10]]
    assert chi_squared(padded) == chi_squared(full)


def test_chi_squared_of_one_category_compares_nothing():
    result = chi_squared([[5, 0], [7, 0]])
    assert (result.statistic, result.df, result.p_value) == (0, 0, 1)


def test_fisher_by_hand():
    # tea tasting, 3 of 4 right: (16 + 1) / 70 on each side
    assert fisher_exact([[3, 1], [1, 3]]).p_value == pytest.approx(34 / 70)


@pytest.mark.parametrize("table", [[[9, 21], [17, 33]], [[1, 9], [8, 3]], [[120, 240], [180, 200]]])
def test_fisher_odds_ratio_makes_the_observed_cell_the_expected_one(table):
    counts = np.array(table)
    ratio = fisher_exact(counts).coefficient
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    mean = nchypergeom_fisher.mean(counts.sum(), rows[0], columns[0], ratio)
    assert mean == pytest.approx(counts[0, 0], rel=1e-6)


def test_fisher_with_an_empty_margin_compares_nothing():
    result = fisher_exact([[0, 0], [5, 7]])
    assert result.p_value == 1
    assert np.isnan(result.coefficient)


def test_fisher_refuses_other_tables_than_two_by_two():
    with pytest.raises(ValueError, match="3 rows and 2 columns; 2 x 2 is allowed"):
        fisher_exact([[1, 2], [3, 4], [5, 6]])


@pytest.mark.parametrize("cell", [-1, 0.5, np.nan])
def test_cells_which_are_not_counts_are_refused(cell):
    with pytest.raises(ValueError, match="at row 0, column 1; whole numbers"):
        chi_squared([[1, cell], [2, 3]])
