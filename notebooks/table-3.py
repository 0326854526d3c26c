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
# # The patients who died (Table 3)
#
# {num}`safety.nrm_deaths` patients died without progression and {num}`safety.progression_deaths` after it. In the reconstructed release 2021.02
# these rows are the only ones that are not invented: they are those of the article's own Table 3.
#
# :::{when} simulated
# In release {edition}`release` eight of the deaths are those, and the others are simulated.
# :::

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = None
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import deaths
from nissc1.report import Report
from nissc1.report.describe import describe
from nissc1.tabulation.deaths import CAUSES, LATE_EFFECTS

report = Report.open(
    notebook="table-3",
    release=release,
    cutoff=cutoff,
    horizon_months=horizon_months,
    population=population,
    conf_level=conf_level,
    disclosure=disclosure,
)
cohort = report.cohort

# %% [markdown]
# ## Table 3
#
# One row a death, ordered as in the article. The article heads creatinine with mmol/L, but only µmol/L is possible; and it dates the fifth death to day 26 in
# its table and to day 21 in its text.

# %%
died = deaths.table(cohort)
records = {
    number: {
        field.name: report.value(
            f"deaths.{number}.{field.name}",
            f"Death {number}: {field.label}",
            row[field.name],
            field.unit,
            patient_level=True,
        )
        for field in deaths.FIELDS
    }
    for number, row in died.iterrows()
}
report.frame_table(
    "table-3", "Table 3. Patients who died", deaths.tabulated(died), patient_level=True
)

# %% [markdown]
# ## Causes and late effects

# %%
report.table(
    "deaths",
    "Deaths and late effects",
    describe(report, CAUSES, deaths.circumstances(cohort))
    | describe(report, LATE_EFFECTS, cohort.outcomes),
    where="results.safety",
)

# %% [markdown]
# ## Beside print
#
# Each cell of Table 3 with the printed one, where the release is the article's. The table is long and folded.

# %% tags=["hide-output"]
report.table(
    "table-3-printed",
    "Table 3, cell by cell",
    {f"Death {number}": list(row.values()) for number, row in records.items()},
    where="table3",
)

# %% tags=["remove-cell"]
report.publish()
