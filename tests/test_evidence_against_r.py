"""The pooled deaths from the treatment against R, for the studies as they are committed now.

Both sides are computed when the test runs, so that a study is added by adding rows. Where lme4 is
installed, its own fit is compared, too; test_stats_methods.py compares other counts with metafor.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from nissc1.evidence import load_evidence, pooled, treatment_deaths
from nissc1.stats import PooledProportion

pytestmark = pytest.mark.skipif(
    shutil.which("Rscript") is None, reason="needs Rscript: apt-get install r-base-core"
)

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "tests" / "reference" / "evidence.R"
QUANTITIES = ("logit_estimate", "logit_std_error", "tau2", "statistic")
#: Six digits; a variance of 0 is within 1e-8 of it.
SIX_DIGITS, ZERO = 1e-6, 1e-8


@pytest.fixture(scope="module")
def from_r(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    output = tmp_path_factory.mktemp("r") / "evidence.csv"
    studies = ROOT / "data" / "evidence" / "studies.csv"
    run = subprocess.run(
        ["Rscript", str(SCRIPT), str(studies), str(output)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return pd.read_csv(output)


def fits() -> dict[str, PooledProportion]:
    evidence = load_evidence()
    main = treatment_deaths(evidence)
    without = {f"without_{row['study']}": main.drop(index=at) for at, row in main.iterrows()}
    every = treatment_deaths(evidence, overlapping=True)
    return {name: pooled(rows) for name, rows in {"pooled": main, "pooled_all": every}.items()} | {
        name: pooled(rows) for name, rows in without.items()
    }


def test_every_pooling_equals_r_to_six_digits(from_r: pd.DataFrame) -> None:
    found = fits()
    assert set(from_r["set"]) == set(found)
    assert set(from_r["quantity"]) == set(QUANTITIES)
    assert "likelihood" in set(from_r["method"])
    for _, row in from_r.iterrows():
        here = getattr(found[row["set"]], row["quantity"])
        there = pytest.approx(row["value"], rel=SIX_DIGITS, abs=ZERO)
        assert here == there, (row["method"], row["set"], row["quantity"])
