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
# # Mobilisation and conditioning (Table 2)
#
# How the stem cells were collected, what prepared the patients for them, and how long they stayed in hospital:
# {num}`procedure.cd34_selected:events` of {num}`cohort.n:estimate` patients had a graft enriched for CD34+ cells. By the article all received
# cyclophosphamide and rabbit antithymocyte globulin, and nobody was irradiated.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.report import Report
from nissc1.report.describe import describe
from nissc1.tabulation.procedure import PROCEDURE

report = Report.open(
    notebook="table-2",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## How to read the table
#
# The dose of cyclophosphamide for mobilisation is unknown in {num}`procedure.mobilisation_cyc_missing:estimate` of the patients who received it.
# The two brands of antithymocyte globulin are dosed on different scales; their doses cannot be compared. The
# {num}`procedure.conditioning_cyc_100_thiotepa:events` patients with thiotepa received half the usual dose of cyclophosphamide; the article says that its four had
# cardiac abnormalities and were treated in one centre. Hospital stay for transplantation runs from conditioning to discharge or death.
#
# ## Table 2

# %%
report.table(
    "table-2",
    "Table 2. Mobilisation and conditioning",
    describe(report, PROCEDURE, cohort.baseline()),
    footnotes=["n (%) or median (range)."],
)

# %% tags=["remove-cell"]
report.publish()
