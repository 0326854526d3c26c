"""Adverse events soon after transplantation."""

from __future__ import annotations

import re

import pandas as pd

from nissc1.analysis_plan import setting
from nissc1.cohort.release import Cohort
from nissc1.complication_terms import SEPTIC_SHOCK, TERMS, Term

__all__ = [
    "SEPTIC_SHOCK",
    "WINDOW",
    "by_term",
    "complications",
    "complications_by_patient",
    "infected_by_group",
]

WINDOW: int = setting("endpoints.early_complications", "days")
"""Last day of onset that counts as early."""


def complications(cohort: Cohort, days: int = WINDOW) -> pd.DataFrame:
    """List the adverse events soon after transplantation.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    days : int
        Last day of onset that counts; day 0 is the first.

    Returns
    -------
    DataFrame
        One row an event, in the order of the release: ``event_id``, ``patient_id``, ``onset_day``,
        ``category``, ``agent``, ``term`` and the booleans ``infectious`` and ``fatal``.

    Raises
    ------
    ValueError
        When `days` is negative.
    """
    if days < 0:
        raise ValueError(f"Complications are counted from day 0 on; found days = {days}.")
    events = cohort.adverse_events
    inside = events["onset_day"].between(0, days).fillna(False)
    listed = events.loc[inside].reset_index(drop=True)
    listed["infectious"] = (listed["category"] == "infectious").fillna(False).astype(bool)
    listed["fatal"] = listed["fatal"].fillna(False).astype(bool)
    order = ["event_id", "patient_id", "onset_day", "category", "agent", "term", "infectious"]
    return listed[[*order, "fatal"]]


def complications_by_patient(cohort: Cohort, days: int = WINDOW) -> pd.DataFrame:
    """Tell which patients had complications soon after transplantation.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    days : int
        As for `complications`.

    Returns
    -------
    DataFrame
        One row a patient, all of them: ``patient_id``, ``followed`` (days observed, at most
        `days`), ``events`` (how many) and the booleans ``any``, ``infectious``,
        ``non_infectious`` (at least one of the kind) and ``fatal``.
    """
    events = complications(cohort, days)
    patient = cohort.outcomes["patient_id"]
    return pd.DataFrame(
        {
            "patient_id": patient,
            "followed": cohort.outcomes["last_contact_day"]
            .astype("Float64")
            .clip(upper=days)
            .astype(float),
            "events": patient.map(events["patient_id"].value_counts()).fillna(0).astype(int),
            "any": patient.isin(events["patient_id"]),
            "infectious": patient.isin(events.loc[events["infectious"], "patient_id"]),
            "non_infectious": patient.isin(events.loc[~events["infectious"], "patient_id"]),
            "fatal": patient.isin(events.loc[events["fatal"], "patient_id"]),
        }
    )


def by_term(events: pd.DataFrame) -> pd.DataFrame:
    """Count events by their wording.

    Parameters
    ----------
    events : DataFrame
        Result of `complications`.

    Returns
    -------
    DataFrame
        One row a complication: ``record`` (id of its results record), ``heading`` (its group),
        ``term``, ``events`` and ``patients``. Those that the article lists come first, in its
        order and also when nobody had them; others follow in their groups as they are worded.
    """
    agent = events["agent"].fillna("")
    wording = events["term"].where(events["term"] != SEPTIC_SHOCK, "Sepsis")
    keys = [events["category"], agent.rename("agent"), wording.rename("term")]
    counted = events.groupby(keys)["patient_id"].agg(["size", "nunique"])
    found = dict(zip(counted.index, counted.itertuples(index=False, name=None), strict=True))
    listed = {(term.category, term.agent or "", term.term): term for term in TERMS}
    new = {
        key: Term(_slug(key[1], key[2]), key[2], key[0], key[1] or None)
        for key in sorted(found)
        if key not in listed
    }
    rows = []
    for key, described in (listed | new).items():
        number, patients = found.get(key, (0, 0))
        rows.append(
            {
                "record": described.record,
                "heading": _heading(described),
                "term": key[2],
                "events": number,
                "patients": patients,
            }
        )
    return pd.DataFrame(rows)


def treatment_groups(cohort: Cohort) -> dict[str, tuple[str, pd.Series[str]]]:
    """Group the patients by graft, mobilisation dose and growth factor.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.

    Returns
    -------
    dict of str to tuple of str and Series
        By ``graft``, ``mobilisation_dose`` (2 or 4 g/m² only) and ``gcsf``: a title, and each
        patient's group by ``patient_id`` as a category; missing where it is not known.
    """
    baseline = cohort.baseline()
    dose = baseline["mobilisation_cyc_g_m2"]
    groupings = {
        "graft": ("CD34+ selection", baseline["cd34_selection"], ("selected", "not selected")),
        "mobilisation_dose": (
            "Cyclophosphamide for mobilisation",
            (dose == 2).where(dose.isin([2, 4])),
            ("2 g/m²", "4 g/m²"),
        ),
        "gcsf": ("G-CSF after reinfusion", baseline["gcsf_after"], ("given", "not given")),
    }
    return {
        key: (
            title,
            pd.Series(pd.Categorical(group.map({True: yes, False: no}), [yes, no]), group.index),
        )
        for key, (title, group, (yes, no)) in groupings.items()
    }


def infected_by_group(cohort: Cohort, days: int = WINDOW) -> dict[str, tuple[str, pd.DataFrame]]:
    """Cross-tabulate infection with graft, mobilisation dose and growth factor.

    Parameters
    ----------
    cohort : Cohort
        Patients under analysis.
    days : int
        As for `complications`.

    Returns
    -------
    dict of str to tuple of str and DataFrame
        By key of `treatment_groups`: its title and the table of patients, rows the two groups,
        columns ``infected`` and ``not infected``. Patients whose group is not known are left out.
    """
    infected = complications_by_patient(cohort, days).set_index("patient_id")["infectious"]
    answer = infected.map({True: "infected", False: "not infected"})
    tables = {}
    for key, (title, named) in treatment_groups(cohort).items():
        table = pd.crosstab(named.astype("string"), answer)
        levels = named.cat.categories
        table = table.reindex(index=levels, columns=["infected", "not infected"], fill_value=0)
        tables[key] = (title, table)
    return tables


def _heading(term: Term) -> str:
    if term.agent is None:
        return "Non-infectious complications"
    return "Infections" if term.agent == "not specified" else f"Infections, {term.agent}"


def _slug(agent: str, term: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", f"{agent} {term}".lower()).strip("_")
    return f"reported_{words}"
