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
# # Infections by graft, mobilisation dose and growth factor
#
# Did removing more immune cells from the graft, a higher dose of cyclophosphamide for mobilisation, or growth factor after reinfusion
# change the share of patients with an infection by day 100? In the article's Supplementary Table S3, which is not public, none of
# the three did; only the P values are printed in the text.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = 24
population = None
conf_level = 0.95
disclosure = "none"

# %%
import pandas as pd

from nissc1 import complications
from nissc1.report import Report
from nissc1.stats import chi_squared, fisher_exact

report = Report.open(
    notebook="infections",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## Patients with an infection by group
#
# The article does not name its test. The P value compared with print is that of the χ² test without continuity correction; the corrected test and
# Fisher's exact test stand beside it.

# %%
baseline = cohort.baseline()
infected = complications.complications_by_patient(cohort).set_index("patient_id")["infectious"]
dose = baseline["mobilisation_cyc_g_m2"]
comparisons = {
    "graft": (
        "CD34+ selection",
        baseline["cd34_selection"],
        {True: "selected", False: "not selected"},
    ),
    "mobilisation_dose": (
        "Cyclophosphamide for mobilisation",
        dose.where(dose.isin([2, 4])),
        {2: "2 g/m²", 4: "4 g/m²"},
    ),
    "gcsf": ("G-CSF after reinfusion", baseline["gcsf_after"], {True: "given", False: "not given"}),
}
groups = {}
for key, (title, group, labels) in comparisons.items():
    table = pd.crosstab(group, infected).reindex(
        index=list(labels), columns=[True, False], fill_value=0
    )
    rows = [
        report.proportion(
            f"infections.{key}_{number}",
            f"Infected, {label}",
            numerator=int(table.loc[level, True]),
            denominator=int(table.loc[level].sum()),
        )
        for number, (level, label) in enumerate(labels.items(), start=1)
    ]
    tests = {
        f"infections.p_{key}": (
            "P, χ² test",
            report.estimate(chi_squared, table, correction=False),
        ),
        f"infections.p_{key}_corrected": (
            "P, χ² test with continuity correction",
            report.estimate(chi_squared, table),
        ),
        f"infections.p_{key}_fisher": (
            "P, Fisher's exact test",
            report.estimate(fisher_exact, table),
        ),
    }
    n = int(table.to_numpy().sum())
    groups[title] = rows + [
        report.p_value(name, label, test.p_value, n=n) for name, (label, test) in tests.items()
    ]
report.table(
    "infections",
    "Patients with an infection in the first 100 days",
    groups,
    footnotes=["n (%)."],
    where="results.safety",
)

# %% [markdown]
# No difference was found, which is not proof that there is none: with so few patients a group, only large differences could
# have been seen.

# %%
report.publish()
