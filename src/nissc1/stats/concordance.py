"""Harrell's index of concordance between a score and censored times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from nissc1.stats.inputs import as_events, as_times, check_equal_lengths, to_numbers
from nissc1.stats.options import check_conf_level
from nissc1.stats.result import Tabled

#: Comparisons which are held in memory at once.
_BLOCK = 4_000_000


@dataclass(frozen=True)
class Concordance(Tabled):
    """Hold an index of concordance.

    Attributes
    ----------
    estimate, std_error, lower, upper : float
        Probability that of two comparable patients the one with the higher score has the event
        first; its standard error and limits.
    conf_level : float
        Two-sided level of the limits.
    n, n_events : int
        Patients and events among them.
    n_pairs, n_concordant, n_tied : int
        Comparable pairs; those in which the higher score has the event first; those with one and
        the same score, which count half.
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    conf_level: float
    n: int
    n_events: int
    n_pairs: int
    n_concordant: int
    n_tied: int


def concordance(
    time: ArrayLike, event: ArrayLike, score: ArrayLike, *, conf_level: float = 0.95
) -> Concordance:
    """Estimate how well a score orders patients by their times to an event.

    Parameters
    ----------
    time : array_like, shape (n,)
        Time from the origin to the event or to censoring, any unit, 0 or more.
    event : array_like of {0, 1}, shape (n,)
        1 where the event was seen at ``time``, 0 where observation ended there.
    score : array_like, shape (n,)
        Numbers; higher means an earlier event. No value may be missing.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    Concordance
        Harrell's C [1]_: two patients are comparable if one had the event and the other was then
        still without it (observed longer, or censored on the same day). The standard error is the
        infinitesimal jackknife's [2]_; limits are the estimate plus and minus the normal quantile
        times it, clipped to [0, 1].

    Raises
    ------
    ValueError
        If the arrays differ in length or are empty, hold values which are not allowed, or no two
        patients are comparable.

    Notes
    -----
    In the data in which a model was fitted, its C is too favourable, the more so the more
    coefficients and the fewer events.

    References
    ----------
    .. [1] Harrell FE, Lee KL, Mark DB (1996). Multivariable prognostic models. Stat Med 15:361-387.
    .. [2] Therneau T, Watson D (2015). The concordance statistic and the Cox model. Technical
       report 85, Department of Health Science Research, Mayo Clinic, Rochester.

    Examples
    --------
    >>> from nissc1.stats import concordance
    >>> result = concordance([1, 2, 3, 4], [1, 1, 0, 1], [3, 1, 2, 0])
    >>> result.n_concordant, result.n_pairs
    (4, 5)
    >>> round(result.estimate, 3), round(result.std_error, 3)
    (0.8, 0.204)
    """
    times, events, scores = as_times(time), as_events(event), to_numbers(score, "score")
    check_equal_lengths(time=times, event=events, score=scores)
    check_conf_level(conf_level)
    if not np.isfinite(scores).all():
        raise ValueError(
            f"score is missing or infinite in {int((~np.isfinite(scores)).sum())} place(s); finite "
            "numbers are needed. Leave these patients out."
        )
    n = len(times)
    pairs, concordant, tied = np.zeros(n), np.zeros(n), np.zeros(n)
    cases = np.flatnonzero(events)
    for first in range(0, len(cases), max(_BLOCK // n, 1)):
        block = cases[first : first + max(_BLOCK // n, 1)]
        later = times > times[block, None]
        later |= (times == times[block, None]) & (events == 0)
        lower, same = scores < scores[block, None], scores == scores[block, None]
        for counts, kind in ((pairs, later), (concordant, later & lower), (tied, later & same)):
            counts += kind.sum(axis=0)
            counts[block] += kind.sum(axis=1)
    total = pairs.sum() / 2  # each pair was counted for both its patients
    if total == 0:
        raise ValueError(
            f"of {n} patient(s) with {len(cases)} event(s) no two are comparable; one must have "
            "the event while another is observed longer. Choose a later cut-off."
        )
    agreeing = concordant + tied / 2
    estimate = float(agreeing.sum() / 2 / total)
    influence = (agreeing - estimate * pairs) / total
    std_error = float(np.sqrt(np.sum(influence**2)))
    half = float(norm.ppf(0.5 + conf_level / 2)) * std_error
    return Concordance(
        estimate=estimate,
        std_error=std_error,
        lower=max(estimate - half, 0.0),
        upper=min(estimate + half, 1.0),
        conf_level=conf_level,
        n=n,
        n_events=len(cases),
        n_pairs=int(total),
        n_concordant=int(concordant.sum() / 2),
        n_tied=int(tied.sum() / 2),
    )
