"""Deaths and survival against a general population, by hand and against published figures.

test_release_against_r.py compares the whole chapter with R's survival::pyears and survexp.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from nissc1.cohort.release import Cohort, load_release
from nissc1.general_population import benchmarks, expected_survival, load_life_table
from nissc1.report import NotEstimable, Report, figures
from nissc1.report.general_population import record_benchmarks
from nissc1.report.parameters import check_parameters
from nissc1.report.published import CONTRADICTION_COLUMNS, FIGURE_COLUMNS
from nissc1.stats import kaplan_meier

RELEASES = Path(__file__).parent / "fixtures" / "releases"
COHORT = load_release("2020.01", RELEASES)
YEAR = 365.25


def life_table(rates: dict[tuple[str, int], float]) -> pd.DataFrame:
    """Rates by sex and year, the same at all ages."""
    return pd.DataFrame(
        [
            {"sex": sex, "age": age, "year": year, "rate": rate}
            for (sex, year), rate in rates.items()
            for age in range(110)
        ]
    )


ONE_IN_A_HUNDRED = life_table({("F", 2012): 0.01, ("M", 2012): 0.01})


def session(cohort: Cohort = COHORT, **changes: str) -> Report:
    values = {
        "release": "2020.01",
        "cutoff": None,
        "horizon_months": 24,
        "population": None,
        "conf_level": 0.95,
        "disclosure": "none",
    }
    nothing = (
        pd.DataFrame(columns=list(names)) for names in (FIGURE_COLUMNS, CONTRADICTION_COLUMNS)
    )
    return Report("general-population", check_parameters(**(values | changes)), cohort, *nothing)


@pytest.mark.parametrize(
    ("year", "female", "male"),
    # National Vital Statistics Reports 65(8), 66(3) and 66(4), their abstracts: years at birth
    [(2012, 81.2, 76.4), (2013, 81.2, 76.4), (2014, 81.3, 76.5)],
)
def test_life_expectancy_at_birth_is_the_published_one(
    year: int, female: float, male: float
) -> None:
    tables = load_life_table().sort_values("age").groupby(["year", "sex"])["q"]
    for sex, expected in {"F": female, "M": male}.items():
        q = tables.get_group((year, sex))
        # whole years lived, and half of the year of death
        assert (1 - q).cumprod().sum() + 0.5 == pytest.approx(expected, abs=0.05)


def test_rates_are_those_of_r() -> None:
    # R's survexp.us["45", "female", "2014"] * 36525, 2014: 200 and 310 deaths in 100,000 at age 45
    table = load_life_table().query("year == 2014 and age == 45").set_index("sex")
    assert round(100_000 * table.at["F", "rate"]) == 200
    assert round(100_000 * table.at["M", "rate"]) == 310


def test_expected_deaths_are_years_times_rate_in_each_part_of_the_follow_up() -> None:
    found = {each.name: each for each in benchmarks(COHORT, ONE_IN_A_HUNDRED)}
    # last contact on days 740, 9 (dead), 735, 414 (dead), 400
    days = {
        "all": 740 + 9 + 735 + 414 + 400,
        "100d": 4 * 100 + 9,
        "24m": 2 * 630.5 + 314 + 300,
        "later": 9.5 + 4.5,
    }
    assert {name: each.person_years for name, each in found.items()} == pytest.approx(
        {name: lived / YEAR for name, lived in days.items()}
    )
    assert {name: each.expected for name, each in found.items()} == pytest.approx(
        {name: 0.01 * lived / YEAR for name, lived in days.items()}
    )
    assert {name: each.deaths for name, each in found.items()} == {
        "all": 2, "100d": 1, "24m": 1, "later": 0
    }  # fmt: skip
    assert {name: each.patients for name, each in found.items()} == {
        "all": 5, "100d": 5, "24m": 4, "later": 2
    }  # fmt: skip


def test_the_tables_last_year_is_carried_forward_and_its_first_one_back() -> None:
    table = life_table({(sex, year): year - 2012.0 for sex in "FM" for year in (2013, 2014)})
    alone = COHORT.select("age_years == 60")  # transplanted on 30 September 2015, 414 days
    assert benchmarks(alone, table)[0].expected == pytest.approx(2 * 414 / YEAR)
    early = COHORT.select("age_years == 40")  # 15 January 2013, day 14 of it; 740 days
    lived_in_2013 = (365 - 14) / 365
    expected = lived_in_2013 + 2 * (740 / YEAR - lived_in_2013)
    assert benchmarks(early, table)[0].expected == pytest.approx(expected)


def test_expected_survival_is_the_mean_of_the_patients_own() -> None:
    table = life_table({("F", 2012): 0.01, ("M", 2012): 0.05})
    months = np.array([0.0, 6.0, 24.0])
    found = expected_survival(COHORT, table, months, days_per_month=YEAR / 12)
    years = months / 12  # three women and two men
    by_hand = (3 * np.exp(-0.01 * years) + 2 * np.exp(-0.05 * years)) / 5
    np.testing.assert_allclose(found, by_hand)


def test_nobody_has_no_expected_survival_and_no_benchmark() -> None:
    nobody = COHORT.select("age_years > 65")
    assert benchmarks(nobody, ONE_IN_A_HUNDRED) == []
    found = expected_survival(nobody, ONE_IN_A_HUNDRED, np.array([0.0, 1.0]), days_per_month=30)
    assert np.isnan(found).all()


def test_the_ratio_has_exact_poisson_limits() -> None:
    report = session()
    record_benchmarks(report, ONE_IN_A_HUNDRED)
    record = report.records["population.all.smr"]
    expected = 0.01 * 2298 / YEAR
    limits = [chi2.ppf(0.025, 4) / 2 / expected, chi2.ppf(0.975, 6) / 2 / expected]
    assert record.estimate == pytest.approx(2 / expected)
    assert [record.lower, record.upper] == pytest.approx(limits)
    halved = report.records["population.all.smr_lower"]  # 30 % fewer deaths expected
    assert halved.estimate == pytest.approx(2 / (0.7 * expected))


def test_small_numbers_are_not_disclosed() -> None:
    report = session(disclosure="small-counts")
    record_benchmarks(report, ONE_IN_A_HUNDRED)
    for name in ("person_years", "expected", "smr"):
        record = report.records[f"population.all.{name}"]
        assert record.estimate is None
        assert record.text.startswith("withheld")


def test_a_ratio_does_not_give_away_the_number_of_deaths_that_is_rounded() -> None:
    report = session(load_release("2021.02"), disclosure="small-counts")
    record_benchmarks(report, load_life_table())
    at = report.records
    deaths = at["population.all.smr"].estimate * at["population.all.expected"].estimate
    assert deaths == pytest.approx(10)  # 8, Henes et al. 2021, rounded to a multiple of 5


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda table: table.rename(columns={"q": "p"}), "columns year, sex, age, p; needed are"),
        (lambda table: table.iloc[1:], "one for each sex"),
        (lambda table: pd.concat([table, table.iloc[:1]]), "one for each sex"),
        (lambda table: table.assign(q=1.0), "q must lie between 0 and 1"),
    ],
)
def test_a_damaged_table_is_refused(damage: object, told: str, tmp_path: Path) -> None:
    table = load_life_table().drop(columns="rate")
    damage(table).to_csv(tmp_path / "united_states.csv", index=False)  # type: ignore[operator]
    with pytest.raises(ValueError, match=told):
        load_life_table(tmp_path)


@pytest.mark.parametrize("narrow", [False, True])
def test_the_figure_has_the_populations_line_beside_the_patients_curve(narrow: bool) -> None:
    curve = kaplan_meier([10, 20, 400, 800], [1, 0, 1, 0])
    months, expected = np.arange(25.0), np.linspace(100, 98, 25)
    drawing = figures.against_population(curve, months, expected)
    assert drawing is not None
    lines = [line.get_ydata() for line in drawing.draw(narrow).axes[0].lines]
    assert any(np.array_equal(line, expected) for line in lines)
    added = drawing.data[drawing.data["curve"] == "Expected in the population"]
    assert added["estimate"].tolist() == expected.tolist()
    assert (drawing.data["curve"] == "Observed").any()


def test_nobodys_survival_is_not_drawn() -> None:
    nothing = NotEstimable("nobody is analysed")
    assert figures.against_population(nothing, np.arange(3.0), np.full(3, np.nan)) is None
