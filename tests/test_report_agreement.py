"""Agreement with print, at printed precision."""

from typing import Any

import pandas as pd
import pytest

from nissc1.report.agreement import Verdict, compare, counts, judge
from nissc1.report.contradictions import arithmetic_of, checked_contradictions
from nissc1.report.published import (
    CONTRADICTION_COLUMNS,
    FIGURE_COLUMNS,
    load_contradictions,
    load_published,
)
from nissc1.report.record import Record


def printed(statistic: str, **values: str) -> dict[str, Any]:
    row = dict.fromkeys(FIGURE_COLUMNS, "")
    return row | {"id": "x.y", "statistic": statistic, "relation": "=", "record": "a.b"} | values


def computed(statistic: str, text: str = "", **values: Any) -> Record:
    blank: dict[str, Any] = dict.fromkeys(("estimate", "lower", "upper", "n", "events"))
    blank |= {"denominator": None, "unit": "", "notebook": "t", "release": "2021.02"}
    given = blank | values
    return Record(id="a.b", label="A", statistic=statistic, text=text, **given)


def clash(rows: str = "x.y", followed: str = "", kind: str = "clashing_values") -> dict[str, str]:
    return {
        "id": "c",
        "rows": rows,
        "statement": "7 here, 8 there",
        "arithmetic": "7 + 1 = 8",
        "followed": followed,
        "kind": kind,
        "check": "",
    }


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (81.75, Verdict.AGREES),  # lower end of half a unit about 81.8
        (81.85, Verdict.AGREES),  # upper end
        (81.749, Verdict.DIFFERS),
        (81.851, Verdict.DIFFERS),
        (81.85000000000002, Verdict.AGREES),
    ],
)
def test_half_a_unit_of_the_last_printed_digit_still_agrees(value: float, verdict: str) -> None:
    row = printed("survival", estimate="81.8")
    assert judge(row, computed("survival", estimate=value))[0] == verdict


def test_a_half_printed_downwards_or_upwards_agrees_either_way() -> None:
    record = computed("survival", estimate=91.25)
    for text in ("91.2", "91.3"):
        assert judge(printed("survival", estimate=text), record)[0] == Verdict.AGREES


def test_a_limit_that_is_off_is_named_with_its_distance() -> None:
    row = printed("survival", estimate="87.5", lower="80.2", upper="94.7")
    record = computed("survival", estimate=87.5, lower=80.253, upper=94.747)
    verdict, detail = judge(row, record)
    assert verdict == Verdict.DIFFERS
    assert detail == "lower: printed 80.2, computed 80.253 (+0.053)"


def test_trailing_zeros_count_as_printed_precision() -> None:
    record = computed("value", estimate=89.6)
    assert judge(printed("value", estimate="90"), record)[0] == Verdict.AGREES
    assert judge(printed("value", estimate="90.0"), record)[0] == Verdict.DIFFERS


def test_counts_must_be_equal() -> None:
    row = printed("proportion", n="57", estimate="71.3")
    good = computed("proportion", estimate=71.25, n=80, events=57, denominator=80)
    off = computed("proportion", estimate=71.26, n=80, events=58, denominator=80)
    assert judge(row, good)[0] == Verdict.AGREES
    assert judge(row, off) == (Verdict.DIFFERS, "n: printed 57, computed 58 (+1)")


def test_a_printed_denominator_must_be_the_computed_one() -> None:
    row = printed("proportion", n="31", denominator="71", estimate="43.7")
    record = computed("proportion", estimate=100 * 31 / 72, n=72, events=31, denominator=72)
    assert "denominator: printed 71, computed 72" in judge(row, record)[1]


def test_a_printed_count_is_compared_with_a_count_or_with_a_numerator() -> None:
    row = printed("count", n="35")
    as_count = computed("count", estimate=35.0, n=80)
    as_share = computed("proportion", estimate=43.75, n=80, events=35, denominator=80)
    assert judge(row, as_count)[0] == Verdict.AGREES
    assert judge(row, as_share)[0] == Verdict.AGREES


def test_the_n_beside_a_mean_is_its_patients_and_beside_a_rate_its_events() -> None:
    mean = computed("mean", estimate=12.6, n=55)
    rate = computed("cumulative_incidence", estimate=6.25, n=80, events=5, denominator=75)
    assert judge(printed("mean", estimate="12.6", n="55"), mean)[0] == Verdict.AGREES
    row = printed("cumulative_incidence", estimate="6.25", n="5")
    assert judge(row, rate)[0] == Verdict.AGREES


def test_relations_are_kept() -> None:
    row = printed("p_value", estimate="0.001", relation="<")
    assert judge(row, computed("p_value", estimate=0.0009))[0] == Verdict.AGREES
    assert judge(row, computed("p_value", estimate=0.001))[0] == Verdict.DIFFERS
    at_most = printed("value", estimate="65", relation="<=")
    assert judge(at_most, computed("value", estimate=62.0))[0] == Verdict.AGREES


def test_a_true_minus_sign_is_read_as_a_minus() -> None:
    row = printed("correlation", estimate="−0.31")
    assert judge(row, computed("correlation", estimate=-0.312))[0] == Verdict.AGREES


