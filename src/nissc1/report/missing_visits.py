"""Records on missing visits: how many, of whom, and what they might change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import ttest_ind

from nissc1.analysis_plan import settings
from nissc1.report.course import TOO_FEW
from nissc1.report.estimates import NotEstimable
from nissc1.report.record import Record
from nissc1.report.session import Report
from nissc1.stats import DeltaAdjusted, delta_adjusted, missing_patterns
from nissc1.visit_course import MEASUREMENTS
from nissc1.visits_due import (
    DEAD,
    DUE,
    MEASURED,
    MISSED,
    NO_LATER,
    NOT_DUE,
    by_month,
    progressed_before,
    reachable,
    visit_status,
)

SEEN = {
    MEASURED: ("seen", "Seen"),
    MISSED: ("missed", "Not seen, but later"),
    NO_LATER: ("gone", "Not seen again"),
    DEAD: ("died", "Died before"),
    NOT_DUE: ("not_due", "Not yet due"),
}
"""Of a scheduled visit: part of the records' ids, and words."""
PATTERNS = {
    "complete": "Measured at all visits",
    "monotone": "At all up to one, at none after it",
    "intermittent": "Missing in between",
    "none": "Never measured",
}
_PLAN: Mapping[str, Any] = settings("missing.delta")
_BETTER_UP = ("fvc", "dlco")


def visit_counts(report: Report, months: Sequence[int]) -> pd.DataFrame:
    """Count what became of the scheduled visits.

    Parameters
    ----------
    report : Report
        The notebook's session.
    months : sequence of int
        Scheduled months.

    Returns
    -------
    DataFrame
        Indexed by month, one column for each of `SEEN`, by its words.
    """
    status = visit_status(report.cohort, "visit_day", months, report.parameters.cutoff)
    counts = by_month(status)[list(SEEN)]
    return counts.rename(columns={key: words for key, (_, words) in SEEN.items()})


def visit_rows(report: Report, counts: pd.DataFrame) -> pd.DataFrame:
    """Record what became of the scheduled visits.

    Parameters
    ----------
    report : Report
        The notebook's session.
    counts : DataFrame
        Result of `visit_counts`.

    Returns
    -------
    DataFrame
        One row a month.
    """
    rows = []
    for month, row in counts.iterrows():
        cells = {
            words: report.count(
                f"visits.{key}.{month}m", f"{words}, {month} months", int(row[words]), of=report.n
            )
            for key, words in SEEN.values()
        }
        rows.append({"Month": month} | cells)
    return pd.DataFrame(rows)


def measured_rows(report: Report, months: Sequence[int]) -> pd.DataFrame:
    """Record the share of the patients due in whom each measurement was taken.

    Parameters
    ----------
    report : Report
        The notebook's session.
    months : sequence of int
        Scheduled months.

    Returns
    -------
    DataFrame
        One row a month, one column a measurement.
    """
    rows: dict[int, dict[str, Any]] = {month: {"Month": month} for month in months}
    for topic, (column, name, *_) in MEASUREMENTS.items():
        status = visit_status(report.cohort, column, months, report.parameters.cutoff)
        for month in months:
            due = status[month][status[month].isin(DUE)]
            taken = due == MEASURED
            rows[month][name] = report.proportion(
                f"missing.{topic}.{month}m",
                f"{name} measured at {month} months",
                numerator=int(taken.sum()),
                denominator=len(taken),
            )
    return pd.DataFrame(rows.values())


def pattern_rows(report: Report, months: Sequence[int]) -> pd.DataFrame:
    """Record the patterns of the missing values of the patients due at the last month.

    Parameters
    ----------
    report : Report
        The notebook's session.
    months : sequence of int
        Scheduled months.

    Returns
    -------
    DataFrame
        One row a measurement, one column for each of `PATTERNS`.
    """
    due = list(reachable(report.cohort, max(months), report.parameters.cutoff))
    visits = report.cohort.visits
    shown = visits[visits["month"].isin(list(months)) & visits["patient_id"].isin(due)]
    rows = []
    for topic, (column, name, *_) in MEASUREMENTS.items():
        found = report.attempt(
            missing_patterns,
            shown,
            outcome=column,
            subject="patient_id",
            within="month",
            levels=list(months),
            subjects=due,
        )
        kinds = pd.Series(0, list(PATTERNS)) if isinstance(found, NotEstimable) else found.kinds()
        cells = {
            words: report.proportion(
                f"patterns.{topic}.{kind}",
                f"{name}, {words[0].lower()}{words[1:]}",
                numerator=int(kinds[kind]),
                denominator=int(kinds.sum()),
            )
            for kind, words in PATTERNS.items()
        }
        rows.append({"Measurement": name} | cells)
    return pd.DataFrame(rows)


def chance_rows(report: Report, month: int) -> pd.DataFrame:
    """Record whether those measured at a month differ from those due but not measured.

    Parameters
    ----------
    report : Report
        The notebook's session.
    month : int
        The month.

    Returns
    -------
    DataFrame
        One row a measurement: shares measured by progression, and the difference of the baseline
        means with Welch's limits.
    """
    visits = report.cohort.visits
    progressed = progressed_before(report.cohort, month)
    rows = []
    for topic, (column, name, unit, digits) in MEASUREMENTS.items():
        status = visit_status(report.cohort, column, [month], report.parameters.cutoff)[month]
        taken = status[status.isin(DUE)] == MEASURED
        had = progressed.reindex(taken.index)
        baseline = visits[visits["month"] == 0].set_index("patient_id")[column]
        start = baseline.reindex(taken.index).astype("Float64").astype(float)
        without, measured = start[~taken].dropna(), start[taken].dropna()
        difference: Any = NotEstimable("fewer than two different values on one side")
        if without.nunique() > 1 and measured.nunique() > 1:
            test = ttest_ind(without, measured, equal_var=False)
            limits = test.confidence_interval(report.conf_level)
            difference = {
                "estimate": without.mean() - measured.mean(),
                "lower": limits.low,
                "upper": limits.high,
            }
        record = f"missing.{topic}"
        rows.append(
            {
                "Measurement": f"{name}, {unit}",
                "Measured, progressed before": report.exact(
                    f"{record}.progressed", f"{name} measured, progressed before", taken[had]
                ),
                "Measured, not progressed": report.exact(
                    f"{record}.not_progressed", f"{name} measured, not progressed", taken[~had]
                ),
                "Baseline mean, not measured less measured": report.span(
                    f"{record}.baseline_difference",
                    f"{name} at baseline, not measured less measured",
                    difference,
                    unit,
                    digits,
                    n=len(without) + len(measured),
                    events=min(len(without), len(measured)),
                ),
            }
        )
    return pd.DataFrame(rows)


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
