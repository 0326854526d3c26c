"""Tables as files: the same bytes each time, nothing that a program would run, cells as shown."""

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import openpyxl
import pytest

from nissc1.report.layout import Cell, Column, Group, Layout, Row
from nissc1.report.table_docx import document
from nissc1.report.table_latex import escaped, latex
from nissc1.report.table_xlsx import workbook

ROWS = (
    Row("Age, years", (Cell("43 (20–62)", "baseline.age"), Cell("80", number=80))),
    Row("=1+1", (Cell("=HYPERLINK(1)"), Cell("1.50", number=1.5))),
)
TABLE = Layout(
    "t",
    "Baseline <b> & more",
    "",
    (Column("Release"), Column("Known", right=True)),
    (Group("All", ROWS),),
    ("n (%).",),
    "NISSC1, release 2021.02",
    ("Printed note.",),
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.mark.parametrize("make", [workbook, document, latex])
def test_a_file_has_the_same_bytes_each_time(make) -> None:
    assert make(TABLE) == make(replace(TABLE))


@pytest.mark.parametrize("make", [workbook, document])
def test_an_archive_bears_no_time(make) -> None:
    with zipfile.ZipFile(io.BytesIO(make(TABLE))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        text = "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    assert "dcterms:created" not in text
    assert "dcterms:modified" not in text


def test_a_workbook_holds_numbers_as_numbers_and_everything_else_as_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(TABLE)))["Table"]
    rows = list(sheet.iter_rows(min_row=5, max_row=6))
    assert [cell.value for cell in rows[0]] == ["Age, years", "43 (20–62)", 80]
    assert [cell.value for cell in rows[1]] == ["=1+1", "=HYPERLINK(1)", 1.5]
    assert [cell.data_type for cell in rows[1]] == ["s", "s", "n"]
    assert rows[1][2].number_format == "0.00"


def test_a_word_document_is_well_formed_and_holds_the_cells() -> None:
    with zipfile.ZipFile(io.BytesIO(document(TABLE))) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
        for part in ("[Content_Types].xml", "_rels/.rels"):
            ElementTree.fromstring(archive.read(part))
    texts = [text.text for text in body.iter(f"{W}t")]
    assert texts[0] == "Baseline <b> & more"
    for row in ROWS:
        assert row.head in texts
        assert all(cell.text in texts for cell in row.cells)
    assert texts[-3:] == ["n (%).", "Printed note.", "NISSC1, release 2021.02"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100 % & more", r"100 \% \& more"),
        ("a_b {c} #1 $2", r"a\_b \{c\} \#1 \$2"),
        ("20–62", "20--62"),
        ("10⁹/L", "10$^{9}$/L"),
        ("≤ 7", r"$\leq$ 7"),
        ("\\input{x}", r"\textbackslash{}input\{x\}"),
    ],
)
def test_latex_sets_the_text_as_it_is(text: str, expected: str) -> None:
    assert escaped(text) == expected


def test_a_latex_table_has_a_row_a_line_with_all_its_cells() -> None:
    lines = latex(TABLE).splitlines()
    rows = [line for line in lines if line.endswith(r" \\")]
    assert [line.count("&") - line.count(r"\&") for line in rows] == [2, 0, 2, 2]
    assert r"\caption{Baseline \textless{}b\textgreater{} \& more}" in lines
