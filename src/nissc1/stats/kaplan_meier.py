"""Kaplan-Meier estimate of a survival function."""

from __future__ import annotations

import numpy as np
from lifelines import KaplanMeierFitter
from numpy.typing import ArrayLike

from nissc1.stats.curve import CONF_TYPES, Curve, distinct_times, limits
from nissc1.stats.inputs import as_events, as_times, check_equal_lengths
from nissc1.stats.options import check_choice, check_conf_level


def kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    *,
    conf_type: str = "plain",
    conf_level: float = 0.95,
) -> Curve:
    """Estimate a survival function by Kaplan and Meier's product-limit method.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time from the origin to the event or to censoring, any unit, 0 or more.
    event : array_like of {0, 1}, shape (n,)
        1 where the event was seen at ``time``, 0 where observation ended there. A patient censored
        on the day of an event is still at risk of it.
    conf_type : {"plain", "log", "log-log"}
        Kind of pointwise limits; ``plain`` adds and subtracts the normal quantile times the
        standard error.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    Curve
        Estimate [1]_ with Greenwood's standard error [2]_; limits clipped to [0, 1]. Where the
        curve has reached 0 (all at risk had the event) or is still at 1, the standard error is 0
        and the limits equal the estimate: these methods offer no others. ``Curve.at`` says what
        holds beyond the last observation.

    Raises
    ------
    ValueError
        If the arrays differ in length or are empty, a time is missing, negative or infinite, an
        event is not 0 or 1, or an option is not allowed.

    Notes
    -----
    The estimate is lifelines'. It works out the product as the exponential of a sum of logarithms
    and so agrees with other programs to about 1e-15.

    References
    ----------
    .. [1] Kaplan EL, Meier P (1958). Nonparametric estimation from incomplete observations.
       J Am Stat Assoc 53:457-481.
    .. [2] Greenwood M (1926). The natural duration of cancer. Reports on Public Health and
       Medical Subjects 33:1-26. HMSO, London.

    Examples
    --------
    Of four patients one dies at 1 and one at 3, when two were left:

    >>> from nissc1.stats import kaplan_meier
    >>> kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0]).at([2, 3])["estimate"].round(3).tolist()
    [0.75, 0.375]
    """
    times, events = as_times(time), as_events(event)
    check_equal_lengths(time=times, event=events)
    check_choice("conf_type", conf_type, CONF_TYPES)
    check_conf_level(conf_level)

    distinct, place, at_risk = distinct_times(times)
    deaths = np.bincount(place, weights=events, minlength=len(distinct)).astype(np.int64)
    with np.errstate():  # lifelines changes NumPy's error state for the whole process
        fitter = KaplanMeierFitter().fit(times, events)
    estimate = fitter.survival_function_.iloc[:, 0].reindex(distinct).to_numpy(dtype=np.float64)

    left = at_risk - deaths
    term = np.divide(
        deaths, at_risk.astype(np.float64) * left, out=np.zeros(len(distinct)), where=left > 0
    )
    std_error = estimate * np.sqrt(np.cumsum(term))
    lower, upper = limits(estimate, std_error, conf_type, conf_level)
    return Curve(
        kind="survival",
        n=len(times),
        conf_type=conf_type,
        conf_level=conf_level,
        time=distinct,
        n_at_risk=at_risk,
        n_events=deaths,
        n_competing=np.zeros(len(distinct), dtype=np.int64),
        n_censored=at_risk - np.append(at_risk[1:], 0) - deaths,
        estimate=estimate,
        std_error=std_error,
        lower=lower,
        upper=upper,
    )
