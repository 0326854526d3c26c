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
# # Estimators
#
# The methods of this book as Python functions, to be used from any notebook without the rest of the project. Plain arrays or a frame go
# in, small frozen results come out. Times may be in any unit; `event` is 1 or 0 for censored; `cause` is 0 for censored and 1, 2, … for
# the kinds of events. All are tested against R or a published example, and the examples below run with the tests.
#
# ```python
# from nissc1.stats import kaplan_meier
#
# curve = kaplan_meier(days, died)
# curve.at([365, 730])
# curve.plot()
# ```

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.report import Report
from nissc1.report.api import TOPICS, listing, result_rows

report = Report.open(
    notebook="estimators",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)

# %% [markdown]
# ## Times to an event

# %%
listing(TOPICS["Times to an event"])

# %% [markdown]
# ## Competing events and states

# %%
listing(TOPICS["Competing events and states"])

# %% [markdown]
# ## Hazard models

# %%
listing(TOPICS["Hazard models"])

# %% [markdown]
# ## Measurements over time

# %%
listing(TOPICS["Measurements over time"])

# %% [markdown]
# ## Counts, rates and associations

# %%
listing(TOPICS["Counts, rates and associations"])

# %% [markdown]
# ## Repeated looks

# %%
listing(TOPICS["Repeated looks"])

# %% [markdown]
# ## Results
#
# Results cannot be changed once they are made. `.at(times)` reads a function of time, `.table()` gives a data frame, `.plot()` draws on axes of its own or
# on those given.

# %%
report.frame_table("estimators-results", "Results", result_rows())

# %% tags=["remove-cell"]
report.publish()
