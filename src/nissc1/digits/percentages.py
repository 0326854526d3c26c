"""Which counts can stand behind a printed percentage (after Heathers and Brown's GRIM, 2017)."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from nissc1.digits.printed import (
    HALF_EVEN,
    HALF_UP,
    RULES,
    Printed,
    listed,
    read_number,
    rounded,
)

#: Patients of the study: no denominator is larger.
PATIENTS = 80


def rules_that_print(numerator: int, denominator: int, percent: Printed) -> tuple[str, ...]:
    """Name the ways of rounding by which a fraction prints as given.

    Parameters
    ----------
    numerator, denominator : int
        The fraction.
    percent : Printed
        Printed percentage.

    Returns
    -------
    tuple of str
        Of "half up", "half to even", "truncated", those that give the digits.
    """
    exact = Fraction(100 * numerator, denominator)
    return tuple(r for r in RULES if rounded(exact, percent.decimals, r) == percent.value)


def fractions(percent: str, largest: int = PATIENTS) -> pd.DataFrame:
    """List every fraction that prints as a percentage.

    Parameters
    ----------
    percent : str
        Printed percentage.
    largest : int
        Largest denominator.

    Returns
    -------
    pandas.DataFrame
        ``numerator, denominator`` and a boolean column for each rule: ``half_up, half_to_even,
        truncated``; by denominator, largest first.
    """
    printed = read_number(percent)
    rows = []
    for denominator in range(largest, 0, -1):
        middle = int(printed.value * denominator / 100)
        for numerator in range(max(middle - 1, 0), min(middle + 2, denominator) + 1):
            rules = rules_that_print(numerator, denominator, printed)
            if rules:
                rows.append((numerator, denominator, *(rule in rules for rule in RULES)))
    columns = ["numerator", "denominator", *(rule.replace(" ", "_") for rule in RULES)]
    return pd.DataFrame(rows, columns=columns)


def denominators(count: str, percent: str, largest: int = PATIENTS) -> tuple[int, ...]:
    """List the denominators of which a count is a printed percentage, by either rounding.

    Parameters
    ----------
    count, percent : str
        As printed.
    largest : int
        Largest denominator.

    Returns
    -------
    tuple of int
        Ascending; empty if there is none.
    """
    printed, n = read_number(percent), int(count)
    either = {HALF_UP, HALF_EVEN}
    return tuple(
        d for d in range(max(n, 1), largest + 1) if either & set(rules_that_print(n, d, printed))
    )


def counts_behind(percent: str, denominator: int) -> tuple[int, ...]:
    """List the counts that are a printed percentage of a number of patients.

    Parameters
    ----------
    percent : str
        As printed.
    denominator : int
        Patients.

    Returns
    -------
    tuple of int
        Ascending, by either rounding; empty if there is none.
    """
    found = fractions(percent, denominator)
    either = found["half_up"] | found["half_to_even"]
    own = found.loc[either & (found["denominator"] == denominator), "numerator"]
    return tuple(sorted(int(count) for count in own))


def denominators_behind(figures: pd.DataFrame, largest: int = PATIENTS) -> pd.DataFrame:
    """List the admissible denominators of printed percentages.

    Parameters
    ----------
    figures : pandas.DataFrame
        Printed figures with ``id, where, label, printed, n, estimate``; rows without a count or a
        percentage are left out.
    largest : int
        Largest denominator.

    Returns
    -------
    pandas.DataFrame
        ``id, where, label, printed``; ``fits``, the denominators as text; ``choices``, how many;
        ``most``, the largest (missing if none fits).
    """
    known = figures[(figures["n"] != "") & (figures["estimate"] != "")]
    frame = known[["id", "where", "label", "printed"]].reset_index(drop=True)
    fits = [
        denominators(count, percent, largest)
        for count, percent in zip(known["n"], known["estimate"], strict=True)
    ]
    frame["fits"] = [listed([str(d) for d in fit], "or") for fit in fits]
    frame["choices"] = [len(fit) for fit in fits]
    frame["most"] = pd.array([max(fit) if fit else None for fit in fits], dtype="Int64")
    return frame


def fractions_behind(figures: pd.DataFrame, largest: int = PATIENTS) -> pd.DataFrame:
    """List, for printed percentages, every fraction that gives them.

    Parameters
    ----------
    figures : pandas.DataFrame
        Printed figures with ``id, label, printed, estimate``; rows without one are left out.
    largest : int
        Largest denominator.

    Returns
    -------
    pandas.DataFrame
        ``id, label, printed, rounded, truncated``: the fractions that round to the percentage by
        either rule, and those that reach it only if digits are cut off; text, separated by commas.
    """
    known = figures[figures["estimate"] != ""]
    frame = known[["id", "label", "printed"]].reset_index(drop=True)
    rounding, cut = [], []
    for percent in known["estimate"]:
        found = fractions(percent, largest)
        text = found["numerator"].astype(str) + "/" + found["denominator"].astype(str)
        either = found["half_up"] | found["half_to_even"]
        rounding.append(", ".join(text[either]))
        cut.append(", ".join(text[~either]))
    frame["rounded"] = rounding
    frame["truncated"] = cut
    return frame
