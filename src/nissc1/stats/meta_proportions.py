"""Meta-analysis of proportions by a binomial-normal model."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit, logit
from scipy.stats import chi2, norm
from scipy.stats import t as student

from nissc1.stats.binomial_normal import BinomialNormal
from nissc1.stats.binomial_normal_fit import PoolingError, maximise, tau_limits
from nissc1.stats.exact_intervals import exact_interval
from nissc1.stats.inputs import FloatArray, check_equal_lengths, to_numbers
from nissc1.stats.options import check_conf_level


@dataclass(frozen=True, eq=False)
class PooledProportion:
    """Hold a meta-analysis of proportions.

    Attributes
    ----------
    estimate, lower, upper : float
        Proportion in a study with the mean logit (the median of the studies' true proportions) and
        its limits.
    logit_estimate, logit_std_error : float
        Mean logit and its standard error.
    tau2, tau2_lower, tau2_upper : float
        Variance of the true logits between studies, with profile likelihood limits.
    prediction_lower, prediction_upper : float
        Limits for the true proportion of a further study of the kind; NaN with fewer than three
        studies.
    statistic, p_value : float
        Likelihood ratio test of no variance between studies; the P value counts half of the
        chi-squared tail, since a variance cannot be negative.
    i2 : float
        Share of the variance of the observed logits that is between studies, from tau² and a
        typical variance within. It grows with the size of the studies at one and the same tau².
    log_likelihood : float
        Logarithm of the likelihood.
    conf_level : float
        Two-sided level of all limits.
    studies : pandas.DataFrame
        See `table`.
    """

    estimate: float
    lower: float
    upper: float
    logit_estimate: float
    logit_std_error: float
    tau2: float
    tau2_lower: float
    tau2_upper: float
    prediction_lower: float
    prediction_upper: float
    statistic: float
    p_value: float
    i2: float
    log_likelihood: float
    conf_level: float
    studies: pd.DataFrame

    @property
    def n_studies(self) -> int:
        """Number of studies."""
        return len(self.studies)

    @property
    def n(self) -> int:
        """Number of patients of all studies."""
        return int(self.studies["n"].sum())

    @property
    def n_events(self) -> int:
        """Number of events of all studies."""
        return int(self.studies["n_events"].sum())

    def table(self) -> pd.DataFrame:
        """Return the single studies.

        Returns
        -------
        pandas.DataFrame
            Indexed by study: ``n_events``, ``n``, ``estimate``, ``lower``, ``upper`` (Clopper and
            Pearson's limits).
        """
        return self.studies.copy()


def pool_proportions(
    events: ArrayLike,
    n: ArrayLike,
    *,
    labels: Sequence[Hashable] | None = None,
    conf_level: float = 0.95,
) -> PooledProportion:
    """Pool proportions of several studies, those without any event included.

    Parameters
    ----------
    events : array_like of int, shape (k,)
        Patients with the event in each study.
    n : array_like of int, shape (k,)
        Patients in each study, 1 or more.
    labels : sequence of hashable, length k, optional
        Names of the studies; by default 0, 1, 2, ...
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    PooledProportion
        Random-effects logistic model by maximum likelihood [1]_; Wald limits of the mean logit,
        back-transformed; prediction limits from Student's t with k - 2 degrees of freedom on the
        logit scale [2]_; test of heterogeneity with the mixture of chi-squared distributions [3]_.

    Raises
    ------
    ValueError
        If the arrays differ in length, there are fewer than two studies, a count is no whole number
        from 0 upwards, or a study has no patient or more events than patients.
    PoolingError
        If no patient of any study has the event, or all have: the mean logit is infinite
        (`exact_interval` of the totals still gives a limit); or if the likelihood grows with ever
        larger differences between studies.

    Notes
    -----
    No continuity correction is needed. With few studies the variance between them is underestimated
    by maximum likelihood, and the limits of the mean are somewhat too narrow; its own limits tell
    how little is known of it.

    References
    ----------
    .. [1] Stijnen T, Hamza TH, Ozdemir P (2010). Random effects meta-analysis of event outcome in
       the framework of the generalized linear mixed model with applications in sparse data.
       Stat Med 29:3046-3067.
    .. [2] Higgins JPT, Thompson SG, Spiegelhalter DJ (2009). A re-evaluation of random-effects
       meta-analysis. J R Stat Soc A 172:137-159.
    .. [3] Self SG, Liang KY (1987). Asymptotic properties of maximum likelihood estimators and
       likelihood ratio tests under nonstandard conditions. J Am Stat Assoc 82:605-610.

    Examples
    --------
    >>> from nissc1.stats import pool_proportions
    >>> result = pool_proportions([0, 8, 1, 5], [19, 79, 36, 80])
    >>> round(result.estimate, 3), round(result.lower, 3), round(result.upper, 3)
    (0.065, 0.039, 0.107)
    """
    check_conf_level(conf_level)
    x, size = _counts(events, n)
    names = list(range(len(x))) if labels is None else list(labels)
    if len(names) != len(x):
        raise ValueError(
            f"labels has {len(names)} names for {len(x)} studies; one each is needed. Give as many."
        )
    total, everybody = float(x.sum()), float(size.sum())
    if total in (0.0, everybody):
        raise PoolingError(
            f"{total:g} of the {everybody:g} patients of all studies have the event; both patients "
            "with and without it are needed. Give exact_interval of the totals instead."
        )
    model = BinomialNormal(x, size)
    common = float(logit(total / everybody))
    homogeneous = model.log_likelihood(common, 0.0)
    mu, tau = maximise(model, common, homogeneous)
    best = model.log_likelihood(mu, tau)
    if tau:
        variance = float(np.linalg.inv(model.information(mu, tau))[0, 0])
    else:
        share = expit(mu)
        variance = float(1 / (everybody * share * (1 - share)))
    std_error = float(np.sqrt(variance))
    half = float(norm.ppf(0.5 + conf_level / 2)) * std_error
    predicted = float("nan")
    if len(x) > 2:
        spread = float(np.sqrt(tau**2 + variance))
        predicted = float(student.ppf(0.5 + conf_level / 2, len(x) - 2)) * spread
    statistic = max(2 * (best - homogeneous), 0.0)
    lowest, highest = tau_limits(model, mu, tau, best, conf_level)
    exact = [
        exact_interval(int(a), int(b), conf_level=conf_level) for a, b in zip(x, size, strict=True)
    ]
    studies = pd.DataFrame(
        {
            "n_events": x.astype(np.int64),
            "n": size.astype(np.int64),
            "estimate": x / size,
            "lower": [each.lower for each in exact],
            "upper": [each.upper for each in exact],
        },
        index=pd.Index(names, name="study"),
    )
    return PooledProportion(
        estimate=float(expit(mu)),
        lower=float(expit(mu - half)),
        upper=float(expit(mu + half)),
        logit_estimate=mu,
        logit_std_error=std_error,
        tau2=tau**2,
        tau2_lower=lowest**2,
        tau2_upper=highest**2,
        prediction_lower=float(expit(mu - predicted)),
        prediction_upper=float(expit(mu + predicted)),
        statistic=statistic,
        p_value=float(chi2.sf(statistic, 1)) / 2 if statistic > 0 else 1.0,
        i2=_share_between(x, size, tau**2),
        log_likelihood=best,
        conf_level=conf_level,
        studies=studies,
    )


def _counts(events: ArrayLike, n: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x, size = to_numbers(events, "events"), to_numbers(n, "n")
    check_equal_lengths(events=x, n=size)
    if len(x) < 2:
        raise ValueError(
            f"there are {len(x)} studies; at least 2 are needed. Give exact_interval of one."
        )
    wrong = ~(np.isfinite(x) & np.isfinite(size)) | (x != np.floor(x)) | (size != np.floor(size))
    wrong |= (x < 0) | (size < 1) | (x > size)
    if wrong.any():
        k = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"the study at position {k} has {x[k]:g} events in {size[k]:g} patients; whole numbers "
            "with no more events than patients, and at least one patient, are allowed. Pass counts."
        )
    return x, size


def _share_between(events: FloatArray, n: FloatArray, tau2: float) -> float:
    """Return I², with a typical variance within studies of logits corrected by one half."""
    empty = (events == 0) | (events == n)
    more = np.where(empty, 0.5, 0.0)
    weight = 1 / (1 / (events + more) + 1 / (n - events + more))
    typical = (len(n) - 1) * weight.sum() / (weight.sum() ** 2 - np.sum(weight**2))
    return float(tau2 / (tau2 + typical))
