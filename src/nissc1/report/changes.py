"""How the figures of two editions differ: before and after, and what crossed a threshold."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from nissc1.analysis_plan import setting
from nissc1.report.chapters import chapter_titles
from nissc1.report.formatting import MINUS, decimals_of, number
from nissc1.report.layout import Sourced
from nissc1.report.record import Record
from nissc1.report.records import RecordBook

P_THRESHOLDS: tuple[float, ...] = setting("multiplicity.thresholds", "p_values")
"""The usual one, and the one of the plan's choice of prognostic factors."""
OUTCOMES = ("changed", "unchanged", "new", "gone")
COLUMNS = (
    "id",
    "label",
    "notebook",
    "statistic",
    "unit",
    "before",
    "after",
    "difference",
    "outcome",
    "crossed",
)
LEFT_OUT = ("agreement", "analysis-plan", "changes", "estimates-over-time", "table-3")
"""Notebooks about print, the plan (`nissc1.report.plan` compares it), this comparison, looks back,
and single patients: not compared."""
KEY_FIGURES = ("os", "pfs", "progression", "nrm")
"""Topics whose rates the first page shows, at two years and at the edition's last month."""
KEY_MONTH, KEY_DAY = 24, "nrm.100d"
_RATES = ("survival", "cumulative_incidence", "proportion")


def compare_records(before: Iterable[Record], after: Iterable[Record]) -> pd.DataFrame:
    """Set the figures of an edition beside those of an earlier one.

    Parameters
    ----------
    before, after : RecordBook or iterable of Record
        Records of the earlier and of the later edition; those of the notebooks `LEFT_OUT` are
        passed over.

    Returns
    -------
    pandas.DataFrame
        One row a record, those of `after` in their order and then those that are gone; all text:
        ``id, label, notebook, statistic, unit, before, after, difference`` (after − before, in the
        unit), ``outcome`` (one of `OUTCOMES`) and ``crossed`` (see `crossings`).
    """
    was, now = (
        {each.id: each for each in book if each.notebook not in LEFT_OUT}
        for book in (before, after)
    )
    rows = [_row(was.get(name), each) for name, each in now.items()]
    rows += [_row(each, None) for name, each in was.items() if name not in now]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="string")


def key_figures(records: RecordBook, horizon: int) -> list[Record]:
    """Choose the figures that the first page shows.

    Parameters
    ----------
    records : RecordBook
        Records of the edition.
    horizon : int
        Its last month.

    Returns
    -------
    list of Record
        Each once.
    """
    months = dict.fromkeys((KEY_MONTH, horizon))
    return [
        *(records[f"{topic}.{month}m"] for month in months for topic in KEY_FIGURES),
        records[KEY_DAY],
    ]


def trend(after: Record, before: RecordBook | None, edition: str | None) -> str:
    """Say in a few words how a rate moved since the edition before.

    Parameters
    ----------
    after : Record
        The rate now, in per cent.
    before : RecordBook or None
        Records of the edition before; None where there is none.
    edition : str or None
        Its name.

    Returns
    -------
    str
        For example "+0.4 points since edition 2021.02 (90.0)"; "first edition" where there is none
        before it.
    """
    if before is None or edition is None:
        return "first edition"
    was = before.get(after.id)
    if was is None:
        return f"not in edition {edition}"
    difference = _difference(was, after)
    if not difference:
        return f"in edition {edition}: {was.text}"
    if not difference.strip("0."):
        return f"same as in edition {edition}"
    return f"{difference} points since edition {edition} ({was.part('estimate')})"


def crossed(figures: pd.DataFrame) -> pd.DataFrame:
    """Select the figures that crossed a threshold.

    Parameters
    ----------
    figures : pandas.DataFrame
        Result of `compare_records`.

    Returns
    -------
    pandas.DataFrame
        ``Chapter``, ``Figure``, ``Before``, ``After``, ``What happened``.
    """
    return _for_readers(figures[figures["crossed"] != ""], "crossed")


