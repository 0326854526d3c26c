"""Exports from the outside world are read as they are meant, or refused by cell.

Each test writes the five invented patients of fixtures/releases/2020.01 as some program would.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from nissc1.cohort.incoming.export import Export, read_export
from nissc1.cohort.release import load_release
from nissc1.cohort.schema import fields, resource_names

SOUND = Path(__file__).parent / "fixtures" / "releases" / "2020.01"
IDENTITY = (
    "data_cutoff: 2018-06-30\nsynthetic: true\ndisclosure: none\ntitle: Five invented patients\n"
)
Table = list[list[str]]


def table(name: str) -> Table:
    with (SOUND / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write(folder: Path, name: str, rows: Table, delimiter: str = ",", end: str = "\n") -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    (folder / f"{name}.csv").write_bytes(stream.getvalue().encode("utf-8"))


def put(rows: Table, row: int, column: str, value: str) -> Table:
    rows[row - 1][rows[0].index(column)] = value
    return rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "incoming"
    made.mkdir()
    (made / "release.yml").write_text(IDENTITY, encoding="utf-8")
    for name in resource_names():
        write(made, name, table(name))
    return made


def stops(export: Export) -> list[tuple[str, int | None, str | None, str]]:
    return [(each.file, each.row, each.column, each.rule) for each in export.faults if each.stops]


def notes(export: Export) -> list[tuple[str, str]]:
    return [(each.file, each.rule) for each in export.faults if each.severity == "note"]


def assert_as_the_fixture(export: Export) -> None:
    """The tables are those of the fixture, cell by cell, numbers by value."""
    assert stops(export) == []
    for name in resource_names():
        header, *rows = table(name)
        text = export.tables[name].text
        assert list(text.columns) == header
        numeric = {each["name"] for each in fields(name) if each["type"] in ("integer", "number")}
        for wanted, (_, found) in zip(rows, text.iterrows(), strict=True):
            for column, cell in zip(header, wanted, strict=True):
                same = found[column] == cell
                assert same or (column in numeric and float(found[column]) == float(cell))


def test_a_plain_export_is_read_as_it_is(folder: Path) -> None:
    export = read_export(folder)
    assert_as_the_fixture(export)
    assert export.faults == []
    assert export.identity.data_cutoff == dt.date(2018, 6, 30)
    assert export.identity.synthetic is True


# Encodings, separators, line ends


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(folder: Path) -> None:
    for name in resource_names():
        write(folder, name, table(name), end="\r\n")
        path = folder / f"{name}.csv"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert_as_the_fixture(read_export(folder))


def test_latin_1_is_read_and_the_choice_is_reported(folder: Path) -> None:
    rows = put(table("outcomes"), 3, "cause_of_death_detail", "Herz‑Kreislauf".replace("‑", "ö"))
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    (folder / "outcomes.csv").write_bytes(text.encode("latin-1"))
    export = read_export(folder)
    assert stops(export) == []
    assert notes(export) == [("outcomes.csv", "encoding")]
    assert "byte 0xf6 on line 3" in export.faults[0].message
    assert export.tables["outcomes"].cell(3, "cause_of_death_detail") == "HerzöKreislauf"


def test_the_marks_of_windows_are_read_as_such(folder: Path) -> None:
    path = folder / "outcomes.csv"
    path.write_bytes(path.read_bytes().replace(b"cardiac", b"\x93cardiac\x94"))
    export = read_export(folder)
    assert export.tables["outcomes"].cell(3, "cause_of_death_detail") == "“cardiac” toxicity"


@pytest.mark.parametrize("content", [b"a\x81,b\n", "a,b\n".encode("utf-16"), b"a,b\n\0,1\n", b""])
def test_what_is_no_text_is_refused_by_file(folder: Path, content: bytes) -> None:
    (folder / "visits.csv").write_bytes(content)
    (fault,) = [each for each in read_export(folder).faults if each.stops]
    assert fault.file == "visits.csv"
    assert fault.rule in ("encoding", "empty")


def german(rows: Table, name: str) -> Table:
    """Write numbers with a decimal comma, as Excel does in much of Europe."""
    header = rows[0]
    numeric = {each["name"] for each in fields(name) if each["type"] == "number"}
    return [header] + [
        [
            cell.replace(".", ",") if column in numeric else cell
            for column, cell in zip(header, row, strict=True)
        ]
        for row in rows[1:]
    ]


def test_semicolons_with_a_decimal_comma_are_read_and_reported(folder: Path) -> None:
    for name in resource_names():
        write(folder, name, german(table(name), name), delimiter=";", end="\r\n")
    export = read_export(folder)
    assert_as_the_fixture(export)
    assert ("visits.csv", "separator") in notes(export)
    assert ("visits.csv", "decimal-comma") in notes(export)
    assert ("adverse_events.csv", "decimal-comma") not in notes(export)
    assert export.tables["patients"].cell(2, "disease_duration_months") == "24.5"


def test_semicolons_with_a_decimal_point_are_read(folder: Path) -> None:
    for name in resource_names():
        write(folder, name, table(name), delimiter=";")
    assert_as_the_fixture(read_export(folder))


@pytest.mark.parametrize("value", ["1.234", "24.5", "1.234,5"])
def test_a_point_beside_decimal_commas_is_never_guessed(folder: Path, value: str) -> None:
    rows = put(german(table("patients"), "patients"), 3, "disease_duration_months", value)
    write(folder, "patients", rows, delimiter=";")
    export = read_export(folder)
    assert stops(export) == [("patients.csv", 3, "disease_duration_months", "number-ambiguous")]


def test_a_thousand_with_a_point_between_semicolons_is_never_guessed(folder: Path) -> None:
    write(folder, "patients", put(table("patients"), 3, "ck_u_l", "1.234"), delimiter=";")
    (fault,) = [each for each in read_export(folder).faults if each.stops]
    assert (fault.row, fault.column, fault.value) == (3, "ck_u_l", "'1.234'")
    assert fault.rule == "number-ambiguous"
    assert "decimal: point" in fault.action


def test_a_declared_decimal_point_decides(folder: Path) -> None:
    rows = put(table("visits"), 2, "shaq", "1.125")
    write(folder, "visits", rows, delimiter=";")
    assert stops(read_export(folder)) == [("visits.csv", 2, "shaq", "number-ambiguous")]
    (folder / "mapping.yml").write_text("decimal: point\n", encoding="utf-8")
    assert stops(read_export(folder)) == []


def test_a_decimal_comma_between_commas_is_a_fault(folder: Path) -> None:
    write(folder, "patients", put(table("patients"), 3, "weight_kg", "72,5"))
    assert stops(read_export(folder)) == [("patients.csv", 3, "weight_kg", "type")]


def test_a_header_with_both_separators_must_be_declared(folder: Path) -> None:
    rows = table("visits")
    rows[0][0] = "patient;id"
    write(folder, "visits", rows)
    assert stops(read_export(folder)) == [("visits.csv", 1, None, "separator")]


def test_quoted_line_breaks_keep_the_lines_of_later_faults(folder: Path) -> None:
    rows = put(table("outcomes"), 3, "cause_of_death_detail", "cardiac\r\ntoxicity")
    write(folder, "outcomes", put(rows, 5, "vital_status", "gone"), delimiter=";")
    export = read_export(folder)
    assert stops(export) == [("outcomes.csv", 6, "vital_status", "enum")]
    assert export.tables["outcomes"].cell(3, "cause_of_death_detail") == "cardiac\r\ntoxicity"


# Columns, rows, files


def test_columns_in_another_order_are_put_in_order(folder: Path) -> None:
    for name in resource_names():
        write(folder, name, [row[::-1] for row in table(name)])
    assert_as_the_fixture(read_export(folder))


def test_unknown_missing_and_repeated_columns_are_named(folder: Path) -> None:
    rows = table("visits")
    rows[0][rows[0].index("mrss")] = "Rodnan"
    rows[0][rows[0].index("esr_mm_h")] = "shaq"
    write(folder, "visits", rows)
    assert stops(read_export(folder)) == [
        ("visits.csv", 1, "Rodnan", "header"),
        ("visits.csv", 1, "esr_mm_h", "header"),
        ("visits.csv", 1, "mrss", "header"),
        ("visits.csv", 1, "shaq", "header"),
    ]


def test_blank_and_uneven_rows_are_named(folder: Path) -> None:
    path = folder / "outcomes.csv"
    lines = path.read_text("utf-8").splitlines()
    lines[2] = lines[2].replace("cardiac toxicity", "cardiac, toxicity")
    path.write_text("\n".join([*lines, "", "," * lines[0].count(",")]), encoding="utf-8")
    assert stops(read_export(folder)) == [
        ("outcomes.csv", 3, None, "cells"),
        ("outcomes.csv", 7, None, "blank-row"),
        ("outcomes.csv", 8, None, "blank-row"),
    ]


def test_files_that_are_no_table_are_never_passed_over_in_silence(folder: Path) -> None:
    (folder / "names.csv").write_text("patient_id,name\n", encoding="utf-8")
    (folder / "old.xls").write_bytes(b"\xd0\xcf")
    (folder / "letter.pdf").write_bytes(b"%PDF")
    (folder / "~$patients.xlsx").write_bytes(b"lock")
    export = read_export(folder)
    assert sorted(stops(export)) == [
        ("names.csv", None, None, "file-unknown"),
        ("old.xls", None, None, "file-unknown"),
    ]
    assert notes(export) == [("letter.pdf", "not-read")]


def test_a_transplant_that_cannot_be_read_is_one_fault_a_cell(folder: Path) -> None:
    rows = put(table("transplants"), 2, "transplant_date", "15.01.2013")
    write(folder, "transplants", put(rows, 3, "leukaphereses", "1x"))
    assert stops(read_export(folder)) == [
        ("transplants.csv", 2, "transplant_date", "type"),
        ("transplants.csv", 3, "leukaphereses", "type"),
    ]


@pytest.mark.parametrize("name", resource_names())
def test_a_file_of_another_kind_is_told_so_once(folder: Path, name: str) -> None:
    (folder / f"{name}.csv").write_bytes(b"<html>Sign in</html>\nx\n")
    found = [each for each in stops(read_export(folder)) if each[0] == f"{name}.csv"]
    assert found == [
        (f"{name}.csv", 1, None, "header"),
        (f"{name}.csv", 1, "<html>Sign in</html>", "header"),
    ]


def test_a_missing_table_is_named(folder: Path) -> None:
    (folder / "visits.csv").unlink()
    assert stops(read_export(folder)) == [("visits.csv", None, None, "file-missing")]


def test_clinical_rules_and_keys_hold_for_exports_too(folder: Path) -> None:
    write(folder, "outcomes", put(table("outcomes"), 4, "progression_day", "736"))
    write(folder, "visits", put(table("visits"), 2, "patient_id", "P99"))
    assert stops(read_export(folder)) == [
        ("patients.csv", 2, "patient_id", "baseline-visit-missing"),
        ("outcomes.csv", 4, "progression_day", "after-last-contact"),
        ("visits.csv", 2, "patient_id", "unknown-patient"),
    ]


# What the export cannot say of itself


@pytest.mark.parametrize("registering", [True, False])
def test_the_data_cut_off_is_never_guessed(folder: Path, registering: bool) -> None:
    (folder / "release.yml").unlink()
    faults = read_export(folder, registering=registering).faults
    assert {(each.column, each.severity) for each in faults} == {
        ("data_cutoff", "error"),
        ("synthetic", "error" if registering else "note"),
        ("disclosure", "error" if registering else "note"),
        ("title", "error" if registering else "note"),
    }


def test_an_option_stands_in_for_release_yml_but_may_not_contradict_it(folder: Path) -> None:
    same = read_export(folder, options={"data_cutoff": "2018-06-30", "synthetic": "true"})
    assert same.faults == []
    (fault,) = read_export(folder, options={"data_cutoff": "2019-06-30"}).faults
    assert "'2018-06-30', but --cutoff says '2019-06-30'" in fault.message
    (folder / "release.yml").unlink()
    cutoff = read_export(folder, options={"data_cutoff": "2018-06-30"}).identity.data_cutoff
    assert cutoff == dt.date(2018, 6, 30)


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [
        ("2018-06-30", "30.06.2018", 1),
        ("synthetic: true", "synthetic: perhaps", 2),
        ("disclosure: none", "disclosure: all", 3),
        ("title: Five invented patients", "titel: Five", 4),
        ("disclosure: none", "disclosure: [none]", 3),
        ("title:", "synthetic:", 4),
        ("title:", "simulated_after: 28.02.2018\ntitle:", 4),
        ("title:", "simulated_after: 2018-06-30\ntitle:", 4),
        ("synthetic: true", "synthetic: false\nsimulated_after: 2018-02-28", 3),
    ],
)
def test_a_wrong_release_yml_is_named_by_line(folder: Path, old: str, new: str, row: int) -> None:
    (folder / "release.yml").write_text(IDENTITY.replace(old, new), encoding="utf-8")
    faults = read_export(folder).faults
    assert {fault.file for fault in faults} == {"release.yml"}
    assert row in [fault.row for fault in faults]


# Workbooks


def value_of(text: str, kind: str) -> Any:
    if text == "":
        return None
    if kind in ("integer", "number"):
        return float(text)
    if kind == "date":
        return dt.datetime.fromisoformat(text)
    return text


def workbook(folder: Path, *names: str) -> openpyxl.Workbook:
    """Move tables into one workbook, a sheet each."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in names:
        sheet = book.create_sheet(name)
        rows = table(name)
        kinds = {each["name"]: each["type"] for each in fields(name)}
        sheet.append(rows[0])
        for row in rows[1:]:
            pairs = zip(rows[0], row, strict=True)
            sheet.append([value_of(cell, kinds[column]) for column, cell in pairs])
        (folder / f"{name}.csv").unlink()
    return book


