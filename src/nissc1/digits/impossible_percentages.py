"""Printed percentages that no count, no shared denominator or no one rounding can give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from nissc1.digits.percentages import PATIENTS, denominators, rules_that_print
from nissc1.digits.printed import Printed, listed, plain, read_number, rounded


@dataclass(frozen=True)
class NoDenominator:
    """Hold the search for a denominator that makes a count the printed percentage.

    Attributes
    ----------
    count : int
        Printed count.
    percent : Printed
        Printed percentage.
    largest : int
        Largest denominator searched.
    fits : tuple of int
        Denominators that fit by either rounding.
    nearest : tuple of int
        The two denominators whose percentages come nearest.
    """

    count: int
    percent: Printed
    largest: int
    fits: tuple[int, ...]
    nearest: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Whether no denominator fits."""
        return not self.fits

    @property
    def implied(self) -> Fraction:
        """The denominator that would make the percentage exact."""
        return 100 * self.count / self.percent.value

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        digits = self.percent.decimals + 2
        near = [f"{self.count}/{d} = {_percent(self.count, d, digits)}%" for d in self.nearest]
        head = f"{listed(near, 'and')}; {self.count} is {self.percent.text}% of "
        if self.fits:
            return f"{head}{listed([str(d) for d in self.fits], 'or')}."
        return (
            f"{head}{plain(self.implied, 2)}, and no denominator from {self.count} to "
            f"{self.largest} rounds to it. Only the count can be kept."
        )


def no_denominator(count: str, percent: str, largest: str = str(PATIENTS)) -> NoDenominator:
    """Show that a count is the printed percentage of no number of patients.

    Parameters
    ----------
    count, percent : str
        As printed.
    largest : str
        Largest denominator.

    Returns
    -------
    NoDenominator
        Holds if none fits.
    """
    n, most, printed = int(count), int(largest), read_number(percent)
    shares = {d: Fraction(100 * n, d) - printed.value for d in range(max(n, 1), most + 1)}
    nearest = sorted(shares, key=lambda d: abs(shares[d]))[:2]
    return NoDenominator(n, printed, most, denominators(count, percent, most), tuple(nearest))


@dataclass(frozen=True)
class Denominators:
    """Hold the denominators behind several printed percentages.

    Attributes
    ----------
    pairs : tuple of (int, str)
        Printed counts and percentages.
    fits : tuple of tuple of int
        Admissible denominators of each.
    excluded : int or None
        A denominator that none may have; without it, one that fits all is sought.
    """

    pairs: tuple[tuple[int, str], ...]
    fits: tuple[tuple[int, ...], ...]
    excluded: int | None = None

    @property
    def common(self) -> tuple[int, ...]:
        """The denominators that fit all."""
        return tuple(sorted(set.intersection(*(set(fit) for fit in self.fits))))

    @property
    def holds(self) -> bool:
        """Whether none is the excluded one; without that, whether none fits all."""
        if self.excluded is None:
            return not self.common and all(self.fits)
        return all(fit and self.excluded not in fit for fit in self.fits)

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        parts = []
        for (count, percent), fit in zip(self.pairs, self.fits, strict=True):
            of = listed([str(d) for d in fit], "or")
            other = ""
            if self.excluded is not None:
                digits = read_number(percent).decimals
                exact = Fraction(100 * count, self.excluded)
                shown = plain(rounded(exact, digits), digits)
                other = f" (of {self.excluded} it would be {shown}%)"
            parts.append(f"{count} is {percent}% of {of}{other}")
        whole = "" if self.excluded is not None else _common(self.common)
        return f"{'; '.join(parts)}{whole}."


def no_common_denominator(*pairs: str) -> Denominators:
    """Show that percentages of one list do not share a denominator.

    Parameters
    ----------
    *pairs : str
        Count and percentage with a space between, as in ``46 58.2``.

    Returns
    -------
    Denominators
        Holds if each has a denominator and no one fits all.
    """
    read = _pairs(pairs)
    return Denominators(read, tuple(denominators(str(n), p) for n, p in read))


def other_denominator(excluded: str, *pairs: str) -> Denominators:
    """Show that percentages do not come from the stated number of patients.

    Parameters
    ----------
    excluded : str
        The stated denominator.
    *pairs : str
        Count and percentage with a space between.

    Returns
    -------
    Denominators
        Holds if each has a denominator, and none is the stated one.
    """
    read = _pairs(pairs)
    fits = tuple(denominators(str(n), p) for n, p in read)
    return Denominators(read, fits, int(excluded))


@dataclass(frozen=True)
class Roundings:
    """Hold by which rules fractions print as given.

    Attributes
    ----------
    items : tuple of (int, int, str)
        Numerator, denominator, printed percentage.
    rules : tuple of tuple of str
        Rules that print each.
    """

    items: tuple[tuple[int, int, str], ...]
    rules: tuple[tuple[str, ...], ...]

    @property
    def holds(self) -> bool:
        """Whether each is printed by some rule, and no one rule prints all."""
        return all(self.rules) and not set.intersection(*(set(rules) for rules in self.rules))

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        parts = [
            f"{n}/{d} = {_percent(n, d, 4)}% is printed {percent} only if {listed(rules, 'or')}"
            for (n, d, percent), rules in zip(self.items, self.rules, strict=True)
        ]
        end = "no one rule gives all" if self.holds else "one rule gives all"
        return f"{'; '.join(parts)}: {end}."


def no_common_rounding(*items: str) -> Roundings:
    """Show that no one rule of rounding prints all of several fractions.

    Parameters
    ----------
    *items : str
        Fraction and printed percentage with a space between, as in ``70/80 87``.

    Returns
    -------
    Roundings
        Holds if each is printed by some rule but all by none.
    """
    read = []
    for item in items:
        fraction, _, percent = item.strip().partition(" ")
        numerator, _, denominator = fraction.partition("/")
        read.append((int(numerator), int(denominator), percent.strip()))
    rules = tuple(rules_that_print(n, d, read_number(p)) for n, d, p in read)
    return Roundings(tuple(read), rules)


def _pairs(pairs: Sequence[str]) -> tuple[tuple[int, str], ...]:
    read = []
    for pair in pairs:
        count, _, percent = pair.strip().partition(" ")
        read.append((int(count), percent.strip()))
    return tuple(read)


def _percent(numerator: int, denominator: int, decimals: int) -> str:
    return plain(Fraction(100 * numerator, denominator), decimals)


def _common(common: tuple[int, ...]) -> str:
    return f": all of {common[0]}" if common else ": no denominator fits all"
