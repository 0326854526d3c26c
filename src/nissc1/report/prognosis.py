"""Tables and records of prognostic factors, the same for every outcome."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from nissc1.report.display import Html
from nissc1.report.estimates import NotEstimable
from nissc1.report.record import Record
from nissc1.report.session import Report

_HEADINGS = {
    "label": "Characteristic",
    "test": "Test",
    "n": "Known",
    "n_with": "With it",
    "events_with": "Events with it",
    "events": "Events",
    "hazard_ratio": "HR",
    "lower": "Lower",
    "upper": "Upper",
    "p_value": "P",
}
_COUNTS = ["Known", "With it", "Events with it", "Events"]
_DIGITS = {"HR": 2, "Lower": 2, "Upper": 2, "P": 3}
_ABSENT = NotEstimable("not in the model, because P alone is not below 0.10")
_RECORDS = {"no_cd34_selection": "cd34_selection"}


def univariate_table(report: Report, name: str, title: str, tests: pd.DataFrame) -> Html:
    """Show the tests of each characteristic alone.

    Parameters
    ----------
    report : Report
        The notebook's session.
    name, title : str
        Of the table.
    tests : DataFrame
        Result of `nissc1.prognosis.univariate`.

    Returns
    -------
    Html
        The table.
    """
    shown = tests.reset_index(drop=True)[list(_HEADINGS)].rename(columns=_HEADINGS)
    whole = shown.astype({column: "Int64" for column in _COUNTS})
    return report.frame_table(
        name,
        title,
        whole,
        footnotes=["HR: hazard ratio of a Cox model with this characteristic alone."],
        decimals=_DIGITS,
        counts=_COUNTS,
    )


def joint_records(
    report: Report, prefix: str, model: pd.DataFrame, tests: pd.DataFrame, names: Iterable[str]
) -> list[Record]:
    """Record the hazard ratios of the joint model.

    Parameters
    ----------
    report : Report
        The notebook's session.
    prefix : str
        First part of the records' ids, such as ``pfs.cox``.
    model : DataFrame
        Result of `nissc1.prognosis.joint_model`.
    tests : DataFrame
        Result of `nissc1.prognosis.univariate`, for the labels.
    names : iterable of str
        Characteristics to record, repeats ignored; one that is not in the model is said not to be.

    Returns
    -------
    list of Record
        One a characteristic.
    """
    records = []
    for name in dict.fromkeys(names):
        row = model.loc[name] if name in model.index else None
        records.append(
            report.hazard_ratio(
                f"{prefix}.{_RECORDS.get(name, name)}",
                str(tests.loc[name, "label"]),
                _ABSENT if row is None else row,
                n=None if row is None else int(row["n"]),
                events=None if row is None else int(row["events"]),
            )
        )
    return records
