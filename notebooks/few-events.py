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
# # Few events
#
# How much weight do the [prognostic factors](prognostic-factors) bear? They rest on {num}`few.events` events of progression or death. The
# article's model, skin score above 24 and age, spends {num}`few.coefficients` coefficients on them: {num}`few.events_per_coefficient` events for each, and
# {num}`few.events_per_candidate` for each of the {num}`few.candidates` candidates from which the two were chosen. Fewer than
# {num}`few.threshold` a coefficient are few: estimates then tend to lie too far from 1, and usual intervals to be off.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import endpoints, prognosis
from nissc1.analysis_plan import setting, settings
from nissc1.report import Report, figures
from nissc1.report.few_events import (
    continuous_covariates,
    continuous_rows,
    event_counts,
    penalised_rows,
    selection_rows,
    spline_curves,
)

report = Report.open(
    notebook="few-events",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort
baseline = cohort.baseline()
times = prognosis.joined(
    endpoints.progression_free_survival(cohort), prognosis.covariates(baseline)
)
names = setting("prognosis.few_events", "covariates")
event_counts(report, "few", times, names, setting("prognosis.few_events", "events_per_variable"))

# %% [markdown]
# ## The article's model, penalised
#
# Firth's penalty {cite:p}`heinze2001` takes out the first-order bias of few events, and its estimates stay finite even if all events lie on one side. Its limits are
# those of the profile likelihood, which need not be symmetric.

# %%
report.frame_table(
    "few-events-models",
    "Cox model of progression or death, usual and penalised",
    penalised_rows(report, "few", times, names),
    footnotes=["Hazard ratio (confidence interval); both characteristics in one model."],
)

# %% [markdown]
# ## Would the same factors have been chosen?
#
# The rule of choice, P below 0.10 when tested alone, repeated in bootstrap samples of these patients {cite:p}`sauerbrei1992`: drawn from them with replacement, as
# many as they are. A factor with a firm association is chosen nearly always; one without any is still chosen more often than in one sample of ten,
# because a sample repeats patients. In {num}`few.same_set`&#8201;% of the samples the rule chose exactly the set that it chooses in the patients
# themselves.
#
# :::{when} reconstructed
# Of the candidates other than skin score and age, the article prints no association with progression: how often they are chosen here is the
# reconstruction's doing ([How identified is it?](identification)).
# :::

# %%
chosen = selection_rows(report, "few", times, **settings("prognosis.stability"))
report.frame_table(
    "selection-stability",
    "How often each candidate would have been chosen",
    chosen,
    footnotes=[
        "Share of the bootstrap samples in which P was below the limit (interval of the error that "
        "a finite number of samples makes, and of nothing else).",
    ],
    empty="nothing can be chosen from these patients.",
)

# %% [markdown]
# ## Cut in two, or left as measured?
#
# A cut treats a skin score of 25 as different from 24, but the same as 45. It costs information, as much as leaving out a third of the patients
# where a normally distributed value is cut at its median {cite:p}`royston2006`, and a cut chosen in the same data looks better than it is. Smaller values of Akaike's criterion (AIC) are better; Harrell's C
# is 0.5 for a score that tells nothing. Differences of the AIC below about 2 say little.
#
# :::{when} reconstructed
# The article prints the ratio for the cut alone. How the risk runs with the score within the two groups is the reconstruction's doing, and the line and the
# curve of the score tell nothing about the study's patients.
# :::

# %%
measured = continuous_covariates(baseline, times)
report.frame_table(
    "continuous",
    "Skin score and age: two groups, straight line, spline",
    continuous_rows(report, "continuous", measured),
    footnotes=[
        "Each alone, for progression or death. Hazard ratio: second group against first, or per "
        "10 points or years. P: likelihood ratio test.",
    ],
    group="Characteristic",
)

# %% mystnb={"figure": {"name": "splines-figure", "caption": "Hazard ratio for progression or death along skin score and age, restricted cubic splines with {edition}`confidence` confidence bands. Where the ratio is 1 lies the cut of the table above (dotted)."}}
report.figure(
    "splines",
    figures.hazard_ratio_panels(spline_curves(report, measured)),
    alt="Two panels: the hazard ratio along the baseline skin score and along age, each with a wide "
    "band.",
    title=report.finding(
        "Hazard ratio along skin score and age: likelihood ratio tests of the curves "
        "{continuous.mrss.spline.p:p} and {continuous.age.spline.p:p}",
        otherwise="Hazard ratio along skin score and age",
    ),
    numbers=report.records.named("continuous.*.p"),
    patient_level=True,
)

# %% tags=["remove-cell"]
report.publish()