def moved(figures: pd.DataFrame) -> pd.DataFrame:
    """Select the figures that are not what they were.

    Parameters
    ----------
    figures : pandas.DataFrame
        Result of `compare_records`.

    Returns
    -------
    pandas.DataFrame
        ``Chapter``, ``Figure``, ``Before``, ``After``, ``Difference``; a new or vanished figure
        says so in place of the side that it lacks.
    """
    return _for_readers(figures[figures["outcome"] != "unchanged"], "difference")


def _for_readers(figures: pd.DataFrame, last: str) -> pd.DataFrame:
    titles = chapter_titles()
    shown = figures.assign(
        Chapter=[titles.get(name, name) for name in figures["notebook"]],
        Figure=[
            f"{label}, {unit}" if unit not in ("", "patients", "events") else label
            for label, unit in zip(figures["label"], figures["unit"], strict=True)
        ],
        Before=figures["before"].mask(figures["outcome"] == "new", "new"),
        After=[
            "vanished" if outcome == "gone" else Sourced(text, identity)
            for outcome, text, identity in zip(
                figures["outcome"], figures["after"], figures["id"], strict=True
            )
        ],
    )
    heading = {"crossed": "What happened", "difference": "Difference"}[last]
    order = ["Chapter", "Figure", "Before", "After", last]
    return shown[order].rename(columns={last: heading}).reset_index(drop=True)


def crossings(before: Record, after: Record) -> list[str]:
    """List the thresholds that a figure crossed.

    Parameters
    ----------
    before, after : Record
        The same figure in two editions.

    Returns
    -------
    list of str
        A P value that passed one of `P_THRESHOLDS`; a hazard ratio whose interval came to include
        or exclude 1; a rate that left its former interval; a figure that can now, or can no
        longer, be estimated. Empty where nothing of the kind happened.
    """
    if before.statistic != after.statistic:
        return []
    if (before.estimate is None) != (after.estimate is None):
        if before.statistic == "text":
            return []
        return ["can now be estimated" if before.estimate is None else "can no longer be estimated"]
    if before.estimate is None or after.estimate is None:
        return []
    if before.statistic == "p_value":
        return [
            f"P fell below {limit:g}" if after.estimate < limit else f"P rose to {limit:g} or more"
            for limit in P_THRESHOLDS
            if (before.estimate < limit) != (after.estimate < limit)
        ]
    if before.statistic == "hazard_ratio":
        was, now = _excludes(before, 1.0), _excludes(after, 1.0)
        if was is None or now is None or was == now:
            return []
        return ["the interval now excludes 1" if now else "the interval now includes 1"]
    if before.statistic in _RATES and before.lower is not None and before.upper is not None:
        outside = not before.lower <= after.estimate <= before.upper
        return ["outside its former interval"] if outside else []
    return []


def _excludes(record: Record, value: float) -> bool | None:
    if record.lower is None or record.upper is None:
        return None
    return not record.lower <= value <= record.upper


def _row(before: Record | None, after: Record | None) -> dict[str, str]:
    known = after or before
    if known is None:
        raise ValueError("a row of the comparison needs a record of at least one edition.")
    crossed: list[str] = []
    if before is None:
        outcome = "new"
    elif after is None:
        outcome = "gone"
    else:
        outcome = "unchanged" if _same(before, after) else "changed"
        crossed = crossings(before, after)
    return {
        "id": known.id,
        "label": known.label,
        "notebook": known.notebook,
        "statistic": known.statistic,
        "unit": known.unit,
        "before": before.text if before else "",
        "after": after.text if after else "",
        "difference": _difference(before, after),
        "outcome": outcome,
        "crossed": "; ".join(crossed),
    }


def _same(before: Record, after: Record) -> bool:
    """Compare what a reader sees; beyond that digits may differ between machines."""
    return (before.text, before.n, before.events) == (after.text, after.n, after.events)


def _difference(before: Record | None, after: Record | None) -> str:
    if before is None or after is None or before.estimate is None or after.estimate is None:
        return ""
    if before.statistic != after.statistic or before.statistic == "text":
        return ""
    decimals = max(decimals_of(before.text), decimals_of(after.text))
    text = number(after.estimate - before.estimate, decimals)
    return text if text.startswith(MINUS) or not text.strip("0.") else f"+{text}"
