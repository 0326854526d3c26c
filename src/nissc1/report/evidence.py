"""Records of the deaths from the treatment in other studies, single and pooled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from nissc1.evidence import (
    MAIN,
    NISSC1,
    OVERLAP,
    Evidence,
    leave_one_out,
    pooled,
    treatment_deaths,
)
from nissc1.report.formatting import interval, number
from nissc1.report.record import Record
from nissc1.report.session import Report
from nissc1.report.tables import label_of
from nissc1.stats import PooledProportion, exact_interval

HERE = "evidence.treatment_death.here"
"""Record of this release's transplant-related deaths."""
_NAME = "evidence.treatment_death"
_POOLED = {
    "pooled": "Pooled, studies without known overlap",
    "pooled_all": "Pooled, overlapping studies included",
}


@dataclass(frozen=True, eq=False)
class TreatmentDeaths:
    """Hold the deaths from the treatment, recorded and ready to be drawn.

    Attributes
    ----------
    lines : dict of str to pandas.DataFrame
        A line a study, and one for this release where it may be shown, by heading, as
        `nissc1.report.figures.percent_forest` takes them.
    pooled : pandas.DataFrame
        A line a pooling.
    summary : pandas.DataFrame
        Pooled figures with prediction interval and heterogeneity: ``Figure``, ``Value``.
    left_out : pandas.DataFrame
        A row a study left out, cells records.
    """

    lines: dict[str, pd.DataFrame]
    pooled: pd.DataFrame
    summary: pd.DataFrame
    left_out: pd.DataFrame


def record_treatment_deaths(report: Report, evidence: Evidence) -> TreatmentDeaths:
    """Record and pool the deaths from the treatment.

    Parameters
    ----------
    report : Report
        Session of a notebook; it takes the records.
    evidence : Evidence
        Published outcomes.

    Returns
    -------
    TreatmentDeaths
        What the printed counts give; this release's own count stands beside them and is not pooled.
    """
    level = report.conf_level
    main, every = (treatment_deaths(evidence, overlapping=both) for both in (False, True))
    results = {
        "pooled": pooled(main, conf_level=level),
        "pooled_all": pooled(every, conf_level=level),
    }
    lines = []
    for _, row in every.iterrows():
        single = exact_interval(row["n"], row["N"], conf_level=level)
        limits = (100 * single.lower, 100 * single.upper)
        record = report.value(
            f"{_NAME}.{row['study']}",
            f"Deaths from the treatment, {row['label']}",
            100 * single.estimate,
            "%",
            1,
            lower=limits[0],
            upper=limits[1],
        )
        line = _line(row["label"], record, row["n"], row["N"])
        lines.append(line | {"own": row["study"] == NISSC1, "pool": row["pool"]})
    studies = pd.DataFrame(lines)
    groups = {
        "No known overlap": studies[studies["pool"] == MAIN],
        "May share patients with one of these": studies[studies["pool"] == OVERLAP],
        "Not pooled": pd.DataFrame(_own_line(report, level)),
    }
    pooled_lines = [_pooled_line(report, name, result) for name, result in results.items()]
    records = [line["record"] for line in pooled_lines]
    records += _heterogeneity(report, results["pooled"])
    summary = pd.DataFrame({"Figure": [label_of(each) for each in records], "Value": records})
    return TreatmentDeaths(groups, pd.DataFrame(pooled_lines), summary, _left_out(report, main))


def record_statement(report: Report, evidence: Evidence, study: str, label: str) -> Record:
    """Record a figure of another study as it is printed, so that prose can show it.

    Parameters
    ----------
    report : Report
        Session of a notebook; it takes the record.
    evidence : Evidence
        Published outcomes.
    study : str
        The study; it must have one outcome only.
    label : str
        What a table calls the figure.

    Returns
    -------
    Record
        ``evidence.printed.<study>``: the estimate with its limits, or a range.

    Raises
    ------
    ValueError
        If the study has no outcome or several.
    """
    rows = evidence.outcomes[evidence.outcomes["study"] == study]
    if len(rows) != 1:
        raise ValueError(
            f"{study!r} has {len(rows)} outcomes in the published figures; one is needed. Give its "
            "figures a study of their own."
        )
    row = rows.iloc[0]
    estimate = None if pd.isna(row["estimate"]) else row["estimate"]
    limits = {name: row[name] for name in ("lower", "upper")}
    decimals = 0 if estimate is None else 1
    return report.value(f"evidence.printed.{study}", label, estimate, "%", decimals, **limits)


