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
# # The patients' way through the study
#
# {num}`flow.transplanted:estimate` patients were transplanted. {num}`flow.12m.followed:estimate` were alive and under observation at one year,
# {num}`flow.24m.followed:estimate` at two years; by then {num}`flow.24m.died_by:estimate` had died and {num}`flow.24m.progressed_by:estimate` had progressed.
#
# :::{when} longer
# At {edition}`horizon` {num}`flow.{horizon}m.followed:estimate` were alive and under observation, {num}`flow.{horizon}m.died_by:estimate` had died and
# {num}`flow.{horizon}m.progressed_by:estimate` had progressed.
# :::
#
# The data begin with the transplantation. How many patients were screened, referred or mobilised without being transplanted, the registry does not say, and the article
# prints no number; nobody can therefore be followed from the decision to transplant.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.flow import analysed, participant_flow
from nissc1.report import Report, figures
from nissc1.report.flow import describe_flow, record_analyses, record_steps

report = Report.open(
    notebook="flow",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
steps = participant_flow(report.cohort, report.landmarks, report.parameters.cutoff)
analyses = analysed(report.cohort)
transplanted = report.count("flow.transplanted", "Transplanted", report.n)
followed = record_steps(report, steps)

# %% [markdown]
# ## The diagram
#
# Who is alive but not followed at a time either *was not yet due*, having been transplanted too short before the data cut-off, or *was last seen before it*. Visits
# seldom fall on the day: who was last seen in the half-year before may only have had the visit early. Progression does not end follow-up.

# %% mystnb={"figure": {"name": "flow-figure", "caption": "Patients transplanted, followed and analysed. Beside each arrow: those who left since the box above it, and those who progressed."}}
report.figure(
    "flow",
    figures.flow_chart(report.n, steps, analyses, disclosure=report.disclosure),
    alt=describe_flow(report.n, steps, analyses, report.disclosure),
    title=report.finding(
        "Of {flow.transplanted:estimate} patients transplanted, {flow.{horizon}m.followed:estimate} "
        "were followed for {horizon} months",
        otherwise="From transplantation to the analyses",
    ),
)

# %% [markdown]
# ## Followed, died, left
#
# Counts since the time before. Each line adds up: those followed at the time before are those followed now and those who died, were not due or were last seen in between.

# %%
report.frame_table("flow-steps", "From one time to the next", followed)

# %% [markdown]
# ## Who enters which analysis
#
# Survival and incidence count every patient from day 0 on. Platelet engraftment leaves out those whose platelets never fell; means over time need a value at
# all three times.

# %%
report.frame_table("flow-analyses", "Patients by analysis", record_analyses(report, analyses))

# %% tags=["remove-cell"]
report.publish()
