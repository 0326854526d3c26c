"""What the confidence limits of a hazard ratio say about it, its events and its unit."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

from scipy.stats import norm

from nissc1.digits.printed import Printed, listed, plain, read_number

#: Half the width of a 95 % interval in standard errors.
Z = float(norm.ppf(0.975))


@dataclass(frozen=True)
class RatioLimits:
    """Hold the 95 % limits of a hazard ratio.

    Attributes
    ----------
    lower, upper : Printed
        The limits, symmetric about the estimate on the log scale (Wald).
    """

    lower: Printed
    upper: Printed

    @property
    def estimate(self) -> float:
        """The geometric mean of the limits as printed."""
        return sqrt(self.lower.value * self.upper.value)

    @property
    def estimates(self) -> tuple[float, float]:
        """Least and greatest geometric mean of limits that round to the printed ones."""
        return sqrt(self.lower.low * self.upper.low), sqrt(self.lower.high * self.upper.high)

    @property
    def std_error(self) -> float:
        """Standard error of the log hazard ratio, from the limits as printed."""
        return log(self.upper.value / self.lower.value) / (2 * Z)

    @property
    def std_errors(self) -> tuple[float, float]:
        """Least and greatest standard error within the rounding of the limits."""
        narrow = log(self.upper.low / self.lower.high) / (2 * Z)
        return narrow, log(self.upper.high / self.lower.low) / (2 * Z)

    def allows(self, ratio: Printed) -> bool:
        """Tell whether the limits leave a hazard ratio that rounds to a printed one.

        Parameters
        ----------
        ratio : Printed
            The hazard ratio.

        Returns
        -------
        bool
            Whether some limits within their rounding give it.
        """
        low, high = self.estimates
        return low <= ratio.high and high >= ratio.low


def ratio_limits(lower: str, upper: str) -> RatioLimits:
    """Read the limits of a hazard ratio.

    Parameters
    ----------
    lower, upper : str
        Printed 95 % limits.

    Returns
    -------
    RatioLimits
        What they imply.

    Raises
    ------
    ValueError
        If they are not positive and ascending beyond their rounding.
    """
    low, high = read_number(lower), read_number(upper)
    if low.low <= 0 or high.low <= low.high:
        raise ValueError(
            f"limits {lower} and {upper}: positive, ascending ones are allowed, apart by more than "
            "their rounding. Check the transcription."
        )
    return RatioLimits(low, high)


@dataclass(frozen=True)
class ChosenRatio:
    """Hold two printed hazard ratios beside the limits of one.

    Attributes
    ----------
    limits : RatioLimits
        The printed limits.
    nearer, other : Printed
        The ratio that the limits print, and the other one.
    """

    limits: RatioLimits
    nearer: Printed
    other: Printed

    @property
    def holds(self) -> bool:
        """Whether the geometric mean of the limits prints as the first ratio, not the other."""
        mean = self.limits.estimate
        return self.nearer.allows(mean) and not self.other.allows(mean)

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        low, high = (plain(end, 3) for end in self.limits.estimates)
        possible = "possible too" if self.limits.allows(self.other) else "impossible"
        return (
            f"√({self.limits.lower.text} × {self.limits.upper.text}) = "
            f"{plain(self.limits.estimate, 3)}, printed {self.nearer.text}; limits within their "
            f"rounding allow {low} to {high}, so {self.other.text} is {possible}."
        )


def nearer_ratio(lower: str, upper: str, nearer: str, other: str) -> ChosenRatio:
    """Show which of two printed hazard ratios the printed limits give.

    Parameters
    ----------
    lower, upper : str
        Printed 95 % limits.
    nearer, other : str
        Printed hazard ratios.

    Returns
    -------
    ChosenRatio
        Holds if the limits give the first.
    """
    return ChosenRatio(ratio_limits(lower, upper), read_number(nearer), read_number(other))


@dataclass(frozen=True)
class EventSplits:
    """Hold how events may be divided between two groups.

    Attributes
    ----------
    total : int
        Events in both groups.
    searched : int
        Divisions with an event in each group, regardless of which group has more.
    admissible : tuple of (int, int)
        Those whose standard error lies within what the limits allow, larger group first.
    """

    total: int
    searched: int
    admissible: tuple[tuple[int, int], ...]

    @property
    def holds(self) -> bool:
        """Whether any division is possible."""
        return bool(self.admissible)

    @property
    def text(self) -> str:
        """The admissible divisions, such as ``10 + 4``."""
        return listed([f"{a} + {b}" for a, b in self.admissible], "or")

    @property
    def sentence(self) -> str:
        """The result."""
        return f"Of {self.searched} divisions of {self.total} events, possible: {self.text}."


def event_splits(limits: RatioLimits, total: int) -> EventSplits:
    """Divide the events between two groups so that the standard error is the printed one.

    Parameters
    ----------
    limits : RatioLimits
        Limits of the hazard ratio of two groups.
    total : int
        Events in both.

    Returns
    -------
    EventSplits
        Divisions with 1/a + 1/b equal to the squared standard error within the rounding of the
        limits: the variance of a log hazard ratio near 1 with events in proportion to those at
        risk [1]_. Approximate where the ratio is far from 1 or the model holds more.

    References
    ----------
    .. [1] Schoenfeld DA (1983). Sample-size formula for the proportional-hazards regression model.
       Biometrics 39:499-503.
    """
    least, most = limits.std_errors
    pairs = [(total - small, small) for small in range(1, total // 2 + 1)]
    fits = tuple((a, b) for a, b in pairs if least**2 <= 1 / a + 1 / b <= most**2)
    return EventSplits(total, len(pairs), fits)


@dataclass(frozen=True)
class BelowOne:
    """Hold a hazard ratio and its reciprocal.

    Attributes
    ----------
    ratio, lower, upper : Printed
        Printed ratio and limits.
    """

    ratio: Printed
    lower: Printed
    upper: Printed

    @property
    def inverse(self) -> tuple[float, float, float]:
        """The ratio and its limits with the groups exchanged."""
        return (
            float(1 / self.ratio.value),
            float(1 / self.upper.value),
            float(1 / self.lower.value),
        )

    @property
    def holds(self) -> bool:
        """Whether the whole interval lies below 1: the event comes later or never."""
        return self.upper.high < 1

    @property
    def sentence(self) -> str:
        """The arithmetic."""
        ratio, low, high = (f"{value:.2f}" for value in self.inverse)
        where = "lies below 1, so the event is rarer" if self.holds else "does not lie below 1"
        return (
            f"{self.ratio.text} ({self.lower.text} to {self.upper.text}) {where} in the group "
            f"it is said of; with the groups exchanged it is 1/{self.ratio.text} = {ratio} "
            f"({low} to {high})."
        )


def ratio_below_one(ratio: str, lower: str, upper: str) -> BelowOne:
    """Show that a hazard ratio means fewer events in the group it is said of.

    Parameters
    ----------
    ratio, lower, upper : str
        As printed.

    Returns
    -------
    BelowOne
        Holds if the interval lies below 1.
    """
    return BelowOne(read_number(ratio), read_number(lower), read_number(upper))


def totals_that_fit(limits: RatioLimits, largest: int) -> tuple[int, ...]:
    """List the totals of events that can be divided between two groups to give the limits.

    Parameters
    ----------
    limits : RatioLimits
        Limits of the hazard ratio of two groups.
    largest : int
        Largest total tried.

    Returns
    -------
    tuple of int
        Totals from 2 upwards for which `event_splits` finds a division.
    """
    return tuple(n for n in range(2, largest + 1) if event_splits(limits, n).holds)
