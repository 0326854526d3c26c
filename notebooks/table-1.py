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
# # Baseline characteristics (Table 1)
#
# Who was transplanted: {num}`cohort.n:estimate` adults, {num}`baseline.female:estimate`&#8201;% of them women, with a median age of
# {num}`baseline.age:estimate` years and a skin score of {num}`baseline.mrss:estimate` points on a scale that ends at 51. Each row shows
# the computed figure, and on demand beside it the one that the article prints.

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
from nissc1.tabulation.baseline import BASELINE

report = Report.open(
    notebook="table-1",
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
# Percentages refer to the patients with a known value; the denominator is shown where that is not everyone. An examination that was not
# done is missing, not normal. "Abnormal" means, for computed tomography, fibrosis, honeycombing or ground glass; for magnetic
# resonance imaging, reduced function of either ventricle or late enhancement.
#
# Body mass index is derived from height and weight, creatinine clearance from age, weight and creatinine with the formula that
# the article prints, which has no factor for sex. Skin score, lung function and disability come from the baseline visit, at most
# three months before transplantation.
#
# ## Table 1

# %%
report.table(
    "table-1",
    "Table 1. Baseline characteristics",
    describe(report, BASELINE, cohort.baseline()),
    footnotes=["n (%) or median (range)."],
)

# %% tags=["remove-cell"]
report.publish()
