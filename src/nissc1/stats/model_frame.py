"""Reading the columns of a regression on times from a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from nissc1.stats.covariates import read_covariates
from nissc1.stats.inputs import FloatArray, IntArray, as_events, as_times


@dataclass(frozen=True, eq=False)
class ModelData:
    """Hold the patients of a model: those with every covariate known.

    Attributes
    ----------
    covariates : tuple of str
        Columns in the order given.
    times, events : ndarray, shape (n,)
        Times and events (1) or censorings (0).
    matrix : ndarray, shape (n, p)
        Covariates.
    n_missing : int
        Patients left out because a covariate is missing.
    """

    covariates: tuple[str, ...]
    times: FloatArray
    events: IntArray
    matrix: FloatArray
    n_missing: int

    @property
    def n(self) -> int:
        """Number of patients in the model."""
        return len(self.times)

    @property
    def n_events(self) -> int:
        """Number of events in the model."""
        return int(self.events.sum())


def read_model(
    frame: pd.DataFrame, *, time: str, event: str, covariates: Sequence[str]
) -> ModelData:
    """Read times, events and covariates, and refuse what cannot identify coefficients.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    time, event : str
        Columns with the time (0 or more) and the event (1) or censoring (0).
    covariates : sequence of str
        Numeric or boolean columns; patients with a missing value are left out.

    Returns
    -------
    ModelData
        The complete patients.

    Raises
    ------
    ValueError
        If a column is absent, repeated, not numeric or infinite, a time or event is missing or
        wrong, or no covariate is named.
    FitError
        If no complete patient has an event, or a covariate is constant among the complete
        patients or a combination of the others.
    """
    given = read_covariates(frame, covariates, [time, event])
    times, events = as_times(frame[time], time), as_events(frame[event], event)
    times, events = times[given.complete], events[given.complete]
    given.standardised(int(events.sum()))  # refuses what cannot identify coefficients
    return ModelData(given.names, times, events, given.values.T, given.n_missing)