def cell(sheet: Any, row: int, column: str) -> Any:
    names = [each.value for each in sheet[1]]
    return sheet.cell(row, names.index(column) + 1)


def test_a_workbook_with_a_sheet_a_table_is_read(folder: Path) -> None:
    book = workbook(folder, *resource_names())
    book.create_sheet("Sheet1")
    book["visits"]["A1"].font = Font(bold=True)
    book["visits"].append([])
    book.save(folder / "export.xlsx")
    export = read_export(folder)
    assert_as_the_fixture(export)
    assert export.faults == []


def test_a_workbook_of_one_sheet_is_the_table_of_its_file_name(folder: Path) -> None:
    workbook(folder, "visits").save(folder / "visits.xlsx")
    assert_as_the_fixture(read_export(folder))


def test_truth_values_of_a_workbook_are_yes_and_no(folder: Path) -> None:
    book = workbook(folder, "transplants")
    cell(book["transplants"], 2, "total_body_irradiation").value = False
    cell(book["transplants"], 2, "mobilisation_gcsf").value = True
    book.save(folder / "transplants.xlsx")
    assert_as_the_fixture(read_export(folder))


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("fvc_pct", "=1+1", "cell"),
        ("fvc_pct", "#N/A", "cell"),
        ("visit_day", dt.datetime(2013, 1, 1, 12, 30), "cell"),
        ("visit_day", dt.datetime(2013, 1, 1), "type"),
        ("visit_day", dt.time(12, 30), "cell"),
        ("mrss", 20.5, "type"),
        ("mrss", "many", "type"),
        ("fvc_pct", "72,5", "type"),
    ],
)
def test_a_cell_of_a_sheet_that_is_not_what_it_shows_is_named(
    folder: Path, column: str, value: Any, rule: str
) -> None:
    book = workbook(folder, "visits")
    cell(book["visits"], 3, column).value = value
    book.save(folder / "visits.xlsx")
    assert stops(read_export(folder)) == [("visits.xlsx", 3, column, rule)]


