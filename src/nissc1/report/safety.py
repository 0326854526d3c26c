"""Records on complications by system, onset and group, and on early death by cardiac work-up."""

from __future__ import annotations

import pandas as pd

from nissc1 import endpoints
from nissc1.analysis_plan import setting
from nissc1.complication_systems import SYSTEMS, system_of
from nissc1.complications import complications, complications_by_patient, treatment_groups
from nissc1.onset import KINDS, by_period, first_onset
from nissc1.report.estimates import NotEstimable
from nissc1.report.session import Report
from nissc1.stats import Rate, cumulative_incidence, exact_rate
from nissc1.stats.curve import Curve
from nissc1.tabulation.workup import neither_examined

PERIODS: tuple[int, ...] = setting("safety.periods", "last_days")
EARLY: int = setting("safety.cardiac", "days")
_PER = 100
_RATE = f"Per {_PER} patient-days"


def system_rows(report: Report) -> pd.DataFrame:
    """Record complications by the part of the body they concern.

    Parameters
    ----------
    report : Report
        The notebook's session.

    Returns
    -------
    DataFrame
        One row a system; that of the complications which are not grouped only if there are any.
    """
    events = complications(report.cohort)
    system = system_of(events["term"])
    patients = report.cohort.patients["patient_id"]
    rows = []
    for key, name in SYSTEMS.items():
        own = events[system == key]
        if own.empty and key not in list(SYSTEMS)[:-1]:
            continue
        rows.append(
            {
                "System": name,
                "Patients": report.exact(
                    f"system.{key}.patients",
                    f"{name}, patients",
                    patients.isin(own["patient_id"]),
                ),
                "Complications": report.count(
                    f"system.{key}.events", f"{name}, complications", len(own), "events"
                ),
                "Of them infections": report.count(
                    f"system.{key}.infections",
                    f"{name}, infections",
                    int(own["infectious"].sum()),
                    "events",
                ),
                "Onset, median day (range)": report.median_range(
                    f"system.{key}.onset", f"{name}, day of onset", own["onset_day"]
                ),
            }
        )
    return pd.DataFrame(rows)


def onset_curves(report: Report) -> dict[str, Curve | NotEstimable]:
    """Estimate the cumulative incidence of a first complication of each kind.

    Parameters
    ----------
    report : Report
        The notebook's session.

    Returns
    -------
    dict of str to Curve or NotEstimable
        By key of `nissc1.onset.KINDS`.
    """
    times = {kind: first_onset(report.cohort, kind) for kind in KINDS}
    return {
        kind: report.estimate(
            cumulative_incidence, frame["time"], frame["cause"], conf_level=report.conf_level
        )
        for kind, frame in times.items()
    }


def onset_rows(report: Report, curves: dict[str, Curve | NotEstimable]) -> pd.DataFrame:
    """Record when complications began.

    Parameters
    ----------
    report : Report
        The notebook's session.
    curves : dict of str to Curve or NotEstimable
        Result of `onset_curves`.

    Returns
    -------
    DataFrame
        One row a kind and period of the plan.
    """
    rows = []
    for kind, name in KINDS.items():
        for first, last, events, days in by_period(report.cohort, kind, PERIODS):
            rate: Rate | NotEstimable = NotEstimable("no patient under observation")
            if days > 0:
                rate = exact_rate(events, days, conf_level=report.conf_level)
            when = f"days {first} to {last}"
            record = f"onset.{kind}"
            rows.append(
                {
                    "Kind": name,
                    "Days": f"{first} to {last}",
                    "Complications": report.count(
                        f"{record}.events.{last}d",
                        f"{name}, {when}",
                        events,
                        "events",
                    ),
                    _RATE: report.rate_per(
                        f"{record}.rate.{last}d",
                        f"{name}, {when}, {_RATE.lower()}",
                        rate,
                        _PER,
                        _RATE.lower(),
                    ),
                    "Patients with a first one so far, %": report.rate(
                        f"{record}.{last}d",
                        f"{name} by day {last}",
                        curves[kind],
                        days=last,
                    ),
                }
            )
    return pd.DataFrame(rows)


def group_rows(report: Report) -> pd.DataFrame:
    """Record who had complications by graft, mobilisation dose and growth factor.

    Parameters
    ----------
    report : Report
        The notebook's session.

    Returns
    -------
    DataFrame
        One row a group.
    """
    had = complications_by_patient(report.cohort).set_index("patient_id")
    columns = {"any": "any", "infectious": "infectious", "noninfectious": "non_infectious"}
    words = {"any": "Any complication"} | KINDS
    rows = []
    for key, (title, named) in treatment_groups(report.cohort).items():
        for place, level in enumerate(named.cat.categories, start=1):
            own = had.loc[named.index[named == level]]
            cells = {
                words[kind]: report.exact(
                    f"groups.{key}_{place}.{kind}",
                    f"{title}, {level}: {words[kind].lower()}",
                    own[column],
                )
                for kind, column in columns.items()
            }
            rows.append({"Treatment": title, "Group": level} | cells)
    return pd.DataFrame(rows)


def workup_rows(report: Report) -> pd.DataFrame:
    """Record who died early, by what the cardiac work-up found or whether it was done.

    Parameters
    ----------
    report : Report
        The notebook's session.

    Returns
    -------
    DataFrame
        One row an examination and finding.
    """
    baseline = report.cohort.baseline()
    times = endpoints.non_relapse_mortality(report.cohort).set_index("patient_id")
    early = ((times["cause"] == 1) & (times["time"] <= EARLY)).reindex(baseline.index)
    neither = neither_examined(baseline)
    challenge = baseline["fluid_challenge"].fillna(False).astype(bool)
    done = {name: baseline[name].isin(["normal", "abnormal"]) for name in ("cardiac_mri", "rhc")}
    groups = {
        "Cardiac magnetic resonance imaging": _found(baseline["cardiac_mri"], "mri"),
        "Right heart catheterisation": {
            **_found(baseline["rhc"], "rhc"),
            "rhc_challenge": ("Done with fluid challenge", done["rhc"] & challenge),
        },
        "The two together": {
            "both": ("Imaging and catheterisation", done["cardiac_mri"] & done["rhc"]),
            "mri_only": ("Imaging only", done["cardiac_mri"] & ~done["rhc"]),
            "rhc_only": ("Catheterisation only", ~done["cardiac_mri"] & done["rhc"]),
            "neither": ("Neither done", neither),
        },
        "All patients": {"all": ("All", pd.Series(True, baseline.index))},
    }
    return pd.DataFrame(
        [
            {
                "Examination": heading,
                "Finding": label,
                "Died": report.exact(
                    f"early_death.{key}", f"{heading}, {label.lower()}", early[who.astype(bool)]
                ),
            }
            for heading, rows in groups.items()
            for key, (label, who) in rows.items()
        ]
    )


def _found(finding: pd.Series[str], key: str) -> dict[str, tuple[str, pd.Series[bool]]]:
    levels = {"normal": "Normal", "abnormal": "Abnormal", "not done": "Not done"}
    return {
        f"{key}_{level.replace(' ', '_')}": (words, (finding == level).fillna(False))
        for level, words in levels.items()
    }
