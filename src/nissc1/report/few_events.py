"""Rows and records that show how much a prognostic model of few events bears."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import pandas as pd

from nissc1.analysis_plan import setting
from nissc1.candidates import CANDIDATES, candidate
from nissc1.report.estimates import NotEstimable
from nissc1.report.session import Report
from nissc1.stats import (
    Dichotomising,
    SplineModel,
    UnivariateRule,
    cox,
    dichotomising_cost,
    firth_cox,
    selection_stability,
    spline_cox,
)

KNOTS: int = setting("prognosis.continuous", "knots")
STEP = 10
"""Units to which the hazard ratio of a straight line refers."""
_COLUMNS: dict[str, Any] = {"time": "time", "event": "event"}


@dataclass(frozen=True, eq=False)
class Measured:
    """Hold a continuous characteristic beside its cut.

    Attributes
    ----------
    key, label : str
        Part of the records' ids, and name for people.
    cut : float
        Two groups are those up to it and above it.
    frame : DataFrame
        ``time``, ``event`` and the characteristic under its key.
    """

    key: str
    label: str
    cut: float
    frame: pd.DataFrame


def event_counts(
    report: Report, prefix: str, frame: pd.DataFrame, names: Sequence[str], threshold: int
) -> None:
    """Record the events, and how many there are for each coefficient and each candidate.

    Parameters
    ----------
    report : Report
        The notebook's session.
    prefix : str
        First part of the records' ids.
    frame : DataFrame
        With ``event``.
    names : sequence of str
        Covariates of the model.
    threshold : int
        Events a coefficient below which they are few.
    """
    events, per = int(frame["event"].sum()), "Events a"
    report.count(f"{prefix}.events", "Events", events, "events", of=len(frame))
    report.count(f"{prefix}.coefficients", "Coefficients of the model", len(names), "coefficients")
    report.count(f"{prefix}.candidates", "Candidates", len(CANDIDATES), "candidates")
    for name, count in (("coefficient", len(names)), ("candidate", len(CANDIDATES))):
        report.value(f"{prefix}.events_per_{name}", f"{per} {name}", events / count, "events", 1)
    report.value(f"{prefix}.threshold", "Events a coefficient that are few, below", threshold)


def penalised_rows(
    report: Report, prefix: str, frame: pd.DataFrame, names: Sequence[str]
) -> pd.DataFrame:
    """Fit a Cox model as usual and by Firth's penalised likelihood.

    Parameters
    ----------
    report : Report
        The notebook's session.
    prefix : str
        First part of the records' ids.
    frame : DataFrame
        ``time``, ``event`` and the covariates.
    names : sequence of str
        Covariates.

    Returns
    -------
    DataFrame
        One row a covariate: ``Characteristic``, and records of the ratios ``Usual`` and
        ``Penalised``.
    """
    options: dict[str, Any] = {**_COLUMNS, "covariates": names, "conf_level": report.conf_level}
    fitted = {
        "cox": ("Usual", report.attempt(cox, frame, **options)),
        "firth": ("Penalised", report.attempt(firth_cox, frame, **options)),
    }
    return pd.DataFrame(
        [
            {"Characteristic": candidate(name).label}
            | {
                heading: report.hazard_ratio(
                    f"{prefix}.{key}.{name}", f"{candidate(name).label}, {heading}", model, name
                )
                for key, (heading, model) in fitted.items()
            }
            for name in names
        ]
    )


def selection_rows(
    report: Report, prefix: str, frame: pd.DataFrame, *, samples: int, seed: int
) -> pd.DataFrame:
    """Repeat the choice of prognostic factors in bootstrap samples.

    Parameters
    ----------
    report : Report
        The notebook's session.
    prefix : str
        First part of the records' ids.
    frame : DataFrame
        ``time``, ``event`` and the candidates.
    samples, seed : int
        Number of samples, and seed of the random numbers.

    Returns
    -------
    DataFrame
        One row a candidate, the most often chosen first: ``Characteristic``, whether ``Chosen in
        these patients``, and records of ``Chosen in % of samples``; empty without an event.
    """
    same, said = f"{prefix}.same_set", "Samples in which the very same set is chosen"
    if not frame["event"].any():
        report.span(same, said, NotEstimable("no event"), "%")
        return pd.DataFrame()
    names = tuple(each.name for each in CANDIDATES)
    rule = UnivariateRule(
        **_COLUMNS,
        candidates=names,
        continuous=tuple(each.name for each in CANDIDATES if each.continuous),
        below=setting("prognosis.rule", "p_below"),
    )
    found = selection_stability(
        frame.reset_index(drop=True),
        rule,
        candidates=names,
        seed=seed,
        n_boot=samples,
        conf_level=report.conf_level,
    )
    alike = dict(found.sets).get(found.selected, 0)
    report.value(same, said, 100 * alike / found.n_boot, "%", 1)
    table = found.table().sort_values("n_selected", ascending=False, kind="stable")
    return pd.DataFrame(
        [
            {
                "Characteristic": candidate(str(name)).label,
                "Chosen in these patients": "yes" if row["selected"] else "no",
                "Chosen in % of samples": report.span(
                    f"{prefix}.selected.{name}",
                    f"Samples that choose “{candidate(str(name)).label}”",
                    100 * row[["estimate", "lower", "upper"]].astype(float),
                    "%",
                    0,
                ),
            }
            for name, row in table.iterrows()
        ]
    )


def continuous_covariates(baseline: pd.DataFrame, times: pd.DataFrame) -> list[Measured]:
    """Take skin score and age as they were measured.

    Parameters
    ----------
    baseline : DataFrame
        `Cohort.baseline()`.
    times : DataFrame
        ``time`` and ``event``, same index.

    Returns
    -------
    list of Measured
        The skin score with the cut of the candidates, age with its median.
    """
    rule = candidate("mrss_over_24").rule
    score, age = baseline[rule["column"]].astype(float), baseline["age_years"].astype(float)
    outcome = times[["time", "event"]]
    return [
        Measured("mrss", "Skin score, points", float(rule["above"]), outcome.assign(mrss=score)),
        Measured("age", "Age, years", float(age.median()), outcome.assign(age=age)),
    ]


def continuous_rows(report: Report, prefix: str, measured: Iterable[Measured]) -> pd.DataFrame:
    """Compare two groups, a straight line and a spline.

    Parameters
    ----------
    report : Report
        The notebook's session.
    prefix : str
        First part of the records' ids.
    measured : iterable of Measured
        The characteristics.

    Returns
    -------
    DataFrame
        Three rows a characteristic: ``Characteristic``, ``Model``, and records of ``Hazard ratio``
        (none of a spline), ``AIC``, ``C`` and ``P``.
    """
    rows = []
    for each in measured:
        cost = report.attempt(
            dichotomising_cost,
            each.frame,
            **_COLUMNS,
            covariate=each.key,
            cut=each.cut,
            n_knots=KNOTS,
            conf_level=report.conf_level,
        )
        models = {
            "two groups": f"Above {each.cut:g} or not" if isfinite(each.cut) else "Two groups",
            "straight line": f"Straight line, per {STEP}",
            "spline": "Spline",
        }
        for model, title in models.items():
            key = f"{prefix}.{each.key}.{model.replace(' ', '_')}"
            rows.append(
                {"Characteristic": each.label, "Model": title}
                | _fit(report, key, f"{each.label}: {title}", cost, model)
            )
    return pd.DataFrame(rows)


def _fit(
    report: Report, key: str, label: str, cost: Dichotomising | NotEstimable, model: str
) -> dict[str, Any]:
    ratio: Any = cost
    aic: Any = cost
    concordance: Any = cost
    p: Any = cost
    n = events = None
    if isinstance(cost, Dichotomising):
        row = cost.table().loc[model]
        step = STEP if model == "straight line" else 1
        first = cost.models[model].table().iloc[0]
        ratio = first[["hazard_ratio", "lower", "upper"]] ** step
        aic = {"estimate": row["aic"], "lower": float("nan"), "upper": float("nan")}
        concordance = row.rename({"concordance": "estimate"})
        p, n, events = row["p_value"], cost.n, cost.n_events
    return {
        "Hazard ratio": None
        if model == "spline"
        else report.hazard_ratio(f"{key}.ratio", f"{label}, ratio", ratio, n=n, events=events),
        "AIC": report.span(f"{key}.aic", f"{label}, AIC", aic, decimals=1, n=n),
        "C": report.span(f"{key}.c", f"{label}, C", concordance, decimals=2, n=n),
        "P": report.p_value(f"{key}.p", f"{label}, P", p, n),
    }


def spline_curves(
    report: Report, measured: Iterable[Measured]
) -> dict[str, tuple[SplineModel | NotEstimable, float]]:
    """Fit splines for drawing.

    Parameters
    ----------
    report : Report
        The notebook's session.
    measured : iterable of Measured
        The characteristics.

    Returns
    -------
    dict of str to (SplineModel or NotEstimable, float)
        By label, the model and the value at which its hazard ratio is 1: the cut.
    """
    return {
        each.label: (
            report.attempt(
                spline_cox,
                each.frame,
                **_COLUMNS,
                covariate=each.key,
                n_knots=KNOTS,
                conf_level=report.conf_level,
            ),
            each.cut,
        )
        for each in measured
    }