def test_texts_agree_apart_from_case_spaces_and_dashes() -> None:
    record = computed("text", text="not done")
    assert judge(printed("text", printed="Not  done"), record)[0] == Verdict.AGREES
    assert judge(printed("text", printed="not performed"), record)[0] == Verdict.AGREES
    assert judge(printed("text", printed="Normal"), record)[0] == Verdict.DIFFERS


def test_what_has_no_record_or_no_estimate_is_not_computed() -> None:
    row = printed("mean", estimate="3")
    assert judge(row, None)[0] == Verdict.NOT_COMPUTED
    empty = computed("mean", text="not estimable: no patient")
    assert judge(row, empty) == (Verdict.NOT_COMPUTED, "not estimable: no patient")


def test_a_row_of_a_contradiction_that_differs_shows_the_arithmetic() -> None:
    row, record = printed("value", estimate="8"), computed("value", estimate=7.0)
    verdict, detail = judge(row, record, [clash(followed="other.row")])
    assert verdict == Verdict.CONTRADICTION
    assert "7 here, 8 there: 7 + 1 = 8" in detail


def test_the_arithmetic_is_what_the_check_computes() -> None:
    row = clash() | {"check": "no_denominator(74, 92.7)"}
    assert arithmetic_of(row).startswith("74/80 = 92.5% and 74/79 = 93.671%")
    assert row["arithmetic"] not in arithmetic_of(row)


def test_a_bare_clash_keeps_the_readers_note() -> None:
    row = clash() | {"check": "clash(7, 8)"}
    assert arithmetic_of(row) == (
        "7 and 8 are 1 apart: as whole numbers they exclude each other. 7 + 1 = 8"
    )


def test_a_contradiction_whose_check_fails_or_is_missing_is_refused() -> None:
    for check in ("clash(7, 7)", ""):
        rows = pd.DataFrame([clash() | {"check": check}])
        with pytest.raises(ValueError, match=r"contradictions\.csv, row c, column check"):
            checked_contradictions(rows)


def test_every_contradiction_of_the_article_is_checked() -> None:
    checked = checked_contradictions(load_contradictions())
    assert len(checked) == len(load_contradictions())
    assert checked["arithmetic"].str.len().min() > 20


def test_a_row_of_a_contradiction_that_agrees_stays_so_with_a_note() -> None:
    row, record = printed("value", estimate="7"), computed("value", estimate=7.0)
    verdict, detail = judge(row, record, [clash(followed="x.y")])
    assert verdict == Verdict.AGREES
    assert "7 here, 8 there" in detail


def test_the_row_that_the_cohort_follows_has_no_excuse() -> None:
    row, record = printed("value", estimate="8"), computed("value", estimate=7.0)
    assert judge(row, record, [clash(followed="x.y")])[0] == Verdict.DIFFERS


def test_an_impossible_percentage_excuses_no_count() -> None:
    row = printed("proportion", n="74", estimate="92.7")
    kind = clash(kind="impossible_percentage")
    good = computed("proportion", estimate=92.5, n=80, events=74, denominator=80)
    off = computed("proportion", estimate=91.25, n=80, events=73, denominator=80)
    assert judge(row, good, [kind])[0] == Verdict.CONTRADICTION
    assert judge(row, off, [kind])[0] == Verdict.DIFFERS


def test_an_undeclared_denominator_alone_excuses_nothing() -> None:
    row = printed("proportion", n="48", estimate="60")
    record = computed("proportion", estimate=58.75, n=80, events=47, denominator=80)
    assert judge(row, record, [clash(kind="denominator")])[0] == Verdict.DIFFERS


def test_the_comparison_keeps_the_printed_order_and_counts_every_verdict() -> None:
    rows = [
        printed("value", estimate="7") | {"id": "one"},
        printed("value", estimate="8") | {"id": "two"},
        printed("value", estimate="8") | {"id": "three"},
        printed("value", estimate="8") | {"id": "four", "record": "no.such"},
    ]
    clashes = pd.DataFrame([clash("three one", "one")], columns=list(CONTRADICTION_COLUMNS))
    compared = compare(pd.DataFrame(rows), [computed("value", text="7", estimate=7.0)], clashes)
    assert compared["id"].tolist() == ["one", "two", "three", "four"]
    assert counts(compared) == {
        "agrees": 1,
        "differs": 1,
        "article contradicts itself": 1,
        "not computed": 1,
    }


def test_the_transcribed_figures_can_all_be_compared() -> None:
    compared = compare(load_published(), [], load_contradictions())
    assert counts(compared)["not computed"] == len(compared) > 400


def test_every_transcribed_number_and_relation_is_understood() -> None:
    """A record with numbers meets each row: none may fail to parse."""
    full = computed("value", text="1", estimate=1.0, lower=1.0, upper=1.0, n=1, denominator=1)
    for row in load_published().to_dict("records"):
        verdict, _ = judge({str(key): value for key, value in row.items()}, full)
        assert verdict in (Verdict.AGREES, Verdict.DIFFERS)


def test_contradictions_name_printed_figures_that_exist() -> None:
    known = set(load_published()["id"])
    named = " ".join(load_contradictions()["rows"]).split()
    assert set(named) <= known
