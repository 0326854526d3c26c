"""In which state the patients were at each time, stacked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from nissc1.cohort.months import DAYS_PER_MONTH
from nissc1.report.disclosure import Disclosure
from nissc1.report.estimates import NotEstimable
from nissc1.report.figures.drawing import Drawing
from nissc1.report.figures.stacks import PALE, stacked_areas
from nissc1.report.figures.style import PALETTE, month_ticks
from nissc1.stats import StateOccupation

_COLOURS = (PALETTE[0], PALE, PALETTE[1], PALETTE[5])


def state_areas(
    occupation: StateOccupation | NotEstimable,
    names: Mapping[str, str],
    horizon_months: int = 24,
    *,
    disclosure: Disclosure = Disclosure.NONE,
) -> Drawing | None:
    """Draw the shares of patients in each state on top of each other.

    Parameters
    ----------
    occupation : StateOccupation or NotEstimable
        Their probabilities, times in days.
    names : mapping of str to str
        What each of the four states is called, from below; the second is drawn pale.
    horizon_months : int
        Right end of the axis.
    disclosure : Disclosure
        Under ``small-counts`` the shares are coarsened, and what can be taken away is what stands
        at the ticks.

    Returns
    -------
    Drawing or None
        Areas that add up to 100 % at any time. None where nothing can be estimated.
    """
    if isinstance(occupation, NotEstimable):
        return None
    month = occupation.time / DAYS_PER_MONTH
    inside = month <= horizon_months
    end = float(horizon_months) if occupation.settled else min(month[-1], horizon_months)
    tops = np.cumsum(occupation.estimate[inside], axis=1)
    tops = 100 * disclosure.shares(tops, occupation.n)
    tops[:, -1] = 100.0
    labels = list(names.values())
    shares = pd.DataFrame(np.diff(tops, axis=1, prepend=0.0), columns=labels)
    shares.insert(0, "month", month[inside])
    shares = pd.concat([shares, shares.tail(1).assign(month=end)], ignore_index=True)
    data = shares
    if disclosure.active:
        ticks = month_ticks(horizon_months, narrow=False)
        ticks = ticks[ticks <= end]
        at = np.searchsorted(shares["month"], ticks, side="right") - 1
        data = shares.iloc[at].assign(month=ticks)
    colours = dict(zip(labels, _COLOURS, strict=True))
    return Drawing(partial(stacked_areas, shares, colours, horizon_months), data)
