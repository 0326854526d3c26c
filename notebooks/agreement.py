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
#   nissc1:
#     after: all
# ---

# %% [markdown]
# # Agreement with the printed article
#
# Every figure that the article prints, with the one computed from release {edition}`release`. A computed figure agrees if it lies within half a unit of
# the last printed digit, either way.
#
# :::{admonition} What agreement means here
# :class: warning
# The cohort is reconstructed so that the analysis yields the printed figures. Agreement shows that definitions, estimators and
# denominators are those of the article. It is no evidence about the treatment.
# :::

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = 24
population = None
conf_level = 0.95
disclosure = "none"

# %%
import pandas as pd

from nissc1.report import Report
from nissc1.report.agreement import compare, counts
from nissc1.report.published import load_contradictions, load_published

report = Report.open(
    notebook="agreement",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## Verdicts

# %%
published, contradictions = load_published(), load_contradictions()
compared = compare(published, report.earlier(), contradictions)
verdicts = pd.DataFrame(counts(compared).items(), columns=["Verdict", "Printed figures"])
for verdict, n in counts(compared).items():
    report.count(f"agreement.{verdict.replace(' ', '_')}", verdict, n, unit="figures")
report.frame_table("agreement", f"Verdicts on {len(compared)} printed figures", verdicts)

# %% [markdown]
# ## Where the article contradicts itself
#
# Two printed figures that exclude each other, or a figure that no arithmetic yields, with the
# one that the cohort follows.

# %%
report.frame_table(
    "contradictions",
    "Contradictions in the article",
    contradictions[["statement", "arithmetic", "followed"]].rename(
        columns={
            "statement": "Contradiction",
            "arithmetic": "Arithmetic",
            "followed": "The cohort follows",
        }
    ),
)

# %% [markdown]
# ## Figures that do not agree

# %%
columns = {
    "label": "Figure",
    "printed": "Printed",
    "computed": "Computed",
    "verdict": "Verdict",
    "detail": "Detail",
}
apart = compared[compared["verdict"] != "agrees"]
report.frame_table(
    "apart",
    "Figures that do not agree",
    apart[["where", *columns]].rename(columns=columns),
    group="where",
)

# %% [markdown]
# ## All figures

# %%
report.frame_table(
    "all-figures",
    "All printed figures",
    compared[["where", *columns]].rename(columns=columns),
    group="where",
)

# %% tags=["remove-cell"]
report.publish()
