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
# Fisher's exact test stand beside it. Patients whose group is not known, or who were mobilised with another dose, are left out.

# %%
tests = {
    "": ("P, χ² test", chi_squared, {"correction": False}),
    "_corrected": ("P, χ² test with continuity correction", chi_squared, {"correction": True}),
    "_fisher": ("P, Fisher's exact test", fisher_exact, {}),
}
groups = {}
for key, (title, table) in complications.infected_by_group(cohort).items():
    rows = [
        report.proportion(
            f"infections.{key}_{number}",
            f"Infected, {level}",
            numerator=int(counts["infected"]),
            denominator=int(counts.sum()),
        )
        for number, (level, counts) in enumerate(table.iterrows(), start=1)
    ]
    for suffix, (label, test, options) in tests.items():
        p = report.estimate(test, table, **options).p_value
        rows.append(
            report.p_value(f"infections.p_{key}{suffix}", label, p, int(table.to_numpy().sum()))
        )
    groups[title] = rows
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

# %% tags=["remove-cell"]
report.publish()
