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
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import endpoints
from nissc1.report import Report, figures
from nissc1.report.describe import describe_group
from nissc1.stats import cumulative_incidence, spearman
from nissc1.tabulation.procedure import ENGRAFTMENT

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
#
# ## CD34+ dose and neutrophil engraftment
#
# Spearman's rank correlation is used, so that the few very large grafts do not dominate. The article prints it as r² = −0.31; a square cannot be negative, and the
# coefficient itself is meant.

# %%
baseline = cohort.baseline()
rows = describe_group(report, ENGRAFTMENT, baseline)
for cells, times in [
    ("Neutrophils", endpoints.neutrophil_engraftment(cohort)),
    ("Platelets", endpoints.platelet_engraftment(cohort)),
]:
    curve = report.estimate(
        cumulative_incidence, times["time"], times["cause"], conf_level=report.conf_level
    )
    name = f"engraftment.{cells.lower()}_28d"
    rows.append(report.rate(name, f"{cells}, by day 28", curve, days=28))

dose, day = baseline["cd34_dose"], baseline["neutrophil_engraftment_day"]
by_dose = report.estimate(spearman, dose, day)
rows += [
    report.correlation(
        "engraftment.cd34_correlation",
        "CD34+ dose and neutrophils, r",
        by_dose,
    ),
    report.p_value("engraftment.cd34_correlation_p", "P of this correlation", by_dose),
]
report.table(
    "engraftment",
    "Engraftment",
    rows,
    footnotes=["Median (range), n (%) or % (confidence interval).", *report.maturity_notes],
    where="results.mobilisation",
)

# %% mystnb={"figure": {"name": "engraftment-figure", "caption": "CD34+ dose and day of neutrophil engraftment; one dot a patient."}}
report.figure(
    "engraftment-by-dose",
    figures.scatter(
        dose, day, xlabel="CD34+ cells reinfused, 10⁶/kg", ylabel="Neutrophil engraftment, day"
    ),
    alt="Scatter plot of the CD34+ dose and the day of neutrophil engraftment.",
    title=report.finding(
        "CD34+ dose and day of neutrophil engraftment: rank correlation "
        "{engraftment.cd34_correlation} ({engraftment.cd34_correlation_p:p})",
        otherwise="CD34+ dose and day of neutrophil engraftment",
    ),
    numbers=rows[-2:],
    patient_level=True,
)

# %% tags=["remove-cell"]
report.publish()
