"""When patients are seen from month 36 on and what is measured: each choice with its source."""

from __future__ import annotations

from nissc1.simulate.assumption import ASSUMPTION, VERIFIED, Assumption

LATER_MONTHS = (36, 48, 60)
"""Scheduled visits after the article's two years; later ones are not planned."""
ATTENDED = Assumption(
    "Scheduled visits from month 36 on that take place, of those under follow-up",
    85.0,
    "%",
    "A choice, below the reconstruction's 93 % of the first two years",
)
VISIT_SPREAD_DAYS = Assumption(
    "Standard deviation of the day of a visit from month 36 on, at most 60 days off",
    21,
    "days",
    "A choice",
)
SKIN_SLOPE = Assumption(
    "Skin score, yearly change from year 2 to year 5",
    -0.5,
    "points a year",
    "From 12.6 at 2 years in this study to 11.0 within 5 years in the German network, another "
    "cohort",
    ("henes2021", "blank2022"),
    VERIFIED,
)
LUNG_SLOPE = Assumption(
    "FVC, standard deviation of the patients' yearly changes around none from year 2 to year 5",
    1.0,
    "% of predicted a year",
    "A choice; the German network reports a stable DLCO, taken to hold for FVC and DLCO",
    ("blank2022",),
    ASSUMPTION,
)
SKIN_STEP = Assumption(
    "Skin score, rise at progression of the skin, or a quarter where that is more",
    6.0,
    "points",
    "More than 5 points and 25 %: the definition of skin progression in a European registry",
    ("wu2019",),
    VERIFIED,
)
LUNG_STEP = Assumption(
    "FVC, change at progression of the lung",
    -10.0,
    "% of predicted",
    "A convention: the decline that the same registry counts",
    ("wu2019",),
    ASSUMPTION,
)
DISABILITY_STEP = Assumption(
    "Disability score, rise at any progression",
    0.14,
    "points",
    "Upper end of the minimal important differences 0.10 to 0.14, which are of improvement",
    ("khanna2006",),
    ASSUMPTION,
)
SKIN_NOISE = Assumption(
    "Skin score, standard deviation from visit to visit",
    2.0,
    "points",
    "A choice, below the minimal important difference of 3.2 to 5.3",
    ("khanna2006",),
    ASSUMPTION,
)
LUNG_NOISE = Assumption(
    "FVC and DLCO, standard deviation from visit to visit",
    5.1,
    "% of predicted",
    "19.1 × √(1 − 0.93): this study's standard deviation at 2 years and the reliability of FVC",
    ("henes2021", "kafaja2018"),
    VERIFIED,
)
DISABILITY_NOISE = Assumption(
    "Disability score, standard deviation from visit to visit", 0.15, "points", "A choice"
)
SEDIMENTATION_NOISE = Assumption(
    "Sedimentation rate, standard deviation from visit to visit",
    20.0,
    "% of its level",
    "The reconstruction's",
)
MISSING = Assumption(
    "Measurements missing at a visit from month 36 on",
    (("mrss", 24.0), ("fvc_pct", 49.0), ("dlco_pct", 51.0), ("shaq", 79.0), ("esr_mm_h", 47.0)),
    "%",
    "55, 37, 35, 15 and 38 patients with a value at 2 years, of 72 alive",
    ("henes2021",),
    VERIFIED,
)
HABIT = Assumption(
    "Visits from month 36 on at which a patient's habit decides what is measured, not chance anew",
    70.0,
    "%",
    "A choice: who had lung function measured once had it again; the shares stay the same",
)
