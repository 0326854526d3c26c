"""Printed outcomes of other studies, laid out as lines of a figure and rows of a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from nissc1.evidence import NISSC1, Evidence
from nissc1.report.formatting import EN_DASH


def survival_lines(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Lay out the printed survival after transplantation as lines of a figure.

    Parameters
    ----------
    evidence : Evidence
        Published outcomes.

    Returns
    -------
    dict of str to pandas.DataFrame
        Overall survival, and survival without event or progression; shortest horizon first.
    """
    outcomes = evidence.outcomes
    chosen = outcomes[
        outcomes["arm"].eq("transplantation")
        & outcomes["measure"].eq("kaplan-meier")
        & outcomes["horizon_months"].notna()
    ].sort_values(["horizon_months", "label"], kind="stable")
    kinds = {
        "Overall survival": ["overall survival"],
        "Survival without event or progression": [
            "event-free survival",
            "progression-free survival",
        ],
    }
    return {
        heading: pd.DataFrame(
            {
                "label": [
                    f"{label}, {_years(months)}"
                    for label, months in zip(rows["label"], rows["horizon_months"], strict=True)
                ],
                "estimate": rows["estimate"],
                "lower": rows["lower"],
                "upper": rows["upper"],
                "weight": float("nan"),
                "own": rows["study"].eq(NISSC1),
                "computed": False,
                "first": [EN_DASH if pd.isna(n) else f"{n:g}" for n in rows["N"]],
                "second": rows["printed"],
            }
        )
        for heading, outcome in kinds.items()
        for rows in [chosen[chosen["outcome"].isin(outcome)]]
    }


def _years(months: float) -> str:
    if months < 12:
        return f"{months:g} months"
    return "1 year" if months == 12 else f"{months / 12:g} years"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def outcome_table(
    evidence: Evidence, chosen: pd.Series[bool], columns: Sequence[str]
) -> pd.DataFrame:
    """Lay out printed outcomes as a table.

    Parameters
    ----------
    evidence : Evidence
        Published outcomes.
    chosen : boolean Series
        Which of them.
    columns : sequence of str
        Headings shown after the study, of: ``Outcome``, ``Arm``, ``Months``, ``Events``,
        ``Patients``, ``Printed``, ``Counted from``, ``Who``, ``Read in``, ``DOI``, ``Note``.

    Returns
    -------
    pandas.DataFrame
        All text; the first column is ``Study``.
    """
    rows = evidence.outcomes[chosen]
    cells = {
        "Outcome": rows["outcome"].map(_sentence),
        "Arm": rows["arm"].map(_sentence),
        "Months": rows["horizon_months"].map(_plain),
        "Events": rows["n"].map(_plain),
        "Patients": rows["N"].map(_plain),
        "Printed": rows["printed"].replace("", EN_DASH),
        "Counted from": rows["time_origin"].map(_sentence),
        "Who": rows["population"].map(_sentence).replace("", EN_DASH),
        "Read in": rows["read_in"].map(_sentence),
        "DOI": rows["doi"].replace("", EN_DASH),
        "Note": rows["note"].map(_sentence).replace("", EN_DASH),
    }
    return pd.DataFrame({"Study": rows["label"], **{name: cells[name] for name in columns}})


def _plain(value: float) -> str:
    return EN_DASH if pd.isna(value) else f"{value:g}"


def cohort_table(evidence: Evidence) -> pd.DataFrame:
    """Lay out what is known of the studies.

    Parameters
    ----------
    evidence : Evidence
        Published outcomes.

    Returns
    -------
    pandas.DataFrame
        All text, one row a study: ``Study``, ``Kind``, ``Place``, ``Transplanted``, ``Patients``,
        ``Conditioning``, ``Irradiation``, ``Graft``, ``May share patients with``.
    """
    cohorts = evidence.cohorts
    labels = dict(zip(cohorts["study"], cohorts["label"], strict=True))
    shared = [
        ", ".join(labels[name] for name in names.split("; ")) if names else ""
        for names in cohorts["shares_patients_with"]
    ]
    names = ["kind", "place", "transplanted", "patients", "conditioning", "irradiation", "graft"]
    table = pd.DataFrame(
        {
            "Study": cohorts["label"],
            **{name.capitalize(): cohorts[name].map(_sentence) for name in names},
            "May share patients with": shared,
        }
    )
    return table.replace("", EN_DASH)
