"""What is noted while a notebook runs."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from nissc1 import tracing
from nissc1.publish.inputs import Inputs
from nissc1.publish.store import Store
from nissc1.publish.tasks import Executed, Task
from nissc1.tracing import ABSENT, FILE, LISTING, MODULE, Dependency, digest_of


def traced(root: Path, code: str) -> dict[tuple[str, str], str]:
    """Run code in a process of its own, as the audit hook stays for good."""
    script = (
        "import json, sys\nfrom pathlib import Path\nfrom nissc1 import tracing\n"
        f"home = Path({str(root)!r})\ntracing.start(home, [home / 'passed'])\n"
        f"{textwrap.dedent(code)}\n"
        "print(json.dumps([[d.kind, d.name, d.digest] for d in tracing.finish()]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    import json

    return {(kind, name): digest for kind, name, digest in json.loads(done.stdout)}


def below(root: Path, found: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    return {key: digest for key, digest in found.items() if key[0] != MODULE}


def test_files_that_are_read_are_noted_with_their_content(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    (tmp_path / "b.csv").write_text("2")
    found = below(tmp_path, traced(tmp_path, "(home / 'a.csv').read_text(); open('b.csv').close()"))
    assert found == {(FILE, "a.csv"): digest_of("1"), (FILE, "b.csv"): digest_of("2")}


def test_files_that_were_looked_for_in_vain_are_noted_as_absent(tmp_path: Path) -> None:
    code = """
    try:
        open(home / "none.csv")
    except FileNotFoundError:
        pass
    """
    assert below(tmp_path, traced(tmp_path, code)) == {(FILE, "none.csv"): ABSENT}


def test_folders_are_noted_by_the_names_in_them(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x").write_text("1")
    found = below(tmp_path, traced(tmp_path, "list((home / 'data').glob('*'))"))
    assert found == {(LISTING, "data"): digest_of("x")}


@pytest.mark.parametrize(
    "code",
    [
        "(home / 'made.txt').write_text('x')",
        "(home / '_build' / 'x').read_text()",
        "(home / 'passed' / 'x').read_text()",
        "import os; open(os.devnull).close()",
    ],
)
def test_what_is_written_generated_passed_over_or_elsewhere_is_not_noted(
    tmp_path: Path, code: str
) -> None:
    for name in ("_build", "passed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text("1")
    assert below(tmp_path, traced(tmp_path, code)) == {}


def test_modules_of_the_package_are_noted_and_its_data_files(tmp_path: Path) -> None:
    code = "from nissc1.cohort.schema import template; template(); import csv"
    found = traced(tmp_path, code)
    names = {name for kind, name in found if kind == MODULE}
    assert {"nissc1/cohort/schema.py", "nissc1/cohort/datapackage.yml"} <= names
    assert "nissc1/report/session.py" not in names
    assert all(name.startswith("nissc1/") for name in names)


def test_every_module_that_a_notebook_imports_is_among_the_inputs(tmp_path: Path) -> None:
    found = traced(tmp_path, "import nissc1.report.session, nissc1.replay")
    inputs = Inputs(tmp_path, tmp_path)
    assert inputs.agree_with(Dependency(*key, digest) for key, digest in found.items())


@pytest.fixture
def shelf(tmp_path: Path) -> tuple[Store, Task, Executed]:
    (tmp_path / "a.csv").write_text("1")
    task = Task("first", '# %% tags=["parameters"]\nx = 1\n', {"x": 1}, {})
    depends = (Dependency(FILE, "a.csv", digest_of("1")),)
    return Store(tmp_path / "store"), task, Executed("{}", {"tables/t.csv": b"1"}, depends)


def test_a_result_is_found_while_its_inputs_are_what_they_were(
    tmp_path: Path, shelf: tuple[Store, Task, Executed]
) -> None:
    store, task, made = shelf
    assert store.keep(task, Inputs(tmp_path, tmp_path), made, 1.5)
    assert store.find(task, Inputs(tmp_path, tmp_path)) == made
    assert store.seconds(task) == 1.5
    (tmp_path / "a.csv").write_text("2")
    assert store.find(task, Inputs(tmp_path, tmp_path)) is None
    (tmp_path / "a.csv").write_text("1")
    assert store.find(task, Inputs(tmp_path, tmp_path)) == made


@pytest.mark.parametrize(
    "change",
    [
        {"parameters": {"x": 2}},
        {"source": '# %% tags=["parameters"]\nx = 2\n'},
        {"source": "# %%\nx = 1\n"},
        {"name": "second"},
    ],
)
def test_other_code_or_parameters_have_other_results(
    tmp_path: Path, shelf: tuple[Store, Task, Executed], change: dict[str, object]
) -> None:
    store, task, made = shelf
    inputs = Inputs(tmp_path, tmp_path)
    store.keep(task, inputs, made, 1)
    assert store.find(Task(**{**vars(task), **change}), inputs) is None


def test_other_packages_have_other_results(
    tmp_path: Path, shelf: tuple[Store, Task, Executed]
) -> None:
    store, task, made = shelf
    store.keep(task, Inputs(tmp_path, tmp_path), made, 1)
    (tmp_path / "requirements.lock").write_text("pandas==2.3.3\n")
    assert store.find(task, Inputs(tmp_path, tmp_path)) is None


def test_a_result_is_not_kept_if_an_input_changed_while_it_was_made(
    tmp_path: Path, shelf: tuple[Store, Task, Executed]
) -> None:
    store, task, made = shelf
    (tmp_path / "a.csv").write_text("changed meanwhile")
    assert not store.keep(task, Inputs(tmp_path, tmp_path), made, 1)
    assert store.find(task, Inputs(tmp_path, tmp_path)) is None


def test_a_result_without_dependencies_is_not_kept(
    tmp_path: Path, shelf: tuple[Store, Task, Executed]
) -> None:
    """Nobody noted what it depends on."""
    store, task, made = shelf
    assert not store.keep(task, Inputs(tmp_path, tmp_path), Executed("{}", made.files, ()), 1)


def test_a_result_that_was_cut_short_is_made_again(
    tmp_path: Path, shelf: tuple[Store, Task, Executed]
) -> None:
    store, task, made = shelf
    inputs = Inputs(tmp_path, tmp_path)
    store.keep(task, inputs, made, 1)
    (path,) = (tmp_path / "store").rglob("*.zip")
    path.write_bytes(path.read_bytes()[:60])
    assert store.find(task, inputs) is None
    assert store.keep(task, inputs, made, 1)
    assert store.find(task, inputs) == made


def test_an_unknown_kind_of_dependency_agrees_with_nothing(tmp_path: Path) -> None:
    assert not Inputs(tmp_path, tmp_path).agree_with([Dependency("smell", "x", digest_of("1"))])


def test_nothing_is_noted_without_a_trace() -> None:
    tracing.finish()  # of a report that another test opened and did not publish
    tracing.note(FILE, "x", "y")
    assert tracing.finish() == []
