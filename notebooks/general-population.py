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
# # Against the general population
#
# How many of {num}`cohort.n:estimate` people of the same age and sex would have died in the same years, and how many of the patients did? Over the whole
# follow-up {num}`population.all.deaths:estimate` died where {num}`population.all.expected:estimate` deaths would be expected in the reference population, a ratio of
# {num}`population.all.smr`, the standardised mortality ratio. From year 3 on the ratio is
# {num}`population.later.smr`.
#
# :::{admonition} What the ratio does not say
# :class: important
#
# - **The reference is a stand-in**: the population of the United States, 2012 to 2014, its last year carried forward. No table of the study's countries was found that
#   may be passed on with this book. In the one European table that could be looked at, Italy's of 2002, mortality at these ages is lower: if that holds for the study's
#   countries, too many deaths are expected here and the ratios are too low. The last table shows what another reference would change.
# - **It is no effect of the treatment.** The patients had a disease that kills, were chosen for transplantation, and some died of it. What they would have
#   met without it, the population cannot tell.
# - **It is not comparable** between studies whose patients differ in age or sex, and it rests on few deaths: read the intervals.
# :::

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
import numpy as np
import pandas as pd

from nissc1 import endpoints
from nissc1.general_population import load_life_table
from nissc1.report import Report, figures
from nissc1.report.general_population import (
    REFERENCES,
    expected_percent,
    record_benchmarks,
    record_survival,
)
from nissc1.stats import kaplan_meier

report = Report.open(
    notebook="general-population",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
life_table = load_life_table()

# %% [markdown]
# ## Observed and expected deaths
#
# Each patient's follow-up is divided by year of age and calendar year; in each piece the table's death rate for that age, sex and year says how many
# deaths to expect. Intervals are exact, for a Poisson number of deaths.

# %%
report.frame_table(
    "population-deaths",
    "Deaths observed and expected",
    record_benchmarks(report, life_table),
    ["Ratio: observed by expected deaths (confidence interval); 1 means as many as expected."],
)

# %% [markdown]
# ## Observed and expected survival
#
# The dashed line is the mean survival that the population's rates give to people of the patients' age and sex, from the day of each transplantation on
# {cite:p}`ederer1961`.

# %% mystnb={"figure": {"name": "population-figure", "caption": "Observed overall survival with its {edition}`confidence` confidence interval, and survival expected in the reference population."}}
survival = endpoints.overall_survival(report.cohort)
curve = report.estimate(
    kaplan_meier, survival["time"], survival["event"], conf_level=report.conf_level
)
months = np.arange(report.horizon + 1, dtype=float)
landmarks = record_survival(report, curve, life_table)
report.figure(
    "population-survival",
    figures.against_population(
        curve, months, expected_percent(report, months, life_table), disclosure=report.disclosure
    ),
    alt="Step curve of observed overall survival with its interval, and a dashed line of the survival expected in the reference population.",
    title=report.finding(
        "At {horizon} months {population.observed.{horizon}m:estimate} % were alive; of the population "
        "{population.expected.{horizon}m:estimate} % would be",
        otherwise="Survival observed and expected",
    ),
    numbers=[*landmarks["Alive, % (interval)"], *landmarks["Expected, %"]],
)

# %%
report.frame_table(
    "population-landmarks",
    "Survival observed and expected",
    landmarks,
    report.maturity_notes,
)

# %% [markdown]
# ## With another reference
#
# If mortality in the reference were lower or higher throughout, the ratio would move the other way in proportion.

# %%
report.frame_table(
    "population-reference",
    "Ratio over the whole follow-up by mortality of the reference",
    pd.DataFrame(
        {
            "Mortality of the reference": [label for label, _ in REFERENCES.values()],
            "Ratio (interval)": [
                report.records[f"population.all.smr_{name}"] for name in REFERENCES
            ],
        }
    ),
)

# %% [markdown]
# ## The life table
#
# Probabilities of dying by single year of age, sex and calendar year, 2012 to 2014: the period life tables of the National Center for Health Statistics (National Vital Statistics
# Reports 65 no. 8, 66 no. 3 and 66 no. 4) as tabulated in R's package `survival`, `survexp.us` {cite:p}`therneau2000`. Works of the United States government are not under
# copyright there. The table and the script that made it lie in `data/life_table` of the source code; the life expectancies at birth worked out from it are
# the published ones, which a test checks. Patients' ages are known in completed years only; half a year is added.

# %% tags=["remove-cell"]
report.publish()
