"""Printed outcomes of other studies, laid out as lines of a figure and rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


def told(lines: Mapping[str, pd.DataFrame]) -> str:
    """Say what the lines of a figure show, for those who cannot see it.

    Parameters
    ----------
    lines : mapping of str to pandas.DataFrame
        As `survival_lines` gives them.

    Returns
    -------
    str
        A sentence a heading, with the printed figures in percent.
    """
    return " ".join(
        f"{heading}, %: "
        + "; ".join(f"{row['label']}: {row['second']}" for _, row in rows.iterrows())
        + "."
        for heading, rows in lines.items()
    )


def _years(months: float) -> str:
    if months < 12:
        return f"{months:g} months"
    return "1 year" if months == 12 else f"{months / 12:g} years"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def outcome_table(evidence: Evidence) -> pd.DataFrame:
    """Lay out all printed outcomes as a table.

    Parameters
    ----------
    evidence : Evidence
        Published outcomes.

    Returns
    -------
    pandas.DataFrame
        All text, one row an outcome: ``Study``, what was counted in whom from when on, the printed
        figures, and who read them where.
    """
    rows = evidence.outcomes
    cells = {
        "Outcome": rows["outcome"].map(_sentence),
        "Arm": rows["arm"].map(_sentence),
        "Months": rows["horizon_months"].map(_plain),
        "Events": rows["n"].map(_plain),
        "Patients": rows["N"].map(_plain),
        "Printed": rows["printed"].replace("", EN_DASH),
        "Counted from": rows["time_origin"].map(_sentence),
        "Who": rows["population"].map(_sentence).replace("", EN_DASH),
        "Read": [
            _sentence(f"{by}, {where}")
            for by, where in zip(rows["read_by"], rows["read_in"], strict=True)
        ],
        "DOI": rows["doi"].replace("", EN_DASH),
        "Note": rows["note"].map(_sentence).replace("", EN_DASH),
    }
    return pd.DataFrame({"Study": rows["label"], **cells})


def _plain(value: float) -> str:
    return EN_DASH if pd.isna(value) else f"{value:g}"


def arms_table(evidence: Evidence) -> pd.DataFrame:
    """Lay out what trials print of both arms, side by side.

    Parameters
    ----------
    evidence : Evidence
        Published outcomes.

    Returns
    -------
    pandas.DataFrame
        All text, one row a trial, outcome and time that both arms have: ``Study``, ``Outcome``,
        ``Transplantation``, ``Cyclophosphamide``, ``Who``, the patients of the first arm.
    """
    outcomes = evidence.outcomes
    same = ["study", "outcome", "measure", "horizon_months"]
    arms = [outcomes[outcomes["arm"] == arm] for arm in ("transplantation", "cyclophosphamide")]
    pairs = arms[0].merge(arms[1], on=same, suffixes=("", "_control"))
    return pd.DataFrame(
        {
            "Study": pairs["label"],
            "Outcome": [
                f"{_sentence(outcome)}, {_when(months)}"
                for outcome, months in zip(pairs["outcome"], pairs["horizon_months"], strict=True)
            ],
            "Transplantation": [_counted(row, "") for _, row in pairs.iterrows()],
            "Cyclophosphamide": [_counted(row, "_control") for _, row in pairs.iterrows()],
            "Who": pairs["population"].map(_who),
        }
    )


def _counted(row: pd.Series[Any], arm: str) -> str:
    """Write events of patients and the printed figure, as far as they are known."""
    n, size, printed = row[f"n{arm}"], row[f"N{arm}"], row[f"printed{arm}"]
    events = "" if pd.isna(n) or pd.isna(size) else f"{n:g}/{size:g}"
    percent = f"{printed}\N{NARROW NO-BREAK SPACE}%" if printed else ""
    return f"{percent} ({events})" if percent and events else percent or events


def _who(population: str) -> str:
    return "Randomised" if population.startswith("randomised") else _sentence(population)


def ratio_table(evidence: Evidence) -> pd.DataFrame:
    """Lay out the printed hazard ratios, a column an outcome.

    Parameters
    ----------
    evidence : Evidence
        Published outcomes.

    Returns
    -------
    pandas.DataFrame
        All text, one row a trial and length of follow-up: ``Study``, ``Follow-up`` and a column an
        outcome.
    """
    ratios = evidence.outcomes[evidence.outcomes["measure"] == "hazard ratio"]
    wide = ratios.pivot_table(
        index=["label", "horizon_months"],
        columns="outcome",
        values="printed",
        aggfunc="first",
        sort=False,
    ).reset_index()
    times = wide.pop("horizon_months").map(_when)
    outcomes = wide.drop(columns="label")
    outcomes.columns = pd.Index([_sentence(str(name)) for name in outcomes])
    return pd.concat(
        [wide["label"].rename("Study"), times.rename("Follow-up"), outcomes], axis=1
    ).fillna(EN_DASH)


def by_study_table(evidence: Evidence, chosen: pd.Series[bool]) -> pd.DataFrame:
    """Lay out printed outcomes with a row a group of patients, its times one after another.

    Parameters
    ----------
    evidence : Evidence
        Published outcomes.
    chosen : boolean Series
        Which of them.

    Returns
    -------
    pandas.DataFrame
        All text: ``Study``, ``Who``, ``Counted from``, ``Outcome`` and ``Printed, %``.
    """
    keys = ["label", "population", "time_origin", "outcome"]
    rows = []
    for key, own in evidence.outcomes[chosen].groupby(keys, sort=False):
        label, who, origin, outcome = map(str, key)
        patients = "" if pd.isna(own["N"].iloc[0]) else f", n = {own['N'].iloc[0]:g}"
        printed = [
            f"{_when(months)}: {text}"
            for months, text in zip(own["horizon_months"], own["printed"], strict=True)
        ]
        rows.append(
            {
                "Study": label,
                "Who": f"{_sentence(who)}{patients}",
                "Counted from": _sentence(origin),
                "Outcome": _sentence(outcome),
                "Printed, %": "; ".join(printed),
            }
        )
    return pd.DataFrame(rows)


def _when(months: float) -> str:
    return "whole follow-up" if pd.isna(months) else _years(months)


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
