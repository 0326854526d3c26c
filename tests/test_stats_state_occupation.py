import numpy as np
import pandas as pd
import pytest

from nissc1.stats import (
    cumulative_incidence,
    kaplan_meier,
    rmst,
    state_occupation,
    time_in_state,
    time_lost,
)

COLUMNS = {"subject": "id", "start": "start", "stop": "stop", "from_state": "at", "to_state": "to"}


def stays(*rows):
    return pd.DataFrame(rows, columns=["id", "start", "stop", "at", "to"])


def run(frame, **options):
    return state_occupation(frame, **COLUMNS, **options)


def read(result, time, column="estimate"):
    rows = result.at(time)
    return dict(zip(rows["state"], rows[column], strict=True))


def competing(seed=0, n=60):
    rng = np.random.default_rng(seed)
    time, cause = rng.integers(0, 25, n), rng.integers(0, 3, n)
    to = np.array([None, "relapse", "death"], dtype=object)[cause]
    frame = pd.DataFrame({"id": range(n), "start": 0, "stop": time, "at": "alive", "to": to})
    return time, cause, frame


EXAMPLE = stays(
    (1, 0, 2, "alive", "response"),
    (1, 2, 5, "response", "progressed"),
    (2, 0, 3, "alive", "dead"),
    (3, 0, 4, "alive", None),
)


def test_probabilities_by_hand():
    # a third leaves for response at 2; of two alive one dies at 3; the only responder progresses
    result = run(EXAMPLE)
    assert read(result, 1) == {"alive": 1, "response": 0, "progressed": 0, "dead": 0}
    third = pytest.approx(1 / 3)
    assert read(result, 3) == {"alive": third, "response": third, "progressed": 0, "dead": third}
    assert read(result, 5) == {"alive": third, "response": 0, "progressed": third, "dead": third}
    assert read(result, 3, "n_at_risk") == {"alive": 2, "response": 1, "progressed": 0, "dead": 0}
    assert result.transitions().loc["alive", "dead"] == 1
    assert result.transitions().to_numpy().sum() == 3


def test_without_censoring_it_is_the_share_of_patients_with_its_binomial_error():
    frame = stays(
        (1, 0, 2, "alive", "response"),
        (1, 2, 6, "response", "dead"),
        (2, 0, 4, "alive", "dead"),
        (3, 0, 9, "alive", "dead"),
        (4, 0, 3, "alive", "response"),
        (4, 3, 8, "response", "dead"),
    )
    result = run(frame)
    for time, shares in ((3, (2, 2, 0)), (5, (1, 2, 1)), (7, (1, 1, 2)), (20, (0, 0, 4))):
        expected = np.array(shares) / 4
        rows = result.at(time)
        np.testing.assert_allclose(rows["estimate"], expected, atol=1e-12)
        error = np.sqrt(expected * (1 - expected) / 4)
        np.testing.assert_allclose(rows["std_error"], error, atol=1e-12)


def test_two_states_are_kaplan_and_meier_s_curve_with_greenwood_s_error():
    rng = np.random.default_rng(1)
    time, event = rng.integers(1, 30, 50), rng.integers(0, 2, 50)
    to = np.where(event == 1, "dead", None)
    frame = pd.DataFrame({"id": range(50), "start": 0, "stop": time, "at": "alive", "to": to})
    result = run(frame, conf_type="log-log").at([5, 12, 20]).query("state == 'alive'")
    curve = kaplan_meier(time, event, conf_type="log-log").at([5, 12, 20])
    for column in ("n_at_risk", "estimate", "std_error", "lower", "upper"):
        np.testing.assert_allclose(result[column], curve[column], rtol=1e-10)


def test_competing_causes_are_their_cumulative_incidences():
    time, cause, frame = competing()
    result = run(frame, states=["alive", "relapse", "death"])
    for of, state in ((1, "relapse"), (2, "death")):
        curve = cumulative_incidence(time, cause, of=of).at([0, 4, 10, 18])
        rows = result.at([0, 4, 10, 18])
        rows = rows[rows["state"] == state]
        np.testing.assert_allclose(rows["estimate"], curve["estimate"], atol=1e-12)


def test_time_in_states_is_the_restricted_mean_and_the_times_lost():
    time, cause, frame = competing()
    spent = time_in_state(frame, horizon=15, **COLUMNS)
    alive = rmst(time, cause > 0, horizon=15)
    lost = {"relapse": time_lost(time, cause, of=1, horizon=15)}
    lost["death"] = time_lost(time, cause, of=2, horizon=15)
    for state, expected in {"alive": alive, **lost}.items():
        for column in ("estimate", "std_error", "lower", "upper"):
            assert spent.loc[state, column] == pytest.approx(getattr(expected, column), rel=1e-9)
    assert spent["estimate"].sum() == pytest.approx(15)


def test_probabilities_add_up_to_1_and_their_errors_are_those_of_complements():
    _, _, frame = competing(n=120)
    result = run(frame)
    np.testing.assert_allclose(result.estimate.sum(axis=1), 1, atol=1e-12)
    merged = frame.assign(to=np.where(frame["to"].isna(), None, "out"))
    alive, out = (read(run(merged), 10, "std_error")[state] for state in ("alive", "out"))
    assert alive == pytest.approx(out)
    assert alive == pytest.approx(read(result, 10, "std_error")["alive"])


