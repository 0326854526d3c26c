import sys

import numpy as np
import pytest
from lifelines.utils import concordance_index

from nissc1.stats import concordance


def test_pairs_by_hand():
    # 1 (event, score 3) before 2, 3, 4: all lower; 2 (event, 1) before 3 (score 2) and 4 (score 0)
    result = concordance([1, 2, 3, 4], [1, 1, 0, 1], [3, 1, 2, 0])
    assert (result.n_pairs, result.n_concordant, result.n_tied) == (5, 4, 0)
    # influence: (concordant - 0.8 * comparable) / 5 for each patient
    share = np.array([3 - 0.8 * 3, 2 - 0.8 * 3, 1 - 0.8 * 2, 2 - 0.8 * 2]) / 5
    assert result.std_error == pytest.approx(np.sqrt(np.sum(share**2)))


def test_estimate_equals_lifelines():
    rng = np.random.default_rng(0)
    time, event, score = rng.integers(0, 9, 90), rng.integers(0, 2, 90), rng.integers(0, 5, 90)
    expected = concordance_index(time, -score, event)
    assert concordance(time, event, score).estimate == pytest.approx(expected, rel=1e-12)


def test_a_censoring_on_the_day_of_an_event_is_later_than_it():
    assert concordance([5, 5], [1, 0], [2, 1]).estimate == 1


def test_the_reversed_score_has_the_complement():
    rng = np.random.default_rng(1)
    time, event, score = rng.exponential(1, 50), rng.integers(0, 2, 50), rng.normal(size=50)
    one, other = concordance(time, event, score), concordance(time, event, -score)
    assert one.estimate + other.estimate == pytest.approx(1)
    assert one.std_error == pytest.approx(other.std_error)


def test_blocks_do_not_change_the_result(monkeypatch):
    rng = np.random.default_rng(2)
    time, event, score = rng.integers(0, 20, 70), rng.integers(0, 2, 70), rng.integers(0, 9, 70)
    whole = concordance(time, event, score)
    monkeypatch.setattr(sys.modules["nissc1.stats.concordance"], "_BLOCK", 100)
    assert concordance(time, event, score) == whole


def test_one_score_for_all_is_a_coin_toss():
    result = concordance([1, 2, 3], [1, 1, 0], [4, 4, 4])
    assert (result.estimate, result.std_error) == (0.5, 0)


@pytest.mark.parametrize(
    ("time", "event"), [([1], [1]), ([1, 2], [0, 0]), ([3, 3], [1, 1]), ([1, 2], [0, 1])]
)
def test_without_comparable_patients_there_is_no_concordance(time, event):
    with pytest.raises(ValueError, match="no two are comparable"):
        concordance(time, event, np.arange(len(time)))


def test_a_missing_score_is_refused():
    with pytest.raises(ValueError, match="missing or infinite in 1 place"):
        concordance([1, 2], [1, 0], [np.nan, 2])
