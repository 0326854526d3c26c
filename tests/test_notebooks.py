"""The notebooks: thin, alike, and together in agreement with print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jupytext
import pandas as pd
import pytest
import yaml

from nissc1.report.agreement import compare
from nissc1.report.published import load_contradictions, load_published
from nissc1.report.records import RecordBook

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
PARAMETERS = [
    'release = "2021.02"',
    "cutoff = None",
    "horizon_months = None",
    "population = None",
    "conf_level = 0.95",
    'disclosure = "none"',
]
#: Figures of models and tests, which the margins of the cohort do not determine.
MODELLED = ("hazard_ratio", "p_value")


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in jupytext.read(path).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_the_same_parameters_as_the_others(path: Path) -> None:
    tagged = [c for c in code_cells(path) if "parameters" in c.metadata.get("tags", [])]
    assert [cell.source.splitlines() for cell in tagged] == [PARAMETERS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_loads_calls_and_shows(path: Path) -> None:
    source = "\n".join(cell.source for cell in code_cells(path))
    lines = source.splitlines()
    assert not [line for line in lines if line.lstrip().startswith(("def ", "class ", "%", "!"))]
    assert "Path(" not in source
    assert lines[-1] == "report.publish()"
    assert f'notebook="{path.stem}"' in source


def test_every_notebook_is_a_chapter() -> None:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    chapters = {c["file"] for part in toc["parts"] for c in part["chapters"]}
    assert {f"notebooks/{path.stem}" for path in NOTEBOOKS} <= chapters


@pytest.fixture(scope="module")
def compared(edition_records: RecordBook) -> pd.DataFrame:
    """Every notebook run on the committed release, and its records set beside print."""
    published = load_published()
    verdicts = compare(published, edition_records, load_contradictions())
    return verdicts.assign(statistic=published["statistic"], record=published["record"])


def test_every_printed_figure_is_computed(compared: pd.DataFrame) -> None:
    assert compared.loc[compared["verdict"] == "not computed", "id"].tolist() == []


def test_tables_1_to_4_agree_or_contradict_themselves(compared: pd.DataFrame) -> None:
    tables = compared[compared["where"].isin(["table1", "table2", "table3", "table4"])]
    assert len(tables) == 266
    assert tables.loc[tables["verdict"] == "differs", "id"].tolist() == []


@pytest.mark.parametrize("outcome", ["os", "pfs", "nrm", "progression"])
def test_every_printed_rate_agrees_with_its_limits(compared: pd.DataFrame, outcome: str) -> None:
    rates = compared[compared["record"].str.fullmatch(rf"{outcome}\.\d+[md]")]
    assert len(rates) >= 3
    assert rates.loc[rates["verdict"] != "agrees", "id"].tolist() == []


def test_only_models_and_tests_may_differ_from_print(compared: pd.DataFrame) -> None:
    apart = compared[(compared["verdict"] == "differs") & ~compared["statistic"].isin(MODELLED)]
    assert apart["id"].tolist() == []
