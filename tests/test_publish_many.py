"""Many editions at once: one a value of a column, or one a set of parameters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nissc1.cohort.release import open_release
from nissc1.publish.errors import BuildError, RequestError
from nissc1.publish.many import build_series, plan_each, plan_sets
from nissc1.publish.planning import Request
from nissc1.publish.project import Project
from nissc1.publish.series_page import write_series_page
from nissc1.publish.workers import LocalWorkers

COUNTED = Request(release="2021.02")


@pytest.fixture
def sets(tmp_path):
    def write(text):
        path = tmp_path / "sets.yml"
        path.write_text(text)
        return path

    return write


def conditions(series):
    return [planned.values["population"] for planned in series.plans]


def test_each_value_of_a_column_that_somebody_has_makes_an_edition(root):
    centres = open_release("2021.02").baseline()["centre"]
    series = plan_each(Project(root), COUNTED, "centre")
    assert conditions(series) == [f'centre == "{name}"' for name in sorted(set(centres))]
    assert sum(len(planned.cohort.patients) for planned in series.plans) == len(centres)
    assert series.name == "2021.02-each-centre"
    assert len({planned.edition for planned in series.plans}) == len(series.plans)


def test_yes_or_no_makes_two_editions(root):
    series = plan_each(Project(root), COUNTED, "cd34_selection")
    assert conditions(series) == ["cd34_selection == False", "cd34_selection == True"]


def test_a_filter_of_the_request_applies_beside_the_value(root):
    request = Request(release="2021.02", settings=('population=sex == "F"', "conf_level=0.9"))
    planned = plan_each(Project(root), request, "centre").plans[0]
    assert planned.values["population"] == '(sex == "F") and centre == "C01"'
    assert planned.values["conf_level"] == 0.9
    baseline = open_release("2021.02").baseline()
    expected = ((baseline["sex"] == "F") & (baseline["centre"] == "C01")).sum()
    assert len(planned.cohort.patients) == expected


@pytest.mark.parametrize(
    ("column", "message"),
    [("center", "'center' is not there"), ("transplant_date", "'transplant_date' has too many")],
)
def test_a_column_without_categories_is_refused_with_those_that_have_some(root, column, message):
    with pytest.raises(RequestError, match=f"{message}.*Must be one of .*centre"):
        plan_each(Project(root), COUNTED, column)


def test_sets_of_parameters_come_from_a_file(mini, sets):
    path = sets(
        "- {cutoff: 2015-06-30, conf_level: 0.9}\n- {population: null, horizon_months: 36}\n- {}\n"
    )
    series = plan_sets(mini.project, COUNTED, path)
    first, second, third = (planned.values for planned in series.plans)
    assert (first["cutoff"], first["conf_level"]) == ("2015-06-30", 0.9)
    assert (second["population"], second["horizon_months"]) == (None, 36)
    assert third == series.plans[0].defaults
    assert series.name == "sets"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1", "must be a list of sets"),
        ("[]", "must be a list of sets"),
        ("- 1", "must be a list of sets"),
        ("- {", "cannot be read"),
        ("- {cut: 1}", "unknown parameter 'cut'"),
        ("- {conf_level: 0.9}\n- {conf_level: 0.90}", "more than once"),
    ],
)
def test_a_file_that_is_no_list_of_sets_is_refused(mini, sets, text, message):
    with pytest.raises(RequestError, match=message):
        plan_sets(mini.project, COUNTED, sets(text))


def test_a_file_that_is_not_there_is_named(mini):
    with pytest.raises(RequestError, match=r"none\.yml cannot be read"):
        plan_sets(mini.project, COUNTED, Path("none.yml"))


@pytest.mark.slow
def test_what_is_the_same_in_all_editions_is_executed_once_and_the_page_lists_them(
    mini, sets, quiet
):
    header = "# ---\n# jupyter:\n#   nissc1:\n#     receives: [release]\n# ---\n\n"
    mini.notebook("first", "1 + 1;", header=header)
    series = plan_sets(mini.project, Request(), sets("- {}\n- {conf_level: 0.9}\n"))
    with LocalWorkers(series.plans[0].ground, 2, quiet.say) as workers:
        built = build_series(series, workers, quiet)
    kept = list((mini.root / "_build" / "cache" / "notebooks" / "first").rglob("*.zip"))
    assert len(kept) == 1
    results = [json.loads((done.folder / "results.json").read_text()) for done in built]
    assert results[0] == results[1]
    page = write_series_page(series, mini.root / "_site").read_text()
    for done in built:
        assert f'href="{done.edition}/index.html"' in page


@pytest.mark.slow
def test_one_edition_that_fails_is_named_and_the_others_are_published(mini, sets, quiet):
    mini.notebook("second", "1 / (conf_level != 0.9);")
    series = plan_sets(mini.project, Request(), sets("- {}\n- {conf_level: 0.9}\n"))
    with (
        LocalWorkers(series.plans[0].ground, 2, quiet.say) as workers,
        pytest.raises(BuildError, match="1 of 2 editions failed") as failed,
    ):
        build_series(series, workers, quiet)
    told = "\n".join(failed.value.details)
    assert "edition 2021.02-conf-level-0.9" in told
    assert "ZeroDivisionError" in told
    published = [path.name for path in (mini.root / "_site").iterdir() if path.is_dir()]
    assert "2021.02" in published
    assert "2021.02-conf-level-0.9" not in published
