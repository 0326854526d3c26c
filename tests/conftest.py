"""What several test modules share: the strict rule on skips, and a small project to build."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import shutil
import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import sync_playwright
from rich.console import Console

from nissc1.cohort.release import Release
from nissc1.publish.notebooks import find_notebooks
from nissc1.publish.progress import Reporter
from nissc1.publish.project import Project, toc_pages
from nissc1.report.records import RecordBook

ROOT = Path(__file__).parents[1]
REQUIRE_TOOLS = "NISSC1_REQUIRE_TOOLS"


def _refuse_skip(report: Any) -> None:
    """Where all tools must be present, a test that was skipped has not been run."""
    if os.environ.get(REQUIRE_TOOLS) == "1" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: {reason} ({REQUIRE_TOOLS}=1 allows no skips)"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Iterator[None]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: Any) -> Iterator[None]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own folder."""
    return ROOT


def _with_parameters(path: Path, values: dict[str, Any]) -> str:
    source = path.read_text()
    for name, value in values.items():
        source, found = re.subn(rf"^{name} = .*$", f"{name} = {value!r}", source, flags=re.M)
        assert found == 1, f"{path.name} has no parameter {name}"
    return source


def run_all_notebooks(output: Path, values: dict[str, Any] | None = None) -> RecordBook:
    """Run every notebook in this process, in the order of a build, and read the records."""
    project = Project(ROOT)
    notebooks = find_notebooks(project, toc_pages(project))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NISSC1_DATA", raising=False)
        patch.setenv("NISSC1_OUTPUT", str(output))
        for notebook in sorted(notebooks, key=lambda notebook: notebook.after_all):
            if notebook.after_all and not (output / "earlier").exists():
                shutil.copytree(output / "records", output / "earlier")
            source = _with_parameters(notebook.source, values or {})
            code = compile(source, str(notebook.source), "exec")
            exec(code, {"__name__": notebook.name})
    return RecordBook.read(output / "records")


@pytest.fixture(scope="session")
def run_notebooks() -> Callable[..., RecordBook]:
    """Runner of all notebooks: takes a folder for the output, and parameters."""
    return run_all_notebooks


@pytest.fixture(scope="session")
def edition_records(tmp_path_factory: pytest.TempPathFactory) -> RecordBook:
    """The records of every notebook, run on the committed release with default parameters."""
    return run_all_notebooks(tmp_path_factory.mktemp("edition"))


CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
CHROMIUM_OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium of the machine, driven by Playwright."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: install your system's chromium package")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield started
        started.close()


class Visit:
    """A page in a browser, and what it complained of."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda fault: self.complaints.append(f"script: {fault}"))
        self.page.on("requestfailed", lambda request: self.complaints.append(request.url))
        self.page.on("console", self._listen)

    def _listen(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Visit]]:
    """Opener of a page of its own, which takes Playwright's options of a context."""
    visits: list[Visit] = []

    def opened(**options: Any) -> Visit:
        visits.append(Visit(browser, **options))
        return visits[-1]

    yield opened
    for each in visits:
        each.context.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Server of folders, to this machine only; returns the address."""
    servers = []

    def started(folder: Path) -> str:
        handler = partial(QuietHandler, directory=str(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """Keep the test's output for the test."""


def record(identity: str, notebook: str, **changes: Any) -> dict[str, Any]:
    """A results record as a notebook writes it."""
    fields = {
        "id": identity,
        "label": f"Label of {identity}",
        "statistic": "proportion",
        "estimate": 71.25,
        "lower": None,
        "upper": None,
        "n": 80,
        "events": 57,
        "denominator": 80,
        "unit": "%",
        "text": "57 (71.3)",
        "notebook": notebook,
        "release": "2021.02",
    }
    return {**fields, **changes}


