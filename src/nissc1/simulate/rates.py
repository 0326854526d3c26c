"""Who is followed how long, and at which rate events come: each with its source.

Rates are per cent a year of those at risk. What is `VERIFIED` rests on abstracts and tables that
were read; most full texts were not. Where definitions of progression are joined, the source says
so.
"""

from __future__ import annotations

from nissc1.simulate.assumption import ASSUMPTION, VERIFIED, Assumption

RATE = "% a year"

OUT_OF_CONTACT_DAYS = Assumption(
    "Without contact for so long before the earlier cut-off, a patient counts as out of contact",
    365,
    "days",
    "A yearly visit missed",
)
FOUND_AGAIN = Assumption(
    "Patients out of contact whom a call finds; the others keep their last contact",
    85.0,
    "%",
    "A choice: no rate of tracing after transplantation was found",
)
LOSS = Assumption(
    "Loss to follow-up",
    4.3,
    RATE,
    "133 of 625 lost over about 3,126 person-years (104 deaths at a mean hazard of "
    "−ln 0.717 / 10 years); patients without transplantation",
    ("pokeerbux2019",),
    VERIFIED,
)
LAST_ROUND_DAYS = Assumption(
    "Length of the round of calls that ends at the cut-off; who is alive was called on some day "
    "of it",
    150,
    "days",
    "A choice; it has no part in the rates",
)

PROGRESSION_YEAR_1 = Assumption(
    "Progression, year 1 (new patients)",
    6.7,
    RATE,
    "6.25 % in the year over a mean progression-free survival of 93.75 %",
    ("henes2021",),
    VERIFIED,
)
PROGRESSION_YEAR_2 = Assumption(
    "Progression, year 2 (new patients)",
    6.6,
    RATE,
    "11.9 % less 6.3 % over a mean progression-free survival of 84.65 %",
    ("henes2021",),
    VERIFIED,
)
PROGRESSION_YEARS_3_TO_5 = Assumption(
    "Progression, years 3 to 5",
    3.7,
    RATE,
    "Mean of 2.0 (this study's 81.8 % at 2 years joined to the Brazilian 70.5 % at 8 years, less "
    "death without progression) and 5.4 (relapse-free 70 % at 5 years among the 94 % who outlived "
    "the treatment, less the same; read in a summary); three definitions of progression",
    ("henes2021", "henriqueneto2021", "burt2013"),
    VERIFIED,
)
PROGRESSION_LATER = Assumption(
    "Progression, from year 6 on",
    2.0,
    RATE,
    "The first of the same two; organ failure or death is 1.7 in years 5 to 15 in the Netherlands",
    ("henriqueneto2021", "vanbijnen2020"),
    VERIFIED,
)
DEATH_WITHOUT_PROGRESSION = Assumption(
    "Death without progression, after day 100",
    0.5,
    RATE,
    "−ln(0.76 / 0.78) / 5: event-free survival from year 5 to 10 in the Netherlands, where organ "
    "failure counts too",
    ("vanbijnen2020",),
    VERIFIED,
)
DEATH_AFTER_PROGRESSION = Assumption(
    "Death after progression",
    10.0,
    RATE,
    "Calibrated, not printed: with the other rates it gives 80 to 81 % alive at 8 years, as in "
    "Brazil (81 %)",
    ("henriqueneto2021",),
    ASSUMPTION,
)
TRANSPLANT_MORTALITY = Assumption(
    "Transplant-related mortality of new patients",
    6.3,
    "%",
    "Pooled from 700 patients (95 % confidence interval 4.21 to 8.38)",
    ("higashitani2023",),
    VERIFIED,
)
TRANSPLANT_DEATHS = Assumption(
    "Day, cause and fatal complication of a transplant-related death",
    5,
    "deaths to draw from",
    "One of the five of this study's Table 3",
    ("henes2021",),
    VERIFIED,
)
ORGANS = Assumption(
    "Organs that progress",
    (("skin", 3.0), ("lung", 4.0), ("skin and lung", 2.0), ("heart", 1.0), ("kidney", 1.0)),
    "parts",
    "Skin and lung as in the earlier release, where they are assumed; heart and kidney added, "
    "since of 12 organ failures in the Netherlands (congress abstract of 2019) 3 were of the heart "
    "and 3 of the kidney",
    ("vanbijnen2020",),
    ASSUMPTION,
)

OTHER_CAUSES = Assumption(
    "Causes of death without progression",
    tuple(
        (cause, 1.0)
        for cause in ("Solid tumour", "Stroke", "Myocardial infarction", "Infection", "Unknown")
    ),
    "parts",
    "A choice",
)
EFFECTS = Assumption(
    "Effect of sex, age, skin score, centre or time out of contact on any rate",
    "none",
    "",
    "A choice. Male sex, older age and an ejection fraction below 50 % go with events in the "
    "Netherlands; loss is surely not independent of progression",
    ("vanbijnen2020",),
    ASSUMPTION,
)

IMMUNOSUPPRESSION = Assumption(
    "Further immunosuppression without progression",
    2.1,
    RATE,
    "−ln(30 / 33) / 4.5: 3 of 33 by 54 months, after irradiation, for any reason",
    ("sullivan2018",),
    VERIFIED,
)
IMMUNOSUPPRESSION_AT_PROGRESSION = Assumption(
    "Patients with progression who are given immunosuppression, a week later",
    90.0,
    "%",
    "Progression was the main reason for it; the share is a choice",
    ("gernert2021",),
    ASSUMPTION,
)
MYELOID_MALIGNANCY = Assumption(
    "Myeloid malignancy; it does not change the hazard of death",
    0.1,
    RATE,
    "20.6 times 3.3 (acute leukaemia) to 6.6 (with myelodysplasia) per 100,000: 0.07 to 0.14; the "
    "ratio is that after transplantation for cancer",
    ("bilmon2014", "gallaway2018", "rollison2008"),
    VERIFIED,
)
AUTOIMMUNITY_YEARS_1_TO_2 = Assumption(
    "Secondary autoimmune disease, years 1 and 2 (new patients)",
    2.5,
    RATE,
    "−ln(0.951) / 2: half of 9.8 % at 5 years, since half began before 21.9 months; all "
    "autoimmune diseases",
    ("daikeler2011",),
    VERIFIED,
)
AUTOIMMUNITY_YEARS_3_TO_5 = Assumption(
    "Secondary autoimmune disease, years 3 to 5",
    1.8,
    RATE,
    "−ln(0.902 / 0.951) / 3: the other half",
    ("daikeler2011",),
    VERIFIED,
)
AUTOIMMUNITY_LATER = Assumption(
    "Secondary autoimmune disease, from year 6 on",
    0.3,
    RATE,
    "None of 29 began after 49 months; a convention above zero",
    ("daikeler2011",),
    ASSUMPTION,
)
LATE_INFECTION = Assumption(
    "First serious infection after day 100",
    4.0,
    RATE,
    "39.6 per 1,000 person-years in survivors of cancer without transplantation; 65.4 after "
    "transplantation for it, 7.2 in the population",
    ("foord2020",),
    VERIFIED,
)