def test_a_percentage_is_a_fault_as_it_is_stored_as_a_fraction(folder: Path) -> None:
    book = workbook(folder, "visits")
    shown = cell(book["visits"], 3, "fvc_pct")
    shown.value, shown.number_format = 0.725, "0.0%"
    book.save(folder / "visits.xlsx")
    (fault,) = [each for each in read_export(folder).faults if each.stops]
    assert (fault.row, fault.column, fault.value) == (3, "fvc_pct", "'0.725'")


def test_merged_cells_further_sheets_and_nameless_columns_are_named(folder: Path) -> None:
    book = workbook(folder, "visits")
    book["visits"].merge_cells("H3:H4")
    book["visits"].cell(5, 12).value = "remark"
    book.create_sheet("Notes")["A1"] = "call centre C02"
    book.save(folder / "export.xlsx")
    assert {(each[0], each[1], each[3]) for each in stops(read_export(folder))} >= {
        ("export.xlsx[visits]", 3, "merged-cells"),
        ("export.xlsx[visits]", 1, "header"),
        ("export.xlsx[Notes]", None, "file-unknown"),
    }


def test_what_is_no_workbook_is_refused(folder: Path) -> None:
    (folder / "visits.csv").rename(folder / "visits.xlsx")
    assert stops(read_export(folder)) == [("visits.xlsx", None, None, "workbook")]