def notebook_source(
    name: str, body: str, header: str = "", records: list[Any] | None = None
) -> str:
    """A notebook that runs `body` and then writes records and dependencies, as reports do."""
    written = [record(f"{name.replace('-', '_')}.n", name)] if records is None else records
    literal = json.dumps(json.dumps(written))
    publish = f"""
        made = {{"records": {literal}}}
        made["dependencies"] = json.dumps([[d.kind, d.name, d.digest] for d in tracing.finish()])
        for kind, text in made.items():
            folder = Path(os.environ["NISSC1_OUTPUT"]) / kind
            folder.mkdir(parents=True, exist_ok=True)
            _ = (folder / "{name}.json").write_text(text)
    """
    cells = [
        f"# %% [markdown]\n# # Chapter {name}",
        '# %% tags=["parameters"]\nrelease = "2021.02"\ncutoff = None\nhorizon_months = 24\n'
        'population = None\nconf_level = 0.95\ndisclosure = "none"',
        "# %%\nimport json\nimport os\nfrom pathlib import Path\nfrom nissc1 import tracing\n"
        'home = Path(os.environ["NISSC1_HOME"])\ntracing.start(home)',
        f"# %%\n{textwrap.dedent(body).strip()}",
        f"# %%\n{textwrap.dedent(publish).strip()}",
    ]
    return header + "\n\n".join(cells) + "\n"


INDEX = "# Mini\n\nOf {num}`first.n:n` patients {num}`first.n`, cut-off {edition}`cutoff`; $x^2$.\n"


class MiniProject:
    """A project of two notebooks and one page, to be changed by a test."""

    def __init__(self, root: Path) -> None:
        self.project = Project(root)
        self.root = root
        (root / "book" / "_static").mkdir(parents=True)
        (root / "notebooks").mkdir()
        # The project's own configuration, so that what is tested is what readers get.
        shutil.copy(ROOT / "_config.yml", root)
        shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static", dirs_exist_ok=True)
        (root / "book" / "references.bib").write_text("")
        (root / "book" / "index.md").write_text(INDEX)
        (root / "book" / "_static" / "mini.css").write_text("p {color: black}\n")
        self.notebook("first", "1 + 1;")
        self.notebook("second", "2 + 2;")
        self.toc("notebooks/first", "notebooks/second")

    def toc(self, *pages: str) -> None:
        chapters = "".join(f"  - file: {page}\n" for page in pages)
        (self.root / "_toc.yml").write_text(
            f"format: jb-book\nroot: book/index\nchapters:\n{chapters}"
        )

    def notebook(self, name: str, body: str, **changes: Any) -> Path:
        path = self.root / "notebooks" / f"{name}.py"
        path.write_text(notebook_source(name, body, **changes))
        return path

    def page(self, name: str, text: str) -> None:
        (self.root / "book" / f"{name}.md").write_text(text)


class FakeCohort:
    """What a build asks of a cohort, without data."""

    def __init__(self, release: str) -> None:
        self.visits = pd.DataFrame({"month": []})
        self.release = Release(
            id=release,
            folder=Path(release),
            data_cutoff=dt.date(2018, 2, 28),
            synthetic=True,
            disclosure="none",
            title="Mini release",
        )

    def select(self, population: str) -> FakeCohort:
        return self

    def censored_at(self, cutoff: dt.date) -> FakeCohort:
        return self


@pytest.fixture(scope="session")
def make_mini() -> Callable[[Path], MiniProject]:
    """Maker of small projects in a folder, which must exist."""
    return MiniProject


@pytest.fixture(scope="session")
def fake_release() -> Callable[..., FakeCohort]:
    """Stand-in for `open_release` and `load_release`."""
    return lambda release, data=None: FakeCohort(release)


@pytest.fixture
def mini(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_release: Callable[..., FakeCohort]
) -> MiniProject:
    """A small project, whose release needs no data."""
    for name in ("report.parameters.open_release", "publish.planning.load_release"):
        monkeypatch.setattr(f"nissc1.{name}", fake_release)
    monkeypatch.delenv("NISSC1_DATA", raising=False)
    home = tmp_path / "mini"
    home.mkdir()
    return MiniProject(home)


@pytest.fixture
def make_record() -> Callable[..., dict[str, Any]]:
    """Maker of results records."""
    return record


def quiet_reporter() -> Any:
    """A reporter whose console writes to a string."""
    console = Console(file=io.StringIO(), width=200)
    reporter = Reporter(console)
    reporter.written = console.file.getvalue  # type: ignore[attr-defined]
    return reporter


@pytest.fixture
def quiet() -> Any:
    """A reporter whose console writes to a string."""
    return quiet_reporter()


@pytest.fixture(scope="session")
def silent() -> Any:
    """A reporter for builds that many tests share."""
    return quiet_reporter()
