"""Results records and the book of them."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from nissc1.report.record import Record
from nissc1.report.records import DuplicateRecordError, RecordBook

RECORD = Record(
    id="os.12m",
    label="Overall survival",
    statistic="survival",
    estimate=91.25000000000001,
    lower=85.05810532111944,
    upper=97.44189467888059,
    n=80,
    events=7,
    denominator=73,
    unit="%",
    text="91.3 (85.1–97.4)",
    notebook="figure-1",
    release="2021.02",
)
EMPTY = replace(
    RECORD,
    id="os.36m",
    label='A "quoted", label',
    estimate=None,
    lower=None,
    upper=None,
    events=None,
    text="not estimable: nobody was followed up to 36 months",
)


def test_the_fields_are_the_columns_of_the_contract_in_order() -> None:
    contract = "id, label, statistic, estimate, lower, upper, n, events, denominator, unit, text"
    names = [field.name for field in fields(Record)]
    assert ", ".join(names) == f"{contract}, notebook, release"


def test_an_id_used_twice_is_refused_with_both_labels_and_notebooks() -> None:
    book = RecordBook([RECORD])
    other = replace(RECORD, label="Survival at one year", notebook="response")
    with pytest.raises(DuplicateRecordError) as caught:
        book.add(other)
    for word in ("os.12m", "Overall survival", "figure-1", "Survival at one year", "response"):
        assert word in str(caught.value)


@pytest.mark.parametrize("wrong", ["os", "OS.12m", "os..12m", "os.12m.", "os 12m.x", ""])
def test_an_id_that_is_no_dotted_name_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"lower-case letters.*Rename"):
        replace(RECORD, id=wrong)


def test_nan_and_infinity_are_refused() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite"):
            replace(RECORD, upper=value)


def test_an_unknown_statistic_is_refused() -> None:
    with pytest.raises(ValueError, match="statistic 'rate' is unknown"):
        replace(RECORD, statistic="rate")


def test_json_gives_back_the_same_records() -> None:
    book = RecordBook([RECORD, EMPTY])
    assert list(RecordBook.from_json(book.to_json())) == [RECORD, EMPTY]


def test_csv_gives_back_the_same_records() -> None:
    book = RecordBook([RECORD, EMPTY])
    assert list(RecordBook.from_csv(book.to_csv())) == [RECORD, EMPTY]


def test_csv_is_plain_with_empty_cells_for_what_is_undefined() -> None:
    lines = RecordBook([EMPTY]).to_csv().splitlines()
    assert lines[0].startswith("id,label,statistic,estimate,lower,upper,n,events")
    assert lines[1].startswith('os.36m,"A ""quoted"", label",survival,,,,80,,73,%,')


def test_a_missing_column_is_named_with_its_line() -> None:
    with pytest.raises(ValueError, match="line 2"):
        RecordBook.from_csv("id,label\nos.12m,x\n")


def test_the_frame_has_typed_columns() -> None:
    frame = RecordBook([RECORD, EMPTY]).to_frame()
    assert frame["n"].dtype == "Int64"
    assert frame["estimate"].isna().tolist() == [False, True]


def test_two_notebooks_that_compute_one_figure_are_refused(tmp_path: Path) -> None:
    for notebook in ("figure-1", "response"):
        book = RecordBook([replace(RECORD, notebook=notebook)])
        (tmp_path / f"{notebook}.json").write_text(book.to_json(), encoding="utf-8")
    with pytest.raises(DuplicateRecordError):
        RecordBook.read(tmp_path)


def test_an_unknown_id_names_the_records_of_its_topic() -> None:
    with pytest.raises(KeyError, match=r"os\.12m"):
        RecordBook([RECORD])["os.13m"]


def test_records_are_chosen_by_patterns_in_their_order() -> None:
    later = [replace(RECORD, id=name) for name in ("pfs.12m", "os.24m", "os.12m.p")]
    book = RecordBook([RECORD, *later])
    assert [record.id for record in book.named("*.24m", "os.*m")] == ["os.12m", "os.24m"]
    assert book.named("os.36m") == []


def test_parts_are_rounded_as_the_text_is() -> None:
    assert RECORD.part("estimate") == "91.3"
    assert RECORD.part("lower") == "85.1"
    assert RECORD.part("events") == "7"
    assert EMPTY.part("estimate") == "–"


def test_a_p_value_reads_as_an_equation_or_a_relation() -> None:
    exact = replace(RECORD, statistic="p_value", estimate=0.44, text="0.44")
    below = replace(exact, estimate=0.0002, text="<\u00a00.001")
    assert exact.part("p") == "P\u00a0=\u00a00.44"
    assert below.part("p") == "P\u00a0<\u00a00.001"


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(ValueError, match="no part 'mean'"):
        RECORD.part("mean")
