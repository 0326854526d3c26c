"""Each fault of a release is found where it is, and a sound release has none.

The release in fixtures/releases/2020.01 holds five invented patients; each test edits a copy. Rows
are lines of the file, the header being line 1.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from nissc1.cohort import checks
from nissc1.cohort.checks import Fault, check
from nissc1.cohort.schema import resource_names

SOUND = Path(__file__).parent / "fixtures" / "releases" / "2020.01"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOUND, tmp_path / "export"))


def cells(folder: Path, file: str) -> list[list[str]]:
    with (folder / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write(folder: Path, file: str, rows: Iterable[Iterable[str]]) -> None:
    with (folder / file).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def put(folder: Path, file: str, row: int, column: str, value: str) -> None:
    table = cells(folder, file)
    table[row - 1][table[0].index(column)] = value
    write(folder, file, table)


def change_descriptor(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text("utf-8"))
    change(descriptor)
    path.write_text(json.dumps(descriptor), encoding="utf-8")


def found(folder: Path, *but: str) -> list[tuple[str, int | None, str | None, str]]:
    """Faults besides those that any edit brings about: digest and number of records."""
    apart = {"hash", "rows", *but}
    return [
        (fault.file, fault.row, fault.column, fault.rule)
        for fault in check(folder)
        if fault.rule not in apart
    ]


def test_a_sound_release_has_no_fault(folder: Path) -> None:
    assert check(folder) == []


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault_of_content(folder: Path) -> None:
    path = folder / "patients.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert found(folder) == []


ONE_CELL = [
    # a cell against its schema
    ("patients.csv", 3, "age_years", "300", "range"),
    ("patients.csv", 3, "age_years", "17", "range"),
    ("patients.csv", 3, "age_years", "40.0", "type"),
    ("patients.csv", 3, "age_years", " 40", "type"),
    ("patients.csv", 3, "age_years", "4_0", "type"),
    ("patients.csv", 3, "age_years", "٤٠", "type"),
    ("patients.csv", 3, "age_years", "", "required"),
    ("patients.csv", 3, "fev1_pct", "NA", "type"),
    ("patients.csv", 3, "fev1_pct", "NaN", "type"),
    ("patients.csv", 3, "fev1_pct", "inf", "type"),
    ("patients.csv", 3, "fev1_pct", "1e2", "type"),
    ("patients.csv", 3, "fev1_pct", "78,5", "type"),
    ("patients.csv", 2, "sex", "X", "enum"),
    ("patients.csv", 2, "sex", "f", "enum"),
    ("patients.csv", 2, "centre", "Ward 7", "pattern"),
    ("patients.csv", 2, "ana", "True", "type"),
    ("patients.csv", 2, "chest_xray", "unknown", "enum"),
    ("transplants.csv", 2, "transplant_date", "15.01.2013", "type"),
    ("transplants.csv", 2, "transplant_date", "2013-02-30", "type"),
    ("transplants.csv", 2, "transplant_date", "2012-11-30", "range"),
    ("transplants.csv", 2, "atg_brand", "Atgam", "enum"),
    ("outcomes.csv", 2, "vital_status", "unknown", "enum"),
    ("outcomes.csv", 4, "progression_day", "-1", "before-transplantation"),
    ("adverse_events.csv", 2, "onset_day", "-1", "before-transplantation"),
    ("adverse_events.csv", 2, "agent", "prion", "enum"),
    ("visits.csv", 3, "mrss", "52", "range"),
    # screening, history, procedure
    ("patients.csv", 2, "pap_mean_mmhg", "17", "rhc-not-done"),
    ("patients.csv", 2, "fluid_challenge", "no", "rhc-not-done"),
    ("patients.csv", 4, "pap_mean_mmhg", "27", "pressure-order"),
    ("patients.csv", 4, "pap_mean_mmhg", "9", "pressure-order"),
    ("patients.csv", 4, "dbp_mmhg", "110", "pressure-order"),
    ("patients.csv", 6, "prior_atg", "yes", "prior-treatment"),
    ("patients.csv", 2, "prior_cyclophosphamide_g", "3", "dose-without-treatment"),
    ("transplants.csv", 2, "gcsf_after_days", "5", "dose-without-treatment"),
    ("transplants.csv", 2, "thiotepa_mg_kg", "10", "thiotepa"),
    ("transplants.csv", 2, "atg_dose_mg_kg", "40", "atg-dose"),
    ("transplants.csv", 5, "atg_dose_mg_kg", "7.5", "atg-dose"),
    ("transplants.csv", 6, "platelet_engraftment_day", "9", "never-below"),
    ("transplants.csv", 2, "neutrophil_engraftment_day", "25", "engraftment-after-discharge"),
    ("transplants.csv", 2, "conditioning_stay_days", "10", "engraftment-after-discharge"),
    ("transplants.csv", 3, "neutrophil_engraftment_day", "10", "after-last-contact"),
    ("transplants.csv", 3, "platelet_engraftment_day", "10", "after-last-contact"),
    ("transplants.csv", 3, "conditioning_stay_days", "40", "after-last-contact"),
    ("transplants.csv", 2, "transplant_date", "2018-07-01", "after-cutoff"),
    # course
    ("outcomes.csv", 2, "last_contact_day", "1993", "after-cutoff"),
    ("outcomes.csv", 2, "cause_of_death", "other", "vital-status"),
    ("outcomes.csv", 2, "cause_of_death_detail", "sepsis", "vital-status"),
    ("outcomes.csv", 3, "cause_of_death", "", "vital-status"),
    ("outcomes.csv", 4, "progression_day", "736", "after-last-contact"),
    ("outcomes.csv", 4, "immunosuppression_day", "736", "after-last-contact"),
    ("outcomes.csv", 4, "late_infection_day", "736", "after-last-contact"),
    ("outcomes.csv", 4, "myeloid_malignancy_day", "736", "after-last-contact"),
    ("outcomes.csv", 4, "secondary_autoimmunity_day", "736", "after-last-contact"),
    ("outcomes.csv", 4, "late_infection_day", "100", "late-infection"),
    ("outcomes.csv", 4, "progression_day", "", "progression-missing"),
    ("outcomes.csv", 3, "cause_of_death", "progression", "progression-missing"),
    ("visits.csv", 6, "visit_day", "741", "after-last-contact"),
    ("visits.csv", 2, "visit_day", "1", "visit-window"),
    ("visits.csv", 3, "visit_day", "45", "visit-window"),
    ("visits.csv", 3, "visit_day", "137", "visit-window"),
    ("adverse_events.csv", 4, "onset_day", "10", "after-last-contact"),
    ("adverse_events.csv", 2, "fatal", "yes", "vital-status"),
    ("adverse_events.csv", 2, "agent", "", "agent"),
    ("adverse_events.csv", 4, "agent", "viral", "agent"),
]
NAMED_COLUMN = {
    # the rule names another column than the edited one
    ("transplants.csv", 2, "conditioning_stay_days", "10"): "neutrophil_engraftment_day",
    ("outcomes.csv", 3, "cause_of_death", "progression"): "progression_day",
}


@pytest.mark.parametrize(("file", "row", "column", "value", "rule"), ONE_CELL)
def test_one_wrong_cell_is_one_fault(
    folder: Path, file: str, row: int, column: str, value: str, rule: str
) -> None:
    put(folder, file, row, column, value)
    named = NAMED_COLUMN.get((file, row, column, value), column)
    assert found(folder) == [(file, row, named, rule)]


RIGHT_ON_THE_BOUND = [
    ("patients.csv", 3, "age_years", "65"),
    ("patients.csv", 4, "pap_mean_mmhg", "26"),
    ("patients.csv", 4, "dbp_mmhg", "109"),
    ("transplants.csv", 2, "transplant_date", "2012-12-01"),
    ("transplants.csv", 2, "neutrophil_engraftment_day", "24"),
    ("transplants.csv", 3, "neutrophil_engraftment_day", "9"),
    ("transplants.csv", 3, "conditioning_stay_days", "39"),
    ("outcomes.csv", 2, "last_contact_day", "1992"),
    ("outcomes.csv", 4, "progression_day", "735"),
    ("outcomes.csv", 4, "late_infection_day", "101"),
    ("visits.csv", 2, "visit_day", "0"),
    ("visits.csv", 2, "visit_day", "-92"),
    ("visits.csv", 3, "visit_day", "46"),
    ("visits.csv", 3, "visit_day", "136"),
    ("adverse_events.csv", 4, "onset_day", "9"),
]


@pytest.mark.parametrize(("file", "row", "column", "value"), RIGHT_ON_THE_BOUND)
def test_a_value_on_the_bound_is_no_fault(
    folder: Path, file: str, row: int, column: str, value: str
) -> None:
    put(folder, file, row, column, value)
    assert found(folder) == []


def test_a_fault_says_value_limits_and_what_to_do(folder: Path) -> None:
    put(folder, "patients.csv", 3, "age_years", "300")
    fault = next(fault for fault in check(folder) if fault.rule == "range")
    assert fault == Fault(
        file="patients.csv",
        row=3,
        column="age_years",
        value="'300'",
        rule="range",
        message="'300' is out of range. Must be 18 to 65 years.",
        action="Correct the cell at its source and export again.",
    )
    assert str(fault) == (
        "patients.csv, row 3, column age_years, value '300': '300' is out of range. Must be 18 to "
        "65 years. Correct the cell at its source and export again. [range]"
    )


def test_an_edited_file_is_named_by_its_digest(folder: Path) -> None:
    put(folder, "patients.csv", 2, "weight_kg", "73")
    (fault,) = check(folder)
    assert (fault.file, fault.row, fault.rule) == ("patients.csv", None, "hash")


def test_a_deleted_patient_is_missed_in_every_other_table(folder: Path) -> None:
    write(folder, "patients.csv", cells(folder, "patients.csv")[:-1])  # P05
    assert found(folder) == [
        ("transplants.csv", 6, "patient_id", "unknown-patient"),
        ("outcomes.csv", 6, "patient_id", "unknown-patient"),
        *(("visits.csv", row, "patient_id", "unknown-patient") for row in (16, 17, 18)),
    ]
    lost = [fault.message for fault in check(folder) if fault.rule == "rows"]
    assert lost == ["The table has 4 records; datapackage.json counts 5: 1 lost."]


def test_a_death_before_transplantation_is_named(folder: Path) -> None:
    put(folder, "outcomes.csv", 3, "last_contact_day", "-3")
    assert found(folder) == [
        ("outcomes.csv", 3, "last_contact_day", "before-transplantation"),
    ]


def test_of_a_duplicated_patient_both_rows_are_named(folder: Path) -> None:
    put(folder, "patients.csv", 5, "patient_id", "P02")
    faults = [fault for fault in check(folder) if fault.rule == "duplicate"]
    assert [(fault.row, fault.column, fault.message) for fault in faults] == [
        (5, "patient_id", "patient_id 'P02' stands in row 3 and again in row 5.")
    ]


def test_a_visit_listed_twice_is_a_duplicate(folder: Path) -> None:
    table = cells(folder, "visits.csv")
    write(folder, "visits.csv", [*table, table[1]])
    assert found(folder) == [("visits.csv", 19, "month", "duplicate")]


@pytest.mark.parametrize(
    ("file", "row", "rule"),
    [
        ("transplants.csv", 2, "transplant-missing"),
        ("outcomes.csv", 2, "outcome-missing"),
        ("visits.csv", 2, "baseline-visit-missing"),
    ],
)
def test_a_patient_without_a_necessary_row_is_named(
    folder: Path, file: str, row: int, rule: str
) -> None:
    table = cells(folder, file)
    write(folder, file, table[: row - 1] + table[row:])
    assert found(folder) == [("patients.csv", 2, "patient_id", rule)]


def test_a_wrong_month_does_not_also_count_as_a_missing_baseline_visit(folder: Path) -> None:
    put(folder, "visits.csv", 2, "month", "zero")
    assert found(folder) == [("visits.csv", 2, "month", "type")]


def test_faults_are_collected_over_all_files_in_their_order(folder: Path) -> None:
    put(folder, "adverse_events.csv", 2, "fatal", "maybe")
    put(folder, "patients.csv", 4, "age_years", "300")
    put(folder, "patients.csv", 2, "sex", "X")
    change_descriptor(folder, lambda descriptor: descriptor.pop("synthetic"))
    assert found(folder) == [
        ("datapackage.json", None, None, "identity"),
        ("patients.csv", 2, "sex", "enum"),
        ("patients.csv", 4, "age_years", "range"),
        ("adverse_events.csv", 2, "fatal", "type"),
    ]


@pytest.mark.parametrize("day", ["2018", 2018, "2099-01-01"])
def test_a_descriptor_with_no_day_of_simulation_is_at_fault(folder: Path, day: object) -> None:
    change_descriptor(folder, lambda descriptor: descriptor.update(simulated_after=day))
    assert found(folder) == [("datapackage.json", None, None, "identity")]


def test_lines_are_counted_as_an_editor_does_after_a_quoted_line_break(folder: Path) -> None:
    put(folder, "outcomes.csv", 3, "cause_of_death_detail", "cardiac\ntoxicity")
    table = cells(folder, "outcomes.csv")
    table[4][table[0].index("vital_status")] = "gone"
    write(folder, "outcomes.csv", table)
    assert found(folder) == [("outcomes.csv", 6, "vital_status", "enum")]


def test_long_values_and_control_characters_stay_on_one_short_line(folder: Path) -> None:
    put(folder, "patients.csv", 2, "sex", "\x1b[31m" + "F\n" * 500)
    fault = next(fault for fault in check(folder) if fault.rule == "enum")
    assert fault.value is not None
    assert len(str(fault)) < 400
    assert "\n" not in str(fault)
    assert "\x1b" not in str(fault)


# Header and structure


def test_a_missing_column_is_named_once(folder: Path) -> None:
    table = cells(folder, "patients.csv")
    place = table[0].index("rhc")
    write(folder, "patients.csv", [row[:place] + row[place + 1 :] for row in table])
    assert found(folder) == [("patients.csv", 1, "rhc", "header")]


def test_a_column_name_is_shown_on_one_short_line(folder: Path) -> None:
    table = cells(folder, "patients.csv")
    write(
        folder,
        "patients.csv",
        [[*row, "\x1b\n" * 99 if not n else ""] for n, row in enumerate(table)],
    )
    fault = next(fault for fault in check(folder) if fault.rule == "header")
    assert "\x1b" not in str(fault)
    assert "\n" not in str(fault)
    assert len(str(fault)) < 900


def test_an_unknown_column_is_refused(folder: Path) -> None:
    table = cells(folder, "patients.csv")
    write(
        folder,
        "patients.csv",
        [[*row, "birth_date" if not n else "x"] for n, row in enumerate(table)],
    )
    assert found(folder) == [("patients.csv", 1, "birth_date", "header")]


def test_columns_in_another_order_are_a_fault_and_still_read_by_name(folder: Path) -> None:
    table = cells(folder, "patients.csv")
    write(folder, "patients.csv", [[*row[1:], row[0]] for row in table])
    assert found(folder) == [("patients.csv", 1, None, "header")]


def test_a_file_with_semicolons_is_told_so(folder: Path) -> None:
    path = folder / "outcomes.csv"
    path.write_bytes(path.read_bytes().replace(b",", b";"))
    faults = [fault for fault in check(folder) if fault.rule == "header"]
    assert [(fault.file, fault.row) for fault in faults] == [("outcomes.csv", 1)]
    assert "not separated by commas" in faults[0].message


def test_a_record_with_a_stray_comma_is_one_fault(folder: Path) -> None:
    path = folder / "outcomes.csv"
    path.write_bytes(path.read_bytes().replace(b"cardiac toxicity", b"cardiac, toxicity"))
    assert found(folder) == [("outcomes.csv", 3, None, "cells")]


def test_a_blank_line_is_a_fault_and_later_rows_keep_their_numbers(folder: Path) -> None:
    table = cells(folder, "patients.csv")
    write(folder, "patients.csv", [*table[:2], [], *table[2:]])
    put(folder, "patients.csv", 5, "sex", "X")
    assert found(folder) == [
        ("patients.csv", 3, None, "blank-row"),
        ("patients.csv", 5, "sex", "enum"),
    ]


@pytest.mark.parametrize(
    ("content", "row", "rule"),
    [
        (b"", 1, "empty"),
        (b"\n\n", 1, "empty"),
        (bytes(range(256)) * 20, None, "encoding"),
        (b"patient_id,month\nP\xe9,1\n", 2, "encoding"),
        (b"patient_id,month\nP01,\0\n", 2, "encoding"),
        (b'patient_id,month\nP01,"0\n', 2, "malformed"),
        (b"x" * 200_000, 1, "header"),
        (b"<html><body>Sign in</body></html>\n", 1, "header"),
    ],
)
def test_a_file_that_is_no_csv_is_one_fault(
    folder: Path, content: bytes, row: int | None, rule: str
) -> None:
    (folder / "visits.csv").write_bytes(content)
    faults = found(folder)
    assert len(faults) == 1
    assert (faults[0][0], faults[0][3]) == ("visits.csv", rule)
    assert row is None or faults[0][1] == row


@pytest.mark.parametrize("name", resource_names())
def test_a_missing_file_is_named_and_the_others_still_checked(folder: Path, name: str) -> None:
    (folder / f"{name}.csv").unlink()
    other = "visits.csv" if name != "visits" else "outcomes.csv"
    column = "mrss" if name != "visits" else "last_contact_day"
    put(folder, other, 2, column, "many")
    assert set(found(folder)) == {
        (f"{name}.csv", None, None, "file-missing"),
        (other, 2, column, "type"),
    }


def test_a_folder_in_place_of_a_file_is_a_missing_file(folder: Path) -> None:
    (folder / "visits.csv").unlink()
    (folder / "visits.csv").mkdir()
    assert ("visits.csv", None, None, "file-missing") in found(folder)


def test_a_table_that_is_not_of_the_schema_is_named(folder: Path) -> None:
    (folder / "names.csv").write_text("patient_id,name\n", encoding="utf-8")
    assert found(folder) == [("names.csv", None, None, "file-unknown")]


def test_a_release_without_patients_is_a_fault(folder: Path) -> None:
    for name in resource_names():
        write(folder, f"{name}.csv", cells(folder, f"{name}.csv")[:1])
    faults = [fault for fault in check(folder) if fault.file == "patients.csv"]
    assert "There is no patient in the table." in [fault.message for fault in faults]


def test_a_table_with_only_a_header_is_legal(folder: Path) -> None:
    write(folder, "adverse_events.csv", cells(folder, "adverse_events.csv")[:1])
    assert found(folder) == []


def test_no_folder_and_no_descriptor_are_faults(tmp_path: Path, folder: Path) -> None:
    assert [fault.rule for fault in check(tmp_path / "absent")] == ["folder"]
    assert [fault.rule for fault in check(folder / "patients.csv")] == ["folder"]
    (folder / "datapackage.json").unlink()
    assert found(folder) == [("datapackage.json", None, None, "descriptor-missing")]


# Descriptor


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"resources": 3}',
        b'{"resources": [1]}',
        b"[" * 10**5,
    ],
)
def test_a_broken_descriptor_is_a_fault_and_the_tables_are_checked_by_the_template(
    folder: Path, content: bytes
) -> None:
    (folder / "datapackage.json").write_bytes(content)
    put(folder, "patients.csv", 2, "sex", "X")
    faults = found(folder)
    assert ("patients.csv", 2, "sex", "enum") in faults
    assert {fault[0] for fault in faults} == {"datapackage.json", "patients.csv"}


def field(descriptor: dict[str, Any], table: str, column: str) -> dict[str, Any]:
    resource = next(entry for entry in descriptor["resources"] if entry["name"] == table)
    found: dict[str, Any] = next(
        entry for entry in resource["schema"]["fields"] if entry["name"] == column
    )
    return found


@pytest.mark.parametrize(
    ("change", "rule", "says"),
    [
        (lambda d: d.update(version="February"), "identity", "'February'"),
        (lambda d: d.update(data_cutoff="soon"), "identity", "data_cutoff"),
        (lambda d: d.pop("disclosure"), "identity", "missing"),
        (lambda d: d.update(licenses="free"), "descriptor-standard", "licenses"),
        (lambda d: d["resources"].pop(), "descriptor-tables", "adverse_events"),
        (lambda d: d["resources"].reverse(), "descriptor-tables", "in this order"),
        (
            lambda d: field(d, "patients", "age_years").update(unit="months"),
            "descriptor-schema",
            "patients.schema.age_years.unit",
        ),
        (
            lambda d: field(d, "patients", "sex")["constraints"]["enum"].append("X"),
            "descriptor-schema",
            "patients.schema.sex.constraints.enum",
        ),
        (
            lambda d: field(d, "patients", "age_years")["constraints"].update(maximum="old"),
            "descriptor-schema",
            "no such bound",
        ),
        (
            lambda d: field(d, "patients", "age_years")["constraints"].update(maximum=float("inf")),
            "descriptor-schema",
            "no such bound",
        ),
        (
            lambda d: field(d, "patients", "patient_id")["constraints"].pop("pattern"),
            "descriptor-schema",
            "patients.schema.patient_id.constraints.pattern is missing",
        ),
        (lambda d: d.pop("$schema"), "identity", "$schema"),
        (
            lambda d: field(d, "patients", "centre")["constraints"].update(pattern="("),
            "descriptor-schema",
            "no such bound",
        ),
        (
            lambda d: d["resources"][0].update(path="../patients.csv"),
            "descriptor-schema",
            "patients.path",
        ),
    ],
)
def test_a_descriptor_that_departs_from_the_template_is_named(
    folder: Path, change: Callable[[dict[str, Any]], Any], rule: str, says: str
) -> None:
    change_descriptor(folder, change)
    faults = check(folder)
    assert {(fault.file, fault.rule) for fault in faults} == {("datapackage.json", rule)}
    assert any(says in fault.message for fault in faults)


def test_a_release_may_widen_a_bound_and_word_a_title_anew(folder: Path) -> None:
    def widen(descriptor: dict[str, Any]) -> None:
        age = field(descriptor, "patients", "age_years")
        age["title"] = "Age"
        age["constraints"]["maximum"] = 75

    change_descriptor(folder, widen)
    put(folder, "patients.csv", 3, "age_years", "70")
    assert found(folder) == []


def test_a_resource_without_its_digest_is_a_fault(folder: Path) -> None:
    change_descriptor(folder, lambda descriptor: descriptor["resources"][0].pop("hash"))
    assert [(fault.file, fault.rule) for fault in check(folder)] == [("patients.csv", "hash")]


def test_checking_opens_no_connection(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no network in this test")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    assert checks.check(folder) == []


def test_a_row_whose_only_cell_is_mistyped_lacks_its_required_cells_too(folder: Path) -> None:
    table = cells(folder, "visits.csv")
    table.insert(3, ["", "", "", "many", "", "", "", ""])
    write(folder, "visits.csv", table)
    assert [(column, rule) for file, row, column, rule in found(folder) if row == 4] == [
        ("month", "required"),
        ("mrss", "type"),
        ("patient_id", "required"),
        ("visit_day", "required"),
    ]


def test_a_key_that_stands_three_times_is_named_by_its_first_row(folder: Path) -> None:
    table = cells(folder, "visits.csv")
    write(folder, "visits.csv", [*table, table[1], table[1]])
    told = [fault.message for fault in check(folder) if fault.rule == "duplicate"]
    last = len(table)
    assert told == [
        f"patient_id 'P01' and month '0' stands in row 2 and again in row {row}."
        for row in (last + 1, last + 2)
    ]
