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
#     after: all
# ---

# %% [markdown]
# # What changed
#
# :::{when} not compared
# No edition of an earlier release with the same parameters was published beside this one when it was built, so that there is nothing to
# compare it with. The next release's edition will show here what it changes.
# :::
#
# :::{when} compared
# Edition {edition}`edition` beside edition {edition}`previous`, which was built from an earlier release with the same parameters: what came in, what
# was corrected, and what that did to the figures. No patient is shown, only counts; the rows of Table 3 are therefore left out.
# :::

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
import pandas as pd

from nissc1.report import Report
from nissc1.report.changes import OUTCOMES, compare_records, crossed, key_figures, moved, trend
from nissc1.report.data_changes import data_changes
from nissc1.report.plan import plan_changes

report = Report.open(
    notebook="changes",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
before = report.previous()
now = report.earlier()
figures = compare_records(before.records if before else [], now if before else [])
for outcome in OUTCOMES if before else ():
    n = int((figures["outcome"] == outcome).sum())
    report.count(f"changes.figures.{outcome}", f"Figures: {outcome}", n, unit="figures")
for each in key_figures(now, report.horizon):
    moved_by = trend(each, before and before.records, before and before.name)
    report.value(f"changes.trend.{each.id}", f"{each.label}: since the last edition", moved_by)

# %% [markdown]
# ## The data
#
# An event is *reported late* if it had happened by the cut-off of the earlier release and was not in it. Such events, and corrected values, change the
# past: with them the same follow-up gives other figures.

# %%
data = data_changes(report, before)
report.frame_table("changes-data", "Patients and follow-up", data.sizes, empty=data.reason)

# %%
report.frame_table("changes-events", "Events", data.events, empty=data.reason)

# %% [markdown]
# ## Corrected values
#
# Cells of known patients, visits and adverse events that hold another value, were filled in or were emptied, by column. New visits and events are not
# counted here.

# %%
report.frame_table(
    "changes-values", "Values that changed, by column", data.values, empty=data.reason
)

# %% [markdown]
# ## The analysis plan
#
# Decisions of the [analysis plan](analysis-plan) that are not what they were when the earlier edition was built. With another plan, the same data give
# other figures.

# %%
plan = plan_changes(before.records, report.earlier()) if before else None
none = "No decision changed." if plan is not None else "The earlier edition has kept no plan."
report.frame_table(
    "changes-plan",
    "Decisions that changed",
    pd.DataFrame() if plan is None else plan,
    group="Part",
    empty=none if before else data.reason,
)

# %% [markdown]
# ## Thresholds crossed
#
# Figures whose reading may change: a P value that passed 0.05 (or 0.10, the limit for entering the joint model), a hazard ratio whose interval came to include
# or exclude 1, a rate outside its former interval, a figure that has become estimable or ceased to be.

# %%
none = "None did." if before else data.reason
report.frame_table(
    "changes-crossed",
    "Figures that crossed a threshold",
    crossed(figures),
    group="Chapter",
    empty=none,
)

# %% [markdown]
# ## Before and after
#
# :::{when} compared
# Of the figures of the two editions {num}`changes.figures.unchanged` are the same, {num}`changes.figures.changed` changed,
# {num}`changes.figures.new` are new and {num}`changes.figures.gone` have vanished. *New* ones appear when a landmark or a visit is reached; *vanished* ones are no
# longer computed.
# :::
#
# Every figure that is not what it was, by chapter. The difference is after minus before, in the figure's unit. The looks back of
# [How the estimates moved](estimates-over-time) are left out: they are compared there, cut-off by cut-off.

# %% tags=["hide-output"]
none = "No figure changed." if before else data.reason
report.frame_table(
    "changes-figures", "Figures before and after", moved(figures), group="Chapter", empty=none
)

# %% tags=["remove-cell"]
report.publish()
