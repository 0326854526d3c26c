"""Printed units and signs that their own figures rule out."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from scipy.stats import t as student

from nissc1.digits.printed import Printed, plain, read_number

#: Creatinine: grams a mole.
CREATININE_MOLAR_MASS = 113.12
#: No person has been heavier, kilograms.
HEAVIEST = 635
#: mg/dL in one mmol/L and in one µmol/L of creatinine.
_MG_DL = {"mmol/L": CREATININE_MOLAR_MASS / 10, "µmol/L": CREATININE_MOLAR_MASS / 10_000}


@dataclass(frozen=True)
class CreatinineUnit:
    """Hold the body weight that a creatinine and a clearance ask for.

    Attributes
    ----------
    creatinine, clearance : Printed
        Lowest creatinine, and lowest clearance in mL/min.
    age : Printed
        Youngest age in years: at it a clearance needs the least weight.
    """

    creatinine: Printed
    clearance: Printed
    age: Printed

    def weight(self, unit: str) -> float:
        """Return the least body weight that the figures ask for.

        Parameters
        ----------
        unit : {"mmol/L", "µmol/L"}
            Unit of the creatinine.

        Returns
        -------
        float
            Kilograms.
        """
        per_dl = float(self.creatinine.value) * _MG_DL[unit]
        return float(self.clearance.value) * 72 * per_dl / (140 - float(self.age.value))

    @property
    def holds(self) -> bool:
        """Whether millimoles ask for a weight that nobody has, and micromoles do not."""
        return self.weight("mmol/L") > HEAVIEST > self.weight("µmol/L")

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        return (
            f"By the printed formula a clearance of {self.clearance.text} mL/min at age "
            f"{self.age.text} with a creatinine of {self.creatinine.text} mmol/L, the figures that "
            f"ask for least, needs a body weight of {plain(self.weight('mmol/L'), 0)} kg; "
            f"with {self.creatinine.text} µmol/L, {plain(self.weight('µmol/L'), 1)} kg or more."
        )


def creatinine_unit(creatinine: str, clearance: str, age: str) -> CreatinineUnit:
    """Show that a creatinine cannot be in millimoles.

    Parameters
    ----------
    creatinine, clearance, age : str
        Lowest creatinine, lowest clearance (mL/min) and youngest age, as printed.

    Returns
    -------
    CreatinineUnit
        Holds if the formula of Cockcroft and Gault (1976), without a factor for sex, asks for an
        impossible weight in mmol/L and for a possible one in µmol/L.
    """
    return CreatinineUnit(read_number(creatinine), read_number(clearance), read_number(age))


@dataclass(frozen=True)
class ThresholdUnit:
    """Hold a threshold in a larger unit beside the printed maximum.

    Attributes
    ----------
    threshold : Printed
        Threshold, in the larger unit.
    factor : int
        Smaller units in a larger one.
    maximum : Printed
        Greatest value, in the smaller unit.
    reached : int
        Patients said to reach the threshold.
    """

    threshold: Printed
    factor: int
    maximum: Printed
    reached: int

    @property
    def converted(self) -> Fraction:
        """The threshold in the unit of the maximum."""
        return self.threshold.value * self.factor

    @property
    def holds(self) -> bool:
        """Whether nobody can reach the converted threshold, yet some can reach the plain one."""
        possible = self.threshold.value <= self.maximum.value < self.converted
        return possible and self.reached > 0

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        over = "above" if self.converted > self.maximum.value else "not above"
        return (
            f"{self.threshold.text} × {self.factor} = {plain(self.converted, 1)}, {over} the "
            f"printed maximum of {self.maximum.text}, yet {self.reached} patients are "
            f"counted; in the unit of the maximum {self.threshold.text} can be reached."
        )


def threshold_unit(threshold: str, factor: str, maximum: str, reached: str) -> ThresholdUnit:
    """Show that a threshold's unit puts it beyond the printed maximum.

    Parameters
    ----------
    threshold, factor, maximum, reached : str
        Threshold, smaller units in its printed unit, printed maximum, patients counted.

    Returns
    -------
    ThresholdUnit
        Holds if no patient could be counted, but some in the unit of the maximum.
    """
    return ThresholdUnit(read_number(threshold), int(factor), read_number(maximum), int(reached))


@dataclass(frozen=True)
class NegativeSquare:
    """Hold a correlation printed as a square.

    Attributes
    ----------
    printed : Printed
        The printed square.
    patients : int
        Pairs assumed.
    p : Printed
        Upper bound of the printed P value.
    """

    printed: Printed
    patients: int
    p: Printed

    @property
    def t(self) -> float:
        """The t statistic of the figure read as a coefficient."""
        return _t(float(self.printed.value), self.patients)

    @property
    def p_value(self) -> float:
        """The two-sided P value of the coefficient."""
        return float(2 * student.sf(abs(self.t), self.patients - 2))

    @property
    def holds(self) -> bool:
        """Whether the square is negative and, read as a coefficient, suits the P value."""
        return self.printed.value < 0 and self.p_value < self.p.value

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        square = "A square is never negative. " if self.printed.value < 0 else ""
        suits = "suits" if self.p_value < self.p.value else "does not suit"
        return (
            f"{square}As a coefficient of {self.patients} pairs {plain(self.printed.value, 2)} has "
            f"t = {plain(self.t, 2)} and P = {plain(self.p_value, 4)}, which {suits} "
            f"P < {self.p.text}."
        )


def negative_square(printed: str, patients: str, p: str) -> NegativeSquare:
    """Show that a printed square is negative, and suits its P value as a coefficient.

    Parameters
    ----------
    printed, patients, p : str
        Printed square, number of pairs, upper bound of the printed P value.

    Returns
    -------
    NegativeSquare
        Holds if both are true.
    """
    return NegativeSquare(read_number(printed), int(patients), read_number(p))


def pairs_needed(coefficient: str, p: str, most: int = 1000) -> int | None:
    """Find the fewest pairs with which a printed coefficient has a P value below a bound.

    Parameters
    ----------
    coefficient, p : str
        As printed; the coefficient may lie anywhere within its rounding.
    most : int
        Largest number tried.

    Returns
    -------
    int or None
        Pairs; None if `most` are too few.
    """
    printed, bound = read_number(coefficient), float(read_number(p).value)
    strongest = float(max(abs(printed.low), abs(printed.high)))
    for pairs in range(3, most + 1):
        if 2 * student.sf(_t(strongest, pairs), pairs - 2) < bound:
            return pairs
    return None


def _t(r: float, pairs: int) -> float:
    return r * sqrt((pairs - 2) / (1 - r**2))
