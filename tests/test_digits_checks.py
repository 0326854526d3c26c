"""Checks written as text, and those of the article's contradictions."""

import re

import pytest

from nissc1.digits import CHECKS, CheckError, read_checks, run_checks
from nissc1.report.published import load_contradictions, load_published

ROWS = load_contradictions().to_dict("records")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_contradiction_holds_by_its_check(row: dict[str, str]) -> None:
    findings = run_checks(row["check"])
    assert findings
    assert [finding.sentence for finding in findings if not finding.holds] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_digit_of_a_check_is_printed(row: dict[str, str]) -> None:
    """In the rows that the contradiction names, or in its arithmetic; 1000 mU make a U."""
    published = load_published().set_index("id")
    columns = ["estimate", "lower", "upper", "n", "denominator"]
    printed = set(published.loc[row["rows"].split(), columns].to_numpy().ravel())
    printed |= set(re.findall(r"\d+(?:\.\d+)?", row["arithmetic"] + row["statement"]))
    printed |= {published.at["abstract.n", "n"], *published.loc["table1.age", ["lower", "upper"]]}
    used = re.findall(r"\d+(?:\.\d+)?", row["check"])
    assert set(used) <= {text.lstrip("-") for text in printed} | {"1000"}


def test_every_function_of_the_registry_is_used_and_named_as_it_is_called() -> None:
    used = {check.name for row in ROWS for check in read_checks(row["check"])}
    assert used == set(CHECKS)


def test_checks_are_parted_by_semicolons_and_arguments_by_commas() -> None:
    first, second = read_checks("clash(8, 7); no_denominator( 74 , 92.7 )")
    assert (first.name, first.arguments) == ("clash", ("8", "7"))
    assert second.arguments == ("74", "92.7")
    assert read_checks("") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("clash 8 7", "is not a name with arguments"),
        ("__import__(os)", "'__import__' is unknown"),
        ("clash(8, 7).holds", "is not a name with arguments"),
        ("eval(1)", "'eval' is unknown; allowed are"),
        ("clash(8)", "cannot be run"),
        ("clash(8, seven)", "'seven' is not a printed number"),
    ],
)
def test_what_is_no_known_check_is_refused(text: str, message: str) -> None:
    with pytest.raises(CheckError, match=re.escape(message)):
        run_checks(text)
