"""The complications of the article's Table 4: wording, agent and the printed figure of each."""

from __future__ import annotations

from dataclasses import dataclass

INFECTIOUS, NON_INFECTIOUS = "infectious", "non-infectious"


@dataclass(frozen=True)
class Complication:
    """Describe a row of the article's Table 4.

    Attributes
    ----------
    figure : str
        Id of the printed count, below ``table4.``.
    term : str
        Wording in ``adverse_events.term``.
    category : str
        ``"infectious"`` or ``"non-infectious"``.
    agent : str or None
        As the table groups infections; None for other complications.
    first_day, last_day : int
        Days of onset drawn.
    """

    figure: str
    term: str
    category: str
    agent: str | None
    first_day: int
    last_day: int

    @property
    def published_id(self) -> str:
        """Id of the printed count in ``data/published/figures.csv``."""
        group = "infectious" if self.category == INFECTIOUS else "noninfectious"
        return f"table4.{group}.{self.figure}"


def _other(figure: str, term: str, first_day: int, last_day: int) -> Complication:
    return Complication(figure, term, NON_INFECTIOUS, None, first_day, last_day)


def _infection(figure: str, term: str, agent: str, first_day: int, last_day: int) -> Complication:
    return Complication(figure, term, INFECTIOUS, agent, first_day, last_day)


CARDIOMYOPATHY = _other(
    "cyc_cardiomyopathy", "Cyclophosphamide-related acute cardiomyopathy", 0, 20
)
CMV_REACTIVATION = _infection(
    "viral_cmv_reactivation", "Cytomegalovirus reactivation", "viral", 14, 90
)
BACTERIAL_PNEUMONIA = _infection("bacterial_pneumonia", "Pneumonia", "bacterial", 5, 80)

COMPLICATIONS: tuple[Complication, ...] = (
    CARDIOMYOPATHY,
    _other("cardiomyopathy_infarction", "Cardiomyopathy with myocardial infarction", 1, 30),
    _other(
        "ards_heart_failure", "Acute respiratory distress syndrome and acute heart failure", 2, 30
    ),
    _other("arrhythmia", "Arrhythmia", 0, 40),
    _other("pericardial_effusion", "Pericardial effusion", 3, 70),
    _other("atrial_flutter_fibrillation", "Atrial flutter or fibrillation", 0, 40),
    _other(
        "atg_allergy",
        "Allergy to antithymocyte globulin with respiratory failure and pulmonary haemorrhagic "
        "syndrome",
        0,
        2,
    ),
    _other("atg_fever", "Fever related to antithymocyte globulin", 0, 2),
    _other("pulmonary_oedema", "Acute pulmonary oedema", 0, 20),
    _other("renal_failure", "Renal failure", 3, 90),
    _other("psychosis_depression", "Psychosis or depression", 3, 95),
    _other("epistaxis", "Epistaxis", 4, 20),
    _other("oral_mucositis", "Oral mucositis", 4, 14),
    _other("anal_fissure", "Anal fissure", 5, 90),
    _other("haemorrhagic_cystitis", "Haemorrhagic cystitis", 1, 40),
    _infection(
        "neutropenic_fever",
        "Neutropenic fever without documented infection",
        "not specified",
        2,
        12,
    ),
    _infection("catheter_infection", "Catheter infection", "not specified", 3, 40),
    _infection("sepsis", "Sepsis", "not specified", 3, 30),
    _infection("sinusitis", "Sinusitis", "not specified", 10, 95),
    _infection("pneumonia", "Pneumonia", "not specified", 5, 95),
    _infection("endocarditis", "Endocarditis", "not specified", 10, 80),
    BACTERIAL_PNEUMONIA,
    _infection("bacterial_pleuritis", "Pleuritis", "bacterial", 8, 90),
    _infection(
        "bacterial_sepsis_gram_positive", "Sepsis with Gram-positive bacillus", "bacterial", 2, 30
    ),
    _infection(
        "bacterial_sepsis_gram_negative", "Sepsis with Gram-negative bacillus", "bacterial", 2, 30
    ),
    _infection(
        "bacterial_catheter_infection", "Catheter infection, not documented", "bacterial", 3, 40
    ),
    _infection("bacterial_cellulitis", "Cellulitis", "bacterial", 5, 95),
    CMV_REACTIVATION,
    _infection("viral_ebv_reactivation", "Epstein-Barr virus reactivation", "viral", 18, 98),
    _infection("viral_pneumonia", "Pneumonia", "viral", 15, 95),
    _infection("viral_herpes_simplex", "Herpes simplex infection", "viral", 5, 90),
    _infection("viral_bk_cystitis", "BK virus cystitis", "viral", 12, 70),
    _infection(
        "viral_adenovirus_cystitis", "Haemorrhagic cystitis with adenovirus", "viral", 12, 70
    ),
    _infection("fungal_sinus_infection", "Sinus infection", "fungal", 10, 90),
    _infection(
        "fungal_fusarium_skin", "Fusarium skin infection of the right foot", "fungal", 6, 90
    ),
    _infection("fungal_candida_stomatitis", "Candida stomatitis", "fungal", 4, 40),
    _infection("parasitic_toxoplasma", "Toxoplasma reactivation", "parasitic", 20, 95),
)
"""All rows in the article's order. Septic shock is one of the two events of `Sepsis`."""

SEPTIC_SHOCK = "Sepsis with septic shock"
"""Wording of the one event of sepsis that the table singles out."""
