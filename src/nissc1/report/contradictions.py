"""The article's contradictions with their arithmetic, computed from the printed digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nissc1.digits import read_checks, run_checks

#: Checks whose sentence needs a reader's note beside it.
_BARE = {"clash"}


def arithmetic_of(clash: Mapping[str, Any]) -> str:
    """Write the arithmetic of a contradiction.

    Parameters
    ----------
    clash : mapping
        Row of the contradictions.

    Returns
    -------
    str
        What its checks compute. What a reader has noted follows where the checks only set two
        printed figures against each other, and stands alone where there is no check.
    """
    text = str(clash.get("check", ""))
    sentences = [finding.sentence for finding in run_checks(text)]
    if {check.name for check in read_checks(text)} <= _BARE:
        sentences.append(str(clash["arithmetic"]))
    return " ".join(sentences)


def checked_contradictions(contradictions: pd.DataFrame) -> pd.DataFrame:
    """Check every contradiction of the article.

    Parameters
    ----------
    contradictions : pandas.DataFrame
        As `nissc1.report.published.load_contradictions` reads them.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``arithmetic`` as `arithmetic_of` writes it.

    Raises
    ------
    ValueError
        If a row has no check, or one that does not hold.
    """
    rows = [contradictions.loc[index].to_dict() for index in contradictions.index]
    for clash in rows:
        findings = run_checks(str(clash.get("check", "")))
        failed = [finding.sentence for finding in findings if not finding.holds]
        if failed or not findings:
            raise ValueError(
                f"contradictions.csv, row {clash['id']}, column check: "
                f"{' '.join(failed) or 'empty'}; a check that holds is needed. Correct it, or drop "
                "the row."
            )
    return contradictions.assign(arithmetic=[arithmetic_of(clash) for clash in rows])
