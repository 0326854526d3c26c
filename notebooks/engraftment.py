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
# # Engraftment
#
# How soon the blood recovered, and whether a larger graft meant a shorter wait. Neutrophils engrafted after a median of {num}`engraftment.neutrophils:estimate` days and
# platelets after {num}`engraftment.platelets:estimate`. Patients who died in the first days have no engraftment to report.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = 24
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import endpoints
from nissc1.report import Report, figures
from nissc1.stats import cumulative_incidence, spearman

report = Report.open(
    notebook="engraftment",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## Time to engraftment
#
# The medians are those of the patients who engrafted, as in the article. Beside them stands the cumulative incidence by day
# 28, with death as the competing event.

# %%
baseline = cohort.baseline()
neutrophils = endpoints.neutrophil_engraftment(cohort)
platelets = endpoints.platelet_engraftment(cohort)
curves = {
    name: cumulative_incidence(frame["time"], frame["cause"], conf_level=report.conf_level)
    for name, frame in [("neutrophils", neutrophils), ("platelets", platelets)]
}
rows = [
    report.median_range(
        "engraftment.neutrophils",
        "Neutrophils",
        baseline["neutrophil_engraftment_day"],
        unit="days",
    ),
    report.median_range(
        "engraftment.platelets", "Platelets", baseline["platelet_engraftment_day"], unit="days"
    ),
    report.proportion(
        "engraftment.never_below_platelets",
        "Platelets never below 20 × 10⁹/L",
        baseline["platelets_never_below_20"],
    ),
    report.rate(
        "engraftment.neutrophils_28d", "Neutrophils by day 28, %", curves["neutrophils"], days=28
    ),
    report.rate(
        "engraftment.platelets_28d", "Platelets by day 28, %", curves["platelets"], days=28
    ),
]

# %% [markdown]
# ## CD34+ dose and neutrophil engraftment
#
# Spearman's rank correlation is used, so that the few very large grafts do not dominate. The article prints it as r² = −0.31; a square cannot be negative, and the
# coefficient itself is meant.

# %%
correlation = spearman(baseline["cd34_dose"], baseline["neutrophil_engraftment_day"])
rows += [
    report.correlation(
        "engraftment.cd34_correlation",
        "CD34+ dose and days to engraftment, Spearman's r",
        correlation.coefficient,
        n=correlation.n,
    ),
    report.p_value(
        "engraftment.cd34_correlation_p",
        "P of this correlation",
        correlation.p_value,
        n=correlation.n,
    ),
]
report.table(
    "engraftment",
    "Engraftment",
    rows,
    footnotes=["Median (range), n (%) or % (confidence interval)."],
)

# %% mystnb={"figure": {"name": "engraftment-figure", "caption": "CD34+ dose and day of neutrophil engraftment; one dot a patient."}}
report.figure(
    "engraftment-by-dose",
    figures.scatter(
        baseline["cd34_dose"],
        baseline["neutrophil_engraftment_day"],
        xlabel="CD34+ cells reinfused, 10⁶/kg",
        ylabel="Neutrophil engraftment, day",
    ),
    alt="Scatter plot of the CD34+ dose against the day of neutrophil engraftment, falling to the right.",
)

# %%
report.publish()
