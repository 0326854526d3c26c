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
horizon_months = None
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
# The article does not name its test. With 60 infected patients no single one gives all three printed P values: whatever the counts, 0.44 for the
# graft comes from Fisher's exact test alone, and 0.32 for growth factor from the χ² test with continuity correction alone. The reconstruction
# holds counts that give the printed values with these two, and for the dose with the corrected χ² test; the test compared with
# print is named in each group and the others stand below it. Patients whose group is not known, or who were mobilised with another dose, are left out.

# %%
tests = {
    "chi2": ("P, χ² test", chi_squared, {"correction": False}),
    "chi2_corrected": ("P, χ² test with continuity correction", chi_squared, {"correction": True}),
    "fisher": ("P, Fisher's exact test", fisher_exact, {}),
}
as_printed = {"graft": "fisher", "mobilisation_dose": "chi2_corrected", "gcsf": "chi2_corrected"}
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
    for name in sorted(tests, key=lambda name: name != as_printed[key]):
        label, test, options = tests[name]
        record = f"infections.p_{key}" + ("" if name == as_printed[key] else f"_{name}")
        rows.append(report.p_value(record, label, report.estimate(test, table, **options)))
    groups[title] = rows
report.table(
    "infections",
    "Patients with an infection in the first 100 days",
    groups,
    footnotes=["n (%)."],
    where="results.safety",
)

# %% [markdown]
# A P value above 0.05 is no proof that there is no difference: with so few patients a group, only large differences could
# be seen.

# %% tags=["remove-cell"]
report.publish()
