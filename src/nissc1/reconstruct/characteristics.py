"""Characteristics that might go with an outcome but, by the article's rule, do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nissc1.reconstruct.draft import Draft
from nissc1.reconstruct.workup import ABNORMAL, NOT_DONE, RAISED_SPAP

Coding = Callable[[Draft, int], int | None]


def _flag(column: str) -> Coding:
    return lambda draft, p: _as_int(draft.column(column)[p])


def _as_int(value: Any) -> int | None:
    return None if value is None else int(value)


def _over(column: str, cut: float) -> Coding:
    def code(draft: Draft, p: int) -> int | None:
        value = draft.column(column)[p]
        return None if value is None else int(value > cut)

    return code


def _abnormal(column: str) -> Coding:
    def code(draft: Draft, p: int) -> int | None:
        word = draft.column(column)[p]
        return None if word == NOT_DONE else int(word == ABNORMAL)

    return code


def _mobilised_with_4(draft: Draft, p: int) -> int | None:
    dose = draft.column("mobilisation_cyc_g_m2")[p]
    return int(dose == 4) if dose in (2, 4) else None


#: Characteristics that the article's kind of analysis would try, coded 1, 0 or None.
OTHERS: dict[str, Coding] = {
    "male": lambda draft, p: int(draft.column("sex")[p] == "M"),
    "disease_duration": _over("disease_duration_months", 24),
    "fvc": _over("fvc_pct", 70),
    "dlco": _over("dlco_pct", 60),
    "scl70": _flag("anti_scl70"),
    "proteinuria": _flag("proteinuria"),
    "mri": _abnormal("cardiac_mri"),
    "holter": _abnormal("holter_ecg"),
    "effusion": _flag("pericardial_effusion"),
    "spap": _over("spap_mmhg", RAISED_SPAP),
    "prior_cyclophosphamide": _flag("prior_cyclophosphamide"),
    "mobilisation": _mobilised_with_4,
    "thiotepa": _over("thiotepa_mg_kg", 0),
    "conditioning": lambda draft, p: int(draft.column("conditioning_cyc_mg_kg")[p] != 200),
    "selection": _flag("cd34_selection"),
}


def coded(draft: Draft, name: str) -> list[int | None]:
    """Code a characteristic of all patients.

    Parameters
    ----------
    draft : Draft
        With the columns that it is read from.
    name : str
        Key of `OTHERS`.

    Returns
    -------
    list of int or None
        1 with, 0 without, None unknown.
    """
    return [OTHERS[name](draft, p) for p in draft.patients]