def test_a_table_found_twice_is_not_chosen_between(folder: Path) -> None:
    workbook(folder, "visits").save(folder / "visits.xlsx")
    write(folder, "visits", table("visits"))
    assert stops(read_export(folder)) == [("visits.csv", None, None, "file-ambiguous")]


# mapping.yml

MAPPING = """
encoding: windows-1252
missing: [NA, "-99"]
tables:
  patients: &not_used
    file: redcap.csv
"""


def redcap(folder: Path) -> None:
    """Write all but the events as one REDCap-like file: codes, dates, other names and units."""
    header = ["record_id", "redcap_event_name", "gender", "crea_mg_dl", "tx", "last_seen", "status"]
    header += ["month_date", "baseline_complete"]
    patients, transplants, outcomes, visits = (
        table(name) for name in ("patients", "transplants", "outcomes", "visits")
    )
    for name in ("patients", "transplants", "outcomes", "visits"):
        (folder / f"{name}.csv").unlink()
    base = [patients[0], transplants[0][1:], outcomes[0][1:], visits[0][2:]]
    dropped = {"sex", "creatinine_umol_l", "transplant_date", "last_contact_day", "patient_id"}
    dropped |= {"vital_status", "visit_day", "heart_rate_bpm"}
    plain = [name for part in base for name in part if name not in dropped]
    rows = [[*header, *plain]]
    for visit in visits[1:]:
        found = dict(zip(visits[0], visit, strict=True))
        number = [row[0] for row in patients].index(found["patient_id"])
        of = {}
        for part in (patients, transplants, outcomes):
            of |= dict(zip(part[0], part[number], strict=True))
        day_0 = dt.date.fromisoformat(of["transplant_date"])

        def written(days: str, start: dt.date = day_0) -> str:
            return (start + dt.timedelta(int(days))).strftime("%d/%m/%Y")

        first = found["month"] == "0"
        own = [of["patient_id"], f"month_{found['month']}_arm_1"]
        own += [
            {"F": "2", "M": "1"}[of["sex"]],
            str(int(of["creatinine_umol_l"]) / 100),
            written("0"),
            written(of["last_contact_day"]),
            {"alive": "0", "dead": "1"}[of["vital_status"]],
        ]
        own = [*own[:2], *(cell if first else "" for cell in own[2:])]
        values = of | found
        rest = [values[name] if first or name in visits[0] else "" for name in plain]
        rows.append([*own, written(found["visit_day"]), "2", *(cell or "NA" for cell in rest)])
    write(folder, "redcap", rows)


