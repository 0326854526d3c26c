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
#   nissc1:
#     receives: [release]
# ---

# %% [markdown]
# # What the printed digits reveal
#
# A printed figure says more than it seems to. A percentage betrays its denominator, a confidence interval how many patients were still
# followed, a P value the test behind it. This page works out what print alone implies about the patients nobody outside the study has
# seen. It uses no patient data, real or synthetic: only the digits of the article, and arithmetic.
#
# What is excluded here is excluded for any data that the article can have been written from, apart from misprints. What is left possible is
# not thereby true.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import digits
from nissc1.report import Report
from nissc1.report.figures.spread import spread
from nissc1.report.published import load_published

report = Report.open(
    notebook="reading-the-digits",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
published = load_published()

# %% [markdown]
# ## Denominators behind percentages
#
# Tables 1 and 2 print {num}`digits.percentages.percentages` counts with a percentage and no denominator. For {num}`digits.percentages.one_denominator` of them only one
# number of patients up to {num}`digits.percentages.patients` makes the count that percentage. For {num}`digits.percentages.not_of_all` it cannot be all of the
# patients: they belong to a part of them, or the others were not known. For {num}`digits.percentages.no_denominator` there is no such number.

# %%
shares = digits.read_denominators(published)
report.frame_table("denominators", "Denominators that fit", shares.table, group="Place")

# %% [markdown]
# ## The first year: who left, and when
#
# In the first year {num}`digits.first.deaths` patients died without progression and {num}`digits.first.progressions` progressed: no other number of
# {num}`digits.percentages.patients` prints as {num}`digits.first.printed`&#8201;%. Had nobody been lost before the last of these events,
# {num}`digits.first.admissible_0` of their {num}`digits.first.searched_0` possible orders would print progression-free survival and progression at one
# year, each with its interval. With one event-free patient lost, {num}`digits.first.admissible_1` of {num}`digits.first.searched_1` orders do,
# and in all of them the loss comes after at least {num}`digits.first.events_before` of the events, {num}`digits.first.progressions_before` or
# more of them progressions. With two lost {num}`digits.first.admissible_2` of {num}`digits.first.searched_2` do, with three
# {num}`digits.first.admissible_3` of {num}`digits.first.searched_3`. Every order counts, also those that the printed days of death exclude; events of the same day
# count as one after the other.

# %%
first = digits.read_early_loss(published)
report.frame_table("early-loss", "When the one patient can have been lost", first.table)

# %% [markdown]
# ## The second year: how many were still followed
#
# The rates at two years ask for {num}`digits.second.events` progressions in the second year (numbers other than that which print them:
# {num}`digits.second.other_events`). Their intervals depend on how many event-free patients were still followed at each progression. Of
# {num}`digits.second.searched` possible sequences of such numbers {num}`digits.second.admissible` print both rates with both intervals. When the
# last of these patients progressed, {num}`digits.second.last_least` to {num}`digits.second.last_most` were still at risk; the others had had their
# event, or their follow-up had ended.

# %% mystnb={"figure": {"name": "at-risk-figure", "caption": "Patients at risk at each progression of the second year. A bubble is a number that prints the rates with their intervals; its area shows in how many of the possible sequences."}}
second = digits.read_late_follow_up(published)
report.figure(
    "at-risk",
    spread(
        second.table,
        "at_risk",
        "event",
        "sequences",
        xlabel="Patients at risk",
        ylabel="Progression",
    ),
    alt="Bubbles on one line a progression: the numbers at risk that remain possible.",
    title="When the last patient of the second year progressed, "
    f"{second.facts['last_least']} to {second.facts['last_most']} were still at risk",
)

# %% [markdown]
# ## Events and units behind the Cox model
#
# The interval of a hazard ratio is symmetric on the log scale, so its limits give the ratio back: for the skin score
# {num}`digits.skin.ratio`, with the limits anywhere within their rounding {num}`digits.skin.least` to {num}`digits.skin.most`. The abstract prints
# {num}`digits.skin.abstract`, the text {num}`digits.skin.text`: both are possible, the first is nearer.
#
# The width of the interval tells how many events the two groups had. The {num}`digits.skin.events` events of two years fit if they are divided
# {num}`digits.skin.split`. Of all totals up to {num}`digits.skin.largest_total`, {num}`digits.skin.totals` fits. This holds approximately: the model had age in it too.
#
# The unit of age is not printed. The interval of its hazard ratio, {num}`digits.age.ratio`, asks for a standard deviation of {num}`digits.age.sd` units, but ages that span
# {num}`digits.age.span` years cannot have one below {num}`digits.age.sd_least` years. So one year is excluded; ten years suit.

# %%
skin = digits.read_events(published, second.facts["events"])
age = digits.read_age_unit(published, skin.facts["events"])
report.frame_table("age-unit", "What the hazard ratio of age means by its unit", age.table)

# %% [markdown]
# ## The test behind each P value
#
# Infections are compared between two groups three times, and only the P values are printed. With {num}`digits.tests.infected` infected patients every table
# can be listed: {num}`digits.tests.searched` in all, counting that patients outside both groups may be infected or not. Three tests were tried on each: χ² with and without
# continuity correction, and Fisher's exact test. The table shows all that print the P value. Tests that serve all three comparisons:
# {num}`digits.tests.common`.

# %%
tests = digits.read_infection_tests(published)
report.frame_table("tests", "Tables that fit", tests.table, group="Comparison", decimals=3)

# %% [markdown]
# ## Signs and directions
#
# The coefficient between the dose of CD34+ cells and engraftment, {num}`digits.signs.correlation`, is printed as a square, which cannot be negative. Read as a
# coefficient it needs at least {num}`digits.signs.pairs` patients for its P value, so it was not computed in a small subset.
#
# The hazard ratio of CD34+ selection for response, {num}`digits.signs.selection`, has its whole interval below 1: as printed, selected patients respond later
# or less. The words, a better response, fit {num}`digits.signs.inverse` ({num}`digits.signs.inverse_least` to {num}`digits.signs.inverse_most`), the same model with the
# groups exchanged.

# %% tags=["remove-cell"]
readings = {"percentages": shares, "first": first, "second": second, "skin": skin, "age": age}
readings |= {"tests": tests, "signs": digits.read_signs(published)}
for topic, reading in readings.items():
    for key, fact in reading.facts.items():
        label = f"{topic}: {key.replace('_', ' ')}"
        places = (3 if topic == "skin" else 2) if isinstance(fact, float) else 0
        report.value(f"digits.{topic}.{key}", label, fact, decimals=places)
report.publish()
