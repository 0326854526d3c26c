"""Records on missing visits: how many, and of whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from scipy.stats import ttest_ind

from nissc1.report.estimates import NotEstimable
from nissc1.report.session import Report
from nissc1.stats import missing_patterns
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
