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
# # How the estimates moved
#
# What this report would have said, had it existed from the first transplantation on: each key estimate at the end of every half-year, from the
# patients transplanted by then and what had been seen of them by then. It shows how soon an estimate settled, and how wide its interval was while
# it had not.
#
# ```{important}
# The patients of release 2021.02 are reconstructed from print, and the article gives no dates: the calendar days are invented. With them the
# page shows what the method does. It is *not* the history of the study, and what later releases add is simulated.
# ```

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from itertools import product

import pandas as pd

from nissc1.replay import KEY_ENDPOINTS, key_months, miss_probabilities, replay
from nissc1.report import Report, figures
from nissc1.report.by_release import estimates_by_release
from nissc1.stats import every_look

report = Report.open(
    notebook="estimates-over-time",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
looks = replay(report.cohort, report.parameters.cutoff, conf_level=report.conf_level)

# %% [markdown]
# ## The course
#
# An estimate appears once the first patients have been followed that long. It is *immature*, and drawn hollow, while fewer than half of
# the patients transplanted by then could have been followed that long, had they neither died nor been lost
# ([rule and source](../book/methods)).

# %%
rates = []
report.count("replay.looks", "Looks at the data", len(looks), unit="looks")
for key, (title, _) in KEY_ENDPOINTS.items():
    for month, look in product(key_months(report.horizon), looks):
        curve, followed = look.curves[key], look.maturity(month)
        name = f"replay.{key}.{month}m.{look.name}"
        label = f"{title} at {month} months, cut-off {look.cutoff}"
        usual = report.rate(name, label, curve, months=month, followed=followed)
        name, label = f"{name}.every_look", f"{label}, interval at every look"
        every = report.rate(name, label, every_look(curve), months=month, followed=followed)
        rates.append(figures.ReplayedRate(title, month, look.cutoff, followed, usual, every))
known = [rate.usual for rate in rates if rate.usual.estimate is not None]
course = [record for record in known if record.id.startswith(f"replay.pfs.{report.landmarks[-1]}m")]

# %% mystnb={"figure": {"name": "replay-figure", "caption": "Key estimates by data cut-off, with the usual {edition}`confidence` confidence interval (thick) and the one that holds at every look (thin). Hollow marks are immature estimates. Where nothing is drawn, nobody had been followed that long."}}
report.figure(
    "replay-course",
    figures.replay_panels(rates),
    alt="A panel for each endpoint and time after transplantation: rates against the calendar date of the data cut-off, with a thick and a longer "
    "thin bar each. All values are in the table below.",
    title=report.finding(
        f"{course[-1].label}: {{{course[-1].id}:estimate}} %, at the first look with an estimate {{{course[0].id}:estimate}} %"
        if course
        else "",
        otherwise="The key estimates by data cut-off",
    ),
    numbers=[course[0], course[-1]] if course else [],
)

# %% [markdown]
# ## By release
#
# Each release with the figures that it gave when it came. Beside an earlier one stands what this release gives when it is cut off on the same day: where
# the two differ, values were corrected, events were reported late, patients came in who had been transplanted before, or patients out of contact were
# found again, so that their time up to that day counts now.

# %%
report.frame_table(
    "replay-releases", "Key estimates by release", estimates_by_release(report), group="Estimate"
)

# %% [markdown]
# ## What looking again and again does
#
# A 95 % confidence interval misses the truth one time in twenty, if it is worked out once. A living report works it out whenever follow-up arrives,
# and each look is a new chance to miss: with five looks at evenly growing information at least one of the intervals misses 14 times in a hundred,
# with ten looks 19 times {cite:p}`armitage1969`. Who waits for the first interval that excludes some value, and stops there, is misled that often.
#
# The second interval is made so that *all* looks together miss no more often than a single usual interval does, however many there are and whenever
# one stops. It is wider, most of all while events are few. The table tells, for the looks of this page, how often at least one
# interval misses in large samples.

# %%
missing = []
for key, month in dict.fromkeys((rate.usual.id.split(".")[1], rate.months) for rate in rates):
    seen, *shares = miss_probabilities(looks, key, month)
    row = {"Estimate": f"{KEY_ENDPOINTS[key][0]} at {month} months", "Looks": seen}
    for kind, share in zip(["usual", "every look"], shares, strict=True):
        name = f"replay.{key}.{month}m.miss_{kind.replace(' ', '_')}"
        value = 100 * share if seen else "no look with an event yet"
        row[kind] = report.value(name, f"{row['Estimate']}, misses: {kind}", value, "%", 1)
    missing.append(row)
report.frame_table(
    "replay-misses",
    "Probability that at least one look misses the truth, %",
    pd.DataFrame(missing).rename(columns=str.capitalize),
    footnotes=["Looks: those with an estimate and at least one event behind it."],
)

# %% [markdown]
# ## Every look
#
# *At risk* are those still followed without event at the time in question. Before the first event the usual methods give an interval without width,
# which claims too much; the interval that holds at every look then excludes nothing. Near 0 and 100 % the two may be shifted against each other, since they
# are set on different scales.

# %% tags=["hide-output"]
report.frame_table(
    "replay",
    "Key estimates by data cut-off",
    pd.DataFrame([rate.cells() for rate in rates]).convert_dtypes(),
    [
        "† Immature: fewer than half of the patients could have been followed that long.",
        "Not yet estimable: by the cut-off nobody had been followed that long.",
    ],
    group="Estimate",
    counts=["Patients", "Could have been followed", "At risk", "Events"],
)

# %% tags=["remove-cell"]
report.publish()
