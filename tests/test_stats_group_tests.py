from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import chi2

from nissc1.stats import gray_test, logrank_test


def random_data(seed, n=90, groups=3, top=15):
    rng = np.random.default_rng(seed)
    return rng.integers(0, top, n), rng.integers(0, 3, n), rng.integers(0, groups, n)


def test_logrank_by_hand():
    # deaths at 1 (A, 2 + 2 at risk), 2 (B, 1 + 2), 3 (A, 1 + 1): O_A - E_A = 2 - (1/2 + 1/3 + 1/2)
    variance = 1 / 4 + 2 / 9 + 1 / 4
    expected = (2 - 4 / 3) ** 2 / variance
    result = logrank_test([1, 3, 2, 4], [1, 1, 1, 0], ["A", "A", "B", "B"])
    assert result.statistic == pytest.approx(expected)
    assert result.df == 1
    assert result.p_value == pytest.approx(chi2.sf(expected, 1))


def test_gray_by_hand():
    # all have the event of interest, so S = 1 - F and the second terms vanish: A at 1 and 3, B at
    # 2 and 4. h = 2 in each group while anybody is left. Score of A: 1 - 1/2, - 1/3, 1 - 1/2.
    # Variance with dF = 1/4 at 1, 2, 3 (then A is gone): e and c of Gray's formula, worked out
    # term by term in fractions; the P value follows
    result = gray_test([1, 3, 2, 4], [1, 1, 1, 1], list("AABB"))
    assert result.statistic == pytest.approx(gray_two_groups_directly(), rel=1e-12)


def gray_two_groups_directly():
    # the same sums with loops and exact fractions, for the four patients above
    third, half = Fraction(1, 3), Fraction(1, 2)
    score = (1 - half) - third + (1 - half)
    h = {"A": [2, 2, 2, 0], "B": [2, 2, 2, 2]}
    free = {"A": [half, half, 0, 0], "B": [1, half, half, 0]}  # after each time
    null = [Fraction(1, h["A"][t] + h["B"][t]) for t in range(4)]
    variance = Fraction(0)
    for j, sign in (("A", 1), ("B", -1)):
        e = [
            sign * Fraction(h["A"][t] * h["B"][t], h["A"][t] + h["B"][t]) for t in range(4)
        ]  # A's e_Aj: h_A (1 - h_A / h.) for j = A, - h_B h_A / h. for j = B
        for t in range(4):
            if h[j][t] == 0:
                continue
            to_come = sum(
                (e[u] * null[u] / (1 - sum(null[:u])) for u in range(t + 1, 4) if h[j][u]),
                Fraction(0),
            )
            q = (1 - sum(null[: t + 1])) / free[j][t] if free[j][t] else Fraction(0)
            variance += (e[t] + (1 - q) * to_come) ** 2 * null[t] / h[j][t]
    return float(score**2 / variance)


@pytest.mark.parametrize("seed", range(10))
def test_gray_statistic_does_not_depend_on_labels_or_order(seed):
    time, cause, group = random_data(seed)
    first = gray_test(time, cause, group)
    order = np.random.default_rng(seed).permutation(len(time))
    renamed = np.array(["z", "m", "a"])[group]
    second = gray_test(time[order], cause[order], renamed[order])
    assert second.statistic == pytest.approx(first.statistic, rel=1e-9)
    assert second.groups == ("a", "m", "z")


@pytest.mark.parametrize("seed", range(10))
def test_times_count_only_by_their_order(seed):
    time, cause, group = random_data(seed)
    first, second = gray_test(time, cause, group), gray_test(np.exp(time), cause, group)
    assert second.statistic == pytest.approx(first.statistic, rel=1e-12)


def test_gray_p_values_are_uniform_when_the_groups_are_alike():
    rng = np.random.default_rng(11)
    p_values = []
    for _ in range(400):
        event, end = rng.exponential(10, 150), rng.exponential(15, 150)
        cause = np.where(event < end, rng.integers(1, 3, 150), 0)
        group = rng.integers(0, 3, 150)
        p_values.append(gray_test(np.minimum(event, end), cause, group).p_value)
    # binomial(400, 0.05) lies within 7 and 35 but for two in 10 000
    assert 7 <= np.sum(np.array(p_values) < 0.05) <= 35
    assert 0.4 < np.mean(p_values) < 0.6


