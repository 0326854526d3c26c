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
# # Analysis plan
#
# What is estimated, how, and who decided it. This page is rendered from the file that the analysis takes its settings from, so that what is said and
# what is done cannot diverge. Each decision is kept with the edition's results, and [What changed](changes) names those that differ from the
# earlier edition's.
#
# The plan was written after the article: nothing in it was registered before the data were seen, and what goes beyond the article was chosen by
# the authors of this report.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.report import Report
from nissc1.report.plan import candidate_rows, decision_rows, endpoint_rows

report = Report.open(
    notebook="analysis-plan",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)

# %% [markdown]
# ## Decisions

# %%
report.frame_table(
    "analysis-plan",
    "Decisions",
    decision_rows(report),
    footnotes=["Chosen here: the article does not say. Beyond: the article does not do it."],
    group="Part",
)

# %% [markdown]
# ## Endpoints
#
# All times count from day 0. The chapter [Endpoints](endpoints) adds the sources, and the number of events.

# %%
report.frame_table("plan-endpoints", "Endpoints", endpoint_rows(report))

# %% [markdown]
# ## Candidates for prognostic factors
#
# With the rule that reads each off the [data](data-dictionary). The article does not list its candidates.

# %%
report.frame_table("plan-candidates", "Candidates", candidate_rows(report))

# %% tags=["remove-cell"]
report.publish()
