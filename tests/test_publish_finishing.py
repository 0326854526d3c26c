"""Executed notebooks become pages: checked, folded, the same bytes each time."""

from __future__ import annotations

import nbformat
import pytest

from nissc1.publish.errors import BuildError
from nissc1.publish.finishing import finish

V4 = nbformat.v4


def executed(*cells):
    notebook = V4.new_notebook(cells=list(cells))
    notebook.metadata["papermill"] = {"start_time": "2026-01-01", "output_path": "/somewhere/x"}
    notebook.metadata["kernelspec"] = {"name": "nissc1", "display_name": "x", "language": "python"}
    return notebook


def code(source="1 + 1", outputs=(), tags=()):
    cell = V4.new_code_cell(source, outputs=list(outputs), execution_count=3)
    cell.metadata["tags"] = list(tags)
    cell.metadata["papermill"] = {"duration": 0.1}
    cell.metadata["execution"] = {"iopub.execute_input": "2026-01-01"}
    return cell


def figure(alt="Curves."):
    details = {"image/svg+xml": {"alt": alt}} if alt is not None else {}
    return V4.new_output(
        "display_data", data={"image/svg+xml": "<svg/>", "text/plain": "x"}, metadata=details
    )


def test_times_paths_and_kernel_are_removed():
    page = finish(executed(code()), "x")
    text = nbformat.writes(page)
    for trace in ("2026-01-01", "papermill", "/somewhere", "duration", "nissc1"):
        assert trace not in text


def test_two_executions_give_the_same_page():
    first, second = (finish(executed(code()), "x") for _ in range(2))
    assert nbformat.writes(first) == nbformat.writes(second)


def test_code_is_folded_and_prose_is_not():
    page = finish(executed(V4.new_markdown_cell("# Title"), code()), "x")
    assert page.cells[1].metadata["tags"] == ["hide-input"]
    assert "tags" not in page.cells[0].metadata


def test_defaults_are_shown_when_nothing_was_injected():
    page = finish(executed(code(tags=["parameters"])), "x")
    assert "remove-cell" not in page.cells[0].metadata["tags"]


def test_the_cell_in_which_papermill_puts_parameters_is_hidden():
    cells = (code(tags=["parameters"]), code(tags=["injected-parameters"]), code())
    page = finish(executed(*cells), "x")
    removed = ["remove-cell" in cell.metadata["tags"] for cell in page.cells]
    assert removed == [False, True, False]
    assert [cell.id for cell in page.cells] == ["cell-1", "cell-parameters", "cell-2"]


def test_the_alternative_text_moves_to_where_the_book_reads_it():
    page = finish(executed(code(outputs=[figure("Four curves.")])), "x")
    assert page.cells[0].metadata["mystnb"] == {"image": {"alt": "Four curves."}}
    assert page.cells[0].outputs[0].metadata == {}


@pytest.mark.parametrize("alt", [None, "", "  "])
def test_a_figure_without_alternative_text_is_refused(alt):
    cells = (V4.new_markdown_cell("# Title"), code("draw()\n", outputs=[figure(alt)]))
    with pytest.raises(BuildError, match=r"notebook x, cell 2 \(draw\(\)\): the figure has no"):
        finish(executed(*cells), "x")


def test_two_figures_in_a_cell_are_refused():
    with pytest.raises(BuildError, match="shows 2 figures"):
        finish(executed(code(outputs=[figure(), figure()])), "x")


def test_a_warning_is_refused_with_notebook_and_cell():
    warning = V4.new_output("stream", name="stderr", text="x.py:1: UserWarning: odd\n  odd()")
    cells = (code(), code("estimate()", outputs=[warning]))
    with pytest.raises(
        BuildError, match=r"table-1, cell 2 \(estimate\(\)\): wrote a warning: x\.py"
    ):
        finish(executed(*cells), "table-1")


def test_the_injected_cell_does_not_shift_the_cell_numbers():
    warning = V4.new_output("stream", name="stderr", text="odd")
    cells = (
        code(tags=["parameters"]),
        code(tags=["injected-parameters"]),
        code("estimate()", outputs=[warning]),
    )
    with pytest.raises(BuildError, match="cell 2"):
        finish(executed(*cells), "x")


def test_printed_text_stays_a_valid_notebook():
    printed = V4.new_output("stream", name="stdout", text="x")
    nbformat.validate(finish(executed(code(outputs=[printed])), "x"))


def test_a_memory_address_is_refused():
    shown = V4.new_output("execute_result", data={"text/plain": "<Axes at 0x7f2b1c0d>"})
    with pytest.raises(BuildError, match="end the cell with a semicolon"):
        finish(executed(code(outputs=[shown])), "x")


def test_every_fault_is_named_at_once():
    warning = V4.new_output("stream", name="stderr", text="odd")
    with pytest.raises(BuildError) as caught:
        finish(executed(code(outputs=[warning]), code(outputs=[figure(None)])), "x")
    assert "cell 1" in str(caught.value)
    assert "cell 2" in str(caught.value)
