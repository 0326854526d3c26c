"""Test of proportional hazards, and the residuals that show how a hazard ratio changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import chi2

from nissc1.stats.cox import cox
from nissc1.stats.hazard_model import FitError
from nissc1.stats.inputs import FloatArray, IntArray
from nissc1.stats.kaplan_meier import kaplan_meier
from nissc1.stats.model_frame import ModelData, read_model
from nissc1.stats.options import check_choice
from nissc1.stats.partial_likelihood import PartialLikelihood
from nissc1.stats.residual_smooth import smooth_residuals

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TRANSFORMS = ("km", "identity", "log", "rank")
GLOBAL = "global"
#: Variance of a change, as a share of that with known hazard ratios, which is rounding error.
_NEGLIGIBLE = 1e-10


@dataclass(frozen=True, eq=False)
class ProportionalHazards:
    """Hold a test of proportional hazards.

    Attributes
    ----------
    covariates : tuple of str
        Covariates of the model.
    transform : str
        Scale of time on which a log hazard ratio may change.
    statistic, p_value : ndarray, shape (p + 1,)
        Chi-squared and P value of each covariate, and last of all of them together.
    df : ndarray of int, shape (p + 1,)
        Degrees of freedom: 1 each, last the number of covariates.
    coef, std_error : ndarray, shape (p,)
        Log hazard ratios of the model, in which they do not change, and their standard errors.
    time, transformed : ndarray, shape (d,)
        Event times, ascending, tied ones repeated, and their place on the scale of the test.
    scaled_residuals : ndarray, shape (d, p)
        Scaled Schoenfeld residuals plus the coefficient: an estimate of the log hazard ratio at
        each event, one point a patient with an event.
    n, n_events, n_missing : int
        Patients in the model, events among them, patients left out because a covariate is missing.
    """

    covariates: tuple[str, ...]
    transform: str
    statistic: FloatArray
    df: IntArray
    p_value: FloatArray
    coef: FloatArray
    std_error: FloatArray
    time: FloatArray
    transformed: FloatArray
    scaled_residuals: FloatArray
    n: int
    n_events: int
    n_missing: int

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def table(self) -> pd.DataFrame:
        """Return the tests as a table.

        Returns
        -------
        pandas.DataFrame
            Indexed by covariate, last ``"global"``: ``statistic``, ``df``, ``p_value``.
        """
        index = pd.Index([*self.covariates, GLOBAL], name="covariate")
        columns = {"statistic": self.statistic, "df": self.df, "p_value": self.p_value}
        return pd.DataFrame(columns, index=index)

    def residuals(self) -> pd.DataFrame:
        """Return the scaled residuals, for drawing.

        Returns
        -------
        pandas.DataFrame
            One row an event, by time: ``time``, ``transformed`` and one column a covariate. A
            smooth line through a column estimates the log hazard ratio over time; proportional
            hazards mean a level one at ``coef``.
        """
        columns = pd.DataFrame(self.scaled_residuals, columns=list(self.covariates))
        columns.insert(0, "time", self.time)
        columns.insert(1, "transformed", self.transformed)
        return columns

    def smooth(
        self, covariate: str, *, n_knots: int = 3, n_points: int = 41, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """Draw a smooth line through the residuals of a covariate.

        Parameters
        ----------
        covariate : str
            One of the covariates.
        n_knots : {3, 4, 5}
            Knots of the natural spline on the scale of the test, as for `spline_knots`.
        n_points : int
            Points of the line, evenly spaced on that scale, 2 or more.
        conf_level : float
            Two-sided level of the pointwise limits.

        Returns
        -------
        pandas.DataFrame
            One row a point: ``transformed``, ``time`` (interpolated between events), ``estimate``
            of the log hazard ratio, ``lower``, ``upper``: least squares, each residual with the
            variance of the coefficient times the number of events [1]_.

        Raises
        ------
        ValueError
            If there is no such covariate, or the events do not determine the line.

        References
        ----------
        .. [1] Grambsch PM, Therneau TM (1994). Proportional hazards tests and diagnostics based on
           weighted residuals. Biometrika 81:515-526.
        """
        if covariate not in self.covariates:
            raise ValueError(
                f"covariate is {covariate!r}; the model has {list(self.covariates)}. Choose one."
            )
        place = self.covariates.index(covariate)
        return smooth_residuals(
            self.transformed,
            self.time,
            self.scaled_residuals[:, place],
            float(self.std_error[place]),
            n_knots=n_knots,
            n_points=n_points,
            conf_level=conf_level,
        )

    def plot(self, covariate: str, ax: Axes | None = None) -> Axes:
        """Draw the residuals of a covariate with a smooth line.

        `nissc1.report.figures`, and with it matplotlib, is imported only now.

        Parameters
        ----------
        covariate : str
            One of the covariates.
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; by default those of a new figure of pyplot.

        Returns
        -------
        matplotlib.axes.Axes
            The axes.
        """
        from nissc1.report.figures.results import plot_residuals

        return plot_residuals(self, covariate, ax)


def schoenfeld_test(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    covariates: Sequence[str],
    transform: str = "km",
) -> ProportionalHazards:
    """Test whether the hazard ratios of a Cox model stay the same over time.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    time, event : str
        Columns with the time (0 or more, any unit; above 0 for ``log``) and the event (1) or
        censoring (0).
    covariates : sequence of str
        Columns of the model, as for `cox`; ties are treated by Efron's method.
    transform : {"km", "identity", "log", "rank"}
        Scale g of time on which a log hazard ratio beta + theta g(t) would be a straight line:
        1 minus the Kaplan-Meier estimate just before t; t; its logarithm; its rank among all times.

    Returns
    -------
    ProportionalHazards
        Score tests [1]_ of theta = 0 for each covariate and for all together.

    Raises
    ------
    ValueError
        If the frame or an option is not allowed, or a time is 0 with ``transform="log"``.
    FitError
        If the data do not determine the model, or all events happen at one time of the scale, so
        that no change could be seen.

    Notes
    -----
    With few events the test has little power: that it finds nothing does not show that hazards are
    proportional.

    The score of theta is the sum over events of g(t) (x - mean of x in the risk set). Its variance
    at the estimate of beta uses the covariance of x in each risk set, as in R's ``cox.zph`` from
    survival 3.0 on. Grambsch and Therneau's approximation [1]_, which takes that covariance for
    constant over time (older versions of survival; lifelines'
    ``proportional_hazard_test``), gives other values, above all with few events.

    References
    ----------
    .. [1] Grambsch PM, Therneau TM (1994). Proportional hazards tests and diagnostics based on
       weighted residuals. Biometrika 81:515-526.

    Examples
    --------
    >>> import pandas as pd
    >>> from nissc1.stats import schoenfeld_test
    >>> frame = pd.DataFrame(
    ...     {"days": range(1, 9), "died": [1, 1, 0, 1, 1, 1, 0, 1], "x": [1, 1, 0, 1, 0, 0, 1, 0]}
    ... )
    >>> test = schoenfeld_test(frame, time="days", event="died", covariates=["x"])
    >>> test.table().round(3).loc["x"].to_dict()
    {'statistic': 2.829, 'df': 1.0, 'p_value': 0.093}
    """
    check_choice("transform", transform, TRANSFORMS)
    data = read_model(frame, time=time, event=event, covariates=covariates)
    coef = cox(frame, time=time, event=event, covariates=covariates).coef
    risk = PartialLikelihood(data.times, data.events, data.matrix).risk_sets(coef)
    transformed = _transformed(data, risk.time, transform)
    g = transformed - transformed.mean()
    residual = risk.observed - risk.mean
    score = g @ residual
    information = risk.variance.sum(axis=0)
    mixed = np.einsum("t,tab->ab", g, risk.variance)
    change = np.einsum("t,tab->ab", g**2, risk.variance)
    variance = change - mixed @ np.linalg.solve(information, mixed)
    _check_change_visible(variance, change, data)
    size = len(coef)
    statistic = np.append(
        score**2 / np.diag(variance), float(score @ np.linalg.solve(variance, score))
    )
    df = np.append(np.ones(size, dtype=np.int64), size)
    return ProportionalHazards(
        covariates=data.covariates,
        transform=transform,
        statistic=statistic,
        df=df,
        p_value=chi2.sf(statistic, df),
        coef=coef,
        std_error=np.sqrt(np.diag(np.linalg.inv(information))),
        time=risk.time,
        transformed=transformed,
        scaled_residuals=len(residual) * np.linalg.solve(information, residual.T).T + coef,
        n=data.n,
        n_events=data.n_events,
        n_missing=data.n_missing,
    )


def _transformed(data: ModelData, at: FloatArray, transform: str) -> FloatArray:
    """Return the event times' places on the scale of the test."""
    if transform == "identity":
        return at
    if transform == "log":
        if at[0] == 0:
            raise ValueError(
                "an event happens at time 0, which has no logarithm; times above 0 are needed with "
                "transform='log'. Choose another scale."
            )
        return np.log(at)
    if transform == "rank":
        earlier = np.searchsorted(np.sort(data.times), at, side="left")
        until = np.searchsorted(np.sort(data.times), at, side="right")
        ranks: FloatArray = (earlier + until + 1) / 2
        return ranks
    curve = kaplan_meier(data.times, data.events)
    before = np.append(1.0, curve.estimate)[np.searchsorted(curve.time, at, side="left")]
    return 1 - np.asarray(before, dtype=np.float64)


def _check_change_visible(variance: FloatArray, change: FloatArray, data: ModelData) -> None:
    spread = np.sqrt(np.diag(change))
    visible = bool((spread > 0).all())
    if visible:
        standard = variance / np.outer(spread, spread)
        visible = bool(np.linalg.eigvalsh(standard)[0] > _NEGLIGIBLE)
    if not visible:
        raise FitError(
            f"the {data.n_events} event(s) among {data.n} patients do not show a change of the "
            f"hazard ratios of {list(data.covariates)} over time; events at several times, with "
            "every covariate varying at risk, are needed. Leave covariates out."
        )
