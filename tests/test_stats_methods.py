"""The methods beyond the article against R: tests/reference/methods.R and its output."""

import functools
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nissc1.stats import (
    concordance,
    cox,
    cumulative_hazard,
    dichotomising_cost,
    exact_interval,
    expected_deaths,
    firth_cox,
    gee,
    kaplan_meier,
    log_log,
    mmrm,
    person_years,
    pool,
    pool_proportions,
    restricted_cubic_basis,
    rmst,
    schoenfeld_test,
    smr,
    spline_cox,
    state_occupation,
    time_in_state,
    time_lost,
)

FOLDER = Path(__file__).parent / "reference"
SURVIVAL_SETS = (
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
#: Packages whose rows are committed and not repeated where they are not installed, and what else
#: their rows need.
MAY_BE_AWAY: dict[str, tuple[str, ...]] = {
    "Hmisc": (),
    "geepack": (),
    "gee": (),
    "mice": (),
    "metafor": ("lme4",),
    "emmeans": ("pbkrtest", "lme4"),
}


def read_output(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


OUTPUT = read_output(FOLDER / "methods.csv")
REFERENCE = OUTPUT.set_index(["dataset", "method", "quantity"])


def data(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data" / f"{name}.csv")


def from_r(dataset: str, method: str, quantity: str) -> pd.Series:
    rows = REFERENCE.loc[[(dataset, method, quantity)]]
    numbers = rows["value"].replace("NA", "NaN").to_numpy(dtype=float)
    return pd.Series(numbers, rows["key"])


@pytest.mark.parametrize("name", SURVIVAL_SETS)
def test_restricted_mean_and_its_error_equal_survfit(name):
    frame = data(name)
    estimate, std_error = (from_r(name, "rmst", part) for part in ("estimate", "std_error"))
    for horizon in estimate.index:
        result = rmst(frame["time"], frame["event"], horizon=float(horizon))
        assert result.estimate == pytest.approx(estimate[horizon], rel=ATOL)
        assert result.std_error == pytest.approx(std_error[horizon], rel=1e-10)


@pytest.mark.parametrize("name", SURVIVAL_SETS)
def test_time_lost_equals_the_area_under_cuminc_with_the_error_of_survfit(name):
    frame = data(name)
    for of in sorted(set(frame["cause"]) - {0}):
        method = f"time_lost.{of}"
        area, error = (from_r(name, method, part) for part in ("estimate.cuminc", "std_error"))
        by_survfit = from_r(name, method, "estimate")
        for horizon in area.index:
            result = time_lost(frame["time"], frame["cause"], of=of, horizon=float(horizon))
            assert result.estimate == pytest.approx(area[horizon], rel=1e-10)
            assert result.estimate == pytest.approx(by_survfit[horizon], rel=1e-10)
            assert result.std_error == pytest.approx(error[horizon], rel=1e-10)


@pytest.mark.parametrize("name", SURVIVAL_SETS)
def test_schoenfeld_test_equals_cox_zph_on_every_scale_of_time(name):
    frame, columns = data(name), ["x1", "x2", "x3"]
    for scale in ("km", "identity", "rank", "log"):
        if scale == "log" and frame["time"].min() == 0:
            continue
        table = schoenfeld_test(
            frame, time="time", event="event", covariates=columns, transform=scale
        ).table()
        for quantity in ("statistic", "p_value"):
            expected = from_r(name, f"zph.{scale}", quantity)
            np.testing.assert_allclose(table[quantity], expected[table.index], rtol=1e-8)


@pytest.mark.parametrize("name", [name for name in SURVIVAL_SETS if name != "many_patients"])
def test_scaled_schoenfeld_residuals_equal_cox_zph(name):
    columns = ["x1", "x2", "x3"]
    residuals = schoenfeld_test(
        data(name), time="time", event="event", covariates=columns
    ).residuals()
    for column in residuals:
        quantity = column if column in ("time", "transformed") else f"residual.{column}"
        expected = from_r(name, "zph.km", quantity)
        np.testing.assert_allclose(residuals[column], expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("name", "ties"),
    [
        ("transplant", "efron"),
        ("heavy_ties", "efron"),
        ("heavy_ties", "breslow"),
        ("mostly_censored", "efron"),
        ("no_ties", "efron"),
    ],
)
def test_firth_model_equals_the_penalised_likelihood_of_coxph_maximised_in_r(name, ties):
    frame = data(name)
    frame["separating"] = (frame["event"] == 0) & (frame["group"] == "A")
    columns, method = ["x1", "separating"], f"firth.{ties}"
    model = firth_cox(frame, time="time", event="event", covariates=columns, ties=ties)
    # general optimisers find the maximum to half the digits of the likelihood
    for quantity in ("coef", "std_error", "lower", "upper"):
        expected = from_r(name, method, quantity)[columns]
        np.testing.assert_allclose(getattr(model, quantity), expected, rtol=1e-5)
    expected = from_r(name, method, "p_value")[columns]
    np.testing.assert_allclose(model.p_value, expected, rtol=1e-8)
    null, fitted = from_r(name, method, "log_likelihood")
    assert model.log_likelihood_null == pytest.approx(null, rel=1e-10)
    assert model.log_likelihood == pytest.approx(fitted, rel=1e-10)


SPLINE_SETS = ("no_ties", "heavy_ties", "unequal_groups")


@pytest.mark.parametrize("size", [3, 4, 5])
@pytest.mark.parametrize("name", SPLINE_SETS)
def test_spline_model_equals_coxph_on_natural_splines(name, size):
    frame, method = data(name), f"spline.{size}"
    model = spline_cox(
        frame, time="time", event="event", covariate="x1", adjusted_for=["x2"], n_knots=size
    )
    np.testing.assert_allclose(model.knots, from_r(name, method, "knot"), rtol=ATOL)
    statistic = from_r(name, method, "statistic")
    np.testing.assert_allclose(
        model.table()["statistic"], statistic[model.table().index], rtol=1e-8, atol=1e-10
    )
    estimate, error = (from_r(name, method, part) for part in ("estimate", "std_error"))
    at = np.quantile(frame["x1"], [0, 0.2, 0.4, 0.6, 0.8, 1])
    curve = model.curve(at, reference=frame["x1"].median())
    np.testing.assert_allclose(curve["estimate"], estimate, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(curve["std_error"], error, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("size", [3, 4, 5])
@pytest.mark.parametrize("name", SPLINE_SETS)
def test_spline_terms_equal_those_of_hmisc_and_so_do_wald_tests_of_them(name, size):
    frame, method = data(name), f"Hmisc::rcspline.eval.{size}"
    model = spline_cox(
        frame, time="time", event="event", covariate="x1", adjusted_for=["x2"], n_knots=size
    )
    basis = restricted_cubic_basis(frame["x1"][:5], model.knots)
    for k in range(size - 1):
        np.testing.assert_allclose(
            basis[:, k], from_r(name, method, f"term.{k + 1}"), rtol=1e-10, atol=ATOL
        )
    wald = from_r(name, method, "wald_statistic")
    np.testing.assert_allclose(
        model.table()["wald_statistic"], wald[model.table().index], rtol=1e-7
    )


@pytest.mark.parametrize("name", SPLINE_SETS)
def test_cost_of_dichotomising_equals_coxph_and_concordance(name):
    table = dichotomising_cost(
        data(name), time="time", event="event", covariate="x1", cut=0.25
    ).table()
    for quantity in ("log_likelihood", "concordance", "std_error"):
        expected = from_r(name, "dichotomising", quantity)[table.index]
        np.testing.assert_allclose(table[quantity], expected, rtol=1e-9)


@pytest.mark.parametrize("name", SPLINE_SETS)
def test_concordance_of_a_score_with_ties_equals_survival(name):
    frame = data(name)
    result = concordance(frame["time"], frame["event"], frame["x3"])
    for quantity in ("estimate", "std_error", "n_concordant", "n_tied"):
        expected = from_r(name, "concordance", quantity)[""]
        assert getattr(result, quantity) == pytest.approx(expected, rel=1e-10)


VISITS = {"outcome": "score", "subject": "id", "within": "month"}
STRUCTURES = ("unstructured", "compound-symmetry", "ar1")


@pytest.mark.parametrize("structure", STRUCTURES)
def test_means_and_changes_of_the_mixed_model_equal_gls(structure):
    model, method = mmrm(data("visits"), covariance=structure, **VISITS), f"mmrm.{structure}"
    # gls's optimiser ends within about 1e-7 of the maximum
    for table, prefix in ((model.table(), ""), (model.changes(), "change.")):
        estimate = from_r("visits", method, prefix.rstrip(".") or "estimate")
        np.testing.assert_allclose(table["estimate"], estimate, rtol=1e-6)
        error = from_r("visits", method, f"{prefix}std_error")
        np.testing.assert_allclose(table["std_error"], error, rtol=1e-5)
    likelihood = from_r("visits", method, "log_likelihood")[""]
    assert model.log_likelihood == pytest.approx(likelihood, rel=1e-9)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_small_sample_corrections_equal_their_definitions_worked_out_in_r(structure):
    method = f"mmrm.{structure}"
    plain, adjusted = (
        mmrm(data("visits"), covariance=structure, small_sample=kind, **VISITS)
        for kind in ("satterthwaite", "kenward-roger")
    )
    df = from_r("visits", method, "df")
    np.testing.assert_allclose(plain.table()["df"], df, rtol=1e-4)
    change_df = from_r("visits", method, "change.df")
    np.testing.assert_allclose(plain.changes()["df"], change_df, rtol=1e-4)
    np.testing.assert_allclose(adjusted.changes()["df"], change_df, rtol=1e-4)
    error = from_r("visits", method, "change.std_error.kenward_roger")
    np.testing.assert_allclose(adjusted.changes()["std_error"], error, rtol=1e-5)


def test_kenward_roger_with_compound_symmetry_equals_emmeans_on_a_random_intercept():
    changes = mmrm(
        data("visits"), covariance="compound-symmetry", small_sample="kenward-roger", **VISITS
    ).changes()
    for column, quantity in (
        ("estimate", "change"),
        ("std_error", "change.std_error"),
        ("df", "change.df"),
    ):
        expected = from_r("visits", "emmeans::kenward-roger", quantity)
        np.testing.assert_allclose(changes[column], expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("correlation", "method"),
    [
        ("independence", "geepack::geeglm.independence"),
        ("exchangeable", "gee::gee.exchangeable"),
    ],
)
def test_estimating_equations_equal_geepack_and_gee(correlation, method):
    # with exchangeable correlation, geepack divides its moments by other numbers than Liang and
    # Zeger (1986), gee and statsmodels do; without correlation all agree
    table = gee(data("visits"), correlation=correlation, covariance="robust", **VISITS).table()
    np.testing.assert_allclose(table["estimate"], from_r("visits", method, "estimate"), rtol=1e-9)
    np.testing.assert_allclose(table["std_error"], from_r("visits", method, "std_error"), rtol=1e-8)


@pytest.mark.parametrize(
    ("correlation", "method"),
    [("independence", "gee.independence"), ("exchangeable", "gee::gee.exchangeable")],
)
def test_bias_reduced_errors_equal_mancl_and_derouen_s_definition_worked_out_in_r(
    correlation, method
):
    result = gee(data("visits"), correlation=correlation, **VISITS)
    expected = from_r("visits", method, "std_error.bias_reduced")
    np.testing.assert_allclose(result.table()["std_error"], expected, rtol=1e-8)
    if correlation == "exchangeable":
        rho = from_r("visits", method, "working_correlation")[""]
        assert result.working_correlation == pytest.approx(rho, rel=1e-8)


def test_pooling_by_rubin_s_rules_equals_mice():
    q = np.array([1.31, 0.98, 1.22, 1.75, 1.1])[:, None]
    u = np.array([0.21, 0.19, 0.2, 0.24, 0.18])[:, None]
    for n in (12, 80):
        result = pool(q, u, df_complete=n - 1)
        for quantity in ("estimate", "std_error", "df"):
            expected = from_r("five_imputations", "mice::pool.scalar", quantity)[str(n)]
            assert getattr(result, quantity)[0] == pytest.approx(expected, rel=1e-10)


def test_exact_limits_of_a_proportion_equal_binom_test():
    lower, upper = (from_r("counts", "exact_interval", side) for side in ("lower", "upper"))
    assert len(lower) == 8
    for key in lower.index:
        result = exact_interval(*(int(part) for part in key.split(" of ")))
        np.testing.assert_allclose(
            [result.lower, result.upper], [lower[key], upper[key]], rtol=1e-9
        )


def test_standardised_mortality_ratio_equals_poisson_test_and_mid_p_by_root_finding():
    for quantity in ("lower", "upper", "lower_mid_p", "upper_mid_p", "p_value", "p_value_mid"):
        expected = from_r("counts", "smr", quantity)
        assert len(expected) >= 5
        for count, value in expected.items():
            result = smr(int(count), 4.2)
            assert getattr(result, quantity) == pytest.approx(value, rel=1e-8)


def test_expected_deaths_equal_pyears_with_a_rate_table():
    table = pd.DataFrame(
        [
            (sex, age, year, np.exp(-10 + 0.09 * age + 0.35 * male - 0.015 * (year - 2000)))
            for male, sex in enumerate("FM")
            for age in range(110)
            for year in range(2000, 2031)
        ],
        columns=["sex", "age", "year", "rate"],
    )
    cells = person_years(data("followed"), age="age", year="start", followed="years")
    for sex in "FM":
        result = expected_deaths(cells[cells["sex"] == sex], table)
        for quantity in ("estimate", "person_years"):
            value = from_r("followed", "expected_deaths", quantity)[sex]
            assert getattr(result, quantity) == pytest.approx(value, rel=1e-9)


STUDY_SETS = ("deaths", "mostly_zero", "alike", "unlike")


@functools.cache
def pooled(name):
    studies = data("studies").query("set == @name")
    return pool_proportions(studies["events"], studies["n"])


def test_pooled_proportions_equal_the_likelihood_integrated_and_maximised_in_r():
    # general optimisers find the maximum to half the digits of the likelihood
    for quantity, digits in (
        ("logit_estimate", 1e-5),
        ("logit_std_error", 1e-4),
        ("tau2", 1e-4),
        ("tau2_lower", 1e-4),
        ("tau2_upper", 1e-5),
        ("statistic", 1e-6),
        ("log_likelihood", 1e-9),
    ):
        expected = from_r("studies", "glmm", quantity)
        for name, value in expected.items():
            found = getattr(pooled(name), quantity)
            assert found == pytest.approx(value, rel=digits, abs=1e-8), (name, quantity)


@pytest.mark.parametrize("name", STUDY_SETS)
def test_pooled_proportions_equal_rma_glmm(name):
    result = pooled(name)
    # lme4's optimiser stops within about 1e-5 of the maximum, and has a variance of 0 within 1e-8
    for quantity in ("logit_estimate", "logit_std_error", "tau2", "i2"):
        expected = from_r("studies", "metafor::rma.glmm", quantity)[name]
        assert getattr(result, quantity) == pytest.approx(expected, rel=2e-4, abs=1e-6), quantity


STATES = ("alive", "response", "progressed", "dead")
STAYS = {
    "subject": "id",
    "start": "start",
    "stop": "stop",
    "from_state": "from",
    "to_state": "to",
    "states": STATES,
}


@pytest.mark.parametrize("name", ["stays", "stays_mixed"])
def test_state_occupation_and_its_jackknife_errors_equal_survfit(name):
    result = state_occupation(data(name), **STAYS)
    spent = time_in_state(data(name), horizon=30, **STAYS)
    for state in STATES:
        method = f"states.{state}"
        expected = from_r(name, method, "estimate")
        found = result.at(expected.index.astype(float)).query("state == @state")
        np.testing.assert_allclose(found["estimate"], expected, atol=ATOL)
        error = from_r(name, method, "std_error")
        np.testing.assert_allclose(found["std_error"], error, atol=ATOL)
        for column, quantity in (("estimate", "time"), ("std_error", "time.std_error")):
            value = from_r(name, method, quantity)["30"]
            assert spent.loc[state, column] == pytest.approx(value, rel=1e-10)


@pytest.mark.parametrize("name", ["heavy_ties", "mostly_censored", "no_ties"])
def test_cumulative_hazard_and_log_log_curve_equal_survfit(name):
    frame = data(name)
    hazard = cumulative_hazard(frame["time"], frame["event"])
    for column in ("estimate", "std_error"):
        expected = from_r(name, "cumulative_hazard", column)
        np.testing.assert_allclose(hazard[column], expected, rtol=1e-12, atol=ATOL)
    curve = log_log(kaplan_meier(frame["time"], frame["event"]))
    for column in ("estimate", "lower", "upper"):
        expected = from_r(name, "log_log", column)
        np.testing.assert_allclose(curve["time"], expected.index.astype(float), atol=1e-6)
        np.testing.assert_allclose(curve[column], expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", SURVIVAL_SETS)
def test_robust_errors_of_cox_equal_coxph(name):
    covariates = ["x1", "x2", "x3"]
    model = cox(data(name), time="time", event="event", covariates=covariates, robust=True)
    np.testing.assert_allclose(model.coef, from_r(name, "cox.robust", "coef"), rtol=1e-8)
    np.testing.assert_allclose(model.std_error, from_r(name, "cox.robust", "std_error"), rtol=1e-8)


@pytest.mark.parametrize("name", [name for name in SURVIVAL_SETS if name != "many_patients"])
@pytest.mark.parametrize("covariate", ["x1", "x2", "x3"])
def test_the_smooth_line_through_residuals_equals_a_natural_spline_with_the_band_of_r(
    name, covariate
):
    method = f"zph.smooth.{covariate}"
    test = schoenfeld_test(
        data(name), time="time", event="event", covariates=["x1", "x2", "x3"], transform="km"
    )
    line = test.smooth(covariate, n_points=11)
    estimate, error = (from_r(name, method, part) for part in ("estimate", "std_error"))
    np.testing.assert_allclose(line["estimate"], estimate, rtol=1e-6, atol=1e-6)
    half = (line["upper"] - line["lower"]) / 2
    np.testing.assert_allclose(half, 1.959963984540054 * error, rtol=1e-6)


def r_packages_present() -> bool:
    if shutil.which("Rscript") is None:
        return False
    wanted = "c('survival', 'cmprsk', 'nlme')"
    ask = f"quit(status = !all(sapply({wanted}, requireNamespace, quietly = TRUE)))"
    return subprocess.run(["Rscript", "-e", ask], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(
    not r_packages_present(),
    reason="needs Rscript with survival, cmprsk and nlme: apt-get install r-base-core "
    "r-cran-survival r-cran-cmprsk r-cran-nlme",
)
def test_rerunning_the_r_script_gives_the_committed_output(tmp_path):
    output = tmp_path / "live.csv"
    script = ["Rscript", str(FOLDER / "methods.R"), str(output)]
    subprocess.run(script, check=True, capture_output=True)
    keys = ["dataset", "method", "quantity", "key"]
    committed, live = (frame.set_index(keys)["value"] for frame in (OUTPUT, read_output(output)))
    assert committed.index.is_unique
    assert len(live.index.difference(committed.index)) == 0
    absent = committed.index.difference(live.index)
    away = {row[2] for row in absent if row[0] == "session"}
    for row in absent[absent.get_level_values("dataset") != "session"]:
        package = row[1].split("::")[0]
        assert package in MAY_BE_AWAY, f"{row} must be there: its packages are a must"
        assert away & {package, *MAY_BE_AWAY[package]}, f"{row} is absent, {package} is not"
    both = committed.index.intersection(live.index).drop("session", level="dataset")
    pair = pd.DataFrame({"committed": committed[both], "live": live[both]}).replace("NA", "NaN")
    pair = pair.astype(float)
    # another R or BLAS may differ in the last digits, an optimiser in a few more
    np.testing.assert_allclose(pair["live"], pair["committed"], rtol=1e-6, atol=1e-12)
