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
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import completeness, endpoints
from nissc1.cohort.months import DAYS_PER_MONTH
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
facts = completeness.enrolment(cohort)
rows = [
    report.value(f"cohort.{fact.name}", fact.label, fact.value, unit=fact.unit)
    for fact in facts.itertuples()
]

# %% [markdown]
# ## Follow-up
#
# The article gives a median of 24 months with a range from 6 to 57. Patients had died before six months, so that range can
# only be that of the survivors; theirs is computed here. The reverse Kaplan–Meier median, which treats
# death as the censoring of follow-up, stands beside it.

# %%
survival = endpoints.overall_survival(cohort)
months = survival["time"] / DAYS_PER_MONTH
observed = report.estimate(follow_up, months, survival["event"], conf_level=report.conf_level)
rows += [
    report.median_range(
        "followup.median", "Follow-up of the survivors", months[survival["event"] == 0], "months"
    ),
    report.median_time(
        "followup.reverse_km",
        "Follow-up by reverse Kaplan–Meier (confidence interval)",
        observed,
        "months",
    ),
]
report.table("cohort", "Patients, centres and follow-up", rows, where="results.patients")

# %% [markdown]
# ## Completeness by visit
#
# How many of the patients have a value at each scheduled visit. Visits were recommended, not compulsory. The last columns
# count those who had died or whose follow-up had ended before the visit was due.

# %%
by_visit = completeness.by_visit(cohort)
report.frame_table(
    "completeness", "Patients with a value, by visit", by_visit, counts=list(by_visit)[1:]
)

# %% [markdown]
# ## Missing baseline values
#
# Only columns in which something is missing are listed. An examination that was not done is shown as such in its chapter and is not
# counted here; nor is a detail that does not apply, such as the dose of a treatment that was not given.

# %%
report.frame_table(
    "missing", "Missing baseline values", completeness.missing(cohort), counts=["Patients"]
)

# %% tags=["remove-cell"]
report.publish()
