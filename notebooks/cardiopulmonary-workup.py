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
# # Cardiopulmonary work-up before transplantation
#
# Most of the early deaths in the article were cardiac, although resting ECG and ejection fraction had been normal. What had been examined, in whom, and
# what was found? {num}`workup.no_mri_rhc.n:events` of {num}`cohort.n:estimate` patients were transplanted with neither cardiac magnetic resonance imaging nor right heart catheterisation.
# The counts describe; they do not show that an examination prevents deaths.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import endpoints
from nissc1.report import Report
from nissc1.report.describe import describe_group
from nissc1.tabulation import workup

report = Report.open(
    notebook="cardiopulmonary-workup",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## Three groups of patients
#
# *Neither examination*: what the cheaper examinations showed in the patients without MRI and catheterisation. The article counts the resting
# ECG of 20 of these 21 patients, but of all 80 in its Table 1; the cohort follows the table.
#
# *MRI abnormal*: an ejection fraction by echocardiography counts as normal from 50 %.
#
# *Died by day 100 without progression*: the article says that one of the five was catheterised with fluid challenge. By its own Table 3
# none was.

# %%
baseline = cohort.baseline()
neither = workup.neither_examined(baseline)
times = endpoints.non_relapse_mortality(cohort).set_index("patient_id")
early = (times["cause"] == 1) & (times["time"] <= 100)
groups = {
    "Neither MRI nor catheterisation": [
        report.proportion("workup.no_mri_rhc.n", "Patients", neither),
        *describe_group(report, workup.NOT_EXAMINED, baseline[neither]),
    ],
    "Cardiac MRI abnormal": describe_group(
        report, workup.MRI_ABNORMAL, baseline[baseline["cardiac_mri"] == "abnormal"]
    ),
    "Died by day 100 without progression": describe_group(
        report, workup.EARLY_DEATHS, baseline[early]
    ),
}
report.table(
    "workup",
    "Cardiopulmonary work-up",
    groups,
    footnotes=["Number of patients or n (%)."],
    where="results.patients",
)

# %% tags=["remove-cell"]
report.publish()