REDCAP = """
missing: [NA]
tables:
  patients:
    file: redcap.csv
    where: {redcap_event_name: month_0_arm_1}
    ignore: ["*_complete"]
    absent: [heart_rate_bpm]
    columns:
      patient_id: record_id
      sex: {from: gender, codes: {1: M, 2: F}}
      creatinine_umol_l: {from: crea_mg_dl, factor: 100, decimals: 0}
  transplants:
    file: redcap.csv
    where: {redcap_event_name: month_0_arm_1}
    date_format: DD/MM/YYYY
    columns: {patient_id: record_id, transplant_date: tx}
  outcomes:
    file: redcap.csv
    where: {redcap_event_name: [month_0_arm_1]}
    columns:
      patient_id: record_id
      last_contact_day: {from: last_seen, date_format: DD/MM/YYYY}
      vital_status: {from: status, codes: {0: alive, 1: dead}}
  visits:
    file: redcap.csv
    columns:
      patient_id: record_id
      visit_day: {from: month_date, date_format: D/M/YYYY}
      month:
        from: redcap_event_name
        codes: {month_0_arm_1: 0, month_3_arm_1: 3, month_6_arm_1: 6, month_12_arm_1: 12,
                month_24_arm_1: 24}
"""


def test_a_redcap_export_is_read_through_its_mapping(folder: Path, tmp_path: Path) -> None:
    redcap(folder)
    path = tmp_path / "mapping.yml"
    path.write_text(REDCAP, encoding="utf-8")
    export = read_export(folder, path)
    assert stops(export) == []
    for name in resource_names():
        header, *rows = table(name)
        found = export.tables[name].text
        for wanted, (_, row) in zip(rows, found.iterrows(), strict=True):
            for column, text in zip(header, wanted, strict=True):
                assert row[column] == ("" if column == "heart_rate_bpm" else text), column
    assert ("redcap.csv", "columns-ignored") in notes(export)
    assert ("redcap.csv", "rows-selected") in notes(export)
    assert [each.name for each in export.files] == [
        "adverse_events.csv",
        "redcap.csv",
        "release.yml",
        "mapping.yml",
    ]


