"""Whole builds of a small project: kernels, Jupyter Book, publication."""

from __future__ import annotations

import json

import pytest

from nissc1.cohort.release import load_release as real_load_release
from nissc1.publish.build import Means, build
from nissc1.publish.editions import Outcome, first_difference
from nissc1.publish.errors import BuildError, RequestError
from nissc1.publish.planning import Request
from nissc1.report.parameters import ParameterError

AFTER_ALL = "# ---\n# jupyter:\n#   nissc1:\n#     after: all\n# ---\n\n"
pytestmark = pytest.mark.slow


def built(mini, reporter, *settings, **options):
    return build(mini.project, Request(settings=settings, **options), reporter, Means(jobs=2))


def site_names(mini):
    return sorted(path.name for path in (mini.root / "_site").glob("*"))


def test_a_build_publishes_pages_records_and_progress(mini, quiet):
    done = built(mini, quiet)
    assert (done.edition, done.records, done.outcome) == ("2021.02", 2, Outcome.NEW)
    page = (mini.root / "_site/latest/book/index.html").read_text()
    assert "57 (71.3)" in page
    assert "Synthetic reconstruction" in page
    assert "2018-02-28" in page
    records = json.loads((done.folder / "results.json").read_text())
    assert [record["id"] for record in records] == ["first.n", "second.n"]
    assert "Notebooks 2/2" in quiet.written()
    assert "Pages 3/3" in quiet.written()


def test_a_second_build_gives_the_same_bytes(mini, quiet):
    done = built(mini, quiet)
    assert built(mini, quiet).outcome is Outcome.IDENTICAL
    assert first_difference(done.folder, mini.project.build / "2021.02" / "site") is None


def test_other_parameters_reach_the_notebooks_and_make_an_edition(mini, quiet):
    mini.notebook("first", 'print(f"cut at {cutoff!r}")')
    done = built(mini, quiet, "cutoff=2015-06-30")
    assert done.edition == "2021.02-cutoff-2015-06-30"
    page = (done.folder / "notebooks/first.html").read_text()
    assert "cut at '2015-06-30'" in page
    assert page.count("horizon_months") == 1  # one of the two parameter cells is shown
    assert "data cut-off 2015-06-30 · cutoff = 2015-06-30" in page
    assert "(cutoff = 2015-06-30)</title>" in page


def test_a_failing_notebook_is_named_with_its_cell_and_the_site_stays(mini, quiet):
    built(mini, quiet)
    mini.notebook("second", "half = 1\nhalf / 0")
    with pytest.raises(BuildError) as caught:
        built(mini, quiet, "cutoff=2015-06-30", replace=True)
    expected = "notebook second, cell 4 (half = 1): ZeroDivisionError: division by zero"
    assert expected in str(caught.value)
    assert site_names(mini) == ["2021.02", "index.html", "latest", "switcher.json"]


def test_every_failing_notebook_in_hand_is_named(mini, quiet):
    mini.notebook("first", 'raise KeyError("mrss")')
    mini.notebook("second", 'raise ValueError("no\\nvisits")')
    with pytest.raises(BuildError) as caught:
        built(mini, quiet)
    assert "notebook first, cell 4" in str(caught.value)
    assert "ValueError: no visits" in str(caught.value)


def test_a_warning_in_a_cell_stops_the_build(mini, quiet):
    mini.notebook("first", 'import warnings\nwarnings.warn("odd data")')
    with pytest.raises(BuildError, match=r"notebook first, cell 4 .*UserWarning: odd data"):
        built(mini, quiet)


def test_a_notebook_without_records_is_named(mini, quiet):
    path = mini.root / "notebooks" / "first.py"
    path.write_text(path.read_text().rsplit("# %%", 1)[0])
    with pytest.raises(BuildError, match="notebook first wrote no records"):
        built(mini, quiet)


def test_a_notebook_after_all_sees_the_records_of_the_others(mini, quiet):
    body = """
    names = sorted(path.name for path in (Path(os.environ["NISSC1_OUTPUT"]) / "earlier").iterdir())
    print(f"found {names}")
    """
    mini.notebook("first", body, header=AFTER_ALL)
    done = built(mini, quiet)
    page = (done.folder / "notebooks/first.html").read_text()
    assert "found ['second.json']" in page


