"""A release in Parquet is the same release: same patients, same faults, named by file and row."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nissc1.cohort.checks import check
from nissc1.cohort.descriptor import build_descriptor, digest, write_descriptor
from nissc1.cohort.registration import add
from nissc1.cohort.release import ReleaseError, load_release
from nissc1.cohort.schema import resource_names

FIXTURES = Path(__file__).parent / "fixtures" / "releases"
COMMITTED = Path(__file__).parents[1] / "data" / "releases"


def describe(folder: Path, data_cutoff: dt.date = dt.date(2018, 6, 30)) -> None:
    """Describe the folder as it is, as if it had been registered so."""
    descriptor = build_descriptor(
        release_id=folder.name,
        data_cutoff=data_cutoff,
        synthetic=True,
        disclosure="none",
        title="Invented patients",
        folder=folder,
    )
    write_descriptor(descriptor, folder)


def to_parquet(release: Path, target: Path, names: tuple[str, ...] = resource_names()) -> Path:
    """Copy a release, some of its tables as pandas writes them in Parquet."""
    cohort = load_release(release.name, release.parent)
    folder = Path(shutil.copytree(release, target / release.name))
    for name in names:
        (folder / f"{name}.csv").unlink()
        cohort.tables()[name].to_parquet(folder / f"{name}.parquet", index=False)
    describe(folder, cohort.release.data_cutoff)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return to_parquet(FIXTURES / "2020.01", tmp_path / "releases")


def change(folder: Path, name: str, edit: Callable[[pa.Table], pa.Table]) -> None:
    path = folder / f"{name}.parquet"
    pq.write_table(edit(pq.read_table(path)), path)
    describe(folder)


def put(folder: Path, name: str, row: int, column: str, value: Any) -> None:
    """Set the cell of a record; records count from 2, as the lines of a CSV file do."""

    def edit(table: pa.Table) -> pa.Table:
        place = table.column_names.index(column)
        values = table.column(column).to_pylist()
        values[row - 2] = value
        stored = pa.array(values, type=table.schema.field(column).type)
        return table.set_column(place, column, stored)

    change(folder, name, edit)


def store(folder: Path, name: str, column: str, values: pa.Array) -> None:
    def edit(table: pa.Table) -> pa.Table:
        return table.set_column(table.column_names.index(column), column, values)

    change(folder, name, edit)


def found(folder: Path) -> list[tuple[str, int | None, str | None, str]]:
    return [(fault.file, fault.row, fault.column, fault.rule) for fault in check(folder)]


@pytest.mark.parametrize(
    "names",
    [resource_names(), ("visits",), ("patients", "adverse_events")],
    ids=["all", "visits", "two"],
)
@pytest.mark.parametrize(
    "release", [FIXTURES / "2020.01", COMMITTED / "2021.02"], ids=["five patients", "committed"]
)
def test_parquet_gives_exactly_the_cohort_of_csv(
    release: Path, names: tuple[str, ...], tmp_path: Path
) -> None:
    folder = to_parquet(release, tmp_path, names)
    expected = load_release(release.name, release.parent)
    cohort = load_release(release.name, tmp_path)
    for name, table in expected.tables().items():
        pd.testing.assert_frame_equal(cohort.tables()[name], table, check_exact=True)
    pd.testing.assert_frame_equal(cohort.baseline(), expected.baseline(), check_exact=True)
    assert set(cohort.release.hashes) == {
        f"{name}.{'parquet' if name in names else 'csv'}" for name in resource_names()
    }
    assert check(folder) == []


def test_the_descriptor_says_what_is_parquet(tmp_path: Path) -> None:
    folder = to_parquet(FIXTURES / "2020.01", tmp_path, ("visits",))
    resources = json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    visits, other = resources[3], resources[0]
    described = {name: visits.get(name) for name in ("path", "format", "mediatype", "encoding")}
    assert described == {
        "path": "visits.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "encoding": None,
    }
    assert visits["rows"] == 17  # lines of the fixture's visits.csv without the header
    assert (other["path"], other["format"], other["encoding"]) == ("patients.csv", "csv", "utf-8")


@pytest.mark.parametrize(
    ("name", "value"), [("format", "csv"), ("mediatype", "text/csv"), ("path", "visits.feather")]
)
def test_a_descriptor_that_contradicts_the_file_is_a_fault(
    folder: Path, name: str, value: str
) -> None:
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text("utf-8"))
    descriptor["resources"][3][name] = value
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert ("datapackage.json", None, None, "descriptor-schema") in found(folder)
    with pytest.raises(ReleaseError, match=rf"visits\.{name}"):
        load_release("2020.01", folder.parent)


def test_an_edited_file_is_refused_by_name(folder: Path) -> None:
    path = folder / "outcomes.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ReleaseError, match=r"outcomes\.parquet is not the file that was"):
        load_release("2020.01", folder.parent)
    assert ("outcomes.parquet", None, None, "hash") in found(folder)


def test_what_is_no_parquet_is_named(folder: Path) -> None:
    (folder / "visits.parquet").write_bytes(b"PAR1 but nothing else PAR1")
    assert ("visits.parquet", None, None, "malformed") in found(folder)


# What each fault of a cell is called in CSV: tests/test_cohort_checks.py.
ONE_CELL = [
    ("patients", 3, "age_years", 300, "range"),
    ("patients", 3, "age_years", None, "required"),
    ("patients", 3, "fev1_pct", float("nan"), "type"),
    ("patients", 3, "fev1_pct", float("inf"), "type"),
    ("patients", 3, "fev1_pct", 1e-20, "type"),
    ("patients", 2, "sex", "X", "enum"),
    ("patients", 2, "centre", "Ward 7", "pattern"),
    ("patients", 6, "prior_atg", True, "prior-treatment"),
    ("transplants", 2, "transplant_date", dt.datetime(2012, 11, 30), "range"),
    ("transplants", 2, "transplant_date", dt.datetime(2013, 1, 15, 8, 30), "type"),
    ("outcomes", 4, "progression_day", -1, "before-transplantation"),
    ("visits", 3, "mrss", 52, "range"),
    ("visits", 3, "patient_id", "P77", "unknown-patient"),
    ("visits", 3, "month", 7, "enum"),
    ("adverse_events", 3, "event_id", "E1", "duplicate"),
]


@pytest.mark.parametrize(("name", "row", "column", "value", "rule"), ONE_CELL)
def test_a_fault_is_named_by_file_row_and_column_as_in_csv(
    folder: Path, name: str, row: int, column: str, value: Any, rule: str
) -> None:
    put(folder, name, row, column, value)
    assert (f"{name}.parquet", row, column, rule) in found(folder)


def test_a_cell_of_the_wrong_type_is_not_loaded(folder: Path) -> None:
    put(folder, "transplants", 4, "transplant_date", dt.datetime(2013, 1, 15, 8, 30))
    with pytest.raises(
        ReleaseError,
        match=r"transplants\.parquet, row 4: transplant_date is '2013-01-15T08:30:00', not a date",
    ):
        load_release("2020.01", folder.parent)


@pytest.mark.parametrize(
    ("name", "column", "stored", "wanted"),
    [
        ("patients", "age_years", pa.array([40.0, 61.0, 30.0, 60.0, 50.0]), "double, not as whole"),
        ("patients", "ana", pa.array(["yes"] * 5), "string, not as truth values"),
        ("patients", "sex", pa.array([0, 1, 0, 1, 0]), "int64, not as text"),
        ("patients", "weight_kg", pa.array([70.0] * 5, pa.float32()), "float, not as numbers"),
        ("transplants", "transplant_date", pa.array(["2013-01-15"] * 5), "string, not as dates"),
    ],
)
def test_a_column_of_another_storage_type_is_refused_as_a_whole(
    folder: Path, name: str, column: str, stored: pa.Array, wanted: str
) -> None:
    store(folder, name, column, stored)
    assert (f"{name}.parquet", 1, column, "storage") in found(folder)
    with pytest.raises(ReleaseError, match=f"{column} is stored as {wanted}"):
        load_release("2020.01", folder.parent)


def test_other_ways_of_storing_the_same_values_give_the_same_cohort(folder: Path) -> None:
    expected = load_release("2020.01", FIXTURES)

    def other(table: pa.Table) -> pa.Table:
        types = {
            "sex": pa.dictionary(pa.int8(), pa.string()),
            "country": pa.large_string(),
            "age_years": pa.int8(),
        }
        for column, type_ in types.items():
            place = table.column_names.index(column)
            table = table.set_column(place, column, table.column(column).cast(type_))
        return pa.concat_tables([table.slice(0, 2), table.slice(2)])

    change(folder, "patients", other)
    dates = pq.read_table(folder / "transplants.parquet").column("transplant_date")
    store(folder, "transplants", "transplant_date", dates.cast(pa.date32()))
    cohort = load_release("2020.01", folder.parent)
    pd.testing.assert_frame_equal(cohort.patients, expected.patients, check_exact=True)
    pd.testing.assert_frame_equal(cohort.transplants, expected.transplants, check_exact=True)


def test_a_column_without_any_value_may_be_of_no_type(folder: Path) -> None:
    store(folder, "visits", "shaq", pa.nulls(17))
    assert load_release("2020.01", folder.parent).visits["shaq"].isna().all()


def test_missing_and_unknown_columns_are_faults_of_the_header(folder: Path) -> None:
    change(folder, "patients", lambda table: table.drop_columns(["ana"]))
    store(folder, "visits", "shaq", pa.nulls(17))
    change(folder, "visits", lambda table: table.append_column("ward", pa.array(["A"] * 17)))
    faults = found(folder)
    assert ("patients.parquet", 1, "ana", "header") in faults
    assert ("visits.parquet", 1, "ward", "header") in faults
    with pytest.raises(ReleaseError, match=r"patients\.parquet, row 1: The header is not"):
        load_release("2020.01", folder.parent)


def test_a_column_of_lists_is_refused_even_where_the_schema_has_no_such_column(
    folder: Path,
) -> None:
    change(folder, "visits", lambda each: each.append_column("x", pa.array([[1]] * 17)))
    (fault,) = [fault for fault in check(folder) if fault.rule == "storage"]
    assert (fault.file, fault.column) == ("visits.parquet", "x")
    assert "list<" in fault.message


def test_a_table_without_records_is_read(folder: Path) -> None:
    change(folder, "adverse_events", lambda table: table.slice(0, 0))
    events = load_release("2020.01", folder.parent).adverse_events
    assert events.empty
    assert events.dtypes.equals(load_release("2020.01", FIXTURES).adverse_events.dtypes)
    assert check(folder) == []


def test_a_patient_with_two_rows_is_refused_by_file(folder: Path) -> None:
    put(folder, "patients", 4, "patient_id", "P02")
    with pytest.raises(ReleaseError, match=r"patients\.parquet: patient 'P02' has more than one"):
        load_release("2020.01", folder.parent)


def test_corrections_apply_as_to_csv(folder: Path) -> None:
    text = """
