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
# # Complications in the first 100 days (Table 4)
#
# {num}`ae.total:estimate` complications were reported: {num}`ae.infectious.events:estimate` infections in
# {num}`ae.infectious.patients:estimate`&#8201;% of the patients and {num}`ae.noninfectious.events:estimate` others in
# {num}`ae.noninfectious.patients:estimate`&#8201;%. Of the {num}`safety.nrm_deaths` deaths without progression
# {num}`safety.cardiac_deaths:events` were cardiac; see [the patients who died](table-3).

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import complications
from nissc1.report import Report

report = Report.open(
    notebook="table-4",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## What counts
#
# Events with onset from day 0 to day 100, as reported; a patient may have several. The article lists some infections without an agent.

# %%
events = complications.complications(cohort)
patients = complications.complications_by_patient(cohort)
totals = [
    report.count("ae.total", "All complications", len(events), unit="events"),
    report.value("ae.window_days", "Last day that counts", complications.WINDOW, unit="days"),
    report.proportion(
        "ae.noninfectious.patients",
        "Patients with a non-infectious complication",
        patients["non_infectious"],
    ),
    report.count(
        "ae.noninfectious.events",
        "Non-infectious complications",
        int((~events["infectious"]).sum()),
        unit="events",
    ),
    report.proportion(
        "ae.infectious.patients", "Patients with an infection", patients["infectious"]
    ),
    report.count(
        "ae.infectious.events", "Infections", int(events["infectious"].sum()), unit="events"
    ),
]

# %% [markdown]
# ## Table 4

# %%
groups = {"Totals": totals}
for heading, terms in complications.by_term(events).groupby("heading", sort=False):
    groups[heading] = [
        report.count(row.record, row.term, row.events, unit="events") for row in terms.itertuples()
    ]
shock = events["term"] == complications.SEPTIC_SHOCK
groups["Of the cases of sepsis"] = [
    report.count("ae.infectious.septic_shock", "With septic shock", int(shock.sum()), unit="events")
]
report.table(
    "table-4",
    "Table 4. Complications in the first 100 days",
    groups,
    footnotes=["Number of events, or n (%) of patients."],
)

# %% tags=["remove-cell"]
report.publish()
