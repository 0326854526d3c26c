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
# # Proportional hazards
#
# A hazard ratio is one number for the whole follow-up: it assumes that a characteristic multiplies the risk by the same factor early and
# late. Is that so here? With few events little can be seen either way, and a test that finds nothing does not show that the assumption
# holds. So the ratios' course is drawn, and mean times stand beside them, which need no such assumption.

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
from nissc1.candidates import candidate
from nissc1.report import Report, figures
from nissc1.report.mean_times import compared_mean_rows
from nissc1.report.proportionality import curves_by_group, model_tests, proportionality_rows

report = Report.open(
    notebook="proportional-hazards",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort
coded = prognosis.covariates(cohort.baseline())

# %% [markdown]
# ## Tests
#
# The score test {cite:p}`grambsch1994` of each Cox model of skin score and age, on the scale of the Kaplan–Meier estimate. Beside each P value stand the hazard ratios
# which a smooth line through the residuals gives at the first and at the last event, with their intervals: what a change would mean.

# %%
outcomes = {
    "pfs": ("Progression or death", endpoints.progression_free_survival(cohort)),
    "progression": ("Progression", endpoints.progression(cohort)),
    "nrm": ("Death without progression", endpoints.non_relapse_mortality(cohort)),
}
tests = model_tests(report, outcomes, coded)
report.frame_table(
    "proportionality-tests",
    "Does a hazard ratio change over time?",
    proportionality_rows(report, tests),
    footnotes=["Hazard ratio (confidence interval); P: score test of no change."],
    group="Model",
)

# %% [markdown]
# ## Residuals
#
# Scaled Schoenfeld residuals of the model for progression or death: each point estimates, at one event, the hazard ratio at that time. A
# level line means a constant ratio; the dashed one is the model's.

# %% mystnb={"figure": {"name": "residuals-figure", "caption": "Scaled Schoenfeld residuals of skin score and age over time, one point an event, with a natural spline and its {edition}`confidence` confidence band. Dashed: the hazard ratio of the model."}}
report.figure(
    "schoenfeld-residuals",
    figures.residual_panels(
        tests["pfs"][1],
        {name: candidate(name).label for name in tests["pfs"][2]},
        conf_level=report.conf_level,
    ),
    alt="Two panels of points over months after transplantation with a smooth line and a band: the "
    "hazard ratios of skin score and of age.",
    title=report.finding(
        "Progression or death: test of a changing hazard ratio {zph.pfs.mrss_over_24.p:p} for the "
        "skin score, {zph.pfs.age.p:p} for age",
        otherwise="Hazard ratios of skin score and age at each event",
    ),
    numbers=report.records.named("zph.pfs.*"),
    patient_level=True,
)

# %% [markdown]
# ## Log–log curves
#
# Under proportional hazards the curves of two groups keep the same vertical distance; for Fine and Gray's model of progression
# the same holds of the incidences. Distances at the left rest on very few events.

# %% mystnb={"figure": {"name": "log-log-figure", "caption": "log(−log) of progression-free survival by baseline skin score against the logarithm of time, with {edition}`confidence` confidence bands."}}
by = setting("rates.restricted_mean", "group")
label = candidate(by).label
free = outcomes["pfs"][1]
groups = (f"{label}: no", f"{label}: yes")
report.figure(
    "log-log",
    figures.log_log_panel(curves_by_group(report, free, coded[by], groups)),
    alt="Two step curves rising with the logarithm of time, one a group of skin scores, with bands.",
    title="Do the curves of progression-free survival keep their distance?",
    numbers=report.records.named("zph.pfs.mrss_over_24.*"),
    patient_level=True,
)

# %% mystnb={"figure": {"name": "log-log-incidence-figure", "caption": "log(−log(1 − incidence)) of progression by baseline skin score against the logarithm of time, with {edition}`confidence` confidence bands."}}
report.figure(
    "log-log-incidence",
    figures.log_log_panel(curves_by_group(report, outcomes["progression"][1], coded[by], groups)),
    alt="Two step curves of the incidence of progression, rising with the logarithm of time, one a "
    "group of skin scores, with bands.",
    title="Do the curves of progression keep their distance?",
    numbers=report.records.named("zph.progression.mrss_over_24.*"),
    patient_level=True,
)

# %% [markdown]
# ## Mean times instead
#
# Mean months lived without progression up to a landmark in the two groups of the skin score. The difference needs no proportional hazards; it compares
# patients who were not drawn by lot into their groups.

# %%
report.frame_table(
    "mean-times-by-group",
    "Mean time alive without progression, months",
    compared_mean_rows(
        report, f"rmst.{by}", free, coded[by], groups, setting("rates.restricted_mean", "years")
    ),
    footnotes=["Restricted means (confidence interval).", *report.maturity_notes],
)

# %% tags=["remove-cell"]
report.publish()
