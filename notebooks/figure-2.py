# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Skin, lungs and daily life over time (Figure 2)
#
# The mean skin score went from {num}`mrss.mean.0m:estimate` to {num}`mrss.mean.24m:estimate` points in two years, and FVC from
# {num}`fvc.mean.0m:estimate` to {num}`fvc.mean.24m:estimate`&#8201;% of predicted; DLCO went from {num}`dlco.mean.0m:estimate` to {num}`dlco.mean.24m:estimate`&#8201;%. These are means of
# the patients who were measured at baseline, one *and* two years: the others, the dead among them, do not count.
#
# :::{when} longer
# Of the same patients those who were measured later appear under each later year; fewer of them each time, and not a random choice.
# :::

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import endpoints
from nissc1.report import Report, figures
from nissc1.stats import repeated_measures

report = Report.open(
    notebook="figure-2",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## Box plots
#
# All values that were measured at a visit. The numbers under the axis differ from visit to visit because
# follow-up examinations were recommended, not compulsory.

# %% mystnb={"figure": {"name": "figure-2", "caption": "Skin score, FVC, DLCO, disability score and sedimentation rate at each visit. Boxes span the quartiles; the line is the median, the diamond the mean."}}
months = sorted({0, *cohort.visits["month"]})
panels = {
    "mrss": "Skin score (mRSS), points",
    "fvc_pct": "FVC, % of predicted",
    "dlco_pct": "DLCO, % of predicted",
    "shaq": "sHAQ, points",
    "esr_mm_h": "Sedimentation rate, mm/h",
}
topics = {"mrss": "mrss", "fvc": "fvc_pct", "dlco": "dlco_pct", "shaq": "shaq", "esr": "esr_mm_h"}
medians = [
    report.median_range(
        f"figure2.{topic}.{month}m",
        f"Median at {month} months, {panels[column]}",
        cohort.visits.loc[cohort.visits["month"] == month, column],
        decimals=2 if topic == "shaq" else 1,
    )
    for topic, column in topics.items()
    for month in sorted({0, months[-1]})
]
report.figure(
    "figure-2",
    figures.box_panels(cohort.visits, panels, months, disclosure=report.disclosure),
    alt="Box plots over the visits of skin score, FVC, DLCO, disability score and sedimentation rate.",
    title=report.finding(
        "Median skin score {figure2.mrss.0m:estimate} points before transplantation and "
        f"{{figure2.mrss.{months[-1]}m:estimate}} at {months[-1]} months",
        otherwise="Skin, lungs and daily life at each visit",
    ),
    numbers=medians,
)

# %% [markdown]
# ## Means and tests
#
# Patients with values at 0, 12 and 24 months. The article names a "generalized linear model" for repeated measures without
# details, and prints one P value for FVC and for the disability score in its text and another below its Figure 2. They are read here as two tests:
#
# - *0, 12, 24 months*: repeated-measures analysis of variance of the three printed means, with the visit as the within-patient
#   factor; P corrected for unequal correlations after Greenhouse and Geisser. Compared with the text.
# - *All visits*: mixed model with a random intercept for each of the same patients and the visit as a category, over all visits that the figure
#   shows, missing ones left out. Compared with the legend of the figure.
#
# Means after 24 months are those of the same patients as far as they were measured then.

# %%
later = [month for month in months if 24 < month <= report.horizon]
by_patient = {"subject": "patient_id", "within": "month"}
groups = {}
for topic, column in topics.items():
    series = endpoints.complete_series(cohort, column)
    n, digits = series["patient_id"].nunique(), 2 if topic == "shaq" else 1
    rows = [report.count(f"{topic}.n", "Patients", n)]
    visits = cohort.visits[cohort.visits["patient_id"].isin(series["patient_id"])]
    for month in [0, 12, 24, *later]:
        at, values = f"at {month} months", visits.loc[visits["month"] == month, column]
        rows += [
            report.mean(f"{topic}.mean.{month}m", f"Mean {at}", values, decimals=digits),
            report.sd(f"{topic}.sd.{month}m", f"SD {at}", values, decimals=digits),
        ]
        if month in later:
            rows.append(report.count(f"{topic}.n.{month}m", f"Measured {at}", int(values.count())))
    three = report.estimate(repeated_measures, series, outcome="value", **by_patient)
    every = report.estimate(repeated_measures, visits, outcome=column, method="mixed", **by_patient)
    p = getattr(three, "p_corrected", three)
    rows += [
        report.p_value(f"{topic}.p", "P, 0, 12, 24 months", p, n),
        report.p_value(f"{topic}.p_all_visits", "P, all visits", every, n),
    ]
    groups[panels[column]] = rows
efficacy = [column for column in panels if column != "esr_mm_h"]
groups["The figure"] = [
    report.value("figure2.months", "Last visit shown", max(months), unit="months"),
    report.count("figure2.panels", "Measures of efficacy", len(efficacy), unit="measures"),
]
report.table("figure-2-means", "Means of complete series", groups, where="results.efficacy")

# %% tags=["remove-cell"]
report.publish()
