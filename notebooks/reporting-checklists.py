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
# # Reporting checklists
#
# What reports of cohort studies should tell, item by item, and where this book tells it. STROBE {cite:p}`vonelm2007` is the checklist for observational
# studies, RECORD {cite:p}`benchimol2015` its extension for data that were collected for other reasons, registries among them. NISSC1 had a form of its own
# within a registry, so that RECORD fits in part.
#
# Of STROBE's {num}`checklist.strobe.items:estimate` items and parts, {num}`checklist.strobe.answered:estimate` are answered, {num}`checklist.strobe.partly:estimate` partly,
# {num}`checklist.strobe.not_applicable:estimate` do not apply and {num}`checklist.strobe.not_reported:estimate` are not reported; of RECORD's
# {num}`checklist.record.items:estimate`, {num}`checklist.record.answered:estimate`, {num}`checklist.record.partly:estimate`, {num}`checklist.record.not_applicable:estimate` and
# {num}`checklist.record.not_reported:estimate`. What the items ask is put in words of our own; the statements themselves explain each.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.checklists import load_checklist
from nissc1.report import Report
from nissc1.report.checklists import checklist_table

report = Report.open(
    notebook="reporting-checklists",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)

# %% [markdown]
# ## STROBE

# %%
checklist_table(report, "strobe", load_checklist("strobe"))

# %% [markdown]
# ## RECORD

# %%
checklist_table(report, "record", load_checklist("record"))

# %% tags=["remove-cell"]
report.publish()
