"""What ``.plot()`` of the results draws, and that nothing is fetched before it is called."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure

from nissc1.stats import (
    cox,
    cumulative_incidence,
    firth_cox,
    gee,
    kaplan_meier,
    mmrm,
    schoenfeld_test,
    selection_stability,
    spline_cox,
    state_occupation,
)


def axes():
    return Figure().add_subplot()


def patients(n=60):
    rng = np.random.default_rng(3)
    days = rng.exponential(20, n).round(1)
    return pd.DataFrame({"days": days, "died": rng.integers(0, 2, n), "x": rng.normal(size=n)})


def courses():
    rng = np.random.default_rng(5)
    rows = [
        {"who": who, "month": month, "mrss": 25 - month / 2 + rng.normal()}
        for who in range(20)
        for month in (0, 6, 12)
    ]
    return pd.DataFrame(rows)


def test_a_curve_is_drawn_as_its_steps_with_its_limits():
    curve = kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0])
    drawn = curve.plot(axes())
    np.testing.assert_allclose(drawn.lines[0].get_ydata(), curve.table()["estimate"])
    assert len(drawn.collections) == 1


def test_a_curve_without_axes_gets_a_figure_of_its_own():
    drawn = cumulative_incidence([1, 2, 3], [1, 2, 0]).plot()
    assert drawn.get_ylabel() == "Cumulative incidence"
    pyplot.close(drawn.figure)


@pytest.mark.parametrize("fit", [mmrm, gee])
def test_means_at_visits_are_drawn_at_their_months(fit):
    result = fit(courses(), outcome="mrss", subject="who", within="month")
    drawn = result.plot(axes())
    np.testing.assert_allclose(drawn.lines[0].get_xdata(), [0, 6, 12])
    np.testing.assert_allclose(drawn.lines[0].get_ydata(), result.estimate)


def test_states_are_stacked_to_one():
    stays = pd.DataFrame(
        {"who": [1, 2, 3], "start": 0, "stop": [2, 3, 4], "from": "a", "to": ["b", "c", None]}
    )
    result = state_occupation(
        stays, subject="who", start="start", stop="stop", from_state="from", to_state="to"
    )
    drawn = result.plot(axes())
    top = drawn.collections[-1].get_paths()[0].vertices[:, 1].max()
    assert top == pytest.approx(1)
    assert [text.get_text() for text in drawn.get_legend().get_texts()] == ["a", "b", "c"]


def test_a_spline_is_drawn_with_hazard_ratio_1_at_the_reference():
    model = spline_cox(patients(), time="days", event="died", covariate="x")
    drawn = model.plot(reference=0.0, ax=axes())
    line = drawn.lines[-1]
    at_0 = np.interp(0.0, line.get_xdata(), line.get_ydata())
    assert at_0 == pytest.approx(1, abs=0.01)


def test_residuals_are_drawn_one_an_event_with_a_line():
    test = schoenfeld_test(patients(), time="days", event="died", covariates=["x"])
    drawn = test.plot("x", axes())
    assert len(drawn.lines[1].get_xdata()) == test.n_events
    assert len(drawn.lines) == 3


@pytest.mark.parametrize("fit", [cox, firth_cox])
def test_hazard_ratios_are_drawn_on_a_logarithmic_scale_in_their_order(fit):
    data = patients().assign(y=lambda each: each["x"] ** 2)
    model = fit(data, time="days", event="died", covariates=["x", "y"])
    drawn = model.plot(axes())
    assert drawn.get_xscale() == "log"
    np.testing.assert_allclose(drawn.lines[0].get_xdata(), model.table()["hazard_ratio"])
    assert [label.get_text() for label in drawn.get_yticklabels()] == ["x", "y"]


def test_shares_of_samples_are_drawn_with_the_largest_first():
    data = pd.DataFrame({"x": [1, 0, 0, 0], "y": 1})
    result = selection_stability(
        data,
        lambda sample: ["y"] if (sample["x"] == 0).all() else ["x", "y"],
        candidates=["x", "y"],
        seed=1,
        n_boot=20,
    )
    drawn = result.plot(axes())
    assert [label.get_text() for label in drawn.get_yticklabels()] == ["y", "x"]
    assert drawn.lines[0].get_xdata()[0] == 1


def test_too_few_events_for_a_line_leave_the_points():
    data = pd.DataFrame({"days": range(1, 7), "died": [1, 1, 1, 0, 0, 0], "x": [1, 0, 1, 0, 1, 0]})
    test = schoenfeld_test(data, time="days", event="died", covariates=["x"])
    with pytest.raises(ValueError, match="happen at 3 times; more than 3 are needed"):
        test.smooth("x")
    assert len(test.plot("x", axes()).lines) == 2


def test_a_line_through_an_unknown_covariate_is_refused():
    test = schoenfeld_test(patients(), time="days", event="died", covariates=["x"])
    with pytest.raises(ValueError, match=r"covariate is 'y'; the model has \['x'\]"):
        test.smooth("y")


def test_the_estimators_fetch_no_part_of_the_report():
    script = "import sys, nissc1.stats; sys.exit('nissc1.report' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
