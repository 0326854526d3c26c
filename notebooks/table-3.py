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
# {num}`safety.nrm_deaths` patients died without progression, all of them by day 100, and {num}`safety.progression_deaths` after progression. These rows are
# the only ones in release {edition}`release` that are not invented: they are those of the article's own Table 3.

# %% tags=["parameters"]
release = "2021.02"
cutoff = None
horizon_months = 24
population = None
conf_level = 0.95
disclosure = "none"

# %%
from nissc1 import deaths
from nissc1.report import Report

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
# One row a death, ordered as in the article. The article heads creatinine with mmol/L, but only µmol/L is possible; and it dates the fifth death to day 26 here
# and to day 21 in the text. An examination that was not done did not take place before transplantation.

# %%
died = deaths.table(cohort)
records = {
    number: {
        field.name: report.value(
            f"deaths.{number}.{field.name}",
            f"Death {number}: {field.label}",
            row[field.name],
            unit=field.unit,
            patient_level=True,
        )
        for field in deaths.FIELDS
    }
    for number, row in died.iterrows()
}
shown = died.assign(**{name: [row[name] for row in records.values()] for name in died.columns})
report.frame_table(
    "table-3",
    "Table 3. Patients who died",
    shown[[field.name for field in deaths.FIELDS if field.tabulated]].rename(
        columns={field.name: field.heading for field in deaths.FIELDS}
    ),
    patient_level=True,
)

# %% [markdown]
# ## Causes

# %%
told = deaths.circumstances(cohort)
early = told[~told["after_progression"]]
others = early[early["cardiac"] & early["mri_done"]]
outcomes = cohort.outcomes
late_effects = {
    "myeloid_malignancy": "Myeloid malignancies",
    "late_infection": "Serious late infections",
    "secondary_autoimmunity": "Secondary autoimmune diseases",
}
rows = [
    report.count("safety.nrm_deaths", "Deaths without progression", len(early)),
    report.proportion("safety.cardiac_deaths", "Of these, cardiac", early["cardiac"]),
    report.count(
        "safety.cyc_toxicity_deaths",
        "Of these, cyclophosphamide toxicity",
        int(early["cyclophosphamide"].sum()),
    ),
    report.count("safety.other_cardiac_deaths.n", "Cardiac deaths after cardiac MRI", len(others)),
    *[
        report.count(
            f"safety.other_cardiac_deaths.day_{day}",
            f"Of these, on day {day}",
            int((others["day"] == day).sum()),
        )
        for day in (1, 9)
    ],
    report.count(
        "safety.other_cardiac_deaths.mri_normal",
        "Of these, MRI normal",
        int(others["mri_normal"].sum()),
    ),
    report.count(
        "safety.other_cardiac_deaths.no_rhc",
        "Of these, not catheterised",
        int((~others["rhc_done"]).sum()),
    ),
    report.count(
        "safety.progression_deaths",
        "Deaths after progression",
        int(told["after_progression"].sum()),
    ),
    *[
        report.count(
            f"safety.{name.replace('infection', 'infections')}",
            label,
            int(outcomes[f"{name}_day"].count()),
        )
        for name, label in late_effects.items()
    ],
]
report.table("deaths", "Deaths and late effects", rows, where="results.safety")

# %% [markdown]
# ## Beside print
#
# Each cell of Table 3 with the printed one. The table is long and folded.

# %% tags=["hide-output"]
report.table(
    "table-3-printed",
    "Table 3, cell by cell",
    {
        f"Death {number}": [row[field.name] for field in deaths.FIELDS]
        for number, row in records.items()
    },
    where="table3",
)

# %%
report.publish()
