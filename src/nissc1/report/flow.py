"""Records of the patients' way through the study."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from nissc1.flow import LEFT, Analysed, Step
from nissc1.report.disclosure import Disclosure
from nissc1.report.session import Report

_COUNTS = {**LEFT, "followed": "Followed", "progressed": "Progressed"}


def record_steps(report: Report, steps: Sequence[Step]) -> pd.DataFrame:
    """Record who was followed at each time, and who left before it.

    Parameters
    ----------
    report : Report
        Session of a notebook; it takes the records.
    steps : sequence of Step
        Result of `nissc1.flow.participant_flow`.

    Returns
    -------
    pandas.DataFrame
        One row a time, cells records: ``Months``, ``Died``, ``Not yet due``, ``Last seen in
        the 6 months before``, ``Last seen earlier``, ``Followed``, ``Progressed``. Deaths and
        progressions since day 0 are recorded besides.
    """
    rows = []
    died = progressed = 0
    for step in steps:
        at = f"flow.{step.month}m"
        died, progressed = died + step.died, progressed + step.progressed
        rows.append(
            {
                "Months": f"{step.month}",
                **{
                    heading: report.count(
                        f"{at}.{name}",
                        f"{heading} at {step.month} months",
                        getattr(step, name),
                        of=report.n,
                    )
                    for name, heading in _COUNTS.items()
                },
            }
        )
        for name, count in {"died_by": died, "progressed_by": progressed}.items():
            label = f"{name.partition('_')[0].capitalize()} by {step.month} months"
            report.count(f"{at}.{name}", label, count, of=report.n)
    return pd.DataFrame(rows)


def describe_flow(
    patients: int, steps: Sequence[Step], analyses: Sequence[Analysed], disclosure: Disclosure
) -> str:
    """Say in words what the diagram shows, numbers included.

    Parameters
    ----------
    patients : int
        Patients transplanted.
    steps : sequence of Step
        Result of `nissc1.flow.participant_flow`.
    analyses : sequence of Analysed
        Result of `nissc1.flow.analysed`.
    disclosure : Disclosure
        Under ``small-counts`` counts of 1 to 7 are shown as such and others rounded.

    Returns
    -------
    str
        Text for those who do not see the diagram.
    """
    show = disclosure.count_text
    told = [f"Flow diagram. Transplanted: {show(patients)}."]
    for step in steps:
        left = [f"{text.lower()} {show(count)}" for text, count in step.left().items()]
        told.append(
            f"At {step.month} months: followed {show(step.followed)}; since the time before "
            f"{', '.join([*left, f'progressed {show(step.progressed)}'])}."
        )
    told.append("Analysed: " + ", ".join(f"{a.label} {show(a.patients)}" for a in analyses) + ".")
    return " ".join(told)


def record_analyses(report: Report, analyses: Sequence[Analysed]) -> pd.DataFrame:
    """Record how many patients enter each analysis.

    Parameters
    ----------
    report : Report
        Session of a notebook; it takes the records.
    analyses : sequence of Analysed
        Result of `nissc1.flow.analysed`.

    Returns
    -------
    pandas.DataFrame
        One row an analysis: ``Analysis`` and ``Patients``, a record.
    """
    return pd.DataFrame(
        {
            "Analysis": [each.label for each in analyses],
            "Patients": [
                report.count(
                    f"flow.analysed.{each.name}",
                    f"Patients analysed: {each.label}",
                    each.patients,
                    of=report.n,
                )
                for each in analyses
            ],
        }
    )
