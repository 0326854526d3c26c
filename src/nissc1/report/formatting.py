"""How numbers are written: rounding half up, ranges with en dashes, P values."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nissc1.report.measures import Measure

EN_DASH = "–"
MINUS = "−"
NO_BREAK_SPACE = "\u00a0"
#: Noise of floating-point arithmetic beyond this many decimals never decides a rounding.
_SNAP = 10
_NUMBER = re.compile(r"\d+(?:\.(\d+))?")


def exact(value: float | int | Decimal) -> Decimal:
    """Return a number as the decimal that was meant.

    Parameters
    ----------
    value : float, int or Decimal
        Finite number.

    Returns
    -------
    Decimal
        The shortest decimal that stands for the float, after floating-point noise beyond the
        tenth decimal is dropped: 91.24999999999999 is 91.25.
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    return Decimal(repr(round(float(value), _SNAP)))


def round_half_up(value: float | int | Decimal, decimals: int = 0) -> Decimal:
    """Round as a person does: halves away from zero.

    Parameters
    ----------
    value : float, int or Decimal
        Finite number.
    decimals : int
        Digits after the point, 0 or more.

    Returns
    -------
    Decimal
        The rounded number with exactly that many decimals: 91.25 gives 91.3.
    """
    return exact(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def number(value: float | int | Decimal | None, decimals: int = 0) -> str:
    """Write a number with a fixed count of decimals.

    Parameters
    ----------
    value : float, int, Decimal or None
        Number; None or NaN stands for missing.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        The number, with a true minus sign; an en dash where it is missing.
    """
    if value is None or math.isnan(value):
        return EN_DASH
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    rounded = round_half_up(value, decimals)
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):f}"


def interval(lower: float | None, upper: float | None, decimals: int = 0) -> str:
    """Write two bounds with an en dash between them.

    Parameters
    ----------
    lower, upper : float or None
        Bounds.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        For example ``20–62``; with a negative bound ``−0.52 to −0.10``, so that no dash is taken
        for a sign.
    """
    joiner = " to " if any(bound is not None and bound < 0 for bound in (lower, upper)) else EN_DASH
    return f"{number(lower, decimals)}{joiner}{number(upper, decimals)}"


def p_text(p: float) -> str:
    """Write a P value.

    Parameters
    ----------
    p : float
        P value, 0 to 1.

    Returns
    -------
    str
        Two decimals (``0.44``); three below 0.1 (``0.032``); ``< 0.001`` below that and ``> 0.99``
        above 0.99, with a no-break space.
    """
    if exact(p) < Decimal("0.001"):
        return f"<{NO_BREAK_SPACE}0.001"
    if exact(p) > Decimal("0.99"):
        return f">{NO_BREAK_SPACE}0.99"
    return number(p, 3 if exact(p) < Decimal("0.1") else 2)


def undefined(reason: str = "") -> str:
    """Write a cell that holds no number.

    Parameters
    ----------
    reason : str
        Why; empty if the column says so already.

    Returns
    -------
    str
        An en dash and, in parentheses, the reason.
    """
    return f"{EN_DASH} ({reason})" if reason else EN_DASH


def decimals_of(text: str) -> int:
    """Count the decimals of the most precise number in a text.

    Parameters
    ----------
    text : str
        Text of a record, for example ``57 (71.3)``.

    Returns
    -------
    int
        Digits after the point, 0 if no number has any.
    """
    return max((len(match.group(1) or "") for match in _NUMBER.finditer(text)), default=0)


def measure_text(measure: Measure, cohort_n: int) -> str:
    """Write a measure as the article does.

    Parameters
    ----------
    measure : Measure
        What was estimated.
    cohort_n : int
        Patients of the analysed cohort; a proportion of any other number shows its denominator.

    Returns
    -------
    str
        ``57 (71.3)``, ``31/71 (43.7)``, ``5/80, 6.3 (2.1–14.0)``, ``43 (20–62)``,
        ``91.3 (85.1–97.4)``, ``0.44``; or, where there is no estimate, a short sentence that says
        why.
    """
    if measure.text is not None:
        return measure.text
    if measure.estimate is None:
        return f"not estimable: {measure.reason}"
    estimate = number(measure.estimate, measure.decimals)
    if measure.statistic == "proportion":
        of = "" if measure.denominator == cohort_n else f"/{measure.denominator}"
        if measure.lower is not None:
            limits = interval(measure.lower, measure.upper, measure.decimals)
            return f"{measure.events}/{measure.denominator}, {estimate} ({limits})"
        return f"{measure.events}{of} ({estimate})"
    if measure.statistic == "p_value":
        return p_text(measure.estimate)
    if measure.lower is None and measure.upper is None:
        return estimate
    return f"{estimate} ({interval(measure.lower, measure.upper, measure.decimals)})"
