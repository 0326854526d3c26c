"""The public estimators as a page: name, what each does, and an example."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from html import escape
from typing import Any

import pandas as pd

from nissc1 import stats
from nissc1.report.display import Html

TOPICS: dict[str, tuple[str, ...]] = {
    "Times to an event": (
        "kaplan_meier",
        "logrank_test",
        "follow_up",
        "cumulative_hazard",
        "log_log",
        "rmst",
        "mean_difference",
    ),
    "Competing events and states": (
        "cumulative_incidence",
        "gray_test",
        "fine_gray",
        "time_lost",
        "state_occupation",
        "time_in_state",
    ),
    "Hazard models": (
        "cox",
        "firth_cox",
        "schoenfeld_test",
        "spline_cox",
        "spline_knots",
        "restricted_cubic_basis",
        "dichotomising_cost",
        "selection_stability",
        "UnivariateRule",
        "concordance",
    ),
    "Measurements over time": (
        "repeated_measures",
        "mmrm",
        "gee",
        "missing_patterns",
        "delta_adjusted",
        "pool",
    ),
    "Counts, rates and associations": (
        "exact_interval",
        "exact_rate",
        "person_years",
        "expected_deaths",
        "smr",
        "pool_proportions",
        "chi_squared",
        "fisher_exact",
        "spearman",
    ),
    "Repeated looks": (
        "every_look",
        "curve_information",
        "mixture_critical_value",
        "miss_probability",
    ),
}
"""What can be called, by topic, in the order of the page."""
_METHODS = ("at", "table", "plot")
_EXAMPLE = re.compile(r"^ *Examples\n *-+\n(.*?)(?=^ *\w[^\n]*\n *-{3,}\n|\Z)", re.M | re.S)


def listing(names: Iterable[str]) -> Html:
    """List functions: name and summary, with call and example to be unfolded.

    Parameters
    ----------
    names : iterable of str
        Public functions of `nissc1.stats`.

    Returns
    -------
    Html
        One element a function; everything escaped.
    """
    return Html("\n".join(_entry(name) for name in names))


def result_rows() -> pd.DataFrame:
    """List what the functions return.

    Returns
    -------
    DataFrame
        One row a class: ``Result``, ``What it holds``, ``Methods``.
    """
    rows = []
    for name in stats.__all__:
        thing = getattr(stats, name)
        if inspect.isclass(thing) and hasattr(thing, "table"):
            methods = [f".{each}()" for each in _METHODS if hasattr(thing, each)]
            held = summary(thing).removeprefix("Hold ")
            rows.append([name, held[:1].upper() + held[1:], ", ".join(methods)])
    return pd.DataFrame(rows, columns=["Result", "What it holds", "Methods"])


def summary(thing: Any) -> str:
    """Return the first line of a docstring.

    Parameters
    ----------
    thing : object
        Function or class.

    Returns
    -------
    str
        The line.
    """
    return (inspect.getdoc(thing) or "").split("\n", 1)[0]


def example(thing: Any) -> str:
    """Return the example of a docstring.

    Parameters
    ----------
    thing : object
        Function.

    Returns
    -------
    str
        Prose and code of the section Examples; empty where there is none.
    """
    found = _EXAMPLE.search(inspect.getdoc(thing) or "")
    return found[1].strip() if found else ""


def _entry(name: str) -> str:
    thing = getattr(stats, name)
    call = escape(f"{name}{_plain_signature(thing)}")
    head = f"<summary><code>{escape(name)}</code> {escape(summary(thing))}</summary>"
    body = f"<pre>{call}</pre><pre>{escape(example(thing))}</pre>"
    place = name.lower().replace("_", "-")
    return f'<details class="nissc1-api" id="api-{place}">{head}{body}</details>'


def _plain_signature(thing: Any) -> str:
    """Write the parameters without their types, which the docstring tells."""
    signature = inspect.signature(thing)
    bare = [each.replace(annotation=each.empty) for each in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=signature.empty))
