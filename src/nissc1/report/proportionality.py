"""Tests of proportional hazards: what is tested, rows and records, and curves by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nissc1.analysis_plan import setting
from nissc1.candidates import candidate
from nissc1.prognosis import joined
from nissc1.report.estimates import NotEstimable
from nissc1.report.session import Report
from nissc1.stats import (
    Curve,
    ProportionalHazards,
    cumulative_incidence,
    kaplan_meier,
    schoenfeld_test,
)

Tests = Mapping[str, tuple[str, ProportionalHazards | NotEstimable, Sequence[str]]]
"""By second part of the records' ids: name of the model, its test, its covariates."""
Outcomes = Mapping[str, tuple[str, pd.DataFrame]]
_GLOBAL = "global"


def model_tests(report: Report, outcomes: Outcomes, coded: pd.DataFrame) -> Tests:
    """Test the Cox models of the plan, on its scale of time.

    Parameters
    ----------
    report : Report
        The notebook's session.
    outcomes : mapping of str to (str, DataFrame)
        By part of the records' ids, name of the model and times with an ``event`` or ``cause``.
    coded : DataFrame
        Result of `nissc1.prognosis.covariates`.

    Returns
    -------
    mapping of str to (str, ProportionalHazards or NotEstimable, sequence of str)
        As `Tests`.
    """
    options: dict[str, Any] = {
        "time": "time",
        "event": "event",
        "covariates": setting("rates.regression", "covariates"),
        "transform": setting("rates.proportionality", "transform"),
    }
    return {
        key: (
            name,
            report.attempt(schoenfeld_test, joined(times, coded), **options),
            options["covariates"],
        )
        for key, (name, times) in outcomes.items()
    }


def curves_by_group(
    report: Report, times: pd.DataFrame, group: pd.Series[Any], names: Sequence[str]
) -> dict[str, Curve | NotEstimable]:
    """Estimate a curve in each of two groups.

    Parameters
    ----------
    report : Report
        The notebook's session.
    times : DataFrame
        ``patient_id``, ``time``, and an ``event`` for survival or a ``cause`` for incidence.
    group : Series
        0 or 1 by ``patient_id``.
    names : sequence of str
        Names of the groups 0 and 1.

    Returns
    -------
    dict of str to Curve or NotEstimable
        By name.
    """
    of_group = times["patient_id"].map(group)
    method, what = (kaplan_meier, "event") if "event" in times else (cumulative_incidence, "cause")
    return {
        name: report.attempt(method, part["time"], part[what], conf_level=report.conf_level)
        for value, name in enumerate(names)
        for part in [times[of_group == value]]
    }


def proportionality_rows(report: Report, tests: Tests) -> pd.DataFrame:
    """Record tests of proportional hazards, with the ratios at both ends of the smooth line.

    Parameters
    ----------
    report : Report
        The notebook's session.
    tests : mapping of str to (str, ProportionalHazards or NotEstimable, sequence of str)
        As `Tests`.

    Returns
    -------
    DataFrame
        A row a covariate and one for all of them together: ``Model``, ``Characteristic``, records
        of ``Hazard ratio at the first event``, ``At the last event`` and ``P``.
    """
    rows = []
    for key, (model, test, names) in tests.items():
        for name in [*names, _GLOBAL]:
            label = "All together" if name == _GLOBAL else candidate(name).label
            prefix, title = f"zph.{key}.{name}", f"{model}, {label}"
            ends = (None, None) if name == _GLOBAL else _ends(report, test, name, prefix, title)
            p = test if isinstance(test, NotEstimable) else test.table().loc[name, "p_value"]
            n = None if isinstance(test, NotEstimable) else test.n
            rows.append(
                {
                    "Model": model,
                    "Characteristic": label,
                    "Hazard ratio at the first event": ends[0],
                    "At the last event": ends[1],
                    "P": report.p_value(f"{prefix}.p", f"{title}, P for a change", p, n),
                }
            )
    return pd.DataFrame(rows)


def _ends(
    report: Report,
    test: ProportionalHazards | NotEstimable,
    name: str,
    prefix: str,
    title: str,
) -> tuple[Any, Any]:
    line = (
        test
        if isinstance(test, NotEstimable)
        else report.attempt(test.smooth, name, conf_level=report.conf_level)
    )
    records = []
    for place, row in (("first", 0), ("last", -1)):
        found: Any = line
        n = events = None
        if not isinstance(line, NotEstimable) and isinstance(test, ProportionalHazards):
            ratios = np.exp(line.iloc[row][["estimate", "lower", "upper"]].to_numpy(dtype=float))
            found = dict(zip(("hazard_ratio", "lower", "upper"), ratios, strict=True))
            n, events = test.n, test.n_events
        records.append(
            report.hazard_ratio(
                f"{prefix}.{place}", f"{title}, at the {place} event", found, n=n, events=events
            )
        )
    return records[0], records[1]
