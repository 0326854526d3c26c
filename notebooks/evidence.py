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
# # Evidence in context
#
# *Ready for clinical practice?* asked the editorial beside one of the trials {cite:p}`khanna2014`. This study is one of several that bear on the
# question. This chapter sets it among them: who died of the treatment, who was alive later, and what is printed of patients
# who were not transplanted.
#
# :::{admonition} How to read this page
# :class: important
#
# - **The figures are printed ones**, read in the reports named at the end, mostly in abstracts and tables; a few in reviews, and marked so. This is no
#   systematic review: a study is here if its figures could be read.
# - **Nothing here compares treatments**, except the randomised trials with their own control groups. Patients differ, and so do conditioning,
#   decades and definitions: what one report calls treatment-related death, another counts up to day 15, day 100, year 1 or five years.
# - **Times do not start together.** Some count from randomisation, some from the infusion of the cells, some from diagnosis or first symptom,
#   and an abstract often does not say. Who enters a cohort years after the diagnosis has lived those years for certain. No curves are laid over each other.
# :::

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.evidence import load_evidence
from nissc1.report import Report, figures
from nissc1.report.evidence import record_statement, record_treatment_deaths
from nissc1.report.published_outcomes import (
    arms_table,
    by_study_table,
    cohort_table,
    outcome_table,
    ratio_table,
    survival_lines,
    told,
)

report = Report.open(
    notebook="evidence",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
evidence = load_evidence()
printed = evidence.outcomes
deaths = record_treatment_deaths(report, evidence)
quoted = {
    "meta2023": "Deaths from the treatment, systematic review of 2023",
    "editorial2014": "Mortality within 5 years, editorial of 2014",
}
quotes = [record_statement(report, evidence, *each) for each in quoted.items()]

# %% [markdown]
# ## Deaths from the treatment
#
# {num}`evidence.treatment_death.studies` studies without known overlap count {num}`evidence.treatment_death.deaths` deaths from the treatment among
# {num}`evidence.treatment_death.patients` patients. Pooled, that is {num}`evidence.treatment_death.pooled:estimate`&#8201;%
# ({num}`evidence.treatment_death.pooled:interval`). The studies differ: in a further study of the kind, the true share may lie anywhere from
# {num}`evidence.treatment_death.pooled_prediction:interval`&#8201;%, the prediction interval. With the studies that share patients with another one, the
# pooled figure is {num}`evidence.treatment_death.pooled_all:estimate`&#8201;% ({num}`evidence.treatment_death.pooled_all:interval`). A systematic review of more
# reports pooled {num}`evidence.printed.meta2023:estimate`&#8201;% ({num}`evidence.printed.meta2023:interval`) {cite:p}`higashitani2023`; those whose counts could not
# be read are missing here.
#
# NISSC1 enters the pooling with its *printed* count. Apart from it stands the count in this release,
# {num}`evidence.treatment_death.here`, which is not pooled.
#
# :::{when} synthetic
# The patients of release {edition}`release` are made up, and their deaths were made to equal the printed ones or drawn from such pools: as evidence they
# would count the same figures twice.
# :::
#
# The model takes the counts as binomial and the studies' true logits as normal, so that studies with few deaths, or none,
# need no correction {cite:p}`stijnen2010`; intervals of single studies are exact.

# %% mystnb={"figure": {"name": "treatment-deaths-figure", "caption": "Deaths from the treatment: each study with its exact {edition}`confidence` confidence interval, the pooled shares (diamonds) and their prediction intervals (thin lines). Area of a square: number of patients. Hollow: this release, not pooled."}}
report.figure(
    "evidence-treatment-deaths",
    figures.percent_forest(
        deaths.lines,
        headings=("Died/of", "% (interval)"),
        xlabel="Deaths from the treatment, % of patients; published but for the hollow mark",
        pooled=deaths.pooled,
    ),
    alt="Forest plot of deaths from the treatment, one line a study, with the pooled shares and their prediction intervals below. All values are in the "
    "tables of this page.",
    title=report.finding(
        "Deaths from the treatment, studies pooled: {evidence.treatment_death.pooled} %",
        otherwise="Deaths from the treatment in the published studies",
    ),
    numbers=report.records.named("evidence.treatment_death.pooled*"),
)

# %%
report.frame_table(
    "evidence-pooled",
    "Deaths from the treatment, pooled",
    deaths.summary,
    ["I² grows with the size of the studies at one and the same τ²."],
)

# %% [markdown]
# ## Without one study
#
# How much the pooled share hangs on a single study: with one left out at a time it runs from {num}`evidence.treatment_death.left_out_span`&#8201;%.

# %% tags=["hide-output"]
report.frame_table(
    "evidence-leave-one-out",
    "Pooled deaths from the treatment with one study left out",
    deaths.left_out,
    decimals=2,
)

# %% [markdown]
# ## Alive later
#
# Printed estimates after transplantation, at the times at which they were printed, shortest first. *Event* and *progression* are the studies' own: organ
# failure in some, any progression in others.

# %% mystnb={"figure": {"name": "reported-survival-figure", "caption": "Survival after transplantation as printed, with the printed 95 % confidence intervals where there are any. Lines of one study are the same patients at different times."}}
survival = survival_lines(evidence)
report.figure(
    "evidence-survival",
    figures.percent_forest(
        survival,
        headings=("Patients", "% (95 % CI)"),
        xlabel="Patients, %, as published by the studies",
    ),
    alt=f"Dots with intervals, one line a study and time after transplantation. {told(survival)}",
    title="Alive, and alive without event or progression, as the studies printed it",
)

# %% [markdown]
# ## The randomised trials
#
# The trials compare transplantation with cyclophosphamide pulses. Only here did chance decide who was given which; per-protocol rows leave out some of those
# who were randomised.

# %%
report.frame_table(
    "evidence-trials",
    "Both arms of the randomised trials, as printed",
    arms_table(evidence),
    ["Printed per cent (events/patients); a survival is the share without the event."],
    group="Study",
)

# %% [markdown]
# In ASTIS the hazard ratio was allowed to change with time: above 1 in the first months, when some die of the treatment, below 1 later.

# %%
report.frame_table(
    "evidence-hazard-ratios",
    "Transplantation against cyclophosphamide: hazard ratios as printed (95 % interval)",
    ratio_table(evidence),
    ["The last line is printed for 3 to 10 years."],
    group="Study",
)

# %% [markdown]
# ## Without transplantation
#
# The editorial put mortality at {num}`evidence.printed.editorial2014`&#8201;% within five years {cite:p}`khanna2014`, citing earlier work. The cohorts below
# print figures from which a lower mortality follows, among patients chosen in other ways: some met a trial's criteria, others had any form of the
# disease. None of them is a control group of NISSC1.

# %%
report.frame_table(
    "evidence-untransplanted",
    "Patients without transplantation, as printed",
    by_study_table(evidence, printed["arm"].eq("no transplantation")),
    group="Study",
)

# %% [markdown]
# ## The studies
#
# A dash: not in what was read.

# %% tags=["hide-output"]
report.frame_table("evidence-studies", "Studies and treatments", cohort_table(evidence))

# %% [markdown]
# ## Sources
#
# Who read each figure where. *Secondary*: not in the study's own report. NISSC1's are those of the printed article, not of the patients of this book. The rows are `data/evidence/studies.csv` of the source code; a study is added by
# adding rows, and a row that contradicts itself stops the build.

# %% tags=["hide-output"]
report.frame_table(
    "evidence-sources",
    "Every printed figure and where it was read",
    outcome_table(evidence),
    group="Study",
)

# %% tags=["remove-cell"]
report.publish()
