"""What is lost when a continuous covariate is cut into two groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2

from nissc1.stats.concordance import concordance
from nissc1.stats.cox import CoxModel, cox
from nissc1.stats.inputs import FloatArray
from nissc1.stats.model_frame import read_model
from nissc1.stats.options import check_choice
from nissc1.stats.restricted_cubic import restricted_cubic_basis, spline_knots

SIDES = ("above", "below")


@dataclass(frozen=True, eq=False)
class Dichotomising:
    """Hold three models of one covariate: two groups, a straight line, a spline.

    Attributes
    ----------
    covariate : str
        The covariate.
    cut : float
        Where it is cut.
    side : str
        ``"above"`` or ``"below"``: the group to which the cut itself does not belong.
    knots : ndarray, shape (k,)
        Knots of the spline.
    models : dict of str to CoxModel
        ``"two groups"``, ``"straight line"``, ``"spline"``, all of the same patients.
    n, n_events, n_with : int
        Patients, events among them, patients beyond the cut.
    n_missing : int
        Patients left out because the covariate is missing.
    comparison : pandas.DataFrame
        See `table`.
    """

    covariate: str
    cut: float
    side: str
    knots: FloatArray
    models: dict[str, CoxModel]
    n: int
    n_events: int
    n_with: int
    n_missing: int
    comparison: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Return the comparison of the models.

        Returns
        -------
        pandas.DataFrame
            Indexed by model: ``df``; ``log_likelihood``; ``statistic`` and ``p_value`` of the
            likelihood ratio test against no covariate; ``aic`` (smaller is better);
            ``concordance`` with ``std_error``, ``lower``, ``upper``.
        """
        return self.comparison.copy()


def dichotomising_cost(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    covariate: str,
    cut: float,
    side: str = "above",
    n_knots: int = 3,
    conf_level: float = 0.95,
) -> Dichotomising:
    """Compare Cox models of a covariate cut into two groups and left continuous.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    time, event : str
        Columns with the time (0 or more, any unit) and the event (1) or censoring (0).
    covariate : str
        Column with the continuous covariate.
    cut : float
        Value at which it is cut.
    side : {"above", "below"}
        Whether the group is that strictly above or strictly below the cut.
    n_knots : {3, 4, 5}
        Knots of the spline, as for `spline_knots`.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    Dichotomising
        Log partial likelihood, Akaike's criterion [2]_ and Harrell's C of the three models. To cut
        a normally distributed covariate at its median costs as much power as to discard a third of
        the patients [1]_.

    Raises
    ------
    ValueError
        If the frame or an option is not allowed, or knots coincide.
    FitError
        If the data do not determine one of the models, as when nobody is beyond the cut or all
        events are on one side of it.

    Notes
    -----
    All measures are those in the data in which the models were fitted. A cut which was chosen in
    the same data looks better than it is, and Akaike's criterion does not know of that choice.

    References
    ----------
    .. [1] Royston P, Altman DG, Sauerbrei W (2006). Dichotomizing continuous predictors in multiple
       regression: a bad idea. Stat Med 25:127-141.
    .. [2] Akaike H (1974). A new look at the statistical model identification. IEEE Trans Automat
       Contr 19:716-723.

    Examples
    --------
    >>> import pandas as pd
    >>> from nissc1.stats import dichotomising_cost
    >>> frame = pd.DataFrame({"days": range(1, 25), "died": [1, 1, 0] * 8})
    >>> frame["fvc"] = [60, 72, 91, 55, 88, 70, 99, 81, 64, 77, 93, 85] * 2
    >>> result = dichotomising_cost(
    ...     frame, time="days", event="died", covariate="fvc", cut=70, side="below"
    ... )
    >>> result.table()["aic"].round(2).to_dict()
    {'two groups': 77.09, 'straight line': 76.94, 'spline': 77.74}
    """
    check_choice("side", side, SIDES)
    data = read_model(frame, time=time, event=event, covariates=[covariate])
    values = data.matrix[:, 0]
    knots = spline_knots(values, n_knots)
    beyond = values > cut if side == "above" else values < cut
    designs = {
        "two groups": beyond.astype(np.float64)[:, None],
        "straight line": data.matrix,
        "spline": _orthogonal(restricted_cubic_basis(values, knots)),
    }
    # equal values have equal scores, whatever the last digits of a product are
    _, first, same = np.unique(values, return_index=True, return_inverse=True)
    models, rows = {}, {}
    for name, matrix in designs.items():
        terms = [f"{covariate} ({name} {k + 1})" for k in range(matrix.shape[1])]
        complete = pd.DataFrame(matrix, columns=terms).assign(time=data.times, event=data.events)
        model = cox(complete, time="time", event="event", covariates=terms, conf_level=conf_level)
        score = (matrix @ model.coef)[first][same]
        found = concordance(data.times, data.events, score, conf_level=conf_level)
        statistic = max(2 * (model.log_likelihood - model.log_likelihood_null), 0.0)
        models[name] = model
        rows[name] = {
            "df": len(terms),
            "log_likelihood": model.log_likelihood,
            "statistic": statistic,
            "p_value": float(chi2.sf(statistic, len(terms))),
            "aic": 2 * len(terms) - 2 * model.log_likelihood,
            "concordance": found.estimate,
            "std_error": found.std_error,
            "lower": found.lower,
            "upper": found.upper,
        }
    comparison = pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")
    return Dichotomising(
        covariate=covariate,
        cut=float(cut),
        side=side,
        knots=knots,
        models=models,
        n=data.n,
        n_events=data.n_events,
        n_with=int(beyond.sum()),
        n_missing=data.n_missing,
        comparison=comparison.astype({"df": int}),
    )


def _orthogonal(basis: FloatArray) -> FloatArray:
    """Return columns which span the same curves and are easier to fit."""
    return np.asarray(np.linalg.qr(basis - basis.mean(axis=0)).Q, dtype=np.float64)
