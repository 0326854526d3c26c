"""Counts of patients that their own article leaves no room for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from nissc1.digits.percentages import PATIENTS, counts_behind
from nissc1.digits.printed import Printed, listed, plain, read_number

#: Days in a month of follow-up, 365.25 / 12.
DAYS_A_MONTH = Fraction(487, 16)


@dataclass(frozen=True)
class KnownAtMost:
    """Hold a denominator beside a subset in which some are not known.

    Attributes
    ----------
    stated : int
        Stated number of patients with a known value.
    everyone : int
        All patients.
    subset, known : int
        Patients of the subset, and those of them with a known value.
    """

    stated: int
    everyone: int
    subset: int
    known: int

    @property
    def most(self) -> int:
        """Most patients with a known value."""
        return self.everyone - (self.subset - self.known)

    @property
    def holds(self) -> bool:
        """Whether more are stated than can be known."""
        return self.stated > self.most

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        return (
            f"Of {self.subset} patients {self.known} are known, so {self.subset - self.known} is "
            f"not: at most {self.everyone} − {self.subset - self.known} = {self.most} can be "
            f"known, and {self.stated} are stated."
        )


def more_than_known(stated: str, everyone: str, subset: str, known: str) -> KnownAtMost:
    """Show that a stated denominator exceeds the patients with a known value.

    Parameters
    ----------
    stated, everyone, subset, known : str
        Printed denominator, all patients, patients of a subset, and those known among them.

    Returns
    -------
    KnownAtMost
        Holds if the denominator is too large.
    """
    return KnownAtMost(int(stated), int(everyone), int(subset), int(known))


@dataclass(frozen=True)
class OtherCount:
    """Hold a percentage, the count it belongs to and the one it is given to.

    Attributes
    ----------
    percent : Printed
        Printed percentage.
    denominator : int
        Patients.
    fits : tuple of int
        Counts that print as the percentage.
    claimed : int
        The count it is given to.
    """

    percent: Printed
    denominator: int
    fits: tuple[int, ...]
    claimed: int

    @property
    def holds(self) -> bool:
        """Whether some count fits, and not the one it is given to."""
        return bool(self.fits) and self.claimed not in self.fits

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        own = plain(Fraction(100 * self.claimed, self.denominator), self.percent.decimals + 2)
        return (
            f"{self.percent.text}% of {self.denominator} is "
            f"{listed([str(n) for n in self.fits], 'or')} patients; {self.claimed} of "
            f"{self.denominator} would be {own}%."
        )


def other_count(percent: str, claimed: str, denominator: str = str(PATIENTS)) -> OtherCount:
    """Show that a percentage belongs to another count than the one it is given to.

    Parameters
    ----------
    percent, claimed : str
        Printed percentage and the count.
    denominator : str
        Patients.

    Returns
    -------
    OtherCount
        Holds if the count does not print as the percentage.
    """
    of = int(denominator)
    return OtherCount(read_number(percent), of, counts_behind(percent, of), int(claimed))


@dataclass(frozen=True)
class BelowMinimum:
    """Hold days that lie before a printed shortest time.

    Attributes
    ----------
    months : Printed
        Printed minimum, in months.
    days : tuple of int
        Days on which observation ended.
    """

    months: Printed
    days: tuple[int, ...]

    @property
    def limit(self) -> Fraction:
        """The least number of days that still rounds to the printed months."""
        return self.months.low * DAYS_A_MONTH

    @property
    def earlier(self) -> tuple[int, ...]:
        """The days before it."""
        return tuple(day for day in self.days if day < self.limit)

    @property
    def holds(self) -> bool:
        """Whether any lies before it."""
        return bool(self.earlier)

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        days = listed([str(day) for day in self.earlier])
        return (
            f"{self.months.text} months, rounded, are at least {plain(self.limit, 1)} days; "
            f"{len(self.earlier)} times end before, on days {days}."
        )


def below_minimum(months: str, days: str) -> BelowMinimum:
    """Show that some times lie below a printed minimum.

    Parameters
    ----------
    months : str
        Printed minimum, in months.
    days : str
        Days with spaces between.

    Returns
    -------
    BelowMinimum
        Holds if any day is too early.
    """
    return BelowMinimum(read_number(months), tuple(int(day) for day in days.split()))


@dataclass(frozen=True)
class Complement:
    """Hold the complement of a Kaplan-Meier estimate that censors competing events.

    Attributes
    ----------
    patients, competing, events : int
        Patients, competing events, and events of interest after all of these; nobody is lost.
    percent : Printed
        Printed rate of the event of interest.
    """

    patients: int
    competing: int
    events: int
    percent: Printed

    @property
    def complement(self) -> Fraction:
        """The complement of Kaplan-Meier, percent."""
        return Fraction(100 * self.events, self.patients - self.competing)

    @property
    def incidence(self) -> Fraction:
        """The cumulative incidence, percent."""
        return Fraction(100 * self.events, self.patients)

    @property
    def holds(self) -> bool:
        """Whether the printed rate is the incidence and not the complement."""
        return self.percent.allows(self.incidence) and not self.percent.allows(self.complement)

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        digits = self.percent.decimals + 1
        left = self.patients - self.competing
        return (
            f"With {self.competing} of {self.patients} dead before, {self.events} progressions are "
            f"a cumulative incidence of {self.events}/{self.patients} = "
            f"{plain(self.incidence, digits + 1)}%, but 1 − Kaplan–Meier would be "
            f"{self.events}/{left} = {plain(self.complement, digits)}%; printed is "
            f"{self.percent.text}%."
        )


def no_complement(patients: str, competing: str, events: str, percent: str) -> Complement:
    """Show that a printed rate is no complement of a Kaplan-Meier estimate.

    Parameters
    ----------
    patients, competing, events : str
        Patients; competing events, which come first; events of interest.
    percent : str
        Printed rate.

    Returns
    -------
    Complement
        Holds if only the cumulative incidence rounds to it.
    """
    return Complement(int(patients), int(competing), int(events), read_number(percent))
