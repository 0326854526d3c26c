"""What a build does again, and what it reuses: by content, never by time."""

from __future__ import annotations

import os
import re

import pytest

from nissc1.publish import workers
from nissc1.publish.build import Means, build
from nissc1.publish.editions import Outcome, first_difference
from nissc1.publish.errors import BuildError
from nissc1.publish.planning import Request

AFTER_ALL = "# ---\n# jupyter:\n#   nissc1:\n#     after: all\n# ---\n\n"
pytestmark = pytest.mark.slow


def built(mini, reporter, *, force=False, **options):
    request = Request(replace=True, **options)
    return build(mini.project, request, reporter, Means(jobs=2, force=force))


def edited(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def source(mini, name):
    return mini.root / "notebooks" / f"{name}.py"


def page(done, name):
    return (done.folder / f"{name}.html").read_text()


def test_a_second_build_runs_nothing_whatever_the_times_of_the_files(mini, quiet):
    assert built(mini, quiet).tally.executed == ("first", "second")
    for path in mini.root.rglob("*.py"):
        os.utime(path, (2_000_000_000, 2_000_000_000))
    done = built(mini, quiet)
    assert (done.tally.executed, done.outcome) == ((), Outcome.IDENTICAL)
    assert quiet.written().count("Pages: done") == 1


def test_an_edited_paragraph_runs_nothing_and_is_shown(mini, quiet):
    path = source(mini, "first")
    path.write_text(path.read_text() + "\n# %% [markdown]\n# A paragraph.\n")
    built(mini, quiet)
    edited(path, "A paragraph.", "Another one.")
    edited(path, "# # Chapter first", "# # Chapter one\n#\n# Before the code.")
    done = built(mini, quiet)
    assert done.tally.executed == ()
    assert "Another one." in page(done, "notebooks/first")
    assert "Before the code." in page(done, "notebooks/first")
    assert "A paragraph." not in page(done, "notebooks/first")


def test_changed_code_runs_its_notebook_only(mini, quiet):
    built(mini, quiet)
    edited(source(mini, "first"), "1 + 1;", "print(1 + 2)")
    done = built(mini, quiet)
    assert done.tally.executed == ("first",)
    assert "3" in page(done, "notebooks/first")


def test_a_changed_file_runs_the_notebook_that_reads_it_only(mini, quiet):
    (mini.root / "data").mkdir()
    (mini.root / "data" / "doses.csv").write_text("200")
    mini.notebook("first", 'print((home / "data" / "doses.csv").read_text())')
    built(mini, quiet)
    (mini.root / "data" / "doses.csv").write_text("150")
    done = built(mini, quiet)
    assert done.tally.executed == ("first",)
    assert "150" in page(done, "notebooks/first")
    (mini.root / "data" / "doses.csv").write_text("200")
    assert built(mini, quiet).tally.executed == ()


def test_a_file_that_appears_runs_the_notebook_that_looked_for_it(mini, quiet):
    body = """
    try:
        print((home / "data.txt").read_text())
    except FileNotFoundError:
        print("nothing there")
    """
    mini.notebook("first", body)
    assert "nothing there" in page(built(mini, quiet), "notebooks/first")
    (mini.root / "data.txt").write_text("something")
    assert "something" in page(built(mini, quiet), "notebooks/first")


def test_who_reads_the_records_of_the_others_runs_again_when_these_change(mini, quiet, make_record):
    body = """
    from nissc1.tracing import FACT, note, texts_digest
    folder = Path(os.environ["NISSC1_OUTPUT"]) / "earlier"
    texts = {path.stem: path.read_text() for path in folder.iterdir()}
    note(FACT, "earlier", texts_digest(texts))
    print(json.loads(texts["second"])[0]["text"])
    """
    mini.notebook("first", body, header=AFTER_ALL)
    mini.notebook("second", "2;", records=[make_record("first.n", "second")])
    mini.page("index", "# Mini\n\n{num}`first.n`\n")
    source(mini, "first").write_text(
        source(mini, "first").read_text().replace('"first.n"', '"x.n"').replace("first.n", "x.n")
    )
    assert "57 (71.3)" in page(built(mini, quiet), "notebooks/first")
    edited(source(mini, "second"), "57 (71.3)", "58 (72.5)")
    done = built(mini, quiet)
    assert set(done.tally.executed) == {"first", "second"}
    assert "58 (72.5)" in page(done, "notebooks/first")
    assert "58 (72.5)" in page(done, "book/index")


def test_everything_runs_on_request(mini, quiet):
    built(mini, quiet)
    assert built(mini, quiet, force=True).tally.executed == ("first", "second")


def test_a_build_goes_on_from_what_was_finished(mini, quiet):
    mini.notebook("second", "1 / 0")
    with pytest.raises(BuildError):
        build(mini.project, Request(), quiet, Means(jobs=1))
    mini.notebook("second", "1 / 1;")
    assert built(mini, quiet).tally.executed == ("second",)


def test_a_page_that_did_not_compile_is_seen_again(mini, quiet):
    mini.page("index", "# Mini\n\n{num}`none.n`\n")
    for _ in range(2):
        with pytest.raises(BuildError, match=r"none\.n"):
            built(mini, quiet)


def test_after_any_edit_the_site_is_that_of_a_full_build(mini, quiet, make_record):
    """Titles, sidebar, search, numbers in other pages, and pages that are gone."""
    mini.page("more", "# More words\n\nMarmalade.\n")
    mini.toc("notebooks/first", "notebooks/second", "book/more")
    built(mini, quiet)
    edits = [
        lambda: edited(source(mini, "second"), "# # Chapter second", "# # A later chapter"),
        lambda: mini.page("more", "# More words\n\nHoney.\n"),
        lambda: edited(source(mini, "first"), "57 (71.3)", "58 (72.5)"),
        lambda: (mini.root / "book/_static/mini.css").write_text("p {color: navy}\n"),
        lambda: (
            mini.toc("notebooks/first", "notebooks/second"),
            (mini.root / "book/more.md").unlink(),
        ),
    ]
    for edit in edits:
        edit()
        done = built(mini, quiet)
        kept = done.folder.with_name("kept")
        done.folder.rename(kept)
        fresh = built(mini, quiet, force=True)
        assert first_difference(kept, fresh.folder) is None
        kept.rename(done.folder.with_name(f".old-{id(edit)}"))
    index = (fresh.folder / "searchindex.js").read_text()
    assert not re.search("marmalad|honey", index)
    assert "A later chapter" in page(fresh, "notebooks/first")


def test_a_kernel_that_dies_is_named_with_notebook_and_cell(mini, quiet):
    mini.notebook("first", "os.kill(os.getpid(), 9)")
    with pytest.raises(BuildError, match=r"notebook first, cell 4 \(os\.kill.*its kernel died"):
        built(mini, quiet)


def test_without_fork_kernels_are_started_and_the_build_says_so(mini, quiet, monkeypatch):
    monkeypatch.setattr(workers, "can_fork", lambda: False)
    assert built(mini, quiet).outcome is Outcome.NEW
    assert "No fork on this system" in quiet.written()
