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
# # Course over the visits
#
# How did skin, lungs, disability and sedimentation rate change after transplantation, if all patients who were measured at any visit
# count, and not only those with [complete series](../notebooks/figure-2)? Change from baseline to two years, with {edition}`confidence` interval:
#
# - skin score {num}`course.mrss.change.24m` points;
# - FVC {num}`course.fvc.change.24m` and DLCO {num}`course.dlco.change.24m` percentage points of predicted;
# - disability (sHAQ) {num}`course.shaq.change.24m` points;
# - sedimentation rate {num}`course.esr.change.24m` mm/h.
#
# These are changes before and after in treated patients. There is no comparison group, so they cannot tell what would
# have happened without transplantation.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1.report import Report, figures
from nissc1.report.course import check_rows, course_rows, drawn_means, fit_courses
from nissc1.visit_course import MEASUREMENTS

report = Report.open(
    notebook="repeated-measures",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
visits = report.cohort.visits
scheduled = {0, 12, 24, *(int(month) for month in visits["month"])}
months = sorted(month for month in scheduled if month <= report.horizon)
courses = fit_courses(report, visits, months)
means = drawn_means(report, courses)

# %% [markdown]
# ## Means at each visit
#
# The mixed model for repeated measures gives each visit a mean of its own. It uses what is known of a patient at the other visits to
# allow for those that are missing, and is unbiased if, given these, it does not matter for being measured how the patient fared. The
# estimating equations beside it ask for more, that values are missing wholly by chance, but need no model of how visits
# go together. Where the two disagree, missing values matter; [Missing visits](missing-visits) asks how much.

# %% mystnb={"figure": {"name": "course-means-figure", "caption": "Mean at each visit with its {edition}`confidence` confidence interval, from the mixed model (circles) and from the estimating equations (squares, set to the right)."}}
changes = course_rows(report, courses, months)
report.figure(
    "course-means",
    figures.mean_courses(means),
    alt="Means of five measurements over months after transplantation with intervals, by two methods.",
    title=report.finding(
        "Mean change at {horizon} months: skin score {course.mrss.change.{horizon}m} points, "
        "FVC {course.fvc.change.{horizon}m} % of predicted",
        otherwise="Mean skin score, lung function, disability and sedimentation rate at each visit",
    ),
    numbers=report.records.named("course.*.mean.0m", f"course.*.mean.{report.horizon}m"),
)

# %%
report.frame_table(
    "course",
    "Means and changes from baseline",
    changes,
    footnotes=[
        "Estimate (confidence interval). Change: mixed model.",
        "A fall is an improvement in skin score, sHAQ and sedimentation rate, a rise in FVC and DLCO.",
        "Nothing is adjusted for the number of comparisons.",
    ],
    group="Measurement",
    counts=["Measured"],
)

# %% [markdown]
# The models speak of patients while they live: a value after death does not exist, and [survival](../notebooks/figure-1) is to be read beside them.

# %% [markdown]
# ## Single patients
#
# The mean hides how differently patients fare. Each line is one patient.

# %% mystnb={"figure": {"name": "single-courses-figure", "caption": "Course of each patient (grey) and mean of the mixed model with its {edition}`confidence` confidence interval (blue)."}}
titles = {f"{name}, {unit}": column for column, name, unit, _ in MEASUREMENTS.values()}
report.figure(
    "single-courses",
    figures.single_courses(visits[visits["month"].isin(months)], titles, means),
    alt="Spaghetti plot: a grey line for each patient in five panels, and the mean course over them.",
    title="Behind one mean, many courses",
    numbers=report.records.named("course.*.mean.0m", f"course.*.mean.{report.horizon}m"),
    patient_level=True,
)

# %% [markdown]
# ## Do the models fit?
#
# The mixed model of the first two years. A large χ² against equal correlations says that visits do not go together equally, and that the simpler
# matrix would not do; where the model has the simpler matrix itself, there is nothing to test. Of normal residuals 4.6 % lie beyond two standard deviations, and their skewness is 0. Far
# from these, the intervals of the mixed model are approximate; those of the estimating equations do not rest on it.

# %%
report.frame_table(
    "course-checks",
    "Checks of the mixed models",
    check_rows(report, courses),
    footnotes=["Residuals: n (%) of the values, or n of N (%)."],
)

# %% tags=["remove-cell"]
report.publish()
