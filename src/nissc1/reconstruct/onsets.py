"""When each complication of the article's Table 4 begins: an assumption, row by row."""

from __future__ import annotations

from nissc1.complication_terms import TERMS, Term

#: First and last day of onset drawn, by `Term.slug`; the article prints none.
ONSET: dict[str, tuple[int, int]] = {
    "cyc_cardiomyopathy": (0, 20),
    "viral_cmv_reactivation": (14, 90),
    "bacterial_pneumonia": (5, 80),
    "cardiomyopathy_infarction": (1, 30),
    "ards_heart_failure": (2, 30),
    "arrhythmia": (0, 40),
    "pericardial_effusion": (3, 70),
    "atrial_flutter_fibrillation": (0, 40),
    "atg_allergy": (0, 2),
    "atg_fever": (0, 2),
    "pulmonary_oedema": (0, 20),
    "renal_failure": (3, 90),
    "psychosis_depression": (3, 95),
    "epistaxis": (4, 20),
    "oral_mucositis": (4, 14),
    "anal_fissure": (5, 90),
    "haemorrhagic_cystitis": (1, 40),
    "neutropenic_fever": (2, 12),
    "catheter_infection": (3, 40),
    "sepsis": (3, 30),
    "sinusitis": (10, 95),
    "pneumonia": (5, 95),
    "endocarditis": (10, 80),
    "bacterial_pleuritis": (8, 90),
    "bacterial_sepsis_gram_positive": (2, 30),
    "bacterial_sepsis_gram_negative": (2, 30),
    "bacterial_catheter_infection": (3, 40),
    "bacterial_cellulitis": (5, 95),
    "viral_ebv_reactivation": (18, 98),
    "viral_pneumonia": (15, 95),
    "viral_herpes_simplex": (5, 90),
    "viral_bk_cystitis": (12, 70),
    "viral_adenovirus_cystitis": (12, 70),
    "fungal_sinus_infection": (10, 90),
    "fungal_fusarium_skin": (6, 90),
    "fungal_candida_stomatitis": (4, 40),
    "parasitic_toxoplasma": (20, 95),
}


def term(slug: str) -> Term:
    """Return the complication of that name.

    Parameters
    ----------
    slug : str
        `Term.slug`.

    Returns
    -------
    Term
        As `nissc1.complication_terms` lists it.

    Raises
    ------
    KeyError
        When none has that name.
    """
    return {listed.slug: listed for listed in TERMS}[slug]


def published_id(listed: Term) -> str:
    """Name the printed count of a complication in ``data/published/figures.csv``.

    Parameters
    ----------
    listed : Term
        The complication.
    """
    return listed.record.replace("ae.", "table4.", 1)
