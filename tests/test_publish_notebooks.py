"""Finding and reading notebooks and pages."""

from __future__ import annotations

import pytest

from nissc1.publish.errors import BuildError
from nissc1.publish.notebooks import find_notebooks, load, read_notebook
from nissc1.publish.project import commit_of, find_project, toc_pages

AFTER_ALL = "# ---\n# jupyter:\n#   nissc1:\n#     after: all\n# ---\n\n"


def test_notebooks_come_in_reading_order(mini):
    mini.toc("notebooks/second", "notebooks/first")
    found = find_notebooks(mini.project, toc_pages(mini.project))
    assert [notebook.name for notebook in found] == ["second", "first"]
    assert found[0].page == "notebooks/second"


def test_a_notebook_on_no_page_is_named(mini):
    mini.notebook("third", "3;")
    with pytest.raises(BuildError, match=r"notebooks/third\.py: add it"):
        find_notebooks(mini.project, toc_pages(mini.project))


def test_a_page_without_source_is_named(mini):
    mini.toc("notebooks/first", "notebooks/second", "notebooks/none")
    with pytest.raises(BuildError, match="notebooks/none"):
        toc_pages(mini.project)


def test_a_page_named_twice_is_refused(mini):
    mini.toc("notebooks/first", "notebooks/second", "notebooks/first")
    with pytest.raises(BuildError, match="notebooks/first more than once"):
        toc_pages(mini.project)


def test_pages_of_all_parts_are_found_in_order(mini):
    (mini.root / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nparts:\n"
        "- caption: A\n  chapters:\n  - file: notebooks/second\n"
        "- caption: B\n  chapters:\n  - file: notebooks/first\n"
    )
    assert toc_pages(mini.project) == ["book/index", "notebooks/second", "notebooks/first"]


def test_the_header_puts_a_notebook_after_all_others(mini):
    path = mini.notebook("second", "2;", header=AFTER_ALL)
    assert read_notebook(path).after_all
    assert not read_notebook(mini.root / "notebooks" / "first.py").after_all


def test_another_word_in_the_header_is_refused(mini):
    path = mini.notebook("second", "2;", header=AFTER_ALL.replace("all", "first"))
    with pytest.raises(BuildError, match="'first'; allowed: all"):
        read_notebook(path)


def receiving(names):
    return f"# ---\n# jupyter:\n#   nissc1:\n#     receives: {names}\n# ---\n\n"


def test_a_notebook_gets_the_parameters_that_its_header_asks_for(mini):
    values = {"release": "2026.02", "conf_level": 0.9, "disclosure": "none"}
    all_of_them = read_notebook(mini.root / "notebooks" / "first.py")
    assert all_of_them.parameters(values) == values
    few = read_notebook(mini.notebook("second", "2;", header=receiving("[release]")))
    assert few.parameters(values) == {"release": "2026.02"}
    assert few.parameters({**values, "release": "2021.02"}) is None


@pytest.mark.parametrize("names", ["[release, cut]", "[conf_level]", "release"])
def test_a_header_that_asks_for_what_there_is_not_is_refused(mini, names):
    path = mini.notebook("second", "2;", header=receiving(names))
    with pytest.raises(BuildError, match=r"nissc1\.receives .* a list with release and any of"):
        read_notebook(path)


def test_a_notebook_without_parameters_cell_is_refused(mini):
    path = mini.root / "notebooks" / "first.py"
    path.write_text("# %%\nrelease = 1\n")
    with pytest.raises(BuildError, match="notebook first has 0 cells tagged parameters"):
        read_notebook(path)


def test_a_syntax_error_among_the_parameters_names_the_notebook(mini):
    path = mini.root / "notebooks" / "first.py"
    path.write_text('# %% tags=["parameters"]\nrelease = (\n')
    with pytest.raises(BuildError, match="notebook first, cell tagged parameters"):
        read_notebook(path)


def test_cells_have_the_same_ids_each_time(mini):
    path = mini.root / "notebooks" / "first.py"
    assert [cell.id for cell in load(path).cells] == [f"cell-{n}" for n in range(1, 6)]


def test_the_project_is_found_from_a_folder_below(mini):
    assert find_project(mini.root / "book").root == mini.root.resolve()


def test_outside_a_project_the_error_says_what_to_do(tmp_path):
    with pytest.raises(BuildError, match="NISSC1_HOME"):
        find_project(tmp_path)


def test_outside_a_clone_the_commit_is_unknown(mini, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(mini.root.parent))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    commit = commit_of(mini.project)
    assert (commit.id, commit.epoch, commit.date) == ("unknown", 0, "unknown")
