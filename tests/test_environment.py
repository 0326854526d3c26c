"""One environment, described three times: pyproject.toml, environment.yml, requirements.lock."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

# conda-forge splits what the registry ships whole, or writes the name another way.
CONDA_NAMES = {"matplotlib-base": "matplotlib", "seaborn-base": "seaborn"}
CONDA_ONLY = {"python", "pip"}


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def direct(project):
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return {canonicalize_name(each.name): each for each in map(Requirement, lines)}


@pytest.fixture(scope="module")
def conda(root):
    return yaml.safe_load((root / "environment.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def lock(root):
    return (root / "requirements.lock").read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def pins(lock):
    return {canonicalize_name(name): Version(pin) for name, pin in (x.split("==") for x in lock)}


def test_the_lock_pins_every_line_exactly_and_names_no_address(lock):
    assert [line for line in lock if not re.fullmatch(r"[a-z0-9.-]+==[0-9a-z.]+", line)] == []


def test_the_lock_pins_each_package_once(lock, pins):
    assert len(pins) == len(lock)


def test_every_direct_dependency_is_pinned_within_its_bounds(direct, pins):
    assert direct.keys() <= pins.keys()
    outside = [str(each) for name, each in direct.items() if pins[name] not in each.specifier]
    assert outside == []


def test_lifelines_is_not_traded_for_an_older_one(direct, pins):
    assert pins["lifelines"] >= Version("0.30.3")
    assert not direct["lifelines"].specifier.contains("0.30.2")
    assert pins["pandas"] < Version("3")
    assert not direct["pandas"].specifier.contains("3.0.0")


def test_the_book_stays_with_jupyter_book_1(direct, pins):
    assert pins["jupyter-book"] < Version("2")
    assert not direct["jupyter-book"].specifier.contains("2.0.0")


def test_conda_users_get_the_same_dependencies_with_the_same_bounds(direct, conda):
    described = {}
    for line in conda["dependencies"]:
        requirement = Requirement(line)
        name = CONDA_NAMES.get(requirement.name, canonicalize_name(requirement.name))
        if name not in CONDA_ONLY:
            described[name] = requirement.specifier
    assert described == {name: each.specifier for name, each in direct.items()}


def test_conda_users_get_the_same_python(project, conda):
    assert f"python{project['requires-python']}" in conda["dependencies"]
    assert conda["channels"] == ["conda-forge"]


def test_the_installed_environment_is_that_of_the_lock(pins):
    from importlib.metadata import PackageNotFoundError, version

    if sys.prefix == sys.base_prefix:
        pytest.fail("run the tests in the project's environment: make test")
    installed = {}
    for name in ("lifelines", "pandas", "jupyter-book", "papermill", "scipy"):
        try:
            installed[name] = Version(version(name))
        except PackageNotFoundError:
            installed[name] = None
    assert installed == {name: pins[name] for name in installed}


def imported(folders):
    names = set()
    for folder in folders:
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"nissc1", "__future__"}


def test_what_the_package_and_the_notebooks_import_is_declared(root, project):
    lines = [*project["dependencies"], *project["optional-dependencies"]["cluster"]]
    declared = {canonicalize_name(Requirement(x).name) for x in lines}
    provided = packages_distributions()
    missing = [
        name
        for name in sorted(imported([root / "src", root / "notebooks"]))
        if not {canonicalize_name(each) for each in provided.get(name, ())} & declared
    ]
    assert missing == []


@pytest.mark.parametrize("command", ["make book", "make test"])
def test_the_readme_tells_the_two_commands(root, command):
    assert command in (root / "README.md").read_text("utf-8")
    target = command.removeprefix("make ")
    assert f"\n{target}: $(STAMP)" in (root / "Makefile").read_text("utf-8")


def test_ci_runs_what_the_readme_tells(root):
    script = (root / ".ci" / "run").read_text("utf-8")
    assert "make test" in script
    assert "make book" in script
    assert "NISSC1_REQUIRE_TOOLS=1" in script
    assert ".ci/run" in (root / ".github" / "workflows" / "ci.yml").read_text("utf-8")


def test_versions_agree(root, project):
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    assert str(citation["version"]) == project["version"]
    assert f"## [{project['version']}]" in (root / "CHANGELOG.md").read_text("utf-8")
