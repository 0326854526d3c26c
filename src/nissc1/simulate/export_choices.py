"""What the export holds beyond follow-up: cut-off, new patients, late reports, corrections."""

from __future__ import annotations

import datetime as dt

from nissc1.reconstruct import visit_schedule
from nissc1.simulate.assumption import ASSUMPTION, Assumption

BASE_RELEASE = "2021.02"
"""Release that the simulation continues."""

DATA_CUTOFF = Assumption(
    "Data cut-off of the simulated export",
    dt.date(2025, 8, 31),
    "",
    "Half a year before the release's month, as an export takes",
)
NEW_PATIENTS = Assumption(
    "Patients transplanted after the earlier cut-off", 12, "patients", "A choice"
)
NEW_FROM_TO = Assumption(
    "Transplantations of the new patients",
    (dt.date(2018, 3, 1), dt.date(2024, 12, 31)),
    "",
    "A choice: after the earlier cut-off, so that nothing of them could have been known",
)
LATE_REGISTERED = Assumption(
    "Patients of the inclusion period who are registered late",
    2,
    "patients",
    "A choice; they come with complete records, alive and without progression at the earlier "
    "cut-off",
)
LATE_REGISTERED_FROM_TO = Assumption(
    "Transplantations of those registered late",
    (dt.date(2013, 1, 15), dt.date(2015, 12, 15)),
    "",
    "Within the inclusion period",
    ("henes2021",),
    ASSUMPTION,
)
TEMPLATES = Assumption(
    "Baseline, procedure and early complications of a new patient",
    72,
    "patients to draw from",
    "A survivor of the earlier release, each measured value shifted a little (by how much stands "
    "in nissc1.simulate.newcomers)",
)

EARLY_VISITS = Assumption(
    "Visits of the first two years of new patients that take place",
    100 * visit_schedule.ATTENDED,
    "%",
    "The reconstruction's, as are the windows, the mean course and the missing values of these "
    "visits",
)

LATE_REPORTS = Assumption(
    "Events from before the earlier cut-off that are reported now",
    (("progression in year 2", 1.0), ("secondary autoimmune disease", 1.0), ("infection", 1.0)),
    "events",
    "A choice; apart from these the earlier release is taken to hold every event up to its "
    "cut-off, also of those out of contact: between the last contact and that day nobody has one, "
    "so that curves fall too little between years 2 and 4",
)
VISIT_CORRECTIONS = (
    ("mrss", 3.0),
    ("mrss", -2.0),
    ("fvc_pct", 6.4),
    ("dlco_pct", -5.2),
    ("esr_mm_h", 9.0),
)
"""Measurements of which a known value is put right, and by how much."""
BASELINE_CORRECTIONS = (("weight_kg", -3.6), ("creatinine_umol_l", 11.0))
"""The same for columns of the patients."""
CORRECTED = Assumption(
    "Known values that are now different",
    (
        ("visits", float(len(VISIT_CORRECTIONS))),
        ("baseline", float(len(BASELINE_CORRECTIONS))),
    ),
    "values",
    "A choice",
)