def edit(folder: Path, row: int, column: str, value: str) -> None:
    path = folder / "redcap.csv"
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    write(folder, "redcap", put(rows, row, column, value))


@pytest.mark.parametrize(
    ("row", "column", "value", "rule"),
    [
        (2, "gender", "3", "code-unmapped"),
        (2, "gender", "F", "code-unmapped"),
        (2, "tx", "2013-01-15", "date-format"),
        (2, "tx", "31/02/2013", "date-format"),
        (3, "month_date", "soon", "date-format"),
        (2, "crea_mg_dl", "high", "type"),
        (2, "crea_mg_dl", "10", "range"),
        (2, "crea_mg_dl", "0,88", "type"),
    ],
)
def test_a_value_that_the_mapping_does_not_cover_is_named_where_it_stands(
    folder: Path, row: int, column: str, value: str, rule: str
) -> None:
    redcap(folder)
    (folder / "mapping.yml").write_text(REDCAP, encoding="utf-8")
    edit(folder, row, column, value)
    faults = [each for each in read_export(folder).faults if each.stops]
    first = next(each for each in faults if each.rule == rule)
    assert (first.file, first.row, first.column) == ("redcap.csv", row, column)
    assert first.value == repr(value)


def test_a_converted_value_out_of_range_says_what_it_was_read_as(folder: Path) -> None:
    redcap(folder)
    (folder / "mapping.yml").write_text(REDCAP, encoding="utf-8")
    edit(folder, 2, "crea_mg_dl", "10")
    (fault,) = [each for each in read_export(folder).faults if each.stops]
    assert fault.value == "'10'"
    assert "It was read as creatinine_umol_l '1000'." in fault.message


def test_a_conversion_is_rounded_only_as_declared(folder: Path) -> None:
    redcap(folder)
    (folder / "mapping.yml").write_text(REDCAP.replace(", decimals: 0", ""), encoding="utf-8")
    edit(folder, 2, "crea_mg_dl", "0.885")
    assert stops(read_export(folder)) == [("redcap.csv", 2, "crea_mg_dl", "conversion")]
    (folder / "mapping.yml").write_text(REDCAP, encoding="utf-8")
    export = read_export(folder)
    assert export.tables["patients"].cell(2, "creatinine_umol_l") == "89"  # 88.5, away from zero


def test_rows_that_no_table_takes_are_named(folder: Path) -> None:
    redcap(folder)
    selected = "  visits:\n    file: redcap.csv\n    where: {redcap_event_name: month_0_arm_1}\n"
    text = REDCAP.replace("  visits:\n    file: redcap.csv\n", selected)
    (folder / "mapping.yml").write_text(text, encoding="utf-8")
    found = stops(read_export(folder))
    assert len(found) == 12  # of 17 visits, 5 are at month 0
    assert {each[3] for each in found} == {"row-unmapped"}


def test_a_column_left_out_of_the_mapping_is_named(folder: Path) -> None:
    redcap(folder)
    text = REDCAP.replace('    ignore: ["*_complete"]\n', "")
    (folder / "mapping.yml").write_text(text, encoding="utf-8")
    assert stops(read_export(folder)) == [("redcap.csv", 1, "baseline_complete", "header")]


