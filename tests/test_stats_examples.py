"""The examples in the docstrings of the estimators run and show what they say."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import nissc1.stats

MODULES = sorted(module.name for module in pkgutil.iter_modules(nissc1.stats.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_show_what_they_say(name):
    module = importlib.import_module(f"nissc1.stats.{name}")
    assert doctest.testmod(module, raise_on_error=True).failed == 0


@pytest.mark.parametrize(
    "name",
    [name for name in nissc1.stats.__all__ if inspect.isfunction(getattr(nissc1.stats, name))],
)
def test_every_public_function_has_an_example(name):
    assert ">>> " in (getattr(nissc1.stats, name).__doc__ or "")
