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
# # Endpoints
#
# What each endpoint counts from, what ends it, and what competes, rendered from the definitions that the analysis itself uses, with the number of events
# in this edition.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
import pandas as pd

from nissc1 import endpoints
from nissc1.report import Report

report = Report.open(
    notebook="endpoints",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## Definitions

# %%
headings = {
    "label": "Endpoint",
    "event": "Event",
    "competing": "Competing event",
    "censoring": "Censoring",
    "source": "Source and choices",
}
definitions = pd.DataFrame(endpoints.ENDPOINTS.values()).rename(columns=headings)
report.frame_table(
    "endpoints",
    "Endpoints",
    definitions[["Endpoint", "Event", "Competing event", "Censoring"]],
    footnotes=["All times count from day 0, the day of stem-cell reinfusion."],
)

# %% [markdown]
# ## Sources and choices
#
# What the article defines, and what had to be chosen because it does not say.

# %%
report.frame_table(
    "endpoint-sources", "Sources and choices", definitions[["Endpoint", "Source and choices"]]
)

# %% [markdown]
# ## Events
#
# All events in the release up to the cut-off, not only those by two years.

# %%
rows = []
for name in definitions["name"].drop(definitions.index[definitions["name"] == "complications"]):
    frame = getattr(endpoints, name)(cohort)
    cause = frame["event"] if "event" in frame else frame["cause"]
    counted = {
        "Patients": len(frame),
        "Events": (cause == 1).sum(),
        "Competing": (cause == 2).sum(),
        "Censored": (cause == 0).sum(),
    }
    rows.append({"Endpoint": endpoints.ENDPOINTS[name].label, **counted})
report.frame_table(
    "endpoint-events",
    "Events by endpoint",
    pd.DataFrame(rows),
    counts=["Patients", "Events", "Competing", "Censored"],
)

# %% tags=["remove-cell"]
report.publish()
