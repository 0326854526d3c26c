"""The key estimates release by release, as they stood and as they are known now."""

from __future__ import annotations

from itertools import product

import pandas as pd

from nissc1.replay import KEY_ENDPOINTS, Look, key_months, look
from nissc1.report.estimates import NotEstimable
from nissc1.report.record import Record
from nissc1.report.session import Report


def estimates_by_release(report: Report) -> pd.DataFrame:
    """Record the key estimates of this release and of those before it.

    Parameters
    ----------
    report : Report
        Session of a notebook; it takes the records.

    Returns
    -------
    pandas.DataFrame
        One row an estimate and release, cells records: ``Estimate``, ``Release``, ``Cut-off``, ``As
        released`` and ``Same cut-off, as known now``: this release cut off on the same day, so that
        a difference comes from corrections, late reports and patients reported later.
    """
    latest = report.parameters.cutoff or report.cohort.release.data_cutoff
    pairs = []
    for cohort in report.releases():
        cutoff = min(cohort.release.data_cutoff, latest)
        own = cohort.release.id == report.release_id
        now = None if own else look(report.cohort, cutoff, conf_level=report.conf_level)
        pairs.append((look(cohort, cutoff, conf_level=report.conf_level), now))
    rows = []
    for key, month in product(KEY_ENDPOINTS, key_months(report.horizon)):
        for then, now in pairs:
            rows.append(
                {
                    "Estimate": f"{KEY_ENDPOINTS[key][0]} at {month} months",
                    "Release": then.release,
                    "Cut-off": then.cutoff.isoformat(),
                    "As released": _rate(report, key, month, then, then.release),
                    "Same cut-off, as known now": (
                        None
                        if now is None
                        else _rate(report, key, month, now, f"{then.release}_now")
                    ),
                }
            )
    return pd.DataFrame(rows)


def _rate(report: Report, key: str, month: int, seen: Look, name: str) -> Record:
    curve = seen.curves.get(key, NotEstimable("no patient in the analysis"))
    label = f"{KEY_ENDPOINTS[key][0]} at {month} months, release {name.replace('_', ', as known ')}"
    identity = f"replay.{key}.{month}m.release_{name.replace('.', '_')}"
    return report.rate(identity, label, curve, months=month, followed=seen.maturity(month))