def test_a_notebook_cannot_lean_on_the_working_directory(mini, quiet):
    mini.notebook("first", 'Path("_toc.yml").read_text();')
    with pytest.raises(BuildError, match=r"notebook first, cell 4 .*FileNotFoundError"):
        built(mini, quiet)


def test_the_kernel_is_that_of_the_running_interpreter(mini, quiet, monkeypatch, tmp_path):
    stray = tmp_path / "stray" / "kernels" / "nissc1"
    stray.mkdir(parents=True)
    command = {"argv": ["false"], "display_name": "x", "language": "python"}
    (stray / "kernel.json").write_text(json.dumps(command))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "stray"))
    assert built(mini, quiet).outcome is Outcome.NEW


def test_an_unknown_number_in_the_prose_stops_the_build(mini, quiet):
    mini.page("index", "# Mini\n\nOf {num}`none.n`.\n")
    with pytest.raises(BuildError, match=r"book/index.md:3: WARNING: \{num\}`none\.n`"):
        built(mini, quiet)
    assert site_names(mini) == []


def test_a_warning_in_a_notebooks_prose_names_the_cell(mini, quiet):
    path = mini.root / "notebooks" / "first.py"
    path.write_text(path.read_text() + "\n# %% [markdown]\n# Text.\n#\n# See [that](nowhere).\n")
    with pytest.raises(BuildError, match=r"notebooks/first\.py, cell 6, line \d: WARNING"):
        built(mini, quiet)


def test_a_page_on_no_table_of_contents_is_named(mini, quiet):
    mini.page("lost", "# Lost\n")
    with pytest.raises(BuildError, match=r"book/lost\.md"):
        built(mini, quiet)


def test_a_planted_script_of_a_third_party_stops_the_build(mini, quiet):
    mini.page("index", '# Mini\n\n<script src="https://cdn.example.org/a.js"></script>\n')
    with pytest.raises(BuildError, match=r"loads https://cdn\.example\.org/a\.js from a third"):
        built(mini, quiet)
    assert site_names(mini) == []


def test_a_figure_keeps_its_alternative_text(mini, quiet):
    body = """
    from IPython.display import display
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    display({"image/svg+xml": svg}, raw=True, metadata={"image/svg+xml": {"alt": "A <square>."}})
    """
    mini.notebook("first", body)
    page = (built(mini, quiet).folder / "notebooks/first.html").read_text()
    assert 'alt="A &lt;square&gt;."' in page


def test_changed_content_is_refused_unless_replacement_is_asked_for(mini, quiet):
    built(mini, quiet)
    mini.page("index", "# Mini, second\n")
    with pytest.raises(BuildError, match="--replace"):
        built(mini, quiet)
    assert built(mini, quiet, replace=True).outcome is Outcome.REPLACED


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        (("cutof=2015-06-30",), RequestError),
        (("cutoff=June",), ParameterError),
        (("conf_level=95",), ParameterError),
        (("disclosure=some",), ParameterError),
    ],
)
def test_a_faulty_request_is_refused_before_any_notebook_runs(mini, quiet, settings, fault):
    with pytest.raises(fault):
        built(mini, quiet, *settings)
    assert not quiet.written()


def test_a_release_given_twice_is_refused(mini, quiet):
    with pytest.raises(RequestError, match="given twice"):
        built(mini, quiet, "release=2021.02", release="2021.02")


def test_an_unknown_release_is_refused_before_any_notebook_runs(mini, quiet, monkeypatch, tmp_path):
    monkeypatch.setattr("nissc1.publish.planning.load_release", real_load_release)
    with pytest.raises(ValueError, match=r"1999\.01"):
        built(mini, quiet, release="1999.01", data=tmp_path)
    assert not quiet.written()


def test_an_edition_is_not_built_twice_at_once(mini, quiet):
    from nissc1.publish.build import _only_build

    with (
        _only_build(mini.project.build, "2021.02"),
        pytest.raises(BuildError, match="being built by another process"),
    ):
        built(mini, quiet)