def _line(label: str, record: Record, n: int, size: int) -> dict[str, Any]:
    return {
        "label": label,
        "estimate": record.estimate,
        "lower": record.lower,
        "upper": record.upper,
        "weight": size / 100,
        "own": False,
        "computed": False,
        "first": f"{n}/{size}",
        "second": record.text,
    }


def _own_line(report: Report, level: float) -> list[dict[str, Any]]:
    """Record this release's transplant-related deaths; a line unless small numbers are withheld."""
    cause = report.cohort.outcomes["cause_of_death"]
    flags = cause.eq("transplant related").fillna(False)
    record = report.proportion(HERE, "Transplant-related deaths in this release", flags)
    if report.disclosure.active or record.estimate is None:
        return []
    n, size = int(flags.sum()), len(flags)
    single = exact_interval(n, size, conf_level=level)
    low, high = 100 * single.lower, 100 * single.upper
    line = _line(f"NISSC1, release {report.release_id}", record, n, size)
    text = f"{number(record.estimate, 1)} ({interval(low, high, 1)})"
    own = {"lower": low, "upper": high, "second": text, "own": True, "computed": True}
    return [line | own]


def _pooled_line(report: Report, name: str, result: PooledProportion) -> dict[str, Any]:
    record = report.value(
        f"{_NAME}.{name}",
        f"{_POOLED[name]} ({result.n_studies})",
        100 * result.estimate,
        "%",
        1,
        lower=100 * result.lower,
        upper=100 * result.upper,
    )
    report.value(
        f"{_NAME}.{name}_prediction",
        f"Prediction interval, {_POOLED[name].lower()}",
        None,
        "%",
        1,
        lower=100 * result.prediction_lower,
        upper=100 * result.prediction_upper,
    )
    below = record.label.removeprefix("Pooled, ")
    line = _line(below[:1].upper() + below[1:], record, result.n_events, result.n)
    limits = (100 * result.prediction_lower, 100 * result.prediction_upper)
    return line | {
        "prediction_lower": limits[0],
        "prediction_upper": limits[1],
        "record": record,
    }


def _heterogeneity(report: Report, result: PooledProportion) -> list[Record]:
    return [
        report.value(f"{_NAME}.studies", "Studies pooled", result.n_studies),
        report.value(f"{_NAME}.patients", "Patients in them", result.n),
        report.value(f"{_NAME}.deaths", "Deaths from the treatment in them", result.n_events),
        report.records[f"{_NAME}.pooled_prediction"],
        report.records[f"{_NAME}.pooled_all_prediction"],
        report.value(
            f"{_NAME}.tau2",
            "Variance between studies on the logit scale, τ² (profile likelihood limits)",
            result.tau2,
            decimals=2,
            lower=result.tau2_lower,
            upper=result.tau2_upper,
        ),
        report.value(f"{_NAME}.i2", "Share of variance between studies, I²", 100 * result.i2, "%"),
        report.p_value(f"{_NAME}.heterogeneity", "Test of no variance between", result.p_value),
    ]


def _left_out(report: Report, main: pd.DataFrame) -> pd.DataFrame:
    table = leave_one_out(main, conf_level=report.conf_level)
    rows = []
    for _, row in table.iterrows():
        name, known = f"{_NAME}.without_{row['study']}", pd.notna(row["estimate"])
        label = f"without {row['label']}"
        rows.append(
            {
                "Left out": row["label"],
                "Pooled, % (interval)": report.value(
                    name,
                    f"Pooled deaths from the treatment {label}",
                    100 * row["estimate"] if known else "the others cannot be pooled",
                    "%",
                    1,
                    lower=100 * row["lower"] if known else None,
                    upper=100 * row["upper"] if known else None,
                ),
                "Prediction interval, %": report.value(
                    f"{name}_prediction",
                    f"Prediction interval {label}",
                    None if known else "the others cannot be pooled",
                    "%",
                    1,
                    lower=100 * row["prediction_lower"] if known else None,
                    upper=100 * row["prediction_upper"] if known else None,
                ),
                "τ²": row["tau2"],
            }
        )
    if table["estimate"].notna().any():
        span = 100 * table["estimate"]
        label = "Smallest and largest pooled estimate with one study left out"
        report.value(
            f"{_NAME}.left_out_span", label, None, "%", 1, lower=span.min(), upper=span.max()
        )
    return pd.DataFrame(rows)
