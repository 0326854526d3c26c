import itertools

import numpy as np
import pandas as pd
import pytest

from nissc1.stats import UnivariateRule, cox, gray_test, logrank_test, selection_stability


def within_simulation_error(estimate, probability, n_boot):
    # 4.5 standard errors of a simulated share: one in 150,000 by chance, and the seed is fixed
    return abs(estimate - probability) < 4.5 * np.sqrt(probability * (1 - probability) / n_boot)


def cohort(n=80, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.integers(0, 2, (n, 3)).astype(float), columns=["a", "b", "c"])
    frame["age"] = rng.normal(45, 10, n)
    frame["days"] = np.ceil(rng.exponential(30 / np.exp(frame["a"])))
    frame["cause"] = rng.integers(0, 3, n)
    frame["died"] = (frame["cause"] == 1).astype(int)
    frame.loc[:6, "b"] = np.nan
    frame.loc[3:5, "age"] = np.nan
    return frame


RULE = UnivariateRule(
    time="days", event="died", candidates=("age", "a", "b", "c"), continuous=("age",)
)


@pytest.mark.parametrize("seed", range(6))
def test_p_values_are_those_of_the_log_rank_test_and_the_cox_model(seed):
    frame = cohort(seed=seed)
    found = RULE.p_values(frame)
    assert list(found.index) == ["age", "a", "b", "c"]
    for name in ("a", "b", "c"):
        known = frame[frame[name].notna()]
        expected = logrank_test(known["days"], known["died"], known[name]).p_value
        assert found[name] == pytest.approx(expected, rel=1e-9)
    model = cox(frame, time="days", event="died", covariates=["age"])
    assert found["age"] == pytest.approx(model.table().loc["age", "p_value"], rel=1e-7)


def test_p_values_with_competing_events_are_those_of_gray_s_test():
    frame = cohort(seed=7)
    rule = UnivariateRule(
        time="days", cause="cause", candidates=("a", "b", "age"), continuous=("age",)
    )
    found = rule.p_values(frame)
    for name in ("a", "b"):
        known = frame[frame[name].notna()]
        expected = gray_test(known["days"], known["cause"], known[name]).p_value
        assert found[name] == pytest.approx(expected, rel=1e-12)
    model = cox(frame, time="days", event="died", covariates=["age"])
    assert found["age"] == pytest.approx(model.table().loc["age", "p_value"], rel=1e-7)


def test_candidates_that_cannot_be_tested_are_not_chosen():
    frame = cohort().assign(a=1.0, b=np.nan, age=40.0)
    found = RULE.p_values(frame)
    assert found[["a", "b", "age"]].isna().all()
    assert RULE(frame.assign(died=0)) == []
    assert RULE.p_values(frame.assign(died=0)).isna().all()


def test_a_number_that_separates_the_events_is_not_chosen():
    frame = pd.DataFrame({"days": np.arange(1, 21), "died": 1, "x": np.arange(20.0)})
    rule = UnivariateRule(time="days", event="died", candidates=("x",), continuous=("x",))
    assert np.isnan(rule.p_values(frame)["x"])


def test_frequency_of_a_rule_that_asks_for_one_patient_is_known():
    frame = pd.DataFrame({"x": np.arange(20)})

    def select(sample):
        return [name for name, k in (("first", 0), ("last", 19)) if (sample["x"] == k).any()]

    result = selection_stability(
        frame, select, candidates=["first", "last", "never"], seed=3, n_boot=4000
    )
    table = result.table()
    one, both = 1 - (19 / 20) ** 20, 1 - 2 * (19 / 20) ** 20 + (18 / 20) ** 20
    assert within_simulation_error(table.loc["first", "estimate"], one, 4000)
    assert within_simulation_error(table.loc["last", "estimate"], one, 4000)
    assert within_simulation_error(result.pairs().loc["first", "last"], both, 4000)
    assert table.loc["never", ["n_selected", "estimate", "lower"]].tolist() == [0, 0, 0]
    assert table["selected"].tolist() == [True, True, False]
    assert table.loc["never", "upper"] == pytest.approx(1 - 0.025 ** (1 / 4000))


