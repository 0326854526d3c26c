"""Printed figures that cannot hold together: two values, two relations, parts and total."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf

from nissc1.digits.printed import Printed, PrintedNumberError, listed, plain, read_number

RELATIONS = ("<", "=", ">")


@dataclass(frozen=True)
class Clash:
    """Hold two printed values of one quantity.

    Attributes
    ----------
    first, second : Printed
        The values.
    """

    first: Printed
    second: Printed

    @property
    def gap(self) -> Fraction:
        """Distance between what the two may stand for; negative where they overlap."""
        return max(self.first.low - self.second.high, self.second.low - self.first.high)

    @property
    def holds(self) -> bool:
        """Whether no value rounds to both; a shared end is not enough."""
        return self.gap >= 0

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        digits = max(self.first.decimals, self.second.decimals)
        apart = plain(abs(self.first.value - self.second.value), digits)
        if not digits:
            verdict = "exclude each other" if self.holds else "are the same"
            both = f"{self.first.text} and {self.second.text}"
            return f"{both} are {apart} apart: as whole numbers they {verdict}."
        spans = [
            f"{printed.text} stands for {plain(printed.low, digits + 1)} to "
            f"{plain(printed.high, digits + 1)}"
            for printed in (self.first, self.second)
        ]
        end = "these do not overlap" if self.holds else "these overlap"
        return f"{listed(spans)}: {end}, and the figures are {apart} apart."


def clash(first: str, second: str) -> Clash:
    """Show that two printed values of one quantity exclude each other.

    Parameters
    ----------
    first, second : str
        As printed.

    Returns
    -------
    Clash
        Holds if their rounding intervals have at most an end in common.
    """
    return Clash(read_number(first), read_number(second))


@dataclass(frozen=True)
class RelationClash:
    """Hold two printed statements on one P value.

    Attributes
    ----------
    first, second : tuple of (str, Printed)
        Relation and value.
    """

    first: tuple[str, Printed]
    second: tuple[str, Printed]

    @property
    def common(self) -> tuple[float, float] | None:
        """The values that both print if only an equality is rounded."""
        low, high = 0.0, inf
        for relation, printed in (self.first, self.second):
            if relation == "=":
                low, high = max(low, float(printed.low)), min(high, float(printed.high))
            elif relation == "<":
                high = min(high, float(printed.value))
            else:
                low = max(low, float(printed.value))
        return (low, high) if low < high else None

    @property
    def holds(self) -> bool:
        """Whether the statements, taken at their word, exclude each other."""
        both = (self.first, self.second)
        exact = [printed.value for relation, printed in both if relation == "="]
        below = [printed.value for relation, printed in both if relation == "<"]
        above = [printed.value for relation, printed in both if relation == ">"]
        if exact:
            low, high = min(exact), max(exact)
            outside = [low >= end for end in below] + [low <= end for end in above]
            return low != high or any(outside)
        return bool(below and above) and min(below) <= max(above)

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        one, other = (
            f"P {relation} {printed.text}" for relation, printed in (self.first, self.second)
        )
        if not self.holds:
            return f"{one} and {other} hold together."
        head = f"Taken at their word {one} and {other} exclude each other"
        if self.common is None:
            return f"{head}, rounded or not."
        low, high = (plain(end, 6) for end in self.common)
        return (
            f"{head}; one P value from {low} to just below {high} would print both if rounded once."
        )


def relation_clash(first: str, second: str) -> RelationClash:
    """Show that two statements such as P < 0.001 and P = 0.001 exclude each other.

    Parameters
    ----------
    first, second : str
        Relation and value, as in ``<0.001``.

    Returns
    -------
    RelationClash
        Holds if no exact value satisfies both.

    Raises
    ------
    PrintedNumberError
        If a statement does not begin with a relation.
    """
    read = []
    for text in (first.strip(), second.strip()):
        if text[:1] not in RELATIONS:
            raise PrintedNumberError(
                f"{text!r} has no relation; begin it with one of {', '.join(RELATIONS)}."
            )
        read.append((text[0], read_number(text[1:])))
    return RelationClash(read[0], read[1])


@dataclass(frozen=True)
class Sum:
    """Hold printed parts and their printed total.

    Attributes
    ----------
    total : Printed
        What the parts should add up to.
    parts : tuple of Printed
        The parts.
    """

    total: Printed
    parts: tuple[Printed, ...]

    @property
    def value(self) -> Fraction:
        """The sum of the printed parts."""
        return sum((part.value for part in self.parts), Fraction(0))

    @property
    def slack(self) -> Fraction:
        """How far rounding can move the sum; whole counts are exact."""
        exact = self.total.decimals == 0 and not any(part.decimals for part in self.parts)
        return Fraction(0) if exact else sum((p.high - p.value for p in self.parts), Fraction(0))

    @property
    def holds(self) -> bool:
        """Whether the parts add up to the total within their rounding."""
        return abs(self.value - self.total.value) <= self.slack

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        digits = max(part.decimals for part in self.parts)
        shown = " + ".join(part.text for part in self.parts)
        verdict = "" if self.holds else "not "
        margin = f" within rounding (± {plain(self.slack, 4)})" if self.slack else ""
        return f"{shown} = {plain(self.value, digits)}, {verdict}{self.total.text}{margin}."


def adds_up(total: str, *parts: str) -> Sum:
    """Show that printed parts add up to their total.

    Parameters
    ----------
    total : str
        Printed total.
    *parts : str
        Printed parts.

    Returns
    -------
    Sum
        Holds if they do, within their rounding; whole numbers are taken as exact counts.
    """
    return Sum(read_number(total), tuple(read_number(part) for part in parts))
