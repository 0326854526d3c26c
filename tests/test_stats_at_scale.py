"""Every estimator against R on ten and a hundred thousand patients with heavily tied days.

Both sides are run when the tests run, R by the script of the benchmark, so no figure is written
down here. Nothing is timed: benchmarks/estimators.py does that.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nissc1.stats import (
    cox,
    cumulative_incidence,
    fine_gray,
    gray_test,
    kaplan_meier,
    logrank_test,
)

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "estimators.R"
COVARIATES = ["x1", "x2", "x3", "x4", "x5"]
FromR = Callable[[str, str], np.ndarray]


def r_packages_present() -> bool:
    if shutil.which("Rscript") is None:
        return False
    ask = "quit(status = !all(sapply(c('survival', 'cmprsk'), requireNamespace, quietly = TRUE)))"
    return subprocess.run(["Rscript", "-e", ask], capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(
    not r_packages_present(),
    reason="needs Rscript with survival and cmprsk: apt-get install r-base-core r-cran-survival "
    "r-cran-cmprsk",
)


def patients(n: int, days: int) -> pd.DataFrame:
    """Competing risks on few distinct days, day 0 among them, with all the ties there can be."""
    rng = np.random.default_rng(n)
    x = rng.normal(size=(n, 5))
    x[:, 3], x[:, 4] = rng.integers(0, 2, n), rng.poisson(2, n)
    group = rng.integers(0, 3, n)
    rate = np.exp(0.3 * x[:, 0] - 0.4 * x[:, 3] + 0.1 * x[:, 4] + 0.1 * group) / days
    event, end = rng.exponential(1 / rate), rng.uniform(0, 1.2 * days, n)
    cause = np.where(event <= end, 1 + (rng.random(n) < 0.4), 0)
    frame = {"time": np.floor(np.minimum(event, end)), "event": cause > 0, "cause": cause}
    covariates = {name: x[:, k] for k, name in enumerate(COVARIATES)}
    return pd.DataFrame(frame | {"group": group} | covariates).astype(float)


def run_r(data: pd.DataFrame, folder: Path, names: str, model: str = "") -> FromR:
    source, output = folder / "data.bin", folder / "values.csv"
    np.ascontiguousarray(data.to_numpy().T).tofile(source)
    arguments = [str(source), str(len(data)), str(output), names, "1", model]
    run = subprocess.run(
        ["Rscript", str(SCRIPT), *arguments], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    parts = pd.read_csv(output).groupby(["estimator", "quantity"], sort=False)["value"]
    found = {key: part.to_numpy() for key, part in parts}
    return lambda estimator, quantity: found[estimator, quantity]


@pytest.fixture(scope="module", params=[(10_000, 60), (100_000, 400)], ids="{0[0]} patients".format)
def both(request: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, FromR]:
    data = patients(*request.param)
    assert data["time"].nunique() < len(data) / 100
    names = "kaplan_meier,cumulative_incidence,logrank,gray,cox"
    return data, run_r(data, tmp_path_factory.mktemp("r"), names)


def points(data: pd.DataFrame) -> np.ndarray:
    """The times at which the R script reads the curves."""
    return np.quantile(data["time"], np.arange(1, 20) / 20, method="inverted_cdf")


def test_kaplan_meier_equals_survfit(both: tuple[pd.DataFrame, FromR]) -> None:
    data, from_r = both
    found = kaplan_meier(data["time"], data["event"]).at(points(data))
    for part in ("estimate", "std_error"):
        np.testing.assert_allclose(found[part], from_r("kaplan_meier", part), rtol=1e-10)


@pytest.mark.parametrize("of", [1, 2])
def test_cumulative_incidence_equals_cuminc(both: tuple[pd.DataFrame, FromR], of: int) -> None:
    data, from_r = both
    found = cumulative_incidence(data["time"], data["cause"], of=of).at(points(data))
    for part in ("estimate", "std_error"):
        expected = from_r("cumulative_incidence", f"{part}.{of}")
        np.testing.assert_allclose(found[part], expected, rtol=1e-10)


def test_logrank_and_gray_tests_equal_survdiff_and_cuminc(
    both: tuple[pd.DataFrame, FromR],
) -> None:
    data, from_r = both
    statistic = logrank_test(data["time"], data["event"], data["group"]).statistic
    assert statistic == pytest.approx(from_r("logrank", "statistic")[0], rel=1e-9)
    tests = [gray_test(data["time"], data["cause"], data["group"], of=of) for of in (1, 2)]
    found = [test.statistic for test in tests]
    np.testing.assert_allclose(found, from_r("gray", "statistic"), rtol=1e-9)


def test_cox_model_equals_coxph(both: tuple[pd.DataFrame, FromR]) -> None:
    data, from_r = both
    model = cox(data, time="time", event="event", covariates=COVARIATES)
    np.testing.assert_allclose(model.coef, from_r("cox", "coef"), rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(model.std_error, from_r("cox", "std_error"), rtol=1e-9)


@pytest.mark.parametrize(
    ("n", "days", "model"), [(2_000, 40, ""), (10_000, 60, "coefficients")], ids=str
)
def test_fine_gray_model_equals_crr(n: int, days: int, model: str, tmp_path: Path) -> None:
    # crr's standard errors take time with the square of the patients: a minute at 10,000
    data = patients(n, days)
    from_r = run_r(data, tmp_path, "fine_gray", model)
    found = fine_gray(data, time="time", cause="cause", covariates=COVARIATES)
    np.testing.assert_allclose(found.coef, from_r("fine_gray", "coef"), rtol=1e-8, atol=1e-10)
    if not model:
        np.testing.assert_allclose(found.std_error, from_r("fine_gray", "std_error"), rtol=1e-9)
