"""Two editions compared from the command line: the data in counts, and each figure."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nissc1 import cli
from nissc1.cohort.registration import add
from nissc1.publish import facts

RELEASES = Path(__file__).parent / "fixtures" / "releases"
DEFAULTS = {
    "cutoff": None,
    "horizon_months": None,
    "population": None,
    "conf_level": 0.95,
    "disclosure": "none",
}


@pytest.fixture
def diff():
    runner = CliRunner()
    return lambda *arguments: runner.invoke(cli.app, ["diff", *map(str, arguments)])


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Releases 2020.01 and 2020.06, in which one patient died later; nothing is built."""
    data = shutil.copytree(RELEASES, tmp_path / "releases")
    incoming = tmp_path / "incoming"
    shutil.copytree(RELEASES / "2020.01", incoming)
    (incoming / "datapackage.json").unlink()
    outcomes = (incoming / "outcomes.csv").read_text().splitlines()
    header = outcomes[0].split(",")
    survivor = next(i for i, line in enumerate(outcomes) if ",alive," in line)
    cells = outcomes[survivor].split(",")
    cells[header.index("last_contact_day")] = "2000"  # after the earlier cut-off, 2018-06-30
    cells[header.index("vital_status")] = "dead"
    cells[header.index("cause_of_death")] = "other"
    outcomes[survivor] = ",".join(cells)
    (incoming / "outcomes.csv").write_text("\n".join(outcomes) + "\n")
    identity = "data_cutoff: 2019-12-31\nsynthetic: true\ndisclosure: none\ntitle: Later\n"
    (incoming / "release.yml").write_text(identity)
    add(incoming, "2020.06", data=data)
    for name in ("_config.yml", "_toc.yml"):
        (tmp_path / name).write_text("title: x\n")
    monkeypatch.setenv("NISSC1_HOME", str(tmp_path))
    monkeypatch.setenv("NISSC1_DATA", str(data))
    (tmp_path / "notebooks").mkdir()
    return tmp_path


@pytest.fixture
def built(project, make_record):
    """Both editions, with one figure that moved out of its interval."""
    for release, estimate in (("2020.01", 81.8), ("2020.06", 60.0)):
        folder = project / "_site" / release
        folder.mkdir(parents=True)
        limits = {"lower": 73.1, "upper": 90.5, "statistic": "survival", "label": "PFS [b]x[/b]"}
        text = f"{estimate} (73.1–90.5)"
        figure = make_record("pfs.24m", "figure-1", estimate=estimate, text=text, **limits)
        limit = {"2020.01": "0.1", "2020.06": "0.05"}[release]
        rule = make_record(
            "plan.prognosis.rule",
            "analysis-plan",
            **dict.fromkeys(("estimate", "n", "events", "denominator")),
            statistic="text",
            label="Prognostic factors: Choice of factors",
            text=f"P below {limit}.",
        )
        (folder / "results.json").write_text(json.dumps([figure, rule]))
        names = dict.fromkeys(facts.Facts.__dataclass_fields__, "none")
        names |= {"edition": release, "release": release, "pages": []}
        names |= {"values": {"release": release} | DEFAULTS}
        facts.write(facts.Facts(**names), folder)
    return project


def test_data_and_figures_are_shown(diff, built):
    result = diff("2020.01", "2020.06")
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["Death", "2", "3", "0", "1", "0", "0"] in lines
    assert "outside its former interval" in result.stdout
    assert "PFS [b]x[/b], %" in result.stdout  # no markup of data is obeyed
    assert "−21.8" in result.stdout


def test_a_change_of_plan_is_shown_beside_the_figures(diff, built):
    shown = " ".join(diff("2020.01", "2020.06").stdout.partition("Analysis plan")[2].split())
    assert "P below 0.1. P below 0.05." in shown
    found = json.loads(diff("2020.01", "2020.06", "--format", "json").stdout)
    assert [row["After"] for row in found["plan"]] == ["P below 0.05."]
    assert [row["id"] for row in found["figures"]] == ["pfs.24m"]


def test_a_program_reads_the_same_as_json(diff, built):
    found = json.loads(diff("2020.01", "2020.06", "--format", "json").stdout)
    deaths = next(row for row in found["events"] if row["name"] == "death")
    assert (deaths["before"], deaths["after"], deaths["since"]) == (2, 3, 1)
    assert found["figures"][0]["outcome"] == "changed"
    assert found["unbuilt"] == []


def test_of_releases_that_are_not_built_the_data_are_compared_and_the_exit_code_says_so(
    diff, project
):
    result = diff("2020.01", "2020.06")
    assert result.exit_code == 1
    assert "Death" in result.stdout
    assert "run: nissc1 build 2020.06" in result.stderr


def test_an_unknown_name_lists_what_there_is(diff, built):
    result = diff("2020.01", "2099.01")
    assert result.exit_code == 1
    assert "2099.01 is neither an edition nor a release" in result.stderr
    assert "editions: 2020.01, 2020.06" in result.stderr


def test_withheld_counts_are_not_disclosed_by_a_difference(diff, built):
    path = built / "_site" / "2020.06" / "edition.json"
    known = json.loads(path.read_text())
    known["values"]["disclosure"] = "small-counts"
    path.write_text(json.dumps(known))
    result = diff("2020.01", "2020.06")
    assert result.exit_code == 1
    assert "withholds small counts" in result.stderr
    assert "Death" not in result.stdout