def test_jackknife_error_is_near_that_of_leaving_patients_out():
    rng = np.random.default_rng(2)
    rows = []
    for k in range(300):
        response, death, end = rng.exponential([6, 15, 25])
        if response < min(death, end):
            rows.append((k, 0, response, "alive", "response"))
            later = response + rng.exponential(10)
            rows.append((k, response, min(later, end), "response", "dead" if later < end else None))
        else:
            rows.append((k, 0, min(death, end), "alive", "dead" if death < end else None))
    frame = stays(*rows)
    whole = run(frame, states=["alive", "response", "dead"])
    left_out = [
        run(frame[frame["id"] != k], states=["alive", "response", "dead"]).at(9)["estimate"]
        for k in range(300)
    ]
    jackknife = 299 / np.sqrt(300) * np.std(left_out, axis=0, ddof=1)
    np.testing.assert_allclose(whole.at(9)["std_error"], jackknife, rtol=0.01)


def test_moves_on_day_0_count():
    frame = stays((1, 0, 0, "alive", "dead"), (2, 0, 7, "alive", None), (3, 0, 7, "alive", None))
    result = run(frame)
    assert read(result, 0)["dead"] == pytest.approx(1 / 3)
    assert read(result, 0, "n_at_risk") == {"alive": 3, "dead": 0}


def test_patients_may_begin_in_different_states():
    frame = stays(
        (1, 0, 4, "response", None), (2, 0, 4, "alive", None), (3, 0, 4, "alive", "response")
    )
    result = run(frame)
    assert read(result, 0) == {"response": pytest.approx(1 / 3), "alive": pytest.approx(2 / 3)}
    assert read(result, 0, "std_error")["alive"] == pytest.approx(np.sqrt(2 / 27))


def test_a_stay_may_be_split_without_a_move():
    split = pd.concat(
        [
            EXAMPLE[EXAMPLE["id"] != 3],
            stays((3, 0, 1, "alive", None), (3, 1, 4, "alive", None)),
        ]
    )
    names = ["alive", "response", "progressed", "dead"]
    one, other = run(EXAMPLE, states=names), run(split, states=names)
    pd.testing.assert_frame_equal(one.at([2, 3, 5]), other.at([2, 3, 5]))


def test_order_of_the_rows_does_not_matter():
    names = ["alive", "response", "progressed", "dead"]
    shuffled = EXAMPLE.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        run(EXAMPLE, states=names).table(), run(shuffled, states=names).table()
    )


def test_beyond_the_last_observation_nothing_is_known_unless_all_have_come_to_rest():
    assert run(EXAMPLE).at(5)["estimate"].notna().all()
    censored = pd.concat([EXAMPLE, stays((4, 0, 6, "alive", None))])
    assert run(censored).at(7)["estimate"].isna().all()
    with pytest.raises(ValueError, match="up to 6 is allowed"):
        time_in_state(censored, horizon=7, **COLUMNS)
    dead = stays((1, 0, 2, "alive", "dead"), (2, 0, 3, "alive", "dead"))
    assert read(run(dead), 99)["dead"] == 1
    assert time_in_state(dead, horizon=10, **COLUMNS).loc["alive", "estimate"] == 2.5


def test_nobody_moves_and_one_patient():
    still = run(stays((1, 0, 5, "alive", None)), states=["alive", "dead"])
    assert read(still, 5) == {"alive": 1, "dead": 0}
    assert read(still, 5, "std_error") == {"alive": 0, "dead": 0}
    alone = run(stays((1, 0, 5, "alive", "dead")))
    assert read(alone, 5) == {"alive": 0, "dead": 1}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(1, 1, 5, "alive", "dead")], "the first stay of 1 begins at 1"),
        ([(1, 0, 3, "alive", "response"), (1, 4, 5, "response", None)], "the one before ends at 3"),
        ([(1, 0, 3, "alive", "response"), (1, 3, 5, "alive", None)], "was in response before"),
        ([(1, 0, 3, "alive", "response"), (1, 3, 3, "response", None)], "lasts from 3 to 3"),
        ([(1, 0, 3, "alive", "alive")], "moves at 3 from alive to alive"),
        ([(1, 0, -3, "alive", "dead")], "finite times from 0 upwards"),
        ([(1, 0, 3, None, "dead")], "'at' is missing in 1 row"),
        ([], "is empty"),
    ],
)
def test_histories_with_gaps_or_contradictions_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        run(stays(*rows))


def test_unknown_states_and_options_are_refused():
    with pytest.raises(ValueError, match=r"states lacks \['dead'\]"):
        run(EXAMPLE, states=["alive", "response", "progressed"])
    with pytest.raises(ValueError, match="allowed: 'plain', 'log', 'log-log'"):
        run(EXAMPLE, conf_type="logit")
    with pytest.raises(ValueError, match="horizon is 0"):
        time_in_state(EXAMPLE, horizon=0, **COLUMNS)
