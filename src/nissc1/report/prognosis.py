"""Tables and records of prognostic factors, the same for every outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from nissc1 import prognosis
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
    "ratio": "Hazard ratio",
    "p_value": "P",
}
_COUNTS = ["Known", "With it", "Events with it", "Events"]
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
    prefix = name.replace("-", ".")
    ratios = [_ratio(report, f"{prefix}.{key}", row) for key, row in tests.iterrows()]
    chances = [_chance(report, f"{prefix}.{key}.p", row) for key, row in tests.iterrows()]
    columns = tests.reset_index(drop=True).assign(
        ratio=pd.Series(ratios, dtype=object), p_value=pd.Series(chances, dtype=object)
    )[list(_HEADINGS)]
    shown = columns.rename(columns=_HEADINGS)
    whole = shown.astype(dict.fromkeys(_COUNTS, "Int64"))
    return report.frame_table(
        name,
        title,
        whole,
        footnotes=[
            "Hazard ratio (confidence interval) of a Cox model with this alone.",
            "None of these is printed; the chapter “How identified is it?” says what that means.",
        ],
        counts=_COUNTS,
    )


def _ratio(report: Report, identity: str, row: pd.Series[Any]) -> Record | None:
    if pd.isna(row["hazard_ratio"]):
        return None
    n, events = int(row["n"]), int(row["events"])
    return report.hazard_ratio(identity, f"{row['label']}, alone", row, n=n, events=events)


def _chance(report: Report, identity: str, row: pd.Series[Any]) -> Record | None:
    if pd.isna(row["p_value"]):
        return None
    return report.p_value(
        identity, f"{row['label']}, alone, P", float(row["p_value"]), int(row["n"])
    )


def joint_model(
    report: Report, times: pd.DataFrame, coded: pd.DataFrame, names: Sequence[str]
) -> pd.DataFrame | NotEstimable:
    """Fit the joint model, or say why the data do not allow it.

    Unlike `Report.estimate` it lets the whole cohort be refused too: which characteristics enter
    depends on the data, and a new export may select some that separate the patients.

    Parameters
    ----------
    report : Report
        The notebook's session.
    times, coded : DataFrame
        As for `nissc1.prognosis.joint_model`.
    names : sequence of str
        Characteristics that enter.

    Returns
    -------
    DataFrame or NotEstimable
        Result of `nissc1.prognosis.joint_model`.
    """
    try:
        return prognosis.joint_model(times, coded, names, conf_level=report.conf_level)
    except ValueError as error:
        return NotEstimable(str(error))


def joint_records(
    report: Report,
    prefix: str,
    model: pd.DataFrame | NotEstimable,
    tests: pd.DataFrame,
    names: Iterable[str],
) -> list[Record]:
    """Record the hazard ratios of the joint model.

    Parameters
    ----------
    report : Report
        The notebook's session.
    prefix : str
        First part of the records' ids, such as ``pfs.cox``.
    model : DataFrame or NotEstimable
        Result of `joint_model`.
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
    absent = model if isinstance(model, NotEstimable) else _ABSENT
    fitted = {} if isinstance(model, NotEstimable) else model.T.to_dict()
    for name in dict.fromkeys(names):
        row = fitted.get(name)
        records.append(
            report.hazard_ratio(
                f"{prefix}.{_RECORDS.get(name, name)}",
                str(tests.loc[name, "label"]),
                row or absent,
                n=int(row["n"]) if row else None,
                events=int(row["events"]) if row else None,
            )
        )
    return records
