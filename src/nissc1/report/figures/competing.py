"""What happened to all patients, stacked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.disclosure import Disclosure
from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.curve_data import steps
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.stacks import PALE, stacked_areas
from nissc1.report.figures.style import PALETTE, month_ticks
from nissc1.stats.curve import Curve


def stacked_incidence(
    remaining: str,
    causes: Mapping[str, Curve | NotEstimable],
    horizon_months: int = 24,
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Drawing | None:
    """Draw cumulative incidences on top of the share without any event.

    Parameters
    ----------
    remaining : str
        Name of the share without any event.
    causes : mapping of str to Curve or NotEstimable
        Cumulative incidence by name, from below; all causes, of the same patients, times in days.
    horizon_months : int
        Right end of the axis.
    disclosure : Disclosure
        Under ``small-counts`` the shares are coarsened, and what can be taken away is what stands
        at the ticks.

    Returns
    -------
    Drawing or None
        Areas that add up to 100 % at any time. None where an incidence is not estimable.
    """
    curves = {name: curve for name, curve in causes.items() if isinstance(curve, Curve)}
    if not curves or len(curves) < len(causes):
        return None
    drawn = {name: steps(curve, horizon_months, disclosure) for name, curve in curves.items()}
    months = next(iter(drawn.values()))[0]
    lost = {name: heights["estimate"] for name, (_, heights) in drawn.items()}
    free = np.maximum(100 - sum(lost.values()), 0.0)
    shares = pd.DataFrame({"month": months, remaining: free, **lost})
    data = shares
    if disclosure.active:
        ticks = month_ticks(horizon_months, narrow=False)
        days = ticks * DAYS_PER_MONTH
        at_ticks = {
            name: 100 * disclosure.shares(curve.at(days)["estimate"], curve.n)
            for name, curve in curves.items()
        }
        data = pd.DataFrame({"month": ticks, **at_ticks}).dropna()
    colours = dict(zip([remaining, *causes], [PALE, *PALETTE[1:]] * len(shares), strict=False))
    return Drawing(partial(stacked_areas, shares, colours, horizon_months), data)
