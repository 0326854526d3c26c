"""Mean time spent in each of several states up to a horizon."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

from nissc1.stats.options import check_conf_level
from nissc1.stats.state_history import read_history, walk


def time_in_state(
    frame: pd.DataFrame,
    *,
    subject: str,
    start: str,
    stop: str,
    from_state: str,
    to_state: str,
    horizon: float,
    states: Sequence[Hashable] | None = None,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the mean time spent in each state before a horizon.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a stay, as for `state_occupation`.
    subject, start, stop, from_state, to_state : str
        Columns.
    horizon : float
        End of the period, above 0.
    states : sequence of hashable, optional
        All states in order.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    pandas.DataFrame
        Indexed by state: ``estimate`` (area under the probability, in the unit of the times; the
        areas add up to the horizon), ``std_error`` (infinitesimal jackknife), ``lower``, ``upper``
        (normal, clipped to [0, horizon]).

    Raises
    ------
    ValueError
        If the frame or an option is not allowed, the horizon is not above 0, or nobody is observed
        up to it and somebody could still move.

    Examples
    --------
    >>> import pandas as pd
    >>> from nissc1.stats import time_in_state
    >>> frame = pd.DataFrame(
    ...     {"who": [1, 2], "start": 0, "stop": [1, 3], "from": "alive", "to": ["dead", "dead"]}
    ... )
    >>> columns = dict(subject="who", start="start", stop="stop", from_state="from", to_state="to")
    >>> time_in_state(frame, **columns, horizon=4)["estimate"].to_dict()
    {'alive': 2.0, 'dead': 2.0}
    """
    check_conf_level(conf_level)
    history = read_history(
        frame,
        subject=subject,
        start=start,
        stop=stop,
        from_state=from_state,
        to_state=to_state,
        states=states,
    )
    end = float(history.stop.max())
    if not (np.isfinite(horizon) and horizon > 0) or (horizon > end and not history.settled):
        raise ValueError(
            f"horizon is {horizon:g}; a finite number above 0 and, as patients are still under "
            f"observation at the end, up to {end:g} is allowed. Choose an earlier one."
        )
    time = np.unique(np.append(history.stop, 0.0))
    widths = np.diff(np.minimum(np.append(time, horizon), horizon))
    area, influence = np.zeros(len(history.states)), np.zeros((history.n, len(history.states)))
    for width, (_, probability, part) in zip(widths, walk(history, time), strict=True):
        area += width * probability
        influence += width * part
    error = np.sqrt(np.sum(influence**2, axis=0))
    half = float(norm.ppf(0.5 + conf_level / 2)) * error
    return pd.DataFrame(
        {
            "estimate": area,
            "std_error": error,
            "lower": np.maximum(area - half, 0.0),
            "upper": np.minimum(area + half, horizon),
        },
        index=pd.Index(history.states, name="state"),
    )
