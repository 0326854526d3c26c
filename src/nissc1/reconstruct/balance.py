"""Characteristics that, by the article's rule, do not go with progression-free survival."""

from __future__ import annotations

from nissc1.reconstruct import assumptions as assumed
from nissc1.reconstruct.characteristics import OTHERS, coded
from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.prognosis import UNRELATED, pfs_risk_sets
from nissc1.reconstruct.targets import N_DEATHS, MissedFigureError

#: Columns whose values may be swapped between patients, and what the two must share.
SWAPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "disease_duration": ("disease_duration_months", ()),
    "scl70": ("anti_scl70", ("ana", "anti_centromere")),
    "spap": ("spap_mmhg", ("cardiac_mri", "rhc")),
    "mobilisation": ("mobilisation_cyc_g_m2", ()),
    "holter": ("holter_ecg", ("cardiac_mri", "conditioning_cyc_mg_kg")),
    "proteinuria": ("proteinuria", ()),
    "selection": ("cd34_selection", ()),
    "conditioning": ("conditioning_cyc_mg_kg", ("thiotepa_mg_kg",)),
}


#: Goes with PFS by what is printed: two of its four patients had an event, on printed days.
PRINTED_TO_GO = ("thiotepa",)


def balance_pfs(draft: Draft) -> None:
    """Swap characteristics between patients until none but age and skin score goes with PFS.

    Parameters
    ----------
    draft : Draft
        With work-up, baseline and procedure; changed in place.

    Raises
    ------
    MissedFigureError
        When a characteristic still goes with it.
    """
    rng, sets = draft.rng, pfs_risk_sets(draft)
    for name in OTHERS:
        p_value = sets.logrank_p(coded(draft, name))
        column, shared = SWAPS.get(name, ("", ()))
        tries = 400 if column else 0
        values = draft.column(column) if column else []
        for _ in range(tries):
            if p_value >= 2 * UNRELATED:
                break
            i = N_DEATHS + int(rng.random() * len(assumed.AGES_OF_PROGRESSION))
            j = N_DEATHS + int(rng.random() * (len(draft.courses) - N_DEATHS))
            if any(draft.column(other)[i] != draft.column(other)[j] for other in shared):
                continue
            values[i], values[j] = values[j], values[i]
            after = sets.logrank_p(coded(draft, name))
            if after > p_value:
                p_value = after
            else:
                values[i], values[j] = values[j], values[i]
        if p_value < UNRELATED and name not in PRINTED_TO_GO:
            raise MissedFigureError(
                f"Progression-free survival still goes with {name}: P = {p_value:.3f}."
            )
