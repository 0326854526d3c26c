"""The complications that the article's Table 4 lists, in its order: identifier, wording, group."""

from __future__ import annotations

from dataclasses import dataclass

INFECTIOUS, NON_INFECTIOUS = "infectious", "non-infectious"


@dataclass(frozen=True)
class Term:
    """Describe a complication.

    Parameters
    ----------
    slug : str
        Last part of its record's id.
    term : str
        Wording in ``adverse_events.term``.
    category : {"infectious", "non-infectious"}
        As in ``adverse_events.category``.
    agent : str or None
        As in ``adverse_events.agent``; None for other complications. Three terms occur with
        several agents.
    """

    slug: str
    term: str
    category: str
    agent: str | None

    @property
    def record(self) -> str:
        """Id of the record that counts it."""
        return f"ae.{self.category.replace('-', '')}.{self.slug}"


SEPTIC_SHOCK = "Sepsis with septic shock"
"""Wording of the sepsis with shock; `TERMS` counts it as sepsis."""

TERMS: tuple[Term, ...] = (
    Term(
        "cyc_cardiomyopathy", "Cyclophosphamide-related acute cardiomyopathy", NON_INFECTIOUS, None
    ),
    Term(
        "cardiomyopathy_infarction",
        "Cardiomyopathy with myocardial infarction",
        NON_INFECTIOUS,
        None,
    ),
    Term(
        "ards_heart_failure",
        "Acute respiratory distress syndrome and acute heart failure",
        NON_INFECTIOUS,
        None,
    ),
    Term("arrhythmia", "Arrhythmia", NON_INFECTIOUS, None),
    Term("pericardial_effusion", "Pericardial effusion", NON_INFECTIOUS, None),
    Term("atrial_flutter_fibrillation", "Atrial flutter or fibrillation", NON_INFECTIOUS, None),
    Term(
        "atg_allergy",
        "Allergy to antithymocyte globulin with respiratory failure and pulmonary haemorrhagic "
        "syndrome",
        NON_INFECTIOUS,
        None,
    ),
    Term("atg_fever", "Fever related to antithymocyte globulin", NON_INFECTIOUS, None),
    Term("pulmonary_oedema", "Acute pulmonary oedema", NON_INFECTIOUS, None),
    Term("renal_failure", "Renal failure", NON_INFECTIOUS, None),
    Term("psychosis_depression", "Psychosis or depression", NON_INFECTIOUS, None),
    Term("epistaxis", "Epistaxis", NON_INFECTIOUS, None),
    Term("oral_mucositis", "Oral mucositis", NON_INFECTIOUS, None),
    Term("anal_fissure", "Anal fissure", NON_INFECTIOUS, None),
    Term("haemorrhagic_cystitis", "Haemorrhagic cystitis", NON_INFECTIOUS, None),
    Term(
        "neutropenic_fever",
        "Neutropenic fever without documented infection",
        INFECTIOUS,
        "not specified",
    ),
    Term("catheter_infection", "Catheter infection", INFECTIOUS, "not specified"),
    Term("sepsis", "Sepsis", INFECTIOUS, "not specified"),
    Term("sinusitis", "Sinusitis", INFECTIOUS, "not specified"),
    Term("pneumonia", "Pneumonia", INFECTIOUS, "not specified"),
    Term("endocarditis", "Endocarditis", INFECTIOUS, "not specified"),
    Term("bacterial_pneumonia", "Pneumonia", INFECTIOUS, "bacterial"),
    Term("bacterial_pleuritis", "Pleuritis", INFECTIOUS, "bacterial"),
    Term(
        "bacterial_sepsis_gram_positive",
        "Sepsis with Gram-positive bacillus",
        INFECTIOUS,
        "bacterial",
    ),
    Term(
        "bacterial_sepsis_gram_negative",
        "Sepsis with Gram-negative bacillus",
        INFECTIOUS,
        "bacterial",
    ),
    Term(
        "bacterial_catheter_infection",
        "Catheter infection, not documented",
        INFECTIOUS,
        "bacterial",
    ),
    Term("bacterial_cellulitis", "Cellulitis", INFECTIOUS, "bacterial"),
    Term("viral_cmv_reactivation", "Cytomegalovirus reactivation", INFECTIOUS, "viral"),
    Term("viral_ebv_reactivation", "Epstein-Barr virus reactivation", INFECTIOUS, "viral"),
    Term("viral_pneumonia", "Pneumonia", INFECTIOUS, "viral"),
    Term("viral_herpes_simplex", "Herpes simplex infection", INFECTIOUS, "viral"),
    Term("viral_bk_cystitis", "BK virus cystitis", INFECTIOUS, "viral"),
    Term("viral_adenovirus_cystitis", "Haemorrhagic cystitis with adenovirus", INFECTIOUS, "viral"),
    Term("fungal_sinus_infection", "Sinus infection", INFECTIOUS, "fungal"),
    Term("fungal_fusarium_skin", "Fusarium skin infection of the right foot", INFECTIOUS, "fungal"),
    Term("fungal_candida_stomatitis", "Candida stomatitis", INFECTIOUS, "fungal"),
    Term("parasitic_toxoplasma", "Toxoplasma reactivation", INFECTIOUS, "parasitic"),
)
"""All of them, in the article's order."""
