"""The command line: what it prints and how it ends."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from nissc1 import __version__, cli
from nissc1.publish import facts
from nissc1.publish.build import Built, Means
from nissc1.publish.editions import Outcome
from nissc1.publish.errors import BuildError
from nissc1.publish.execution import Tally

RELEASE = "data/releases/2021.02"


@pytest.fixture
def run():
    runner = CliRunner()
    return lambda *arguments: runner.invoke(cli.app, [str(each) for each in arguments])


@pytest.fixture
def published(tmp_path, monkeypatch, make_record):
    """A project with one edition of one record."""
    folder = tmp_path / "_site" / "2021.02"
    folder.mkdir(parents=True)
    for name in ("_config.yml", "_toc.yml"):
        (tmp_path / name).write_text("title: x\n")
    records = [make_record("pfs.24m", "figure-1", label="PFS [b]at 2 years[/b]")]
    (folder / "results.json").write_text(json.dumps(records))
    facts.write(facts.Facts(**dict.fromkeys(facts.Facts.__dataclass_fields__, "2021.02")), folder)
    (tmp_path / "_site" / "index.html").write_text("<p>home</p>")
    monkeypatch.setenv("NISSC1_HOME", str(tmp_path))
    return tmp_path


def test_the_version_is_shown(run):
    result = run("--version")
    assert (result.exit_code, result.output) == (0, f"nissc1 {__version__}\n")


def test_help_lists_the_commands_without_loading_the_heavy_libraries():
    code = (
        "import sys; from nissc1 import cli\n"
        "try: cli.app(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'matplotlib', 'papermill', 'sphinx', 'scipy'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for command in ("check", "add", "build", "results", "reconstruct", "simulate", "serve"):
        assert command in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("check",),
        ("results",),
        ("build", "--jobs", "0"),
        ("check", ".", "--format", "xml"),
        ("check", ".", "--accept", "baseline=x"),
        ("check", ".", "--accept", "baseline-changed"),
        ("add", "."),
        ("add", ".", "--as", "February"),
        ("serve", "--port", "99999"),
    ],
)
def test_misuse_ends_with_2(run, arguments):
    assert run(*arguments).exit_code == 2


def test_a_sound_release_has_no_faults(run, root):
    result = run("check", root / RELEASE)
    assert (result.exit_code, result.output) == (0, "2021.02: no faults\n")


def test_a_fault_is_a_line_with_file_row_and_column(run, root, tmp_path):
    folder = tmp_path / "2021.02"
    shutil.copytree(root / RELEASE, folder)
    patients = folder / "patients.csv"
    lines = patients.read_text("utf-8").splitlines()
    place = lines[0].split(",").index("sex")
    cells = lines[1].split(",")
    cells[place] = "unclear"
    patients.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    result = run("check", folder)
    assert result.exit_code == 1
    assert "patients.csv, row 2, column sex, value 'unclear'" in result.output.replace('"', "'")
    faults = json.loads(run("check", folder, "--format", "json").stdout)
    assert {"file": "patients.csv", "row": 2, "column": "sex"}.items() <= next(
        fault for fault in faults if fault["column"] == "sex"
    ).items()


def test_a_folder_that_is_absent_is_a_fault_not_a_traceback(run, tmp_path):
    result = run("check", tmp_path / "none")
    assert result.exit_code == 1
    assert "There is no such folder" in result.output


@pytest.fixture
def incoming(root, tmp_path):
    """An export with one patient weighed anew, and a folder of releases beside it."""
    sound = root / "tests" / "fixtures" / "releases"
    shutil.copytree(sound, tmp_path / "releases")
    folder = tmp_path / "incoming"
    shutil.copytree(sound / "2020.01", folder)
    (folder / "datapackage.json").unlink()
    patients = folder / "patients.csv"
    patients.write_text(patients.read_text("utf-8").replace("170,72,", "170,71,", 1), "utf-8")
    return folder


def test_an_export_is_compared_and_its_warnings_accepted_by_name(run, incoming):
    arguments = ["check", incoming, "--against", "2020.01", "--cutoff", "2018-12-31"]
    arguments += ["--data", incoming.parent / "releases"]
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert "patients.csv, row 2, column weight_kg, value '71'" in refused.stdout
    assert refused.stderr == "incoming: 1 fault\n"
    reason = "baseline-changed=weighed again"
    accepted = run(*arguments, "--accept", reason, "--accept", "visit-lost=none")
    assert accepted.exit_code == 0
    assert "[baseline-changed, warning accepted: weighed again]" in accepted.stdout
    assert accepted.stdout.endswith("incoming: no faults, 1 accepted warning\n")
    assert "--accept visit-lost: nothing of this rule was found" in accepted.stderr
    faults = json.loads(run(*arguments, "--accept", reason, "--format", "json").stdout)
    (warning,) = [fault for fault in faults if fault["severity"] == "warning"]
    assert (warning["rule"], warning["accepted"]) == ("baseline-changed", "weighed again")


def test_an_export_without_a_cut_off_is_told_so(run, incoming):
    result = run("check", incoming)
    assert result.exit_code == 1
    assert "Nothing says data_cutoff" in result.stdout
    assert "--cutoff" in result.stdout


def test_a_release_to_compare_with_that_is_absent_ends_with_1(run, incoming):
    result = run("check", incoming, "--against", "1999.01", "--data", incoming.parent / "releases")
    assert result.exit_code == 1
    assert "Releases present there: 2020.01." in result.stderr


def test_a_mapping_for_a_release_is_a_misuse(run, root, tmp_path):
    result = run("check", root / RELEASE, "--mapping", tmp_path / "mapping.yml")
    assert result.exit_code == 2
    assert "leave out --mapping" in result.stderr


def test_the_rules_of_the_comparison_are_listed(run):
    from nissc1.cohort.comparison_rules import COMPARISON_RULES

    lines = run("check", "--rules").stdout.splitlines()
    assert [line.split()[:2] for line in lines[:-1]] == [
        [rule.rule, rule.severity] for rule in COMPARISON_RULES
    ]
    listed = json.loads(run("check", "--rules", "--format", "json").stdout)
    assert listed[0]["meaning"] == COMPARISON_RULES[0].meaning


def add_arguments(incoming):
    identity = ["--cutoff", "2018-12-31", "--title", "Newer", "--synthetic", "--disclosure", "none"]
    return ["add", incoming, "--as", "2020.06", "--data", incoming.parent / "releases", *identity]


def test_an_export_is_added_once_its_warnings_are_accepted(run, incoming):
    refused = run(*add_arguments(incoming))
    assert refused.exit_code == 1
    assert "[baseline-changed, warning]" in refused.stdout
    assert "incoming is not registered: 1 fault to mend or accept." in refused.stderr
    assert not (incoming.parent / "releases" / "2020.06").exists()
    reason = "baseline-changed=weighed again"
    added = run(*add_arguments(incoming), "--accept", reason, "--notes", "by post")
    assert added.exit_code == 0, added.output
    folder = incoming.parent / "releases" / "2020.06"
    assert added.stdout.splitlines()[-1] == str(folder)
    assert "Release 2020.06 is registered, compared with 2020.01." in added.stderr
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert descriptor["accepted"][0]["reason"] == "weighed again"
    assert run("check", folder).output == "2020.06: no faults\n"
    again = run(*add_arguments(incoming), "--accept", reason)
    assert again.exit_code == 1
    assert "never overwritten" in again.stderr


def test_a_release_that_was_edited_by_hand_is_refused_at_build_by_file(
    run, root, tmp_path, monkeypatch
):
    monkeypatch.setenv("NISSC1_HOME", str(root))
    releases = tmp_path / "releases"
    shutil.copytree(root / RELEASE, releases / "2021.02")
    path = releases / "2021.02" / "outcomes.csv"
    registered = path.read_bytes()
    path.write_bytes(registered + b"\n")
    result = run("build", "2021.02", "--data", releases)
    assert result.exit_code == 1
    assert "outcomes.csv is not the file that was registered" in result.stderr
    assert "Traceback" not in result.output
    path.write_bytes(registered)
    (releases / "2021.02" / "corrections.yml").write_text("[]\n", "utf-8")
    result = run("build", "2021.02", "--data", releases)
    assert result.exit_code == 1
    assert "corrections.yml" in result.stderr


def test_results_are_shown_as_a_table(run, published):
    result = run("results", "2021.02")
    assert result.exit_code == 0
    assert "pfs.24m" in result.output
    assert "57 (71.3)" in result.output
    assert "PFS [b]at 2 years[/b]" in result.output


def test_results_are_printed_as_csv_and_json(run, published):
    text = run("results", "2021.02", "--format", "csv").stdout
    assert text.splitlines()[0] == (
        "id,label,statistic,estimate,lower,upper,n,events,denominator,unit,text,notebook,release"
    )
    assert json.loads(run("results", "2021.02", "--format", "json").stdout)[0]["id"] == "pfs.24m"


def test_results_of_an_edition_that_is_not_built_say_how(run, published):
    result = run("results", "2026.02")
    assert result.exit_code == 1
    assert "run: nissc1 build 2026.02" in result.output
    assert "built: 2021.02" in result.output
    assert "Traceback" not in result.output


def test_build_prints_the_path_of_the_latest_page(run, published, monkeypatch):
    folder = published / "_site" / "2021.02"
    (published / "_site" / "latest").symlink_to("2021.02")
    requests = []

    def build(project, request, reporter, means):
        requests.append((request, means))
        return Built("2021.02", folder, 7, Outcome.NEW, Tally(("cohort",), ("table-1", "table-2")))

    monkeypatch.setattr("nissc1.publish.build.build", build)
    result = run("build", "2021.02", "--set", "cutoff=2015-06-30", "--jobs", "3", "--replace")
    assert result.exit_code == 0
    assert result.stdout == f"{published / '_site' / 'latest' / 'index.html'}\n"
    assert "Edition 2021.02: published, 7 results records; 1 notebooks" in result.stderr
    assert "2 reused" in result.stderr
    ((request, means),) = requests
    assert (request.release, request.settings) == ("2021.02", ("cutoff=2015-06-30",))
    assert (means, request.replace) == (Means(jobs=3, force=False), True)


def test_a_failed_build_ends_with_1_and_names_each_fault(run, published, monkeypatch):
    def build(project, request, reporter, means):
        raise BuildError("2 notebooks failed", ["notebook a, cell 1", "notebook b, cell [2]"])

    monkeypatch.setattr("nissc1.publish.build.build", build)
    result = run("build")
    assert result.exit_code == 1
    assert result.stderr == (
        "nissc1: 2 notebooks failed\n  notebook a, cell 1\n  notebook b, cell [2]\n"
    )


def test_an_unknown_parameter_ends_with_2(run, root, monkeypatch):
    monkeypatch.setenv("NISSC1_HOME", str(root))
    result = run("build", "--set", "cutof=2015-06-30")
    assert result.exit_code == 2
    assert "unknown parameter 'cutof'; the notebooks have release, cutoff" in result.stderr


def test_an_unknown_release_ends_with_1(run, root, monkeypatch):
    monkeypatch.setenv("NISSC1_HOME", str(root))
    result = run("build", "1999.01")
    assert result.exit_code == 1
    assert "1999.01" in result.stderr
    assert "Traceback" not in result.output


def test_outside_a_project_build_says_what_to_do(run, tmp_path, monkeypatch):
    monkeypatch.setenv("NISSC1_HOME", str(tmp_path))
    result = run("build")
    assert result.exit_code == 1
    assert "set NISSC1_HOME" in result.stderr


def test_an_unforeseen_fault_ends_with_1_and_no_traceback(monkeypatch, capsys):
    def broken():
        raise RuntimeError("boiler")

    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.delenv("NISSC1_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 1
    shown = capsys.readouterr().err
    assert "RuntimeError: boiler" in shown
    assert "NISSC1_TRACEBACK=1" in shown


def test_another_seed_does_not_overwrite_the_committed_release(run, published):
    result = run("reconstruct", "--seed", "3")
    assert result.exit_code == 1
    assert "add --out DIR" in result.stderr


def test_nothing_is_served_before_a_build(run, tmp_path, monkeypatch):
    for name in ("_config.yml", "_toc.yml"):
        (tmp_path / name).write_text("title: x\n")
    monkeypatch.setenv("NISSC1_HOME", str(tmp_path))
    result = run("serve")
    assert result.exit_code == 1
    assert "run: nissc1 build" in result.stderr


def test_the_site_is_served_to_this_machine_only(published):
    environment = {**os.environ, "NISSC1_HOME": str(published), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "nissc1.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            address = server.stdout.readline()
            assert address.startswith("http://127.0.0.1:")
            port = int(address.split("/")[2].split(":")[1])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/index.html")
            assert connection.getresponse().read() == b"<p>home</p>"
            connection.close()
        finally:
            server.terminate()
            deadline = time.monotonic() + 10
            while server.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)


def test_an_ensemble_takes_the_first_seeds(run, tmp_path, monkeypatch):
    asked = {}

    def written(name):
        return lambda folder, *, seeds, progress: asked.update({name: (folder, list(seeds))})

    monkeypatch.setattr("nissc1.ensemble.write_ensemble", written("figures"))
    monkeypatch.setattr("nissc1.publish.record_spread.write_record_spread", written("records"))
    result = run("reconstruct", "--ensemble", "3", "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert asked == {"figures": (tmp_path, [1, 2, 3]), "records": (tmp_path, [1, 2, 3])}


def test_an_ensemble_of_one_seed_is_refused(run):
    result = run("reconstruct", "--ensemble", "3", "--seed", "7")
    assert result.exit_code == 1
    assert "leave --seed out" in result.output
