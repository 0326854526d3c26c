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
# # How identified is it?
#
# The reconstructed cohort is one of many that print the same article. This chapter asks how much that matters: cohorts were reconstructed anew from
# other starting points, each of them in agreement with every printed figure that the release agrees with, and the same analysis was run on all. A figure that scatters between
# them is not known from print, however many digits the book shows.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import ensemble
from nissc1.report import Report
from nissc1.report.spread import load_ensemble, spread

report = Report.open(
    notebook="identification",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## What scatters and what does not
#
# Smallest, median and largest value over the cohorts, beside the value in this release. What the article prints stays within its printed digits by
# construction. What it leaves open, a rate by sex or by graft, a model of progression alone, a mean at six months, can lie anywhere in the
# range and probably outside it too: all cohorts share the assumptions of the reconstruction.
#
# The middle group deserves a warning of its own. After two years the article prints nothing, and the reconstruction lets nobody progress or die after the last printed event. Its
# figures at three years do not scatter, and mean nothing.

# %%
cohorts = load_ensemble(cohort.release.id)
figures = ensemble.figures(cohort) if report.comparable else []
own = [(figure.figure, figure.estimate) for figure in figures]
report.count(
    "identification.cohorts", "Cohorts compared", cohorts["seed"].nunique(), unit="cohorts"
)
report.frame_table(
    "identification",
    "The same figures in cohorts that print alike",
    spread(cohorts, own),
    footnotes=["The release's own value is given for all patients and the whole follow-up."],
    group="Kind",
    decimals=2,
    empty="no other cohort was made that prints as this release does; see edition 2021.02.",
)

# %% [markdown]
# ## What follows for the reader
#
# :::{when} reconstructed
# {num}`identification.cohorts:estimate` cohorts were compared.
# :::
#
# Wherever a table of the reconstruction's edition has no printed figure beside the computed one, the computed one is of this kind: a property
# of one reconstruction. It shows what the analysis will report once the registry's data are in; it is no statement about patients.

# %%
report.publish()
