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
#
# ::::{when} not comparable
# :::{admonition} Not the article's analysis
# :class: important
# The article rests on release 2021.02, with all patients, all follow-up, 95 % intervals and exact counts. This edition differs in that: a figure that
# differs from print here is no fault, and one that agrees no confirmation. The rows of Table 3 are left out: another release's first death is another
# patient's.
# :::
# ::::

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
import pandas as pd

from nissc1 import digits
from nissc1.report import Report
from nissc1.report.agreement import compare, counts
from nissc1.report.contradictions import checked_contradictions
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

# %% [markdown]
# ## Verdicts

# %%
published, contradictions = load_published(), load_contradictions()
if not report.comparable:
    published = published[published["where"] != "table3"]
compared = compare(published, report.earlier(), contradictions)
verdicts = pd.DataFrame(counts(compared).items(), columns=["Verdict", "Printed figures"])
for verdict, n in counts(compared).items():
    report.count(f"agreement.{verdict.replace(' ', '_')}", verdict, n, unit="figures")
report.frame_table("agreement", f"Verdicts on {len(compared)} printed figures", verdicts)

# %% [markdown]
# ## Where the article contradicts itself
#
# Two printed figures that exclude each other, or a figure that no arithmetic yields, with the
# printed one that the cohort follows, if any. The arithmetic is computed from the printed digits, and the page is not built unless it holds.

# %%
checked = checked_contradictions(contradictions)[["statement", "arithmetic", "followed"]]
checked["followed"] = checked["followed"].map(published.set_index("id")["printed"])
report.frame_table(
    "contradictions",
    "Contradictions in the article",
    checked.set_axis(["Contradiction", "Arithmetic", "The cohort follows"], axis=1),
)

# %% [markdown]
# ## Figures that do not agree
#
# Printed and computed figure, with the arithmetic where the article leaves no way to agree.

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
# For the percentages among them, every fraction of up to 80 patients that would give the printed one: by rounding a half upwards or to
# the even digit, and only by cutting digits off.

# %%
shares = published[published["id"].isin(apart["id"]) & published["statistic"].eq("proportion")]
fractions = digits.fractions_behind(shares).drop(columns="id")
fractions.columns = ["Figure", "Printed", "Fractions that round to it", "Only cut off"]
report.frame_table("fractions", "Fractions behind the percentages", fractions)

# %% [markdown]
# ## All figures

# %% tags=["hide-output"]
report.frame_table(
    "all-figures",
    "All printed figures",
    compared[["where", *columns]].rename(columns=columns),
    group="where",
)

# %% tags=["remove-cell"]
report.publish()
