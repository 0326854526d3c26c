"""The whole analysis against R: every record of the notebooks, computed anew from the CSV files.

Both sides are run when the tests run, so no figure is written down here.
"""

from __future__ import annotations

import math
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nissc1 import endpoints, prognosis
from nissc1.cohort.release import load_release
from nissc1.report.records import RecordBook
from nissc1.visit_course import MEASUREMENTS

ROOT = Path(__file__).parents[1]
RELEASE = ROOT / "data" / "releases" / "2021.02"
SCRIPT = ROOT / "tests" / "reference" / "release.R"
NUMBERS = ["estimate", "lower", "upper", "n", "events", "denominator"]

#: Notebooks whose records are about the article, the plan or other cohorts, and not these patients;
#: test_evidence_against_r.py pools other studies in R.
ABOUT_PRINT = {
    "agreement",
    "analysis-plan",
    "reading-the-digits",
    "identification",
    "evidence",
    "reporting-checklists",
}
#: The same estimators at earlier cut-offs: test_replay and test_stats_sequential check what is new.
REPLAYED = {"estimates-over-time"}
#: Cells of Table 3 that are words.
WORDS_ON_A_DEATH = (
    "cause",
    "sex",
    "resting_ecg",
    "holter_ecg",
    "cardiac_mri",
    "rhc",
    "fluid_challenge",
    "proteinuria",
    "haematuria",
)
#: Records that R does not compute: texts, and constants that are in no CSV file.
NOT_IN_R = {
    "cohort.inclusion_start",  # month in words
    "cohort.inclusion_end",  # month in words
    "cohort.visit_months",  # list in words
    "cohort.age_min",  # a limit of the schema
    "cohort.age_max",  # a limit of the schema
    "figure1.method",  # words
    "figure2.panels",  # how many panels are drawn
    "ae.window_days",  # the definition of an early complication
    *(  # words about the edition before, and the first one has none
        f"changes.trend.{figure}"
        for figure in ("os.24m", "pfs.24m", "progression.24m", "nrm.24m", "nrm.100d")
    ),
    "few.same_set",  # draws of a generator that R lacks; the choice in each
    *(f"few.selected.{each.name}" for each in prognosis.CANDIDATES),  # draw: test_stats_selection
    *(  # draws of a generator that R lacks: test_stats_missing holds them against the mixed model
        f"delta.{topic}.{part}"
        for topic in MEASUREMENTS
        for part in ("at_random", "worse_0_5", "worse_1", "tipping")
    ),
    *(f"deaths.{number}.{cell}" for number in range(1, 9) for cell in WORDS_ON_A_DEATH),
}

#: Relative tolerance by statistic: double precision, but for what is found by iteration.
EXACT = 1e-9
TOLERANCE = {
    "count": EXACT,
    "proportion": EXACT,
    "median_range": EXACT,
    "value": EXACT,
    "text": EXACT,  # a death's value that was not recorded: both sides have the patient only
    "mean": EXACT,
    "sd": EXACT,
    "survival": EXACT,
    "cumulative_incidence": EXACT,
    "correlation": EXACT,
    "p_value": EXACT,
    "hazard_ratio": 1e-6,  # two programs' Newton steps end at different points
}
#: lme's optimiser stops with the variance ratio right to about eight digits, and a small P has the
#: relative error of its chi-squared times half of it: a hundredfold where chi-squared is 200.
MIXED_MODEL = 1e-5
#: Differences between nearly equal means keep the absolute error of the means.
COURSE = 1e-5
COUNTS = ["n", "events", "denominator"]


