"""Published outcomes of other studies: reading them, and pooling the deaths from the treatment.

The figures lie in ``data/evidence``: what was printed, with where it was read. A study is added by
adding rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nissc1.cohort.location import project_root
from nissc1.evidence_columns import COHORTS, OUTCOMES
from nissc1.evidence_rules import cohort_faults, outcome_faults
from nissc1.stats import PooledProportion, PoolingError, pool_proportions

TREATMENT_DEATH = "treatment-related death"
NISSC1 = "nissc1"
"""Key of the study that this book reports."""
MAIN, OVERLAP = "main", "overlap"
"""Marks of the rows that are pooled: studies without patients in common, and the others."""
_LEFT_OUT = ("estimate", "lower", "upper", "prediction_lower", "prediction_upper", "tau2")
_NUMBERS = ("n", "N", "estimate", "lower", "upper", "horizon_months")


class EvidenceError(ValueError):
    """Say which rows of ``data/evidence`` are at fault."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Hold what other studies printed.

    Attributes
    ----------
    outcomes : pandas.DataFrame
        One row a study and outcome, the columns of ``studies.csv`` and ``label``; numbers as
        floats (NaN where nothing is printed), beside them ``printed``: the estimate with its limits
        as characters.
    cohorts : pandas.DataFrame
        One row a study, the columns of ``cohorts.csv``, all text.
    """

    outcomes: pd.DataFrame
    cohorts: pd.DataFrame


def load_evidence(folder: Path | None = None) -> Evidence:
    """Read the published outcomes, once every row is found sound.

    Parameters
    ----------
    folder : Path, optional
        Folder of ``studies.csv`` and ``cohorts.csv``; by default the project's ``data/evidence``.

    Returns
    -------
    Evidence
        The rows in the order of the files.

    Raises
    ------
    EvidenceError
        If rows are at fault; the message has a line for each.
    """
    home = folder or project_root() / "data" / "evidence"
    outcomes, cohorts = (
        pd.read_csv(home / name, dtype=str, keep_default_na=False, encoding="utf-8")
        for name in (OUTCOMES.file, COHORTS.file)
    )
    faults = [*OUTCOMES.missing(outcomes), *COHORTS.missing(cohorts)]
    faults = faults or [*cohort_faults(cohorts), *outcome_faults(outcomes, set(cohorts["study"]))]
    if faults:
        raise EvidenceError("\n".join(faults))
    labels = cohorts.set_index("study")["label"]
    numbers = {name: pd.to_numeric(outcomes[name], errors="raise") for name in _NUMBERS}
    typed = outcomes.assign(
        **numbers,
        label=outcomes["study"].map(labels),
        printed=[_printed(row) for _, row in outcomes.iterrows()],
    )
    return Evidence(typed, cohorts)


def _printed(row: pd.Series[str]) -> str:
    limits = f"{row['lower']}–{row['upper']}" if row["lower"] else ""
    if not row["estimate"]:
        return limits
    return f"{row['estimate']} ({limits})" if limits else str(row["estimate"])


def treatment_deaths(evidence: Evidence, *, overlapping: bool = False) -> pd.DataFrame:
    """Select the studies whose deaths from the treatment are pooled.

    Parameters
    ----------
    evidence : Evidence
        Published outcomes.
    overlapping : bool
        Whether studies that may share patients with another one are taken too.

    Returns
    -------
    pandas.DataFrame
        Rows of the outcomes with whole numbers ``n`` and ``N``, in the order of the file.
    """
    marks = [MAIN, OVERLAP] if overlapping else [MAIN]
    outcomes = evidence.outcomes
    rows = outcomes[outcomes["pool"].isin(marks)]
    return rows.astype({"n": int, "N": int}).reset_index(drop=True)


def pooled(rows: pd.DataFrame, *, conf_level: float = 0.95) -> PooledProportion:
    """Pool the deaths from the treatment.

    Parameters
    ----------
    rows : pandas.DataFrame
        Result of `treatment_deaths`.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    PooledProportion
        Binomial-normal model with prediction limits and heterogeneity.
    """
    return pool_proportions(
        rows["n"], rows["N"], labels=rows["label"].tolist(), conf_level=conf_level
    )


def leave_one_out(rows: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """Pool the deaths from the treatment without each study in turn.

    Parameters
    ----------
    rows : pandas.DataFrame
        Result of `treatment_deaths`.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    pandas.DataFrame
        One row a study left out: ``study``, ``label``, ``estimate``, ``lower``, ``upper``,
        ``prediction_lower``, ``prediction_upper`` (shares from 0 to 1), ``tau2``; NaN where the
        others cannot be pooled.
    """
    found = []
    for place in rows.index:
        row = {"study": rows.at[place, "study"], "label": rows.at[place, "label"]}
        left = rows.drop(index=place)
        try:
            result = pooled(left, conf_level=conf_level) if len(left) > 1 else None
        except PoolingError:
            result = None
        found.append(row | {name: getattr(result, name, float("nan")) for name in _LEFT_OUT})
    return pd.DataFrame(found)
