"""What this article's digits imply, from the transcribed figures."""

import pandas as pd
import pytest

from nissc1 import digits
from nissc1.report.published import load_published


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return load_published()


def test_percentages_without_denominator_are_sorted_by_what_fits(published: pd.DataFrame) -> None:
    found = digits.read_denominators(published)
    assert found.facts["percentages"] == len(found.table) == 40
    assert found.facts["no_denominator"] == 1  # antinuclear antibodies
    assert found.table["Possible denominators"].eq("none").sum() == 1


def test_the_first_year_has_five_deaths_and_five_progressions(published: pd.DataFrame) -> None:
    facts = digits.read_early_loss(published).facts
    assert (facts["deaths"], facts["progressions"]) == (5, 5)
    assert facts["admissible_0"] == 0


def test_events_of_two_years_fit_the_limits_of_the_skin_score(published: pd.DataFrame) -> None:
    facts = digits.read_events(published, 4).facts
    assert (facts["events"], facts["split"], facts["totals"]) == (14, "10 + 4", 1)


def test_ages_from_20_to_62_exclude_a_year_as_unit(published: pd.DataFrame) -> None:
    table = digits.read_age_unit(published, 14).table
    assert table.set_index("Unit, years")["Possible"].to_dict() == {
        1: False,
        5: True,
        10: True,
        20: True,
    }


def test_no_test_serves_the_three_comparisons_of_infections(published: pd.DataFrame) -> None:
    found = digits.read_infection_tests(published)
    assert found.facts["common"] == 0
    assert found.facts["searched"] == 21 + 195 + 41
    assert found.table["Comparison"].nunique() == 3


def test_signs_are_read_from_print(published: pd.DataFrame) -> None:
    facts = digits.read_signs(published).facts
    assert facts["pairs"] == 66
    assert facts["inverse"] == pytest.approx(1 / 0.46)


def test_figures_that_leave_the_count_open_are_refused(published: pd.DataFrame) -> None:
    vague = published.copy()
    vague.loc[vague["id"] == "results.progression_12m", "estimate"] = "92.7"
    with pytest.raises(digits.UndecidedError, match=r"results\.progression_12m"):
        digits.read_early_loss(vague)
