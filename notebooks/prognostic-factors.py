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
horizon_months = 24
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import endpoints, prognosis
from nissc1.report import NotEstimable, Report, figures
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
shown = tests.reset_index(drop=True)[
    [
        "label",
        "test",
        "n",
        "n_with",
        "events_with",
        "events",
        "hazard_ratio",
        "lower",
        "upper",
        "p_value",
    ]
]
shown.columns = [
    "Characteristic",
    "Test",
    "Known",
    "With it",
    "Events with it",
    "Events",
    "HR",
    "Lower",
    "Upper",
    "P",
]
report.frame_table(
    "pfs-univariate",
    "Progression-free survival by baseline characteristic",
    shown,
    decimals={"HR": 2, "Lower": 2, "Upper": 2, "P": 3},
    counts=["Known", "With it", "Events with it", "Events"],
)

# %% [markdown]
# ## Together
#
# The model of the characteristics with P below 0.10. The skin score is cut at 24, the cohort's median, as in the article.

# %%
names = prognosis.selected(tests)
model = (
    prognosis.joint_model(times, coded, names, conf_level=report.conf_level).T.to_dict()
    if names
    else {}
)
absent = NotEstimable("not in the model: P alone is not below 0.10")
rows = [
    report.hazard_ratio(
        f"pfs.cox.{name}",
        tests.loc[name, "label"],
        model.get(name, absent),
        n=int(model[name]["n"]) if name in model else None,
        events=int(model[name]["events"]) if name in model else None,
    )
    for name in dict.fromkeys(["mrss_over_24", "age", *names])
]
report.table(
    "pfs-cox",
    "Joint Cox model for progression-free survival",
    rows,
    footnotes=["Hazard ratio (confidence interval)."],
    where="results.efficacy",
)

# %% mystnb={"figure": {"name": "forest-figure", "caption": "Hazard ratios of each characteristic alone, with confidence intervals."}}
report.figure(
    "prognostic-factors",
    figures.forest(tests.set_index("label")[["hazard_ratio", "lower", "upper", "p_value"]]),
    alt="Forest plot of the hazard ratios for progression or death, one line a characteristic; most intervals include 1.",
)

# %% [markdown]
# ## Curves by skin score
#
# Progression-free survival of the patients with a baseline skin score up to 24 and above.

# %% mystnb={"figure": {"name": "pfs-by-mrss-figure", "caption": "Progression-free survival by baseline skin score."}}
groups = times.set_index("patient_id").groupby(coded["mrss_over_24"])
labels = {0.0: "mRSS up to 24", 1.0: "mRSS above 24"}
report.figure(
    "pfs-by-mrss",
    figures.survival_panel(
        {
            labels[above]: kaplan_meier(group["time"], group["event"], conf_level=report.conf_level)
            for above, group in groups
        },
        report.parameters.horizon_months,
        disclosure=report.disclosure,
    ),
    alt="Two step curves of progression-free survival: patients with a skin score above 24 do worse.",
)

# %%
report.publish()
