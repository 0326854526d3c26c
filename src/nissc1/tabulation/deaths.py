"""Rows on causes of death and late effects."""

from __future__ import annotations

import pandas as pd

from nissc1.tabulation.row import Row, Rows, Values, count, share


def _early(told: pd.DataFrame) -> pd.Series[bool]:
    return ~told["after_progression"]


def _cardiac_after_mri(told: pd.DataFrame) -> pd.Series[bool]:
    return _early(told) & told["cardiac"] & told["mri_done"]


def _of_these(column: str) -> Values:
    return lambda told: _cardiac_after_mri(told) & told[column]


def _on(day: int) -> Row:
    return count(
        f"safety.other_cardiac_deaths.day_{day}",
        f"Of these, on day {day}",
        lambda told: _cardiac_after_mri(told) & (told["day"] == day),
    )


CAUSES: Rows = {
    "Deaths without progression": (
        count("safety.nrm_deaths", "All", _early),
        share(
            "safety.cardiac_deaths",
            "Of these, cardiac",
            lambda told: told["cardiac"].astype("boolean").where(_early(told)),
        ),
        count(
            "safety.cyc_toxicity_deaths",
            "Of these, cyclophosphamide toxicity",
            lambda told: _early(told) & told["cyclophosphamide"],
        ),
        count("safety.other_cardiac_deaths.n", "Cardiac, after cardiac MRI", _cardiac_after_mri),
        _on(1),
        _on(9),
        count(
            "safety.other_cardiac_deaths.mri_normal",
            "Of these, MRI normal",
            _of_these("mri_normal"),
        ),
        count(
            "safety.other_cardiac_deaths.no_rhc",
            "Of these, not catheterised",
            lambda told: _cardiac_after_mri(told) & ~told["rhc_done"],
        ),
    ),
    "Deaths after progression": (count("safety.progression_deaths", "All", "after_progression"),),
}
"""On `nissc1.deaths.circumstances`: one row a death."""


def _reported(column: str) -> Values:
    return lambda outcomes: outcomes[column].notna()


LATE_EFFECTS: Rows = {
    "Late effects": (
        count(
            "safety.myeloid_malignancy", "Myeloid malignancy", _reported("myeloid_malignancy_day")
        ),
        count("safety.late_infections", "Serious late infection", _reported("late_infection_day")),
        count(
            "safety.secondary_autoimmunity",
            "Secondary autoimmune disease",
            _reported("secondary_autoimmunity_day"),
        ),
    ),
}
"""On the cohort's ``outcomes``: one row a patient."""
