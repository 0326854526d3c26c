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
# # Safety in depth
#
# What went wrong in the first 100 days, when, and in whom? By day 100, {num}`onset.infectious.100d:estimate`&#8201;% of the patients
# ({num}`onset.infectious.100d:interval`) had had an infection and {num}`onset.noninfectious.100d:estimate`&#8201;% ({num}`onset.noninfectious.100d:interval`)
# another complication; the heart was concerned in {num}`system.heart.patients:estimate`&#8201;% ({num}`system.heart.patients:interval`). By then
# {num}`early_death.all:estimate`&#8201;% ({num}`early_death.all:interval`) had died without progression. Brackets hold {edition}`confidence` intervals.
#
# The data hold for each complication its wording, the day of onset and whether it was fatal: no grade of severity, no end, no judgement of what
# caused it. The single complications are in [Table 4](table-4).

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.complications import WINDOW
from nissc1.onset import KINDS
from nissc1.report import Report, figures
from nissc1.report.safety import (
    group_rows,
    onset_curves,
    onset_rows,
    system_rows,
    workup_rows,
)

report = Report.open(
    notebook="safety-in-depth",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)

# %% [markdown]
# ## By system
#
# The grouping is this report's own. A complication of two organs counts once: respiratory distress with heart failure with the heart, allergy with
# respiratory failure with the lungs.

# %%
report.frame_table(
    "systems",
    "Complications in the first 100 days by system",
    system_rows(report),
    footnotes=["Patients with at least one: n/N, % (exact confidence interval)."],
)

# %% [markdown]
# ## Time of onset
#
# :::{when} synthetic
# The article does not print the days of onset; those of this cohort were drawn, and tell nothing about patients.
# :::

# %% mystnb={"figure": {"name": "onset-figure", "caption": "Cumulative incidence of a first infection and of a first other complication, death competing, with {edition}`confidence` confidence intervals."}}
curves = onset_curves(report)
periods = onset_rows(report, curves)
report.figure(
    "onset",
    figures.early_incidence(
        {KINDS[kind]: curve for kind, curve in curves.items()},
        WINDOW,
        disclosure=report.disclosure,
    ),
    alt="Two rising step curves over 100 days after reinfusion with their intervals.",
    title=report.finding(
        "By day 30 {onset.infectious.30d:estimate} % of the patients had had an infection, "
        "{onset.noninfectious.30d:estimate} % another complication",
        otherwise="First infection and first other complication",
    ),
    numbers=report.records.named("onset.*infectious.*0d"),
)

# %%
report.frame_table(
    "onset-periods",
    "Complications by time of onset",
    periods,
    footnotes=[
        "Rate (exact Poisson interval); it takes complications for independent, and is too narrow "
        "where one patient has several.",
        *report.maturity_notes,
    ],
    group="Kind",
)

# %% [markdown]
# ## By graft, dose and growth factor
#
# Patients were not allotted to these treatments by chance. The shares describe, and no test would turn them into a fair comparison; overlapping
# intervals are no proof of equality. For the article's tests see [Infections](infections).

# %%
report.frame_table(
    "complication-groups",
    "Patients with a complication in the first 100 days by treatment",
    group_rows(report),
    footnotes=["n/N, % (exact confidence interval). Unknown groups are left out."],
    group="Treatment",
)

# %% [markdown]
# ## Cardiac work-up and early death
#
# What magnetic resonance imaging and catheterisation had found, and how many then died by day 100 without progression. The examinations were done for
# reasons that the data do not hold, and an abnormal finding may have led to other doses or to no transplantation at all: the shares do
# not say what an examination would have changed. Few deaths make wide intervals.

# %%
report.frame_table(
    "early-deaths",
    "Died by day 100 without progression, by cardiac work-up",
    workup_rows(report),
    footnotes=["n/N, % (exact confidence interval)."],
    group="Examination",
)

# %% tags=["remove-cell"]
report.publish()
