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
# # Missing visits
#
# Who was not seen, and would the [changes over time](repeated-measures) look different if those patients had fared worse? At two years the skin
# score was measured in {num}`missing.mrss.24m:estimate`&#8201;%, FVC in {num}`missing.fvc.24m:estimate`&#8201;%, DLCO in {num}`missing.dlco.24m:estimate`&#8201;% and
# sHAQ in {num}`missing.shaq.24m:estimate`&#8201;% of the patients who, as far as is known, were alive and due.
#
# If the values missing at two years were worse than the others let expect by one standard deviation, the skin score would have
# changed by {num}`delta.mrss.worse_1` points instead of {num}`delta.mrss.at_random`, and FVC by {num}`delta.fvc.worse_1` percentage points instead
# of {num}`delta.fvc.at_random`.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.report import Report, figures
from nissc1.report.missing_visits import (
    chance_rows,
    measured_rows,
    pattern_rows,
    visit_counts,
    visit_rows,
)
from nissc1.report.not_at_random import delta_rows

report = Report.open(
    notebook="missing-visits",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
scheduled = {0, 12, 24, *(int(month) for month in report.cohort.visits["month"])}
months = sorted(month for month in scheduled if month <= report.horizon)

# %% [markdown]
# ## Visits
#
# A visit is due if the patient is not known to have died before it and it lies before the data cut-off. *Not seen again* also holds patients
# who are known to be alive from a contact without a visit.

# %% mystnb={"figure": {"name": "visits-figure", "caption": "What became of each scheduled visit, of all patients."}}
counts = visit_counts(report, months)
visits = visit_rows(report, counts)
report.figure(
    "visits-due",
    figures.visit_bars(counts, disclosure=report.disclosure),
    alt="Stacked bars over the scheduled months: seen, not seen but later, not seen again, died before, not yet due.",
    title=report.finding(
        "{visits.seen.24m:estimate} patients were seen at 24 months, {visits.seen.{horizon}m:estimate} "
        "at {horizon}"
        if report.horizon > 24
        else "{visits.seen.{horizon}m:estimate} patients were seen at {horizon} months",
        otherwise="What became of each scheduled visit",
    ),
    numbers=report.records.named("visits.seen.*"),
)

# %%
report.frame_table("visits", "Scheduled visits, patients", visits)

# %% [markdown]
# ## Measurements
#
# Follow-up examinations were recommended, not compulsory, so that not every measurement was taken at a visit.

# %%
report.frame_table(
    "measured",
    "Measured, of the patients due",
    measured_rows(report, months),
    footnotes=["n/N (%)."],
)

# %% [markdown]
# Patterns over the first two years, in the patients due at two years. With *missing in between*, later values tell something about the
# missing ones; with none after a visit, only earlier ones do.

# %%
report.frame_table(
    "patterns",
    "Patterns of missing values up to two years",
    pattern_rows(report, [month for month in months if month <= 24]),
    footnotes=["n (%) or n of N (%) of the patients due at two years."],
)

# %% [markdown]
# ## Missing by chance?
#
# If values were missing wholly by chance, neither progression nor the value at baseline would go with being measured at two years. A wide
# interval is no evidence that they do not.

# %%
report.frame_table(
    "missing-chance",
    "Who was measured at two years, of the patients due",
    chance_rows(report, 24),
    footnotes=[
        "n/N, % (exact confidence interval); difference of means (Welch's confidence interval)."
    ],
)

# %% [markdown]
# ## If the missing values were worse
#
# No data can show how those fared who were not measured. The values missing at two years, after a patient's last one, are therefore imputed as
# the yearly visits of the others let expect, and then made worse by half and by one standard deviation of the values at baseline. Whether a
# shift as large as the one that takes the change away is likely is a clinical judgement.

# %%
report.frame_table(
    "delta",
    "Change from baseline to two years, missing values shifted",
    delta_rows(report),
    footnotes=[
        "Multiple imputation, estimate (confidence interval). Patients due at two years with any "
        "value at a yearly visit.",
        "Shift that takes the change away: so far against it that its interval just holds 0.",
    ],
    group="Measurement",
)

# %% tags=["remove-cell"]
report.publish()
