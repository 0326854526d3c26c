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
# # Survival and progression (Figure 1)
#
# At two years {num}`os.24m:estimate`&#8201;% of the patients were alive ({num}`os.24m:interval`) and {num}`pfs.24m:estimate`&#8201;% alive
# without progression ({num}`pfs.24m:interval`). By day 100, {num}`nrm.100d:estimate`&#8201;% had died without progression
# ({num}`nrm.100d:interval`), and by two years {num}`nrm.24m:estimate`&#8201;%. Of progression the cumulative incidence was
# {num}`progression.24m:estimate`&#8201;% ({num}`progression.24m:interval`) at two years. Intervals are {edition}`confidence` confidence intervals.
#
# :::{when} longer
# At {edition}`horizon`, the last landmark of this edition, {num}`os.{horizon}m:estimate`&#8201;% were alive ({num}`os.{horizon}m:interval`) and
# {num}`pfs.{horizon}m:estimate`&#8201;% alive without progression ({num}`pfs.{horizon}m:interval`); {num}`progression.{horizon}m:estimate`&#8201;% had
# progressed ({num}`progression.{horizon}m:interval`) and {num}`nrm.{horizon}m:estimate`&#8201;% had died without progression.
# :::
#
# :::{when} simulated
# The curves run flat from the second year to about the fourth: the simulation lets nothing happen before {edition}`simulated_after`
# ([assumptions](simulation)). That is how they were made, and no plateau.
# :::

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
from nissc1.stats import cumulative_incidence, kaplan_meier

report = Report.open(
    notebook="figure-1",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## Curves
#
# Survival is estimated after Kaplan and Meier, with plain limits from Greenwood's variance. Progression and non-relapse mortality are cumulative
# incidences after Aalen and Johansen: each is the other's competing event, so that at any time the two and
# progression-free survival add up to 100 %. The article's legend calls all four Kaplan–Meier curves; its methods and figures say otherwise.

# %%
frames = {
    "os": ("Overall survival", endpoints.overall_survival(cohort)),
    "pfs": ("Progression-free survival", endpoints.progression_free_survival(cohort)),
    "progression": ("Progression", endpoints.progression(cohort)),
    "nrm": ("Non-relapse mortality", endpoints.non_relapse_mortality(cohort)),
}
curves = {
    key: report.estimate(
        kaplan_meier if "event" in frame else cumulative_incidence,
        frame["time"],
        frame["event"] if "event" in frame else frame["cause"],
        conf_level=report.conf_level,
    )
    for key, (_, frame) in frames.items()
}
groups = {
    label: [
        *(
            [report.rate("nrm.100d", f"{label} at day 100", curves[key], days=100)]
            if key == "nrm"
            else []
        ),
        *[
            report.rate(f"{key}.{month}m", f"{label} at {month} months", curves[key], months=month)
            for month in report.landmarks
        ],
    ]
    for key, (label, _) in frames.items()
}

# %% mystnb={"figure": {"name": "figure-1", "caption": "Overall survival, progression-free survival, progression and non-relapse mortality with their {edition}`confidence` confidence intervals. Ticks mark censored patients; numbers at risk stand below."}}
report.figure(
    "figure-1",
    figures.survival_panel(
        {label: curves[key] for key, (label, _) in frames.items()},
        report.horizon,
        disclosure=report.disclosure,
    ),
    alt="Step curves of overall survival, progression-free survival, progression and "
    "non-relapse mortality over months after transplantation.",
    title=report.finding(
        "At {horizon} months {os.{horizon}m:estimate} % of the patients were alive, "
        "and {pfs.{horizon}m:estimate} % alive without progression",
        otherwise="Survival and progression",
    ),
    numbers=[rates[-1] for rates in groups.values()],
)

# %% [markdown]
# ## Rates
#
# The printed limits pin down more than they seem to: they tell how many patients must have been at risk when an event happened, and
# so when follow-up of the others ended. The reconstruction uses that.

# %%
groups["Read off the figure"] = [
    report.value(
        "figure1.method",
        "Estimators of the four curves",
        "Kaplan–Meier for survival, Aalen–Johansen for incidence",
    )
]
report.table(
    "figure1",
    "Rates at the landmarks",
    groups,
    footnotes=["% (confidence interval).", *report.maturity_notes],
    where="results.efficacy",
)

# %% tags=["remove-cell"]
report.publish()