def test_frequency_of_the_univariate_rule_equals_that_of_all_samples_of_four_patients():
    frame = pd.DataFrame({"days": [1, 2, 3, 4], "died": [1, 1, 1, 0], "x": [1, 1, 0, 0]})

    def chosen(rows):
        sample = frame.iloc[list(rows)]
        if sample["x"].nunique() < 2:
            return False
        return logrank_test(sample["days"], sample["died"], sample["x"]).p_value < 0.10

    every = [chosen(rows) for rows in itertools.product(range(4), repeat=4)]
    assert 0.1 < np.mean(every) < 0.9
    rule = UnivariateRule(time="days", event="died", candidates=("x",))
    result = selection_stability(frame, rule, candidates=rule.candidates, seed=5, n_boot=4000)
    assert within_simulation_error(result.table().loc["x", "estimate"], np.mean(every), 4000)


def test_the_same_seed_gives_the_same_result_and_another_seed_another():
    frame = cohort()

    def run(seed):
        return selection_stability(frame, RULE, candidates=RULE.candidates, seed=seed, n_boot=60)

    one, again, other = run(1), run(1), run(2)
    pd.testing.assert_frame_equal(one.table(), again.table())
    pd.testing.assert_frame_equal(one.models(), again.models())
    assert not one.table()["n_selected"].equals(other.table()["n_selected"])


def test_models_and_pairs_agree_with_the_frequencies():
    result = selection_stability(cohort(), RULE, candidates=RULE.candidates, seed=4, n_boot=200)
    models = result.models()
    assert models["n_selected"].sum() == 200
    assert models["n_selected"].is_monotonic_decreasing
    for name in RULE.candidates:
        with_it = models["model"].map(lambda chosen, name=name: name in chosen)
        assert models.loc[with_it, "n_selected"].sum() == result.table().loc[name, "n_selected"]
        assert result.pairs().loc[name, name] == result.table().loc[name, "estimate"]


def test_a_strong_factor_is_chosen_more_often_than_a_random_one():
    frame = cohort(n=150, seed=8).assign(died=1)
    table = selection_stability(frame, RULE, candidates=RULE.candidates, seed=1, n_boot=100).table()
    assert table.loc["a", "estimate"] > 0.95 > table.loc["c", "estimate"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"event": "died", "cause": "cause", "candidates": ("a",)}, "exactly one of them"),
        ({"candidates": ("a",)}, "exactly one of them"),
        ({"event": "died", "candidates": ()}, "candidates is empty"),
        ({"event": "died", "candidates": ("a",), "continuous": ("age",)}, "Add them there too"),
        ({"event": "died", "candidates": ("a",), "below": 0}, "above 0 and up to 1"),
    ],
)
def test_contradictory_rules_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        UnivariateRule(time="days", **options)


def test_a_group_with_other_values_than_0_and_1_is_refused():
    rule = UnivariateRule(time="days", event="died", candidates=("age",))
    with pytest.raises(ValueError, match="Name it in continuous"):
        rule(cohort())


def test_wrong_numbers_of_samples_empty_frames_and_unknown_names_are_refused():
    frame = cohort()
    with pytest.raises(ValueError, match="a whole number above 0"):
        selection_stability(frame, RULE, candidates=RULE.candidates, seed=1, n_boot=0)
    with pytest.raises(ValueError, match="no row"):
        selection_stability(frame.iloc[:0], RULE, candidates=RULE.candidates, seed=1)
    with pytest.raises(ValueError, match="Name all candidates"):
        selection_stability(frame, lambda _: ["z"], candidates=["a"], seed=1, n_boot=2)
    with pytest.raises(ValueError, match="candidates is empty"):
        selection_stability(frame, RULE, candidates=[], seed=1)
