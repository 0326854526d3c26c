"""The whole simulated cohort: who goes on, who comes in, what is reported late or put right."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from nissc1.simulate import export_choices, rates
from nissc1.simulate.corrections import Entry, correct_at_source, mistype
from nissc1.simulate.course import Course, follow
from nissc1.simulate.early_course import complications, transplant_death, until_last_contact
from nissc1.simulate.hazards import happens
from nissc1.simulate.known import Known, Row, Tables
from nissc1.simulate.late_reports import report_late
from nissc1.simulate.newcomers import baseline, draw_days
from nissc1.simulate.visits import early_visits, later_visits


@dataclass(frozen=True)
class Simulated:
    """Hold what an export consists of.

    Attributes
    ----------
    tables : dict
        Records by table.
    entries : tuple of Entry
        Of ``corrections.yml``.
    """

    tables: Tables
    entries: tuple[Entry, ...]


def simulate(known: Known, seed: int) -> Simulated:
    """Continue the cohort of the earlier release.

    Parameters
    ----------
    known : Known
        Earlier release.
    seed : int
        Start of chance. Each patient has a generator of its own, so that one patient's course does
        not depend on another's; the same seed gives the same cohort on any machine.

    Returns
    -------
    Simulated
        Known patients first and in their order, then the new ones by date of transplantation.
    """
    tables: Tables = {name: [] for name in known.tables}
    _continue(known, seed, tables)
    corrected, withdrawn = correct_at_source(_chance(seed, "corrections"), known.tables)
    for name in ("patients", "transplants", "adverse_events"):
        tables[name] = list(corrected[name])
    new_visits = tables["visits"]
    tables["visits"] = [
        row
        for patient in known.by_patient("patients")
        for source in (corrected["visits"], new_visits)
        for row in source
        if row["patient_id"] == patient
    ]
    _enrol(known, seed, tables)
    tables["visits"], entries = mistype(_chance(seed, "mistyped"), tables["visits"])
    return Simulated(tables, (*entries, withdrawn))


def _chance(seed: int, what: str) -> random.Random:
    # Seeded with a text, the generator takes its digest: the same on any machine.
    return random.Random(f"{seed}, {what}")


def _last_call(rng: random.Random, day_0: dt.date) -> int:
    """Draw the day on which a living patient is called in the last round."""
    before = int(rng.random() * (rates.LAST_ROUND_DAYS.value + 1))
    return (export_choices.DATA_CUTOFF.value - day_0).days - before


def _continue(known: Known, seed: int, tables: Tables) -> None:
    """Let the known patients' courses go on; add outcomes and new visits."""
    was = {patient: Course.read(row) for patient, row in known.by_patient("outcomes").items()}
    elapsed = {patient: (known.data_cutoff - known.day_0(patient)).days for patient in was}
    away = {
        patient
        for patient, course in was.items()
        if elapsed[patient] - course.last_contact > rates.OUT_OF_CONTACT_DAYS.value
    }
    tracing = _chance(seed, "found")
    traced = {patient for patient in was if happens(tracing, rates.FOUND_AGAIN.value)}
    reached = {
        patient: course
        for patient, course in was.items()
        if not course.dead and (patient in traced or patient not in away)
    }
    reached |= report_late(_chance(seed, "late reports"), reached)
    for patient, before in was.items():
        after = before
        if patient in reached:
            rng = _chance(seed, f"{patient}, course")
            until = _last_call(rng, known.day_0(patient))
            since = max(before.last_contact, elapsed[patient])
            after = follow(rng, reached[patient], since=since, until=until)
        tables["outcomes"].append(after.written(patient))
        tables["visits"] += later_visits(
            _chance(seed, f"{patient}, visits"),
            patient,
            after,
            known.of_patient("visits", patient),
            absent=(before.last_contact, elapsed[patient]) if patient in away else None,
        )


def _enrol(known: Known, seed: int, tables: Tables) -> None:
    """Add the new patients to all tables."""
    rng = _chance(seed, "enrolment")
    taken = {known.day_0(patient) for patient in known.by_patient("patients")}
    late, new = export_choices.LATE_REGISTERED, export_choices.NEW_PATIENTS
    days = draw_days(rng, late.value, export_choices.LATE_REGISTERED_FROM_TO.value, taken)
    days += draw_days(rng, new.value, export_choices.NEW_FROM_TO.value, taken)
    templates = rng.sample(known.living(), len(days))
    number, event = len(taken), len(known.tables["adverse_events"])
    for place, (day_0, template) in enumerate(zip(days, templates, strict=True), 1):
        patient = f"N{number + place:03d}"
        own = _chance(seed, f"{patient}, course")
        course, events = _first_course(own, known, day_0, template)
        person, procedure, at_0 = baseline(
            _chance(seed, f"{patient}, baseline"), known, template, patient, day_0
        )
        visits = _chance(seed, f"{patient}, visits")
        first, level = early_visits(visits, patient, course, at_0)
        tables["patients"].append(person)
        tables["transplants"].append(until_last_contact(procedure, course))
        tables["outcomes"].append(course.written(patient))
        tables["visits"] += first + later_visits(visits, patient, course, level)
        for row in events:
            event += 1
            tables["adverse_events"].append(
                row | {"event_id": f"E{event:03d}", "patient_id": patient}
            )


def _first_course(
    rng: random.Random, known: Known, day_0: dt.date, template: str
) -> tuple[Course, list[Row]]:
    """Draw the course of a new patient, and the complications of the first 100 days."""
    until = _last_call(rng, day_0)
    elapsed = (known.data_cutoff - day_0).days
    registered_late = elapsed >= 0
    dies = happens(rng, rates.TRANSPLANT_MORTALITY.value) and not registered_late
    death, fatal = transplant_death(rng, known)
    if dies:
        course = death
    elif registered_late:  # alive and without progression at the earlier cut-off
        course = follow(rng, Course(elapsed), since=elapsed, until=until)
    else:
        course = follow(rng, Course(0), since=0, until=until)
    events = complications(rng, known, template, course) + (fatal if dies else [])
    return course, sorted(events, key=lambda event: int(event["onset_day"]))
