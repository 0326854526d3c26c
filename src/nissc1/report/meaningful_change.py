"""Records on the share of patients who changed by as much as matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from nissc1.meaningful_change import IMPORTANT, improvement, reached
from nissc1.report.session import Report


def meaningful_rows(report: Report, months: Sequence[int]) -> pd.DataFrame:
    """Record who reached each limit at each month, of those measured and of all.

    Parameters
    ----------
    report : Report
        The notebook's session.
    months : sequence of int
        Scheduled months.

    Returns
    -------
    DataFrame
        One row a measurement, month and limit.
    """
    rows = []
    for important in IMPORTANT:
        changes = {
            month: improvement(report.cohort, important, month, report.parameters.cutoff)
            for month in months
        }
        topic = "fvc" if important.column == "fvc_pct" else important.column
        for month, change in changes.items():
            for key, (words, least) in important.limits().items():
                flags = reached(change, least)
                row: dict[str, Any] = {
                    "Measurement": f"{important.label}, {important.unit}",
                    "Months": month,
                    "Change": words,
                }
                for part, title, counted in (
                    ("", "Of those measured", flags),
                    ("all.", "Of all", flags.fillna(False)),
                ):
                    row[title] = report.exact(
                        f"meaningful.{topic}.{key}.{part}{month}m",
                        f"{important.label}, {words[0].lower()}{words[1:]}, {month} months, "
                        f"{title.lower()}",
                        counted,
                    )
                rows.append(row)
    return pd.DataFrame(rows)