def r_packages_present() -> bool:
    if shutil.which("Rscript") is None:
        return False
    ask = (
        "quit(status = !all(sapply(c('survival', 'cmprsk', 'nlme'), "
        "requireNamespace, quietly = TRUE)))"
    )
    return subprocess.run(["Rscript", "-e", ask], capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(
    not r_packages_present(),
    reason="needs Rscript with survival, cmprsk and nlme: apt-get install r-base-core "
    "r-recommended r-cran-cmprsk",
)


@pytest.fixture(scope="module")
def from_r(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """What the R script finds in the release's CSV files, one row a record."""
    output = tmp_path_factory.mktemp("r") / "release.csv"
    run = subprocess.run(
        ["Rscript", str(SCRIPT), str(RELEASE), str(output)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return pd.read_csv(output, index_col="record_id")[NUMBERS].astype(float)


@pytest.fixture(scope="module")
def computed(edition_records: RecordBook) -> pd.DataFrame:
    """The records of the notebooks that are about the patients."""
    frame = edition_records.to_frame().set_index("id")
    frame = frame[~frame["notebook"].isin(ABOUT_PRINT | REPLAYED)]
    return frame.astype(dict.fromkeys(NUMBERS, float))


def univariate_tests() -> pd.DataFrame:
    """Each candidate alone, which the notebooks show but do not record, named as in R."""
    cohort = load_release("2021.02", ROOT / "data" / "releases")
    coded = prognosis.covariates(cohort.baseline())
    times = {
        "pfs": endpoints.progression_free_survival(cohort),
        "response": endpoints.response(cohort),
    }
    rows = {}
    for topic, frame in times.items():
        for name, row in prognosis.univariate(frame, coded).iterrows():
            record = f"{topic}.univariate.{name}"
            ratio = {"estimate": row["hazard_ratio"], "lower": row["lower"], "upper": row["upper"]}
            rows[record] = ratio | {"n": row["n"], "events": row["events"]}
            rows[f"{record}.p"] = {"estimate": row["p_value"], "n": row["n"]}
    return pd.DataFrame(rows).T.reindex(columns=NUMBERS).astype(float)


def tolerance(record: str, statistic: str) -> float:
    if record.startswith("course."):
        return COURSE
    return MIXED_MODEL if record.endswith(".p_all_visits") else TOLERANCE[statistic]


def apart(
    computed: pd.DataFrame, from_r: pd.DataFrame, allowed: dict[str, float]
) -> dict[str, dict[str, tuple[float, float]]]:
    """The cells in which the two sides differ by more than is allowed, as (notebook, R)."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for record, limit in allowed.items():
        for column in NUMBERS:
            here, there = computed.loc[record, column], from_r.loc[record, column]
            missing = math.isnan(here) and math.isnan(there)
            relative = 0.0 if column in COUNTS else limit
            if not (missing or math.isclose(here, there, rel_tol=relative, abs_tol=1e-300)):
                found.setdefault(record, {})[column] = (here, there)
    return found


def test_r_computes_every_record_but_the_named_ones(
    computed: pd.DataFrame, from_r: pd.DataFrame
) -> None:
    without = set(computed.index) - set(from_r.index)
    assert without == NOT_IN_R, (
        f"without a counterpart in R: {sorted(without - NOT_IN_R)} (compute them in "
        "tests/reference/release.R from the CSV files; only a text or a constant may go into "
        f"NOT_IN_R); named in NOT_IN_R, but no longer so: {sorted(NOT_IN_R - without)}"
    )


def test_the_notebooks_record_all_that_r_computes(
    computed: pd.DataFrame, from_r: pd.DataFrame
) -> None:
    extra = {name for name in from_r.index if ".univariate." not in name} - set(computed.index)
    assert extra == set(), "no notebook records these any more: remove them from release.R"


@pytest.mark.parametrize("statistic", TOLERANCE)
def test_every_record_equals_r(
    statistic: str, computed: pd.DataFrame, from_r: pd.DataFrame
) -> None:
    shared = computed.index.intersection(from_r.index)
    of_kind = shared[computed.loc[shared, "statistic"] == statistic]
    assert len(of_kind) > 0
    allowed = {record: tolerance(record, statistic) for record in of_kind}
    assert apart(computed, from_r, allowed) == {}


def test_no_record_is_of_a_kind_that_is_not_compared(computed: pd.DataFrame) -> None:
    assert set(computed["statistic"]) == set(TOLERANCE)


def test_each_candidate_alone_equals_r(from_r: pd.DataFrame) -> None:
    tests = univariate_tests()
    in_r = from_r.index[from_r.index.str.contains(".univariate.", regex=False)]
    assert set(tests.index) == set(in_r)
    ratios = {name: TOLERANCE["hazard_ratio"] for name in tests.index if not name.endswith(".p")}
    p_values = {name: EXACT for name in tests.index if name.endswith(".p")}
    assert apart(tests, from_r, ratios | p_values) == {}


def test_a_difference_would_be_seen(computed: pd.DataFrame, from_r: pd.DataFrame) -> None:
    record = "pfs.24m"
    for column in NUMBERS:
        changed = from_r.copy()
        changed.loc[record, column] *= 1 + 1e-8
        assert set(apart(computed, changed, {record: EXACT})) == {record}
    absent = from_r.copy()
    absent.loc[record, "lower"] = np.nan
    assert set(apart(computed, absent, {record: EXACT})) == {record}
