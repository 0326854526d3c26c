"""Length of follow-up by the reverse Kaplan-Meier method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nissc1.stats.inputs import as_events, as_times, check_equal_lengths
from nissc1.stats.kaplan_meier import kaplan_meier
from nissc1.stats.result import Tabled


@dataclass(frozen=True)
class FollowUp(Tabled):
    """Hold the length of follow-up.

    Attributes
    ----------
    median, lower, upper : float
        Median potential follow-up and its limits; NaN where the reverse curve does not pass them.
    first_quartile, third_quartile : float
        Quartiles of the potential follow-up; NaN likewise.
    minimum, maximum : float
        Shortest and longest time observed in the patients without the event, so that an early death
        does not count as short follow-up; NaN if every patient had the event.
    observed_median : float
        Median of the observed times in the patients without the event; NaN likewise.
    n, n_censored : int
        Patients, and those without the event.
    """

    median: float
    lower: float
    upper: float
    first_quartile: float
    third_quartile: float
    minimum: float
    maximum: float
    observed_median: float
    n: int
    n_censored: int


def follow_up(
    time: ArrayLike, event: ArrayLike, *, conf_type: str = "plain", conf_level: float = 0.95
) -> FollowUp:
    """Estimate how long patients have been, or could have been, followed.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time from the origin to the event (as a rule death) or to censoring, 0 or more.
    event : array_like of {0, 1}, shape (n,)
        1 event, 0 censored. Their roles are exchanged: the end of follow-up is what is waited for,
        and the event hides it [1]_.
    conf_type : {"plain", "log", "log-log"}
        Kind of pointwise limits from which the median's are read.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    FollowUp
        Quantiles of the reverse Kaplan-Meier curve in the unit of ``time``, and the observed range.

    Raises
    ------
    ValueError
        As for ``kaplan_meier``.

    References
    ----------
    .. [1] Schemper M, Smith TL (1996). A note on quantifying follow-up in studies of failure time.
       Control Clin Trials 17:343-346.

    Examples
    --------
    One dies at 1; of the others, followed for 3, 4 and 5, two thirds are left after 3:

    >>> from nissc1.stats import follow_up
    >>> result = follow_up([5, 1, 3, 4], [0, 1, 0, 0])
    >>> result.median, result.minimum, result.maximum
    (4.0, 3.0, 5.0)
    """
    times, events = as_times(time), as_events(event)
    check_equal_lengths(time=times, event=events)
    curve = kaplan_meier(times, 1 - events, conf_type=conf_type, conf_level=conf_level)
    median, lower, upper = curve.quantile(0.5)
    followed = times[events == 0]
    nan = float("nan")
    return FollowUp(
        median=median,
        lower=lower,
        upper=upper,
        first_quartile=curve.quantile(0.25)[0],
        third_quartile=curve.quantile(0.75)[0],
        minimum=float(followed.min()) if followed.size else nan,
        maximum=float(followed.max()) if followed.size else nan,
        observed_median=float(np.median(followed)) if followed.size else nan,
        n=len(times),
        n_censored=int(followed.size),
    )
