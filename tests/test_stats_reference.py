"""Every estimator against R's survival, cmprsk, stats and nlme on the data sets in reference/."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nissc1.stats import (
    FitError,
    chi_squared,
    cox,
    cumulative_incidence,
    fine_gray,
    fisher_exact,
    gray_test,
    kaplan_meier,
    logrank_test,
    repeated_measures,
    spearman,
)

FOLDER = Path(__file__).parent / "reference"
DATASETS = (
    "heavy_ties",
    "three_causes",
    "no_censoring",
    "mostly_censored",
    "day_zero",
    "one_cause",
    "no_ties",
    "unequal_groups",
    "transplant",
    "many_patients",
    "group_leaves_early",
)
ATOL = 1e-12  # the same formulae in double precision
#: Data set and cause whose x2 separates the events: crr is at -35 and still moving.
SEPARATED = ("mostly_censored", 1)
TABLES = ("two_by_two", "small", "zero_cell", "three_by_two", "large")


def read_output(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


KEYS = ["dataset", "method", "quantity"]
SCRIPTS = ("reference", "fine_gray")
REFERENCE = pd.concat([read_output(FOLDER / f"{script}.csv").set_index(KEYS) for script in SCRIPTS])


def data(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data" / f"{name}.csv")


def from_r(dataset: str, method: str, quantity: str) -> pd.Series:
    rows = REFERENCE.loc[[(dataset, method, quantity)]]
    numbers = rows["value"].replace("NA", "NaN").to_numpy(dtype=float)
    return pd.Series(numbers, rows["key"])


def one_from_r(dataset: str, method: str, quantity: str, key: str = "") -> float:
    return float(from_r(dataset, method, quantity)[key])


@pytest.mark.parametrize("name", DATASETS)
def test_kaplan_meier_estimate_and_greenwood_error_equal_survfit(name):
    frame = data(name)
    expected = from_r(name, "km", "estimate")
    result = kaplan_meier(frame["time"], frame["event"]).at(expected.index.astype(float))
    for column in ("n_at_risk", "n_events", "estimate"):
        np.testing.assert_allclose(result[column], from_r(name, "km", column), atol=ATOL)
    # survfit's error is undefined once nobody is left; here it is 0
    error = from_r(name, "km", "std_error").fillna(0.0)
    np.testing.assert_allclose(result["std_error"], error, atol=ATOL)


@pytest.mark.parametrize("conf_type", ["plain", "log", "log-log"])
@pytest.mark.parametrize("name", DATASETS)
def test_kaplan_meier_limits_equal_survfit(name, conf_type):
    frame = data(name)
    lower, upper = (from_r(name, f"km.{conf_type}", side) for side in ("lower", "upper"))
    curve = kaplan_meier(frame["time"], frame["event"], conf_type=conf_type)
    result = curve.at(lower.index.astype(float))
    known = lower.notna().to_numpy()
    np.testing.assert_allclose(result["lower"][known], lower[known], atol=ATOL)
    np.testing.assert_allclose(result["upper"][known], upper[known], atol=ATOL)
    # survfit gives no limits only where the estimate is 0 or 1; here they equal it
    rest = result[~known]
    assert rest["estimate"].isin([0, 1]).all()
    assert (rest["lower"] == rest["estimate"]).all()
    assert (rest["upper"] == rest["estimate"]).all()


@pytest.mark.parametrize("conf_type", ["plain", "log-log"])
@pytest.mark.parametrize("name", DATASETS)
def test_quantiles_of_the_reverse_curve_equal_survfit(name, conf_type):
    frame = data(name)
    curve = kaplan_meier(frame["time"], 1 - frame["event"], conf_type=conf_type)
    for probability in (0.25, 0.5, 0.75):
        expected = [
            one_from_r(name, f"followup.{conf_type}", part, str(probability))
            for part in ("quantile", "lower", "upper")
        ]
        np.testing.assert_allclose(curve.quantile(probability), expected, atol=ATOL)


@pytest.mark.parametrize("name", DATASETS)
def test_cumulative_incidence_and_its_variance_equal_cuminc(name):
    frame = data(name)
    for of in sorted(set(frame["cause"]) - {0}):
        estimate = from_r(name, f"cif.{of}", "estimate")
        variance = from_r(name, f"cif.{of}", "variance")
        curve = cumulative_incidence(frame["time"], frame["cause"], of=of)
        result = curve.at(estimate.index.astype(float))
        np.testing.assert_allclose(result["estimate"], estimate, atol=ATOL)
        np.testing.assert_allclose(result["std_error"] ** 2, variance, atol=ATOL)


@pytest.mark.parametrize("name", DATASETS)
def test_gray_test_equals_cuminc(name):
    frame = data(name)
    for of in sorted(set(frame["cause"]) - {0}):
        result = gray_test(frame["time"], frame["cause"], frame["group"], of=of)
        for quantity in ("statistic", "df", "p_value"):
            expected = one_from_r(name, f"gray.{of}", quantity)
            np.testing.assert_allclose(getattr(result, quantity), expected, rtol=1e-10)


@pytest.mark.parametrize("name", DATASETS)
def test_logrank_test_equals_survdiff(name):
    frame = data(name)
    result = logrank_test(frame["time"], frame["event"], frame["group"])
    for quantity in ("statistic", "df", "p_value"):
        expected = one_from_r(name, "logrank", quantity)
        np.testing.assert_allclose(getattr(result, quantity), expected, rtol=1e-10)


@pytest.mark.parametrize("name", DATASETS)
def test_cox_model_equals_coxph(name):
    model = cox(data(name), time="time", event="event", covariates=["x1", "x2", "x3"])
    table = model.table()
    for column in table.columns:
        expected = from_r(name, "cox", column)
        np.testing.assert_allclose(table[column], expected[table.index], rtol=1e-10, atol=ATOL)
    null, fitted = from_r(name, "cox", "log_likelihood")
    np.testing.assert_allclose(model.log_likelihood_null, null, rtol=ATOL)
    np.testing.assert_allclose(model.log_likelihood, fitted, rtol=ATOL)


@pytest.mark.parametrize("name", DATASETS)
def test_fine_gray_model_equals_crr(name):
    frame = data(name)
    for of in sorted(set(frame["cause"]) - {0}):
        if (name, of) == SEPARATED:
            continue
        model = fine_gray(frame, time="time", cause="cause", of=of, covariates=["x1", "x2", "x3"])
        table = model.table()
        for column in table.columns:
            expected = from_r(name, f"fine_gray.{of}", column)[table.index]
            # crr stops at a gradient of 1e-13, up to 1e-11 from the maximum
            np.testing.assert_allclose(table[column], expected, rtol=1e-9, atol=1e-10)
        likelihood = from_r(name, f"fine_gray.{of}", "log_likelihood")
        np.testing.assert_allclose(model.log_likelihood_null, likelihood["null"], rtol=ATOL)
        np.testing.assert_allclose(model.log_likelihood, likelihood["fitted"], rtol=ATOL)


def test_what_separates_the_events_of_interest_is_an_error_where_crr_runs_off():
    name, of = SEPARATED
    frame = data(name)
    assert set(frame.loc[frame["cause"] == of, "x2"]) == {0}
    with pytest.raises(FitError, match="no finite estimate"):
        fine_gray(frame, time="time", cause="cause", of=of, covariates=["x1", "x2", "x3"])


def test_spearman_equals_cor_test():
    pairs = data("pairs")
    result = spearman(pairs["x"], pairs["y"])
    assert result.coefficient == pytest.approx(one_from_r("pairs", "spearman", "coefficient"))
    assert result.p_value == pytest.approx(one_from_r("pairs", "spearman", "p_value"), rel=1e-10)


@pytest.mark.parametrize("name", TABLES)
def test_chi_squared_and_fisher_equal_r(name):
    cells = data("tables").query("table == @name")
    table = cells.pivot(index="row", columns="column", values="count")
    for correction, method in ((True, "chi_squared.corrected"), (False, "chi_squared")):
        result = chi_squared(table, correction=correction)
        for quantity in ("statistic", "df", "p_value"):
            expected = one_from_r("tables", method, quantity, name)
            np.testing.assert_allclose(getattr(result, quantity), expected, rtol=1e-10)
    if table.shape == (2, 2):
        exact = fisher_exact(table)
        expected = one_from_r("tables", "fisher", "p_value", name)
        assert exact.p_value == pytest.approx(expected, rel=1e-10)
        # R stops its root finding at 1e-4; test_stats_association checks the odds ratio itself
        ratio = one_from_r("tables", "fisher", "coefficient", name)
        assert exact.coefficient == pytest.approx(ratio, rel=1e-3)


def test_repeated_measures_anova_equals_aov_with_greenhouse_geisser():
    result = repeated_measures(data("visits"), subject="id", within="month", outcome="score")
    assert result.n == one_from_r("visits", "anova", "n_subjects")
    for quantity in ("statistic", "df", "df_residual", "p_value", "epsilon"):
        expected = one_from_r("visits", "anova", quantity)
        np.testing.assert_allclose(getattr(result, quantity), expected, rtol=1e-10)
    # R integrates the corrected P value itself, to about nine digits
    corrected = one_from_r("visits", "anova", "p_corrected")
    assert result.p_corrected == pytest.approx(corrected, rel=1e-8)


def test_mixed_model_equals_lme():
    result = repeated_measures(
        data("visits"), subject="id", within="month", outcome="score", method="mixed"
    )
    # lme's optimiser stops with the variance ratio right to about eight digits
    expected = one_from_r("visits", "mixed", "statistic")
    assert result.statistic == pytest.approx(expected, rel=1e-7)
    assert result.df == one_from_r("visits", "mixed", "df")
    assert result.p_value == pytest.approx(one_from_r("visits", "mixed", "p_value"), rel=1e-5)


def r_packages_present() -> bool:
    if shutil.which("Rscript") is None:
        return False
    ask = "quit(status = !all(sapply(c('survival', 'cmprsk'), requireNamespace, quietly = TRUE)))"
    return subprocess.run(["Rscript", "-e", ask], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(
    not r_packages_present(),
    reason="needs Rscript with survival and cmprsk: apt-get install r-base-core r-cran-survival "
    "r-cran-cmprsk r-cran-nlme",
)
@pytest.mark.parametrize("name", SCRIPTS)
def test_rerunning_the_r_script_gives_the_committed_output(name, tmp_path):
    script, output = FOLDER / f"{name}.R", tmp_path / "live.csv"
    subprocess.run(["Rscript", str(script), str(output)], check=True, capture_output=True)
    keys = [*KEYS, "key"]
    committed = read_output(FOLDER / f"{name}.csv").set_index(keys)["value"]
    live = read_output(output).set_index(keys)["value"]
    absent = committed.index.difference(live.index)
    nlme = {("visits", "mixed"), ("session", "version")}
    assert {(row[0], row[1]) for row in absent} <= nlme, "only the lme rows may be absent"
    assert len(live.index.difference(committed.index)) == 0
    both = committed.index.intersection(live.index).drop("session", level="dataset")
    pair = pd.DataFrame({"committed": committed[both], "live": live[both]}).replace("NA", "NaN")
    pair = pair.astype(float)
    # another R or BLAS may differ in the last digits, lme's optimiser in a few more
    np.testing.assert_allclose(pair["live"], pair["committed"], rtol=1e-6, atol=1e-12)