@pytest.mark.parametrize(
    ("text", "row", "column", "says"),
    [
        ("tabels: {}\n", 1, "tabels", "Must be one of encoding"),
        ("encoding: utf-16\n", 1, "encoding", "utf-8 or windows-1252"),
        ("decimal: ','\n", 1, "decimal", "point or comma"),
        ("tables:\n  labs: {file: a.csv}\n", 2, "tables.labs", "Must be one of patients"),
        ("tables:\n  visits: {}\n", 2, "tables.visits", "It names no file"),
        (
            "tables:\n  visits:\n    file: visits.csv\n    columns:\n      mrs: Rodnan\n",
            5,
            "tables.visits.columns.mrs",
            "'mrs' is unknown",
        ),
        (
            "tables:\n  visits:\n    file: visits.csv\n    columns:\n      mrss: {factor: ten}\n",
            5,
            "tables.visits.columns.mrss.factor",
            "must be a number",
        ),
        (
            "tables:\n  patients:\n    file: patients.csv\n    columns:\n"
            "      sex:\n        codes:\n          1: male\n",
            7,
            "tables.patients.columns.sex.codes.1",
            "must be F, M",
        ),
        (
            "tables:\n  patients:\n    file: patients.csv\n    columns:\n      sex: {factor: 2}\n",
            5,
            "tables.patients.columns.sex.factor",
            "is for numbers",
        ),
        (
            "tables:\n  transplants:\n    file: transplants.csv\n    date_format: DD.DD.YYYY\n",
            4,
            "tables.transplants.date_format",
            "no date format",
        ),
        ("tables:\n  visits:\n    file: nowhere.csv\n", None, None, "not in the folder"),
        ("tables:\n  visits: {file: visits.csv, sheet: A}\n", None, None, "name the sheet"),
        ("tables: [\n", 2, None, "not YAML"),
        (MAPPING, None, None, "not in the folder"),
    ],
)
def test_a_wrong_mapping_is_named_by_line_and_key(
    folder: Path, text: str, row: int | None, column: str | None, says: str
) -> None:
    (folder / "mapping.yml").write_text(text, encoding="utf-8")
    faults = [each for each in read_export(folder).faults if each.stops]
    assert any(
        (each.row, each.column) == (row, column) and says in each.message for each in faults
    ), [str(each) for each in faults]


def test_codes_may_restore_a_pseudonym_and_keep_the_others(folder: Path) -> None:
    for name in resource_names():
        path = folder / f"{name}.csv"
        path.write_bytes(path.read_bytes().replace(b"P05", b"NEW-5"))
    codes = "columns: {patient_id: {codes: {NEW-5: P05}, others: keep}}"
    tables = "".join(f"  {name}: {{file: {name}.csv, {codes}}}\n" for name in resource_names())
    (folder / "mapping.yml").write_text(f"tables:\n{tables}", encoding="utf-8")
    assert_as_the_fixture(read_export(folder))


def test_the_export_itself_is_never_changed(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    read_export(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_faults_can_be_written_as_json(folder: Path) -> None:
    write(folder, "patients", put(table("patients"), 3, "age_years", "300"))
    assert json.dumps([vars(each) for each in read_export(folder).faults])


@pytest.mark.parametrize(
    "edit_", [lambda path: path.write_bytes(b'a,"'), lambda path: path.unlink()]
)
def test_one_broken_file_leaves_the_others_checked(
    folder: Path, edit_: Callable[[Path], Any]
) -> None:
    edit_(folder / "visits.csv")
    write(folder, "patients", put(table("patients"), 3, "age_years", "300"))
    assert ("patients.csv", 3, "age_years", "range") in stops(read_export(folder))


# Parquet


def test_an_export_in_parquet_is_read_as_it_is_meant(folder: Path) -> None:
    cohort = load_release(SOUND.name, SOUND.parent)
    for name in resource_names():
        (folder / f"{name}.csv").unlink()
        cohort.tables()[name].to_parquet(folder / f"{name}.parquet", index=False)
    assert_as_the_fixture(read_export(folder))


def test_columns_of_an_export_in_parquet_may_be_mapped(folder: Path) -> None:
    visits = load_release(SOUND.name, SOUND.parent).visits
    (folder / "visits.csv").unlink()
    visits.rename(columns={"mrss": "rodnan"}).to_parquet(folder / "visits.parquet", index=False)
    mapping = "tables:\n  visits:\n    file: visits.parquet\n    columns:\n      mrss: rodnan\n"
    (folder / "mapping.yml").write_text(mapping, encoding="utf-8")
    assert_as_the_fixture(read_export(folder))


def test_a_file_that_is_no_parquet_is_named(folder: Path) -> None:
    (folder / "visits.csv").rename(folder / "visits.parquet")
    assert ("visits.parquet", None, None, "malformed") in stops(read_export(folder))


def test_a_fault_of_a_parquet_export_is_named_by_file_record_and_column(folder: Path) -> None:
    visits = load_release(SOUND.name, SOUND.parent).visits
    (folder / "visits.csv").unlink()
    visits.loc[1, "mrss"] = 52
    visits.to_parquet(folder / "visits.parquet", index=False)
    assert stops(read_export(folder)) == [("visits.parquet", 3, "mrss", "range")]
