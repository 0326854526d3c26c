"""A printed number: its value, its precision, and what may stand behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Protocol

HALF_UP, HALF_EVEN, TRUNCATED = "half up", "half to even", "truncated"
#: Ways to drop digits; the first two are rounding.
RULES = (HALF_UP, HALF_EVEN, TRUNCATED)
_NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?")
_HALF = Fraction(1, 2)


class PrintedNumberError(ValueError):
    """Report a text that is not a printed number."""


class Finding(Protocol):
    """What each function on printed digits returns."""

    @property
    def holds(self) -> bool:
        """Whether the arithmetic shows what the function is named for."""

    @property
    def sentence(self) -> str:
        """The arithmetic in words, written from the numbers."""


@dataclass(frozen=True)
class Printed:
    """Hold a number as it is printed.

    Attributes
    ----------
    text : str
        The digits, with an ASCII minus sign.
    value : Fraction
        The number they stand for.
    decimals : int
        Digits after the point, trailing zeros included.
    """

    text: str
    value: Fraction
    decimals: int

    @property
    def low(self) -> Fraction:
        """Least value that rounds to the digits: half a unit of the last one below."""
        return self.value - Fraction(1, 2 * 10**self.decimals)

    @property
    def high(self) -> Fraction:
        """Greatest value that rounds to the digits, halves taken either way."""
        return self.value + Fraction(1, 2 * 10**self.decimals)

    def allows(self, value: Fraction | float) -> bool:
        """Tell whether a value rounds to the digits, halves taken either way.

        Parameters
        ----------
        value : Fraction or float
            The value.

        Returns
        -------
        bool
            Whether it lies within half a unit of the last digit, both ends included.
        """
        return self.low <= Fraction(value) <= self.high


def read_number(text: str) -> Printed:
    """Read a printed number.

    Parameters
    ----------
    text : str
        Digits with or without a point, as printed.

    Returns
    -------
    Printed
        The number with its precision.

    Raises
    ------
    PrintedNumberError
        If the text is anything else.
    """
    plain = text.strip()
    if not _NUMBER.fullmatch(plain):
        raise PrintedNumberError(
            f"{text!r} is not a printed number; digits with at most one point are allowed, such "
            "as 92.7. Leave out units and signs of relation."
        )
    plain = plain.replace("−", "-")
    return Printed(plain, Fraction(Decimal(plain)), len(plain.partition(".")[2]))


def rounded(value: Fraction, decimals: int, rule: str = HALF_UP) -> Fraction:
    """Round an exact number of 0 or more.

    Parameters
    ----------
    value : Fraction
        The number.
    decimals : int
        Digits kept after the point.
    rule : {"half up", "half to even", "truncated"}
        What happens to the rest.

    Returns
    -------
    Fraction
        The rounded number, exact.

    Raises
    ------
    ValueError
        If the rule is unknown or the number negative.
    """
    if rule not in RULES:
        raise ValueError(f"rounding rule {rule!r} is unknown; allowed are {', '.join(RULES)}.")
    if value < 0:
        raise ValueError(f"{value} is negative; the rules here are for numbers from 0 upwards.")
    scaled = value * 10**decimals
    whole = floor(scaled)
    rest = scaled - whole
    upwards = rest > _HALF or (rest == _HALF and (rule == HALF_UP or whole % 2 == 1))
    return Fraction(whole + (upwards and rule != TRUNCATED), 10**decimals)


def plain(value: Fraction | float, decimals: int) -> str:
    """Write a number with at most so many decimals, trailing zeros left off.

    Parameters
    ----------
    value : Fraction or float
        The number.
    decimals : int
        Most digits after the point; halves are rounded up.

    Returns
    -------
    str
        For example ``92.5``, ``−0.31``.
    """
    exact = Fraction(value)
    unit = 10**decimals
    shown = f"{Decimal(int(rounded(abs(exact), decimals) * unit)).scaleb(-decimals):f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return f"−{shown}" if exact < 0 and shown != "0" else shown


def listed(items: list[str] | tuple[str, ...], last: str = "and") -> str:
    """Join words to a list.

    Parameters
    ----------
    items : list or tuple of str
        Words.
    last : str
        What stands before the last.

    Returns
    -------
    str
        ``a``, ``a and b``, ``a, b and c``; "none" for none.
    """
    if not items:
        return "none"
    return f" {last} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
