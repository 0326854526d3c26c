"""Records of all notebooks become the results of an edition."""

from __future__ import annotations

import csv
import json

import pytest

from nissc1.publish.errors import BuildError
from nissc1.publish.results import merge, write


@pytest.fixture
def records(tmp_path, make_record):
    def save(notebook, *identities, **changes):
        found = [make_record(identity, notebook, **changes) for identity in identities]
        (tmp_path / f"{notebook}.json").write_text(json.dumps(found))
        return tmp_path

    return save


def test_records_come_in_reading_order(records):
    records("b", "x.two", "x.one")
    folder = records("a", "y.one")
    assert [record.id for record in merge(folder, ["b", "a"])] == ["x.two", "x.one", "y.one"]


def test_an_id_written_twice_names_both_notebooks(records):
    records("table-1", "baseline.age")
    folder = records("cohort", "baseline.age")
    with pytest.raises(BuildError, match=r"baseline\.age") as caught:
        merge(folder, ["table-1", "cohort"])
    assert "table-1" in str(caught.value)
    assert "cohort" in str(caught.value)


def test_a_notebook_without_records_file_is_named(records):
    folder = records("table-1", "baseline.age")
    with pytest.raises(BuildError, match=r"notebook cohort wrote no records.*report\.publish"):
        merge(folder, ["table-1", "cohort"])


def test_a_record_with_a_missing_column_is_named(tmp_path, make_record):
    record = make_record("baseline.age", "table-1")
    del record["unit"]
    (tmp_path / "table-1.json").write_text(json.dumps([record]))
    with pytest.raises(BuildError, match=r"notebook table-1: .*columns"):
        merge(tmp_path, ["table-1"])


def test_csv_and_json_hold_the_columns_of_the_contract(records, tmp_path):
    merged = merge(records("table-1", "baseline.age", lower=None), ["table-1"])
    write(merged, tmp_path / "out")
    columns = [
        "id",
        "label",
        "statistic",
        "estimate",
        "lower",
        "upper",
        "n",
        "events",
        "denominator",
        "unit",
        "text",
    ]
    columns += ["notebook", "release"]
    with (tmp_path / "out" / "results.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == columns
    assert rows[0]["lower"] == ""
    objects = json.loads((tmp_path / "out" / "results.json").read_text())
    assert list(objects[0]) == columns
    assert objects[0]["lower"] is None
