"""A table as text: every cell where it stood, however it is held."""

from __future__ import annotations

import numpy as np
import pytest

from nissc1.cohort.text_table import TextTable

RECORDS = [(2, ["P1", "F", "40"]), (3, ["P2", "M", "40"]), (4, ["P3", "F", ""])]


def table(*more: tuple[int, list[str]]) -> TextTable:
    return TextTable.of(["id", "sex", "age"], [*RECORDS, *more])


def test_records_come_back_as_they_were() -> None:
    assert [list(record) for record in table().records()] == [cells for _, cells in RECORDS]
    assert table().lines.tolist() == [2, 3, 4]


def test_many_records_come_back_as_they_were() -> None:
    records = [(line, [f"P{line}", "FM"[line % 2], str(line % 90)]) for line in range(2, 5003)]
    made = TextTable.of(["id", "sex", "age"], records)
    assert [list(record) for record in made.records()] == [cells for _, cells in records]


def test_a_text_is_held_once() -> None:
    assert [len(column.distinct) for column in table().columns] == [3, 2, 2]


def test_records_of_another_length_are_kept_apart_by_line() -> None:
    made = table((5, []), (6, ["P4", "F"]), (7, ["P5", "M", "33"]))
    assert made.uneven == {5: [], 6: ["P4", "F"]}
    assert made.lines.tolist() == [2, 3, 4, 7]
    assert made.column("age").cells().tolist() == ["40", "40", "", "33"]


def test_a_table_without_records_has_its_columns() -> None:
    made = TextTable.of(["id", "age"], [])
    assert [column.cells().tolist() for column in made.columns] == [[], []]


def test_rows_without_anything_are_blank() -> None:
    assert table((5, ["", "", ""])).blank_rows().tolist() == [False, False, False, True]


@pytest.mark.parametrize("text", ["M", "X", ""])
@pytest.mark.parametrize("row", [0, 1])
def test_one_cell_is_replaced_and_the_table_left_as_it_was(row: int, text: str) -> None:
    before = table()
    after = before.with_cell(row, "sex", text)
    expected = ["F", "M", "F"]
    assert before.column("sex").cells().tolist() == expected
    expected[row] = text
    assert after.column("sex").cells().tolist() == expected
    assert after.column("sex").rows_where(text.__eq__)[row]


def test_a_replaced_text_that_stands_nowhere_else_is_forgotten() -> None:
    after = table().with_cell(1, "sex", "F")
    assert "M" not in after.column("sex").distinct


def test_a_condition_is_asked_once_of_each_text() -> None:
    asked: list[str] = []

    def ask(text: str) -> bool:
        asked.append(text)
        return text == "40"

    rows = table().column("age").rows_where(ask)
    assert np.flatnonzero(rows).tolist() == [0, 1]
    assert asked == ["40", ""]
