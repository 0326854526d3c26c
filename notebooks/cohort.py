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
# # Cohort and follow-up
#
# {num}`cohort.n:estimate` patients were transplanted in {num}`cohort.centres:estimate` centres between
# {num}`cohort.inclusion_start` and {num}`cohort.inclusion_end`. This chapter says how long they were followed and what is
# missing: a figure is only as good as the observation behind it.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = 24
population = None
conf_level = 0.95
disclosure = "none"

# %%
import pandas as pd

from nissc1 import endpoints
from nissc1.cohort.schema import fields
from nissc1.report import Report
from nissc1.stats import follow_up

report = Report.open(
    notebook="cohort",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## Who is in the data
#
# Inclusion was open to adults from {num}`cohort.age_min` to {num}`cohort.age_max` years. The article names Brazil and counts six European
# countries; in the reconstruction countries and centres are invented.

# %%
baseline = cohort.baseline()
day_0 = baseline["transplant_date"]
age = next(field for field in fields("patients") if field["name"] == "age_years")["constraints"]
planned = sorted(month for month in cohort.visits["month"].unique() if month > 0)
listed = ", ".join(str(month) for month in planned[:-1])
rows = [
    report.count("cohort.centres", "Centres", baseline["centre"].nunique(), unit="centres"),
    report.count("cohort.countries", "Countries", baseline["country"].nunique(), unit="countries"),
    report.count(
        "cohort.european_countries",
        "Countries in Europe",
        baseline.loc[baseline["country"] != "BR", "country"].nunique(),
        unit="countries",
    ),
    report.value("cohort.inclusion_start", "First transplantation", f"{day_0.min():%B %Y}"),
    report.value("cohort.inclusion_end", "Last transplantation", f"{day_0.max():%B %Y}"),
    report.value("cohort.age_min", "Youngest age allowed", age["minimum"], unit="years"),
    report.value("cohort.age_max", "Oldest age allowed", age["maximum"], unit="years"),
    report.value("cohort.visit_months", "Visits planned", f"{listed} and {planned[-1]} months"),
]

# %% [markdown]
# ## Follow-up
#
# The article gives a median of 24 months with a range from 6 to 57. Seven patients had died before six months, so that range can
# only be that of the survivors; theirs is computed here. The reverse Kaplan–Meier median, which treats
# death as the censoring of follow-up, stands beside it.

# %%
survival = endpoints.overall_survival(cohort)
months = survival["time"] / 30.4375
observed = report.estimate(follow_up, months, survival["event"], conf_level=report.conf_level)
rows += [
    report.median_range(
        "followup.median",
        "Follow-up of the survivors",
        months[survival["event"] == 0],
        unit="months",
    ),
    report.value(
        "followup.reverse_km",
        "Follow-up by reverse Kaplan–Meier",
        observed.median,
        lower=observed.lower,
        upper=observed.upper,
        decimals=1,
        unit="months",
    ),
]
report.table("cohort", "Patients, centres and follow-up", rows)

# %% [markdown]
# ## Completeness by visit
#
# How many of the patients still under observation at each scheduled visit have a value. Visits were recommended, not
# compulsory. The last columns count those who had died or whose follow-up had ended before the visit was due.

# %%
due = pd.Series([0, *planned], name="Month")
measures = {
    "mrss": "Skin score",
    "fvc_pct": "FVC",
    "dlco_pct": "DLCO",
    "shaq": "sHAQ",
    "esr_mm_h": "ESR",
}
measured = cohort.visits.groupby("month")[list(measures)].count().reindex(due, fill_value=0)
over = pd.DataFrame({month: months < month for month in due})
dead = survival["event"] == 1
completeness = (
    measured.rename(columns=measures)
    .reset_index(names="Month")
    .assign(
        **{
            "Died before": over.mul(dead, axis="index").sum().to_numpy(),
            "Follow-up ended before": over.mul(~dead, axis="index").sum().to_numpy(),
        }
    )
)
report.frame_table(
    "completeness", "Patients with a value, by visit", completeness, counts=list(completeness)[1:]
)

# %% [markdown]
# ## Missing baseline values
#
# Only columns in which something is missing are listed. An examination that was not done is
# shown as such in its chapter and is not counted here.

# %%
titles = {
    field["name"]: field["title"]
    for table in ("patients", "transplants")
    for field in fields(table)
}
optional = ["pap_mean_mmhg", "pap_systolic_mmhg", "pap_diastolic_mmhg", "fluid_challenge"]
optional += ["prior_cyclophosphamide_g", "gcsf_after_days", "scintigraphy_lvef_pct"]
missing = (
    baseline[list(titles.keys() - {"patient_id", *optional})]
    .isna()
    .sum()
    .sort_values(ascending=False, kind="stable")
)
missing = missing[missing > 0].sort_index().sort_values(ascending=False, kind="stable")
report.frame_table(
    "missing",
    "Missing baseline values",
    pd.DataFrame({"Column": missing.index.map(titles), "Patients": missing.to_numpy()}),
    counts=["Patients"],
)

# %%
report.publish()
