"""Complications by the part of the body they concern. The grouping is this report's own."""

from __future__ import annotations

import pandas as pd

from nissc1.complication_terms import SEPTIC_SHOCK

NOT_GROUPED = "not_grouped"
SYSTEMS = {
    "heart": "Heart",
    "airways": "Lungs and airways",
    "urinary": "Kidneys and urinary tract",
    "gut": "Mouth and gut",
    "mind": "Mind",
    "skin": "Skin",
    "general": "Fever, sepsis, catheter, reactivation",
    NOT_GROUPED: "Not grouped",
}
"""By part of the records' ids."""
_TERMS = {
    "heart": (
        "Cyclophosphamide-related acute cardiomyopathy",
        "Cardiomyopathy with myocardial infarction",
        "Acute respiratory distress syndrome and acute heart failure",
        "Arrhythmia",
        "Pericardial effusion",
        "Atrial flutter or fibrillation",
        "Endocarditis",
    ),
    "airways": (
        "Allergy to antithymocyte globulin with respiratory failure and pulmonary haemorrhagic "
        "syndrome",
        "Acute pulmonary oedema",
        "Epistaxis",
        "Sinusitis",
        "Sinus infection",
        "Pneumonia",
        "Pleuritis",
    ),
    "urinary": (
        "Renal failure",
        "Haemorrhagic cystitis",
        "BK virus cystitis",
        "Haemorrhagic cystitis with adenovirus",
    ),
    "gut": ("Oral mucositis", "Anal fissure", "Candida stomatitis"),
    "mind": ("Psychosis or depression",),
    "skin": (
        "Cellulitis",
        "Herpes simplex infection",
        "Fusarium skin infection of the right foot",
    ),
    "general": (
        "Fever related to antithymocyte globulin",
        "Neutropenic fever without documented infection",
        "Catheter infection",
        "Catheter infection, not documented",
        "Sepsis",
        SEPTIC_SHOCK,
        "Sepsis with Gram-positive bacillus",
        "Sepsis with Gram-negative bacillus",
        "Cytomegalovirus reactivation",
        "Epstein-Barr virus reactivation",
        "Toxoplasma reactivation",
    ),
}
_SYSTEM_OF = {term: system for system, terms in _TERMS.items() for term in terms}


def system_of(term: pd.Series[str]) -> pd.Series[str]:
    """Tell the part of the body that complications concern.

    Parameters
    ----------
    term : Series of str
        Wording, as in ``adverse_events.term``.

    Returns
    -------
    Series of str
        Keys of `SYSTEMS`. A complication of two organs counts with the one named here; wordings
        that the article does not list are not grouped.
    """
    return term.map(_SYSTEM_OF).fillna(NOT_GROUPED).astype("string")
