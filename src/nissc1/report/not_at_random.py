"""Records on what missing values might change, if they are not missing at random."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from nissc1.analysis_plan import settings
from nissc1.report.course import TOO_FEW
from nissc1.report.estimates import NotEstimable
from nissc1.report.record import Record
from nissc1.report.session import Report
from nissc1.stats import DeltaAdjusted, delta_adjusted
from nissc1.visit_course import MEASUREMENTS
from nissc1.visits_due import reachable

_PLAN: Mapping[str, Any] = settings("missing.delta")
_BETTER_UP = ("fvc", "dlco")


def delta_rows(report: Report) -> pd.DataFrame:
    """Record the change at the last month of the plan if missing values were worse.

    Parameters
    ----------
    report : Report
        The notebook's session.

    Returns
    -------
    DataFrame
        One row a measurement and line: change if missing at random, with each shift of the plan,
        the shift at which the interval reaches 0, and the patients with an imputed value.
    """
    *_, last = months = list(_PLAN["months"])
    due = reachable(report.cohort, last, report.parameters.cutoff)
    visits = report.cohort.visits
    shown = visits[visits["month"].isin(months) & visits["patient_id"].isin(due)]
    rows = []
    for topic, (column, name, unit, digits) in MEASUREMENTS.items():
        found: DeltaAdjusted | NotEstimable = report.attempt(
            delta_adjusted,
            shown,
            outcome=column,
            subject="patient_id",
            within="month",
            seed=_PLAN["seed"],
            n_imputations=_PLAN["imputations"],
            conf_level=report.conf_level,
        )
        if isinstance(found, NotEstimable) or last not in found.levels or 0 not in found.levels:
            found = NotEstimable("no value" if shown[column].isna().all() else TOO_FEW)
        spread = float(shown.loc[shown["month"] == 0, column].astype(float).std())
        worse = -spread if topic in _BETTER_UP else spread
        imputed: int | None = None
        record = f"delta.{topic}"
        if not isinstance(found, NotEstimable):
            imputed = int(found.table().loc[last, "n_shifted"])
        lines: list[tuple[str, Record]] = []
        for share in (0, *_PLAN["shifts"]):
            words = f"{share:g} SD worse" if share else "as those measured"
            key = f"worse_{share:g}".replace(".", "_") if share else "at_random"
            change: Any = found
            if not isinstance(found, NotEstimable):
                change = found.table(delta=share * worse).loc[last]
            label = f"{name}, change, missing values {words}"
            line = report.span(f"{record}.{key}", label, change, unit, digits, events=imputed)
            lines.append((words, line))
        for key, words, value, whole in (
            ("tipping", "Shift that takes the change away", _tipping(found, last), False),
            ("imputed", "Patients with an imputed value", imputed, True),
        ):
            label = f"{name}, {words[0].lower()}{words[1:]}"
            line = (
                report.count(f"{record}.{key}", label, value)
                if whole and isinstance(value, int)
                else report.value(
                    f"{record}.{key}", label, "none" if value is None else value, unit, digits
                )
            )
            lines.append((words, line))
        rows += [
            {
                "Measurement": f"{name}, {unit}",
                "Missing values": f"{words[0].upper()}{words[1:]}",
                "Change": line,
            }
            for words, line in lines
        ]
    return pd.DataFrame(rows)


def _tipping(found: DeltaAdjusted | NotEstimable, month: int) -> float | str:
    if isinstance(found, NotEstimable):
        return "not estimable"
    delta = found.tipping_point(month).delta
    if delta == 0:
        return "none: it holds 0 as it is"
    return abs(delta) if np.isfinite(delta) else "none: too few are missing"
