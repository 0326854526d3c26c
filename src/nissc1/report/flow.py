"""Records of the patients' way through the study."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from nissc1.flow import Analysed, Step
from nissc1.report.session import Report

_COUNTS = {
    "died": "Died",
    "not_due": "Not yet due",
    "no_contact": "Last contact earlier",
    "followed": "Followed",
    "progressed": "Progressed",
}


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
        One row a time, cells records: ``Months``, ``Died``, ``Not yet due``, ``Last contact
        earlier``, ``Followed``, ``Progressed``. Deaths and progressions since day 0 are recorded
        besides.
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
