"""What the reconstruction assumes because the article does not print it.

Printed figures are not here: they are read from ``data/published``. Days count from day 0, the
reinfusion of stem cells.
"""

from __future__ import annotations

import datetime as dt

RELEASE_ID = "2021.02"
N_PATIENTS = 80

# Two years after the last month of inclusion: the article names no data cut-off.
DATA_CUTOFF = dt.date(2018, 2, 28)
# First and last reinfusion: the article prints the months only.
FIRST_TRANSPLANT = dt.date(2012, 12, 5)
LAST_TRANSPLANT = dt.date(2016, 2, 26)

# Thirteen centres of uneven size in Brazil and six unnamed European countries.
CENTRES: tuple[tuple[str, str, int], ...] = (
    ("C01", "EU1", 14),
    ("C02", "BR", 11),
    ("C03", "EU2", 10),
    ("C04", "EU3", 8),
    ("C05", "EU1", 7),
    ("C06", "EU4", 6),
    ("C07", "EU2", 6),
    ("C08", "EU1", 5),
    ("C09", "EU5", 4),
    ("C10", "EU2", 3),
    ("C11", "EU6", 3),
    ("C12", "EU2", 2),
    ("C13", "EU4", 1),
)
# "A single centre" gave thiotepa; which one is not said.
THIOTEPA_CENTRE = "C05"
# Habits of the centres: who selects CD34+ cells, and who buys Grafalon.
SELECTING_CENTRES = ("C01", "C04", "C05", "C08", "C12")
GRAFALON_CENTRES = ("C03", "C05", "C08", "C13")

# Conditioning: doses other than 200 mg/kg or thiotepa with 100 mg/kg. Only the range is printed.
OTHER_CONDITIONING_CYC = (50, 120, 150, 240)
# Mobilisation: the doses other than 2 and 4 g/m² of the patients outside Table 3.
OTHER_MOBILISATION_CYC = (1.0, 1.5, 2.5, 3.0, 3.0, 3.0)
# Shortest stay for transplantation of a patient who did not die in hospital.
SHORTEST_SURVIVOR_STAY = 15
# Stays of those who died in hospital: days lived plus the days of conditioning. The two who died on
# day 1 are taken to hold the printed minimum.
STAY_OF_EARLY_DEATHS = {1: 7, 2: 8, 3: 16, 4: 68, 5: 33}

# Progression of the three patients who died of it (their rows in Table 3; only the day of death is
# printed) and of the first-year progression that is not described. Three lie before the early
# censoring, as one of the admissible orders asks.
PROGRESSION_DAY_OF_DEATHS = {6: 96, 7: 104, 8: 262}
UNDESCRIBED_PROGRESSION_DAY = 158
# Four progressions of the second year: print implies the numbers at risk, not the days.
SECOND_YEAR_PROGRESSION_DAYS = (402, 493, 586, 722)
# Organs that progressed: printed for the thiotepa patient (skin and lung) only.
PROGRESSION_BASIS_OF_DEATHS = {6: "lung", 7: "skin and lung", 8: "lung"}
PROGRESSION_BASIS_OF_LIVING = ("skin", "lung", "skin", "lung", "skin")
# The one event-free patient whose follow-up ends before the last first-year progression: the
# printed minimum of six months.
SHORTEST_FOLLOW_UP_DAY = 186
LONGEST_FOLLOW_UP_DAY = 1735
# Days between progression and further immunosuppression; nobody else is taken to have had it.
IMMUNOSUPPRESSION_DELAY = 7

# Last contact of the living patients with progression, in the order of progression.
LAST_CONTACT_OF_PROGRESSION = (741, 733, 735, 748, 1012, 1130)
# Days from which and to which event-free patients are lost between the third and the fourth
# progression of the second year, and the part of those followed longer who leave in the same month.
LOST_FROM_DAY = 612
STAYED_MONTH = (728, 745)
N_STAYED_MONTH = 16

# Windows of the visits: days within which a first response is placed, and all other visits. The
# responses need distinct days, since ties would narrow the printed limits.
RESPONSE_WINDOWS: dict[int, tuple[int, int]] = {
    3: (63, 127),
    6: (150, 214),
    12: (330, 365),
    13: (366, 395),  # visits of month 12 held after the year's end
    18: (515, 585),
    24: (690, 721),
}
VISIT_WINDOWS: dict[int, tuple[int, int]] = {
    3: (63, 127),
    6: (150, 214),
    12: (335, 395),
    18: (515, 585),
    24: (690, 770),
}
# First responses of the second year by visit; the rest of print's number comes at month 24.
LATE_RESPONSES = {13: 3, 18: 5}
# First responses of the first year by visit: those of month 3 by the admissible orders' middle.
RESPONSES_AT_MONTH_3 = 35
RESPONSES_AT_MONTH_6 = 17
BASELINE_WINDOW = (-75, -6)

# Share of the visits before and between the complete ones at which a value was obtained.
OBSERVED_SHARE: dict[str, float] = {
    "mrss": 0.88,
    "fvc_pct": 0.6,
    "dlco_pct": 0.58,
    "shaq": 0.55,
    "esr_mm_h": 0.7,
}
# Patients with a baseline value of the two that Table 1 does not list.
BASELINE_OBSERVED = {"shaq": 31, "esr_mm_h": 66}

# Denominators that the printed percentages leave open.
CENTROMERE_KNOWN = 72
PROTEINURIA_KNOWN = 76
HAEMATURIA_KNOWN = 76
CK_KNOWN = 72
MRSS_OVER_24 = 38
# PFS events with a baseline mRSS above 24: what the limits of the hazard ratio suggest.
PFS_EVENTS_OVER_24 = 10
# Ages of the six living patients with progression: above the median, as the hazard ratio of age
# asks.
AGES_OF_PROGRESSION = (54, 47, 59, 44, 50, 61)

TITLE = "NISSC1, synthetic reconstruction of the published cohort"
SYNTHETIC_NOTICE = (
    "These patients are made up: they were constructed so that the analysis yields the figures "
    "which the article prints, and only the eight deaths of its Table 3 are real rows."
)
DESCRIPTION = (
    "Eighty synthetic patients with systemic sclerosis and autologous haematopoietic stem cell "
    "transplantation, constructed from the printed tables, rates and confidence limits of the "
    "NISSC1 study. The data cut-off, two years after the last month of inclusion, is an "
    "assumption: the article names none."
)
LICENSES = (
    {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Attribution 4.0 International",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    },
)
SOURCES = (
    {
        "title": "Henes J, Oliveira MC, Labopin M, et al. Autologous stem cell transplantation for "
        "progressive systemic sclerosis: a prospective non-interventional study from the European "
        "Society for Blood and Marrow Transplantation Autoimmune Disease Working Party. "
        "Haematologica 2021;106(2):375-383",
        "path": "https://doi.org/10.3324/haematol.2019.230128",
    },
)

FEV1_NOISE = 4.0
"""SD, in per cent of predicted, by which FEV1's rank departs from that of FVC; not printed."""