def test_gray_finds_what_a_comparison_of_hazards_does_not():
    # the same hazard of the cause of interest; the other cause removes most of one group first
    rng = np.random.default_rng(12)
    group = np.repeat([0, 1], 400)
    own, other = rng.exponential(10, 800), rng.exponential(np.where(group == 1, 2, 100))
    time = np.minimum(np.minimum(own, other), 8.0)  # follow-up ends while both are at risk
    cause = np.where(time == 8, 0, np.where(own < other, 1, 2))
    assert gray_test(time, cause, group).p_value < 1e-10
    assert logrank_test(time, cause == 1, group).p_value > 0.05


def test_a_group_which_left_before_the_first_event_takes_no_part():
    time, event, group = [1, 5, 6, 7, 8], [0, 1, 1, 1, 0], ["early", "A", "B", "A", "B"]
    result = logrank_test(time, event, group)
    alone = logrank_test(time[1:], event[1:], group[1:])
    assert (result.statistic, result.df) == (pytest.approx(alone.statistic), 1)
    gray, gray_alone = gray_test(time, event, group), gray_test(time[1:], event[1:], group[1:])
    assert (gray.statistic, gray.df) == (pytest.approx(gray_alone.statistic), 1)


@pytest.mark.parametrize(
    ("time", "event", "group"),
    [
        ([1, 2, 3, 4], [0, 0, 0, 0], [0, 0, 1, 1]),
        ([5, 5, 5, 5], [1, 1, 1, 1], [0, 0, 1, 1]),
        ([1, 1, 5, 5], [0, 0, 1, 1], [0, 0, 1, 1]),
        ([1, 2], [0, 1], ["A", "B"]),
    ],
    ids=["no events", "all at once", "one group at risk", "one patient a group"],
)
def test_where_nothing_can_be_compared_p_is_one(time, event, group):
    for result in (logrank_test(time, event, group), gray_test(time, event, group)):
        assert (result.statistic, result.df, result.p_value) == (0, 0, 1)


@pytest.mark.parametrize(
    ("time", "group"),
    [
        ([1, 2, 3, 4, 5], "ABCDE"),  # the pooled incidence is 1/5 + 1/4 + 1/3 + 1/2 > 1 before 5
        ([1, 1, 2, 3], "AACD"),  # and 2/4 + 1/2 = 1 before 3 here
    ],
)
def test_gray_of_groups_which_die_out_one_after_the_other_is_finite(time, group):
    result = gray_test(time, np.ones(len(time)), list(group))
    assert np.isfinite(result.statistic)
    assert 0 <= result.p_value <= 1


def test_one_group_is_refused():
    with pytest.raises(ValueError, match=r"1 distinct label.*at least 2 groups"):
        gray_test([1, 2], [1, 0], ["A", "A"])


def test_a_missing_label_is_refused():
    with pytest.raises(ValueError, match="group has 1 missing label"):
        logrank_test([1, 2, 3], [1, 0, 1], ["A", None, "B"])


def test_one_hundred_thousand_patients_take_no_more_than_seconds():
    rng = np.random.default_rng(3)
    n = 100_000
    result = gray_test(rng.exponential(size=n), rng.integers(0, 4, n), rng.integers(0, 4, n))
    assert result.df == 3


def test_lifelines_finds_the_same_logrank_statistic():
    """An independent library, beside R."""
    from lifelines.statistics import multivariate_logrank_test

    rng = np.random.default_rng(11)
    time, event = np.ceil(rng.exponential(30, 200)), rng.integers(0, 2, 200)
    group = rng.integers(0, 4, 200)
    theirs = multivariate_logrank_test(time, group, event)
    ours = logrank_test(time, event, group)
    assert ours.statistic == pytest.approx(theirs.test_statistic, rel=1e-10)
    assert ours.p_value == pytest.approx(theirs.p_value, rel=1e-10)
