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
# # Response in depth
#
# What made a patient a [responder](response), and did the response last? In percent of all patients, with {edition}`confidence` interval,
# were at two years
#
# - in response: {num}`states.response.24m`;
# - alive without response: {num}`states.without.24m`;
# - alive with progression: {num}`states.progressed.24m`;
# - dead: {num}`states.dead.24m`.
#
# Time in response within these two years, in months and on average over all patients: {num}`states.response.time.24m`.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.report import Report, figures
from nissc1.report.response_course import (
    STATE_NAMES,
    component_rows,
    first_components,
    occupation,
    state_rows,
)
from nissc1.response_course import response_states

report = Report.open(
    notebook="response-in-depth",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## What improved
#
# At the first visit with a response, what met the definition. A measurement that was not taken at that visit cannot show as
# improved, and what is examined more often improves first more often: the shares say as much about the examinations as about the organs.

# %%
report.frame_table(
    "response-first",
    "Measurements that improved at the first response",
    first_components(report),
    footnotes=["n/N, % (exact confidence interval)."],
)

# %% [markdown]
# If each measurement alone defined response, so many patients would have responded by each landmark (cumulative incidence, death competing).

# %%
months = sorted({12, 24, report.horizon})
report.frame_table(
    "response-alone",
    "Response by one measurement alone",
    component_rows(report, months),
    footnotes=["% (confidence interval).", *report.maturity_notes],
)

# %% [markdown]
# ## States over time
#
# Response begins at the visit that shows it. It ends by progression, by further immunosuppression (the patient is then alive without
# response, for good) or by death. Who has progressed stays so until death. The probabilities are Aalen–Johansen estimates, which hold also where
# the future depends on more than the present state.

# %% mystnb={"figure": {"name": "states-figure", "caption": "Share of the patients in each state, by time after transplantation. Response can only begin at a visit, hence the steps."}}
stays = response_states(cohort)
states = occupation(report, stays)
visits_too = response_states(cohort, lost_at_visits=True)
readings = {
    "states": ("Lost by progression, treatment or death", stays, states),
    "states_visits": ("Lost at a visit, too", visits_too, occupation(report, visits_too)),
}
shares = state_rows(report, readings, months)
report.figure(
    "states",
    figures.state_areas(states, STATE_NAMES, report.horizon, disclosure=report.disclosure),
    alt="Stacked areas over months after transplantation: in response at the bottom, alive without response, progressed, and dead at the top.",
    title=report.finding(
        "At {horizon} months {states.response.{horizon}m:estimate} % of the patients were in response, "
        "{states.progressed.{horizon}m:estimate} % had progressed",
        otherwise="In which state the patients were",
    ),
    numbers=report.records.named(f"states.*.{report.horizon}m"),
)

# %% [markdown]
# Whether a response is lost when a later visit no longer meets the definition is a matter of opinion: a skin score may waver. The second reading in
# the table counts it as lost from the first such visit on, if a measurement that had improved was taken again.

# %%
report.frame_table(
    "states-table",
    "States at the landmarks, and mean time in each up to them",
    shares,
    footnotes=[
        "Estimate (confidence interval). Where nobody is left in a state, no interval can be given; "
        "the true share need not be 0.",
        "The mean months of a reading add up to the landmark.",
        *report.maturity_notes,
    ],
    group="Reading",
)

# %% tags=["remove-cell"]
report.publish()
