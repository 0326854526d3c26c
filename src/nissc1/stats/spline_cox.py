"""Cox regression in which a continuous covariate may act along a curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import chi2, norm

from nissc1.stats.cox import CoxModel, cox
from nissc1.stats.inputs import FloatArray, to_numbers
from nissc1.stats.model_frame import read_model
from nissc1.stats.partial_likelihood import PartialLikelihood
from nissc1.stats.restricted_cubic import restricted_cubic_basis, spline_knots

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class SplineModel:
    """Hold a Cox model in which one covariate acts through a restricted cubic spline.

    Attributes
    ----------
    covariate : str
        The covariate.
    knots : ndarray, shape (k,)
        Knots, ascending; beyond the outer ones the log hazard is a straight line.
    model : CoxModel
        Fitted model: first the ``k - 1`` terms of the spline, the first of them the covariate
        itself, then the covariates adjusted for.
    covariance : ndarray, shape (k - 1, k - 1)
        Covariance matrix of the spline's coefficients.
    log_likelihood_linear, log_likelihood_without : float
        Log partial likelihood with the covariate as a straight line, and without it.
    lowest, highest : float
        Range of the covariate in the data.
    """

    covariate: str
    knots: FloatArray
    model: CoxModel
    covariance: FloatArray
    log_likelihood_linear: float
    log_likelihood_without: float
    lowest: float
    highest: float

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        self.knots.setflags(write=False)
        self.covariance.setflags(write=False)

    def table(self) -> pd.DataFrame:
        """Return the tests of the covariate.

        Returns
        -------
        pandas.DataFrame
            Indexed ``"association"`` (all terms 0) and ``"non-linearity"`` (all but the first 0):
            ``df``; ``statistic`` and ``p_value`` of the likelihood ratio test; ``wald_statistic``
            and ``wald_p_value``. With few events prefer the former.
        """
        size = len(self.knots) - 1
        coef = self.model.coef[:size]
        rows = {}
        for name, first, without in (
            ("association", 0, self.log_likelihood_without),
            ("non-linearity", 1, self.log_likelihood_linear),
        ):
            ratio = max(2 * (self.model.log_likelihood - without), 0.0)
            part = coef[first:]
            wald = float(part @ np.linalg.solve(self.covariance[first:, first:], part))
            df = size - first
            rows[name] = (df, ratio, float(chi2.sf(ratio, df)), wald, float(chi2.sf(wald, df)))
        columns = ["df", "statistic", "p_value", "wald_statistic", "wald_p_value"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype({"df": int})

    def curve(self, at: ArrayLike, *, reference: float) -> pd.DataFrame:
        """Read the log hazard ratio of values of the covariate against a reference value.

        Parameters
        ----------
        at : array_like, shape (m,)
            Values of the covariate, within the range of the data.
        reference : float
            Value with hazard ratio 1.

        Returns
        -------
        pandas.DataFrame
            One row a value: the covariate (under its name), ``estimate`` (log hazard ratio),
            ``std_error``, ``lower``, ``upper`` (pointwise), and ``hazard_ratio``,
            ``hazard_ratio_lower``, ``hazard_ratio_upper``.

        Raises
        ------
        ValueError
            If a value is missing or outside the range of the data.
        """
        values = to_numbers(np.atleast_1d(np.asarray(at)), "at")
        asked = np.append(values, reference)
        wrong = asked[~((asked >= self.lowest) & (asked <= self.highest))]
        if wrong.size:
            raise ValueError(
                f"{self.covariate!r} is asked for at {wrong[0]:g}; the data reach from "
                f"{self.lowest:g} to {self.highest:g}, and the curve is not extrapolated. Choose "
                "values in between."
            )
        basis = restricted_cubic_basis(asked, self.knots)
        contrast = basis[:-1] - basis[-1]
        estimate = contrast @ self.model.coef[: basis.shape[1]]
        variance = np.einsum("ma,ab,mb->m", contrast, self.covariance, contrast)
        std_error = np.sqrt(np.maximum(variance, 0.0))
        half = float(norm.ppf(0.5 + self.model.conf_level / 2)) * std_error
        frame = pd.DataFrame({self.covariate: values, "estimate": estimate, "std_error": std_error})
        frame["lower"], frame["upper"] = estimate - half, estimate + half
        frame["hazard_ratio"] = np.exp(estimate)
        frame["hazard_ratio_lower"] = np.exp(estimate - half)
        frame["hazard_ratio_upper"] = np.exp(estimate + half)
        return frame

    def plot(self, *, reference: float, ax: Axes | None = None) -> Axes:
        """Draw the hazard ratio along the covariate.

        `nissc1.report.figures`, and with it matplotlib, is imported only now.

        Parameters
        ----------
        reference : float
            Value with hazard ratio 1.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; by default those of a new figure of pyplot.

        Returns
        -------
        matplotlib.axes.Axes
            The axes.
        """
        from nissc1.report.figures.results import plot_hazard_ratios

        return plot_hazard_ratios(self, reference, ax)


def spline_cox(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    covariate: str,
    adjusted_for: Sequence[str] = (),
    n_knots: int = 3,
    conf_level: float = 0.95,
) -> SplineModel:
    """Fit a Cox model in which a continuous covariate may act along a curve.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    time, event : str
        Columns with the time (0 or more, any unit) and the event (1) or censoring (0).
    covariate : str
        Column with the continuous covariate.
    adjusted_for : sequence of str
        Further covariates, which act along straight lines.
    n_knots : {3, 4, 5}
        Knots, as for `spline_knots`, in the patients with all covariates known. Each beyond the
        second costs a coefficient.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    SplineModel
        Ties by Efron's method; ``.curve(at, reference=...)`` and tests of association and of
        non-linearity in ``.table()`` [1]_.

    Raises
    ------
    ValueError
        If the frame or an option is not allowed, or knots coincide.
    FitError
        If the data do not determine one of the models.

    References
    ----------
    .. [1] Durrleman S, Simon R (1989). Flexible regression models with cubic splines. Stat Med
       8:551-561.

    Examples
    --------
    >>> import pandas as pd
    >>> from nissc1.stats import spline_cox
    >>> frame = pd.DataFrame({"days": range(1, 25), "died": [1, 1, 0] * 8})
    >>> frame["fvc"] = [60, 72, 91, 55, 88, 70, 99, 81, 64, 77, 93, 85] * 2
    >>> model = spline_cox(frame, time="days", event="died", covariate="fvc")
    >>> model.knots.tolist()
    [60.0, 79.0, 93.0]
    >>> model.curve([60, 75], reference=75)["hazard_ratio"].round(2).tolist()
    [2.2, 1.0]
    """
    names = [covariate, *adjusted_for]
    data = read_model(frame, time=time, event=event, covariates=names)
    knots = spline_knots(data.matrix[:, 0], n_knots)
    basis = restricted_cubic_basis(data.matrix[:, 0], knots)
    size = basis.shape[1]
    terms = [covariate + "'" * k for k in range(size)]
    # the terms are so alike that the model is fitted to orthogonal ones, which span the same curves
    orthogonal, turn = np.linalg.qr(basis - basis.mean(axis=0))
    complete = pd.DataFrame(
        np.column_stack([data.times, data.events, data.matrix, orthogonal]),
        columns=[time, event, *names, *(f"{covariate} {k}" for k in range(size))],
    )

    def fit(columns: Sequence[str]) -> CoxModel:
        return cox(complete, time=time, event=event, covariates=columns, conf_level=conf_level)

    linear = fit(names)
    curved = fit([*(f"{covariate} {k}" for k in range(size)), *adjusted_for])
    without = fit(adjusted_for).log_likelihood if adjusted_for else curved.log_likelihood_null
    matrix = np.column_stack([orthogonal, data.matrix[:, 1:]])
    information = PartialLikelihood(data.times, data.events, matrix).at(curved.coef).information
    back = np.linalg.inv(turn)
    covariance = back @ np.linalg.inv(information)[:size, :size] @ back.T
    std_error = np.append(np.sqrt(np.diag(covariance)), curved.std_error[size:])
    model = replace(
        curved,
        covariates=(*terms, *adjusted_for),
        coef=np.append(back @ curved.coef[:size], curved.coef[size:]),
        n_missing=data.n_missing,
        std_error=std_error,
    )
    return SplineModel(
        covariate=covariate,
        knots=knots,
        model=model,
        covariance=covariance,
        log_likelihood_linear=linear.log_likelihood,
        log_likelihood_without=without,
        lowest=float(data.matrix[:, 0].min()),
        highest=float(data.matrix[:, 0].max()),
    )
