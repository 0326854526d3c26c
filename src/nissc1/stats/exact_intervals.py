"""Exact limits of a proportion and of a rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest, chi2

from nissc1.stats.options import check_conf_level
from nissc1.stats.result import Tabled


@dataclass(frozen=True)
class Proportion(Tabled):
    """Hold a proportion with its limits.

    Attributes
    ----------
    estimate, lower, upper : float
        Share of the patients with the event, and its limits.
    conf_level : float
        Two-sided level of the limits.
    n_events, n : int
        Patients with the event, and patients.
    """

    estimate: float
    lower: float
    upper: float
    conf_level: float
    n_events: int
    n: int


@dataclass(frozen=True)
class Rate(Tabled):
    """Hold an event rate with its limits.

    Attributes
    ----------
    estimate, lower, upper : float
        Events a unit of person-time, and their limits.
    conf_level : float
        Two-sided level of the limits.
    n_events : int
        Events.
    person_time : float
        Time under observation of all patients together.
    """

    estimate: float
    lower: float
    upper: float
    conf_level: float
    n_events: int
    person_time: float


def exact_interval(events: int, n: int, *, conf_level: float = 0.95) -> Proportion:
    """Estimate a proportion with limits that never cover too rarely.

    Parameters
    ----------
    events : int
        Patients with the event, 0 to ``n``.
    n : int
        Patients, 1 or more.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    Proportion
        Limits by Clopper and Pearson's method [1]_. Without any event the lower limit is 0 and the
        upper one that of 1 - (1 - level) / 2.

    Raises
    ------
    ValueError
        If the counts are not whole numbers, ``n`` is below 1 or ``events`` not between 0 and ``n``.

    References
    ----------
    .. [1] Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in
       the case of the binomial. Biometrika 26:404-413.

    Examples
    --------
    >>> from nissc1.stats import exact_interval
    >>> result = exact_interval(5, 80)
    >>> round(result.estimate, 4), round(result.lower, 4), round(result.upper, 4)
    (0.0625, 0.0206, 0.1399)
    """
    count, total = check_count("events", events), check_count("n", n)
    check_conf_level(conf_level)
    if total < 1 or count > total:
        raise ValueError(
            f"events is {count} of n = {total}; at least 1 patient, and no more events than "
            "patients, are allowed. Check which of the two is which."
        )
    limits = binomtest(count, total).proportion_ci(conf_level, method="exact")
    return Proportion(
        count / total, float(limits.low), float(limits.high), conf_level, count, total
    )


def exact_rate(events: int, person_time: float, *, conf_level: float = 0.95) -> Rate:
    """Estimate a rate with limits that never cover too rarely.

    Parameters
    ----------
    events : int
        Events, 0 or more; they are taken for a Poisson number.
    person_time : float
        Time under observation of all patients together, above 0, any unit.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    Rate
        Limits by Garwood's method [1]_.

    Raises
    ------
    ValueError
        If the events are not a whole number from 0 upwards or the person-time is not above 0.

    References
    ----------
    .. [1] Garwood F (1936). Fiducial limits for the Poisson distribution. Biometrika 28:437-442.

    Examples
    --------
    >>> from nissc1.stats import exact_rate
    >>> result = exact_rate(0, 100.0)
    >>> result.estimate, result.lower, round(result.upper, 4)
    (0.0, 0.0, 0.0369)
    """
    count = check_count("events", events)
    check_conf_level(conf_level)
    if not (np.isfinite(person_time) and person_time > 0):
        raise ValueError(
            f"person_time is {person_time}; a finite number above 0 is allowed. Add up the "
            "patients' times under observation."
        )
    lower, upper = garwood(count, conf_level)
    time = float(person_time)
    return Rate(count / time, lower / time, upper / time, conf_level, count, time)


def garwood(events: int, conf_level: float) -> tuple[float, float]:
    """Return the exact limits of the mean of a Poisson number.

    Parameters
    ----------
    events : int
        The number.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    lower, upper : float
        Limits; the lower one is 0 where the number is.
    """
    tail = (1 - conf_level) / 2
    lower = float(chi2.ppf(tail, 2 * events)) / 2 if events else 0.0
    return lower, float(chi2.isf(tail, 2 * (events + 1))) / 2


def check_count(name: str, value: int) -> int:
    """Refuse what is no count.

    Parameters
    ----------
    name : str
        Name of the argument.
    value : int
        Value found.

    Returns
    -------
    int
        The count.

    Raises
    ------
    ValueError
        If it is not a whole number from 0 upwards.
    """
    if isinstance(value, bool) or not np.isfinite(value) or int(value) != value or value < 0:
        raise ValueError(
            f"{name} is {value!r}; a whole number from 0 upwards is allowed. Pass a count."
        )
    return int(value)