- table: patients
  patient: P01
  column: weight_kg
  expected: 72
  value: 70.5
  reason: typed from the wrong line
  status: confirmed
- table: visits
  patient: P03
  month: 12
  column: mrss
  expected: 22
  value:
  reason: taken by an untrained observer
  status: confirmed
"""
    (folder / "corrections.yml").write_text(text, encoding="utf-8")
    size, sha256 = digest(folder / "corrections.yml")
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text("utf-8"))
    entry = {"path": "corrections.yml", "bytes": size, "hash": f"sha256:{sha256}"}
    path.write_text(json.dumps(descriptor | {"corrections": entry}), encoding="utf-8")
    cohort = load_release("2020.01", folder.parent)
    assert cohort.patients.set_index("patient_id").loc["P01", "weight_kg"] == 70.5
    visit = cohort.visits.set_index(["patient_id", "month"]).loc[("P03", 12)]
    assert pd.isna(visit["mrss"])
    assert check(folder) == []


def test_a_table_in_both_forms_is_a_fault_of_the_one_that_is_not_described(folder: Path) -> None:
    shutil.copy(FIXTURES / "2020.01" / "visits.csv", folder)
    assert found(folder) == [("visits.csv", None, None, "file-unknown")]


def test_a_parquet_release_is_registered_under_another_name_as_it_is(folder: Path) -> None:
    registered = add(folder, "2020.02", data=folder.parent)
    files = {path.name for path in registered.folder.iterdir()}
    assert files == {"datapackage.json", *(f"{name}.parquet" for name in resource_names())}
    again = load_release("2020.02", folder.parent)
    pd.testing.assert_frame_equal(again.visits, load_release("2020.01", FIXTURES).visits)
