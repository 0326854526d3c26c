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
# # Prognostic factors for progression-free survival
#
# Who was less likely to stay alive without progression? By the article's rule each baseline characteristic is tested alone, and
# those with P below 0.10 enter one Cox model. There are few events: the intervals are wide, and such a selection is
# unstable.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import endpoints, prognosis
from nissc1.report import Report, figures
from nissc1.report.prognosis import joint_model, joint_records, univariate_table
from nissc1.stats import kaplan_meier

report = Report.open(
    notebook="prognostic-factors",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## One at a time
#
# Groups are compared with the log-rank test; age, which stays continuous, with the Wald test of a Cox model. The hazard
# ratios are those of a model with the one characteristic alone. Where events occurred on one side only, no finite hazard ratio exists and none is
# shown.
#
# The article does not list its candidates, nor the unit of age. Here they are the characteristics that it tabulates and discusses, and
# age counts in steps of ten years: per single year the printed ratio of 1.77 would mean a three-hundredfold
# risk within ten.

# %%
times = endpoints.progression_free_survival(cohort)
coded = prognosis.covariates(cohort.baseline())
tests = prognosis.univariate(times, coded, conf_level=report.conf_level)
univariate_table(
    report, "pfs-univariate", "Progression-free survival by baseline characteristic", tests
)

# %% mystnb={"figure": {"name": "forest-figure", "caption": "Hazard ratios of each characteristic alone for progression or death, with {edition}`confidence` confidence intervals."}}
report.figure(
    "prognostic-factors",
    figures.forest(tests.set_index("label")[["hazard_ratio", "lower", "upper", "p_value"]]),
    alt="Forest plot of the hazard ratios for progression or death, one line a characteristic.",
    title=report.finding(
        "Hazard ratio of a skin score above 24 for progression or death: {pfs.univariate.mrss_over_24}",
        otherwise="Hazard ratios of each characteristic alone",
    ),
    numbers=[record for record in report.records if record.statistic == "hazard_ratio"],
)

# %% [markdown]
# ## Together
#
# The model of the characteristics with P below 0.10. The skin score is cut at 24, the cohort's median, as in the article.

# %%
names = prognosis.selected(tests)
model = joint_model(report, times, coded, names)
report.table(
    "pfs-cox",
    "Joint Cox model for progression-free survival",
    joint_records(report, "pfs.cox", model, tests, ["mrss_over_24", "age", *names]),
    footnotes=["Hazard ratio (confidence interval)."],
    where="results.efficacy",
)

# %% [markdown]
# ## Curves by skin score
#
# Progression-free survival of the patients with a baseline skin score up to 24 and above.

# %% mystnb={"figure": {"name": "pfs-by-mrss-figure", "caption": "Progression-free survival by baseline skin score."}}
groups = times.set_index("patient_id").groupby(coded["mrss_over_24"])
labels = {0.0: "mRSS up to 24", 1.0: "mRSS above 24"}
curves = {
    labels[above]: kaplan_meier(group["time"], group["event"], conf_level=report.conf_level)
    for above, group in groups
}
rates = [
    report.rate(
        f"pfs.by_mrss.{'above' if 'above' in label else 'up_to'}_24.{report.horizon}m",
        f"Progression-free survival at {report.horizon} months, {label}",
        curve,
        months=report.horizon,
    )
    for label, curve in curves.items()
]
report.figure(
    "pfs-by-mrss",
    figures.survival_panel(curves, report.horizon, disclosure=report.disclosure),
    alt="Step curves of progression-free survival, one a group of baseline skin scores.",
    title=report.finding(
        "At {horizon} months {pfs.by_mrss.up_to_24.{horizon}m:estimate} % were alive without "
        "progression with a skin score up to 24, {pfs.by_mrss.above_24.{horizon}m:estimate} % above",
        otherwise="Progression-free survival by baseline skin score",
    ),
    numbers=rates,
)

# %% tags=["remove-cell"]
report.publish()
