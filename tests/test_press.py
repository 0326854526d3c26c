"""Jupyter Book forked from a process that has it imported, and where nothing can be forked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from nissc1.kernels.forking import LOG
from nissc1.kernels.nursery import Nursery
from nissc1.publish.press import PRESS, print_book

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["forked", "started"])
def nursery(request: pytest.FixtureRequest) -> Iterator[Nursery | None]:
    if request.param == "started":
        yield None
        return
    with Nursery(PRESS, dict(os.environ)) as forks:
        forks.wait()
        yield forks


def pressed(nursery: Nursery | None, folder: Path, *arguments: str) -> tuple[int, str]:
    lines: list[str] = []
    code = print_book(arguments, folder, os.environ, nursery, lines.append)
    assert set(filter(None, lines)) <= set(
        (folder / LOG).read_text().replace("\r", "\n").split("\n")
    )
    return code, "\n".join(lines)


def test_a_book_is_printed_and_its_lines_told(nursery: Nursery | None, tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("title: Small\n")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (tmp_path / "index.md").write_text("# One page\n")
    code, told = pressed(nursery, tmp_path, "build", str(tmp_path))
    assert code == 0
    assert "build succeeded" in told
    assert "One page" in (tmp_path / "_build" / "html" / "index.html").read_text("utf-8")


def test_a_failure_is_its_exit_code(nursery: Nursery | None, tmp_path: Path) -> None:
    code, told = pressed(nursery, tmp_path, "build", "--builder", "clay", str(tmp_path))
    assert code == 2
    assert "clay" in told
