"""Which baseline characteristics go with an outcome: the article's two-step rule.

Each candidate is tested alone; those with a P value below the plan's limit enter one Cox model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from nissc1.analysis_plan import setting
from nissc1.candidates import CANDIDATES, Candidate
from nissc1.stats import cox, gray_test, logrank_test

__all__ = [
    "CANDIDATES",
    "ENTRY",
    "Candidate",
    "covariates",
    "joined",
    "joint_model",
    "selected",
    "univariate",
]

ENTRY: float = setting("prognosis.rule", "p_below")
"""P value below which a candidate enters the joint model."""


def covariates(baseline: pd.DataFrame) -> pd.DataFrame:
    """Code the candidates as numbers.

    Parameters
    ----------
    baseline : DataFrame
        `Cohort.baseline()`: one row a patient, indexed by ``patient_id``.

    Returns
    -------
    DataFrame
        Same index; one float column a candidate, 1 with and 0 without the characteristic, NaN
        where it is not known; ``age`` in units of ten years.
    """
    coded = {c.name: c.values(baseline).astype("Float64") for c in CANDIDATES}
    return pd.DataFrame(coded, index=baseline.index).astype(float)


def univariate(
    times: pd.DataFrame, coded: pd.DataFrame, *, conf_level: float = 0.95
) -> pd.DataFrame:
    """Test each candidate alone.

    Groups are compared with the log-rank test where `times` has an ``event``, and with Gray's test
    where it has a ``cause``; age with the Wald test of a Cox model.

    Parameters
    ----------
    times : DataFrame
        An endpoint: ``patient_id``, ``time`` in days, and ``event`` (0 or 1) or ``cause`` (0, 1
        of interest, 2 competing).
    coded : DataFrame
        Result of `covariates`.
    conf_level : float
        Level of the hazard ratio's limits.

    Returns
    -------
    DataFrame
        Indexed by candidate: ``label``, ``test``, ``n`` (known), ``n_with`` and ``events_with``
        (patients and events with the characteristic), ``events``, ``hazard_ratio``, ``lower``,
        ``upper`` (of a Cox model with this candidate alone; for a ``cause`` the cause-specific
        one) and ``p_value``. NaN where the characteristic does not vary, nobody has an event, or
        events occurred on one side only so that no finite hazard ratio exists.
    """
    frame = joined(times, coded)
    rows = [_alone(frame, candidate, conf_level) for candidate in CANDIDATES]
    return pd.DataFrame(rows).set_index("candidate")


def selected(tests: pd.DataFrame, below: float = ENTRY) -> list[str]:
    """Choose the candidates for the joint model.

    Parameters
    ----------
    tests : DataFrame
        Result of `univariate`.
    below : float
        A candidate enters if its P value is smaller than this.

    Returns
    -------
    list of str
        Candidates in their order in `tests`.
    """
    return [str(name) for name in tests.index[tests["p_value"] < below]]


def joint_model(
    times: pd.DataFrame, coded: pd.DataFrame, names: Sequence[str], *, conf_level: float = 0.95
) -> pd.DataFrame:
    """Fit one Cox model to several candidates.

    Parameters
    ----------
    times, coded : DataFrame
        As for `univariate`. For a ``cause`` the model is the cause-specific one: competing events
        censor.
    names : sequence of str
        Candidates that enter.
    conf_level : float
        Level of the hazard ratios' limits.

    Returns
    -------
    DataFrame
        Table of the Cox model, indexed by candidate: ``coef``, ``std_error``, ``hazard_ratio``,
        ``lower``, ``upper``, ``p_value``, with the model's ``n`` and ``events`` in each row; empty
        without candidates.

    Raises
    ------
    ValueError
        Where the data do not determine the model; the message says why.
    """
    if not names:
        return pd.DataFrame(columns=["hazard_ratio", "lower", "upper", "n", "events"])
    model = cox(
        joined(times, coded), time="time", event="event", covariates=names, conf_level=conf_level
    )
    return model.table().assign(n=model.n, events=model.n_events)


def joined(times: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """Put times and covariates into one frame.

    Parameters
    ----------
    times, coded : DataFrame
        As for `univariate`.

    Returns
    -------
    DataFrame
        One row a patient, indexed by ``patient_id``; ``event`` is 1 where a ``cause`` is.
    """
    frame = times.set_index("patient_id").join(coded, validate="one_to_one")
    if "cause" in frame:
        frame["event"] = (frame["cause"] == 1).astype(int)
    return frame


def _alone(frame: pd.DataFrame, candidate: Candidate, conf_level: float) -> dict[str, Any]:
    name = candidate.name
    known = frame.loc[frame[name].notna()]
    competing = "cause" in frame
    group_test = "Gray" if competing else "log-rank"
    row: dict[str, Any] = {
        "candidate": name,
        "label": candidate.label,
        "test": "Wald" if candidate.continuous else group_test,
        "n": len(known),
        "n_with": None if candidate.continuous else int(known[name].sum()),
        "events": int(known["event"].sum()),
        "events_with": None
        if candidate.continuous
        else int(known.loc[known[name] == 1, "event"].sum()),
    }
    empty = {key: float("nan") for key in ("hazard_ratio", "lower", "upper", "p_value")}
    if known[name].nunique() < 2 or not known["event"].any():
        return row | empty
    try:
        model = cox(known, time="time", event="event", covariates=[name], conf_level=conf_level)
        fitted: dict[str, Any] = {key: model.table().loc[name, key] for key in empty}
    except ValueError:  # events on one side only: the groups can be tested, but no ratio is finite
        fitted = empty
    if not candidate.continuous:
        outcome = known["cause"] if competing else known["event"]
        test = gray_test if competing else logrank_test
        fitted["p_value"] = test(known["time"], outcome, known[name]).p_value
    return row | fitted
