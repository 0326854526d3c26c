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
# # Change that matters to patients
#
# A mean can change although few patients notice anything. How many changed by at least the smallest amount that patients or their physicians
# notice? Of those measured at two years, with exact {edition}`confidence` intervals:
#
# - skin score better by the larger limit: {num}`meaningful.mrss.better_larger.24m:estimate`&#8201;% ({num}`meaningful.mrss.better_larger.24m:interval`);
# - FVC better by the larger limit: {num}`meaningful.fvc.better_larger.24m:estimate`&#8201;% ({num}`meaningful.fvc.better_larger.24m:interval`), worse by the larger limit: {num}`meaningful.fvc.worse_larger.24m:estimate`&#8201;% ({num}`meaningful.fvc.worse_larger.24m:interval`);
# - disability (sHAQ) better by the larger limit: {num}`meaningful.shaq.better_larger.24m:estimate`&#8201;% ({num}`meaningful.shaq.better_larger.24m:interval`).

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.meaningful_change import IMPORTANT, improvement
from nissc1.report import Report, figures
from nissc1.report.meaningful_change import meaningful_rows

report = Report.open(
    notebook="meaningful-change",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)

# %% [markdown]
# ## The limits
#
# Each is a range, because it was estimated in more than one way:
#
# - *Skin score* and *disability*: 3.2 to 5.3 points of mRSS and 0.10 to 0.14 points of the HAQ disability index, from the physicians' view of an
#   improvement in a trial of penicillamine {cite:p}`khanna2006`. The source gives no limits for worsening; the same ones are used here. The index is a part of the
#   sHAQ, and stands in for it.
# - *FVC*: 3.0 to 5.3 % of predicted for an improvement and 3.0 to 3.3 for a worsening at 12 months, from the two Scleroderma Lung Studies {cite:p}`kafaja2018`.
#
# Of both papers the abstracts were read. They are on other patients under other treatments. For DLCO no such limit was found. The limits are
# means over groups of patients: a single patient's FVC can vary by as much between two examinations without any change.

# %% [markdown]
# ## Who reached them
#
# *Of those measured* leaves out whom nobody examined; if the ill stay away, it flatters. *Of all* counts every patient with a value at baseline who
# could have been followed so long, and takes those not measured and the dead as not having reached the limit; for an improvement it is the cautious
# reading, for a worsening it is not.

# %%
months = sorted({12, 24, report.horizon})
report.frame_table(
    "meaningful-change",
    "Patients who changed by as much as matters",
    meaningful_rows(report, months),
    footnotes=["n/N, % (exact confidence interval)."],
    group="Measurement",
)

# %% [markdown]
# ## Every amount
#
# The limits are conventions. The curves show the share of the patients measured at two years who improved by at least each amount: left of zero,
# a curve falls by the share of those who worsened.

# %% mystnb={"figure": {"name": "meaningful-figure", "caption": "Share of the patients measured at two years whose improvement was at least the amount on the axis. Bands: range of the smallest change that matters, for the better (right) and the worse (left)."}}
changes = {
    important: improvement(report.cohort, important, 24, report.parameters.cutoff)
    for important in IMPORTANT
}
report.figure(
    "every-amount",
    figures.reached_panels(changes),
    alt="Three falling step curves of the share of patients with at least a given improvement of skin score, FVC and sHAQ; shaded bands mark the smallest change that matters.",
    title=report.finding(
        "At 24 months the skin score was better by at least 5.3 points in "
        "{meaningful.mrss.better_larger.24m:estimate} % of those measured",
        otherwise="Share of patients who improved by at least each amount",
    ),
    numbers=report.records.named("meaningful.*.better_*.24m"),
    patient_level=True,
)

# %% tags=["remove-cell"]
report.publish()
