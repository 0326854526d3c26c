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
# # The simulated follow-up
#
# :::{when} not simulated
# Nothing in release {edition}`release` is simulated beyond the reconstruction itself. The assumptions below belong to release 2026.02, which shows how this
# book follows new data; they have no part in the figures of this edition.
# :::
#
# :::{when} simulated
# What happens to the patients of release {edition}`release` after {edition}`simulated_after` was drawn by a program, and so were the patients enrolled since.
# This chapter lists what the program assumes, and where each rate was found.
# :::
#
# :::{important}
# The rates come from other patients, treated elsewhere and counted differently, and some are conventions. Putting them in gives them back: that the simulated
# survival resembles a published one is no finding.
# :::

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import simulate
from nissc1.report import Report

report = Report.open(
    notebook="simulation",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)

# %% [markdown]
# ## Assumptions
#
# *Verified* means that the figure was read in the source named; it does not mean that it holds for these patients. *Assumption* means that no source gives it.

# %%
report.frame_table(
    "simulation-assumptions",
    "What the simulation assumes",
    simulate.assumptions_frame().rename(columns=str.capitalize),
)

# %% tags=["remove-cell"]
report.publish()
