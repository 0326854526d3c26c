"""Parameters: declared by the notebooks, set by name=value, named in the edition."""

from __future__ import annotations

import pytest

from nissc1.publish.errors import BuildError, RequestError
from nissc1.publish.parameters import agreed, changed, declared, edition_name, parse

DEFAULTS = {
    "release": "2021.02",
    "cutoff": None,
    "horizon_months": 24,
    "population": None,
    "conf_level": 0.95,
    "disclosure": "none",
}


def test_the_cell_is_read_without_being_run():
    source = 'release = "2021.02"\ncutoff: str | None = None\nconf_level = 0.95'
    assert declared(source, "x") == {"release": "2021.02", "cutoff": None, "conf_level": 0.95}


@pytest.mark.parametrize("line", ["import os", "a, b = 1, 2", "x = open('f')", "x = [1]"])
def test_anything_but_literals_in_the_cell_is_refused(line):
    with pytest.raises(BuildError, match="notebook table-1"):
        declared(line, "table-1")


@pytest.mark.parametrize(
    ("setting", "name", "value"),
    [
        ("release=2021.10", "release", "2021.10"),
        ("horizon_months=36", "horizon_months", 36),
        ("conf_level=0.9", "conf_level", 0.9),
        ("cutoff=2015-06-30", "cutoff", "2015-06-30"),
        ("cutoff=null", "cutoff", None),
        ('population=sex == "F"', "population", 'sex == "F"'),
        ("population=age < 40 and mrss > 15", "population", "age < 40 and mrss > 15"),
        ('population="F" == sex', "population", '"F" == sex'),
    ],
)
def test_a_setting_takes_the_type_of_the_default(setting, name, value):
    parsed = parse([setting], DEFAULTS)
    assert parsed[name] == value
    assert type(parsed[name]) is type(value)
    assert {key: parsed[key] for key in DEFAULTS if key != name} == {
        key: DEFAULTS[key] for key in DEFAULTS if key != name
    }


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["cutof=2015-06-30"], "unknown parameter 'cutof'; the notebooks have release, cutoff"),
        (["horizon_months=two"], "must be a whole number"),
        (["horizon_months=24.5"], "must be a whole number"),
        (["horizon_months=true"], "must be a whole number"),
        (["conf_level=high"], "must be a number"),
        (["conf_level"], "not of the form name=value"),
        (["release="], "is empty"),
        (["cutoff=2015-06-30", "cutoff=2015-07-31"], "is set twice"),
    ],
)
def test_a_setting_that_does_not_fit_is_a_misuse_that_names_what_is_allowed(settings, message):
    with pytest.raises(RequestError, match=message):
        parse(settings, DEFAULTS)


def test_notebooks_must_declare_the_same_parameters():
    other = {**DEFAULTS, "horizon_months": 12}
    with pytest.raises(BuildError, match=r"table-2: horizon_months is 12, in table-1 it is 24"):
        agreed({"table-1": DEFAULTS, "table-2": other})


def test_a_missing_parameter_is_named():
    other = {key: value for key, value in DEFAULTS.items() if key != "cutoff"}
    with pytest.raises(BuildError, match=r"table-2: cutoff is 'missing'"):
        agreed({"table-1": DEFAULTS, "table-2": other})


def test_without_notebooks_there_is_nothing_to_build():
    with pytest.raises(BuildError, match="no notebook"):
        agreed({})


def test_at_default_parameters_the_edition_is_the_release():
    assert edition_name(DEFAULTS, DEFAULTS) == "2021.02"
    assert edition_name({**DEFAULTS, "release": "2026.02"}, DEFAULTS) == "2026.02"


def test_another_cutoff_is_read_from_the_name():
    values = {**DEFAULTS, "cutoff": "2015-06-30"}
    assert edition_name(values, DEFAULTS) == "2021.02-cutoff-2015-06-30"
    assert changed(values, DEFAULTS) == {"cutoff": "2015-06-30"}


def test_numbers_are_read_from_the_name():
    values = {**DEFAULTS, "horizon_months": 36, "conf_level": 0.9}
    assert edition_name(values, DEFAULTS) == "2021.02-horizon-months-36-conf-level-0.9"


def test_filters_that_look_alike_get_different_names():
    filters = ['sex == "F"', 'sex != "F"', "age < 40", "age > 40", "age <= 40", 'sex == "f"']
    names = {edition_name({**DEFAULTS, "population": each}, DEFAULTS) for each in filters}
    assert len(names) == len(filters)
    assert all(name.startswith("2021.02-population-") for name in names)


def test_a_name_is_safe_as_a_folder_and_an_address():
    values = {**DEFAULTS, "population": '../../x == "é & ü" ' * 20}
    name = edition_name(values, DEFAULTS)
    assert len(name) < 100
    assert "/" not in name
    assert name.isascii()
    assert not set(name) & set(' "&<>%')
