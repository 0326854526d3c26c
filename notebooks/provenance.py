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
# # Provenance
#
# Where the numbers of this edition come from: the data and their hashes, the source code, and the software that computed them.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.report import Report
from nissc1.report.provenance import origin, release_files, software

report = Report.open(
    notebook="provenance",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## Release and source

# %%
report.frame_table("origin", "Release and source", origin(cohort.release))

# %% [markdown]
# ## Files of the release
#
# A release is frozen: if a file no longer has the size and SHA-256 below, nothing is built from it.

# %%
report.frame_table("release-files", "Files and hashes", release_files(cohort.release))

# %% [markdown]
# ## Software

# %%
report.frame_table("software", "Versions", software())

# %% [markdown]
# ## Records
#
# Every computed figure is a record: identifier, estimate, bounds, counts, unit, notebook and release. This edition's records lie beside the book as
# [results.csv](../results.csv) and [results.json](../results.json).

# %% tags=["remove-cell"]
report.publish()
