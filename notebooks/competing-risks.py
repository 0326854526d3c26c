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
# # Competing risks
#
# A patient whose disease progresses can no longer die without progression, and one who has died can no longer progress. What becomes of all
# patients together, and does any characteristic go with one of the two ends rather than the other? At two years
# {num}`pfs.24m:estimate`&#8201;% ({num}`pfs.24m:interval`) were alive without progression, {num}`progression.24m:estimate`&#8201;%
# ({num}`progression.24m:interval`) had progressed and {num}`nrm.24m:estimate`&#8201;% ({num}`nrm.24m:interval`) had died without
# progression.
#
# There were {num}`competing.progression.events` progressions and {num}`competing.nrm.events` deaths without one in the follow-up so far. Few events
# rule out neither a strong association nor none: read the intervals, and no P value alone.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import endpoints, prognosis
from nissc1.analysis_plan import setting
from nissc1.report import Report, figures
from nissc1.report.competing import group_rows, model_rows
from nissc1.report.mean_times import mean_time_rows
from nissc1.stats import cumulative_incidence

report = Report.open(
    notebook="competing-risks",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort
coded = prognosis.covariates(cohort.baseline())
causes = {
    "progression": ("Progression", endpoints.progression(cohort)),
    "nrm": ("Death without progression", endpoints.non_relapse_mortality(cohort)),
}

# %% [markdown]
# ## All patients
#
# Cumulative incidences after Aalen and Johansen, stacked: at any time the three shares add up to all patients. Their intervals are in
# [Survival and progression](../notebooks/figure-1).

# %% mystnb={"figure": {"name": "stacked-incidence-figure", "caption": "Share of the patients alive without progression, progressed, and dead without progression, by time after transplantation. Who progressed and then died stays with the progressed."}}
whole = {
    "os": ("Alive", endpoints.overall_survival(cohort)),
    "pfs": ("Alive without progression", endpoints.progression_free_survival(cohort)),
}
mean_times = mean_time_rows(report, whole, causes, setting("rates.restricted_mean", "years"))
report.figure(
    "stacked-incidence",
    figures.stacked_incidence(
        "Alive without progression",
        {
            label: report.estimate(cumulative_incidence, times["time"], times["cause"])
            for label, times in causes.values()
        },
        report.horizon,
        disclosure=report.disclosure,
    ),
    alt="Stacked areas over months after transplantation: the share alive without progression "
    "shrinks as the shares with progression and dead without progression grow from the top.",
    title=report.finding(
        "Of the first 24 months patients lost {lost.nrm.24m:estimate} on average to death without "
        "progression and {lost.progression.24m:estimate} to progression",
        otherwise="Progressed, dead without progression, alive without progression",
    ),
    numbers=report.records.named("rmst.pfs.*", "lost.*"),
)

# %% [markdown]
# ## Groups
#
# Incidence with and without a characteristic at the last landmark, and Gray's test of the whole curves. The four characteristics are
# those of the [analysis plan](analysis-plan); nothing is adjusted for the number of tests.

# %%
report.frame_table(
    "competing-groups",
    f"Cumulative incidence at {report.horizon} months by characteristic",
    group_rows(report, causes, coded, setting("rates.gray_groups", "groups")),
    footnotes=["% (confidence interval). P: Gray's test.", *report.maturity_notes],
    group="Cause",
)

# %% [markdown]
# ## Two models, two questions
#
# The cause-specific hazard ratio tells whether the event is more frequent *among those still free of both*. The subdistribution hazard ratio of
# Fine and Gray {cite:p}`fine1999` tells whether *more patients in all* come to have it, which also depends on how many were taken away by the other event.
# Where the other event is rare, the two are alike. Both have robust standard errors; whether the ratios are constant is looked at under
# [Proportional hazards](proportional-hazards).

# %%
report.frame_table(
    "competing-models",
    "Hazard ratios of skin score and age by cause",
    model_rows(report, causes, coded, setting("rates.regression", "covariates")),
    footnotes=[
        "Hazard ratio (confidence interval), skin score and age in one model.",
        "Intervals from few events are approximate, and rather too narrow than too wide.",
    ],
    group="Cause",
)

# %% [markdown]
# ## Time lived and time lost
#
# Out of the months up to a landmark, the mean number that a patient lived, lived without progression, and lost to each of the two
# events {cite:p}`andersen2013`. The last three add up to the landmark, but for rounding.

# %%
report.frame_table(
    "competing-times",
    "Mean times, months",
    mean_times,
    footnotes=["Restricted means (confidence interval).", *report.maturity_notes],
)

# %% tags=["remove-cell"]
report.publish()
