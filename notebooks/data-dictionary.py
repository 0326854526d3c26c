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
#   nissc1:
#     receives: [release]
# ---

# %% [markdown]
# # Data dictionary
#
# The tables of a data release and their columns, rendered from the `datapackage.json` of release {edition}`release`. The same file drives the checks and the loading, so that this page
# cannot fall behind.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.cohort.schema import dictionary
from nissc1.report import Report

report = Report.open(
    notebook="data-dictionary",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %%
tables = dictionary(cohort.release.descriptor)

# %% [markdown]
# ## Patients
#
# One row a patient: demography, screening and history before transplantation.

# %%
report.frame_table(
    "columns-patients", "Patients", tables["patients"].rename(columns=str.capitalize)
)

# %% [markdown]
# ## Transplants
#
# One row a patient: mobilisation, graft, conditioning, engraftment and hospital stay.

# %%
report.frame_table(
    "columns-transplants", "Transplants", tables["transplants"].rename(columns=str.capitalize)
)

# %% [markdown]
# ## Outcomes
#
# One row a patient: last contact, death, progression, further immunosuppression, late effects. Response is not stored, because it follows from the visits.

# %%
report.frame_table(
    "columns-outcomes", "Outcomes", tables["outcomes"].rename(columns=str.capitalize)
)

# %% [markdown]
# ## Visits
#
# One row a patient and scheduled month.

# %%
report.frame_table("columns-visits", "Visits", tables["visits"].rename(columns=str.capitalize))

# %% [markdown]
# ## Adverse events
#
# One row an event.

# %%
report.frame_table(
    "columns-adverse-events",
    "Adverse events",
    tables["adverse_events"].rename(columns=str.capitalize),
)

# %% tags=["remove-cell"]
report.publish()
