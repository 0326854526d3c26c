"""How stably a rule chooses covariates, by the bootstrap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from nissc1.stats.inputs import IntArray
from nissc1.stats.options import check_conf_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Select = Callable[[pd.DataFrame], Sequence[str]]


@dataclass(frozen=True, eq=False)
class SelectionStability:
    """Hold how often each candidate was chosen in bootstrap samples.

    Attributes
    ----------
    candidates : tuple of str
        Candidates.
    selected : tuple of str
        Those which the rule chooses in the data themselves.
    n, n_boot : int
        Patients, and bootstrap samples of as many.
    n_both : ndarray of int, shape (p, p)
        Samples in which two candidates were chosen together; on the diagonal, in which one was.
    sets : tuple of (tuple of str, int)
        Sets of chosen candidates and their number of samples, the most frequent first.
    conf_level : float
        Level of the limits.
    """

    candidates: tuple[str, ...]
    selected: tuple[str, ...]
    n: int
    n_boot: int
    n_both: IntArray
    sets: tuple[tuple[tuple[str, ...], int], ...]
    conf_level: float

    def __post_init__(self) -> None:
        """Make the array read-only."""
        self.n_both.setflags(write=False)

    def table(self) -> pd.DataFrame:
        """Return the inclusion frequencies as a table.

        Returns
        -------
        pandas.DataFrame
            Indexed by candidate: ``selected`` (in the data), ``n_selected`` (samples), ``estimate``
            (share of the samples), ``lower``, ``upper``: exact binomial limits for the error of a
            finite number of samples, and for nothing else.
        """
        count = np.diag(self.n_both)
        limits = [
            binomtest(int(k), self.n_boot).proportion_ci(self.conf_level, "exact") for k in count
        ]
        return pd.DataFrame(
            {
                "selected": [name in self.selected for name in self.candidates],
                "n_selected": count,
                "estimate": count / self.n_boot,
                "lower": [float(limit.low) for limit in limits],
                "upper": [float(limit.high) for limit in limits],
            },
            index=pd.Index(self.candidates, name="candidate"),
        )

    def pairs(self) -> pd.DataFrame:
        """Return how often two candidates are chosen together.

        Returns
        -------
        pandas.DataFrame
            Share of the samples, candidates by candidates. Two which stand in for one another are
            together more rarely than the product of their own shares.
        """
        names = list(self.candidates)
        return pd.DataFrame(self.n_both / self.n_boot, index=names, columns=names)

    def models(self) -> pd.DataFrame:
        """Return how often each set of candidates was chosen.

        Returns
        -------
        pandas.DataFrame
            One row a set, the most frequent first: ``model`` (tuple of names, empty if none was
            chosen), ``n_selected``, ``estimate`` (share of the samples).
        """
        return pd.DataFrame(
            {
                "model": [names for names, _ in self.sets],
                "n_selected": [count for _, count in self.sets],
                "estimate": [count / self.n_boot for _, count in self.sets],
            }
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how often each candidate was chosen, the most often chosen first.

        `nissc1.report.figures`, and with it matplotlib, is imported only now.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Axes to draw on; by default those of a new figure of pyplot.

        Returns
        -------
        matplotlib.axes.Axes
            The axes.
        """
        from nissc1.report.figures.ranges import plot_shares

        return plot_shares(self.table(), ax)


def selection_stability(
    frame: pd.DataFrame,
    select: Select,
    *,
    candidates: Sequence[str],
    seed: int,
    n_boot: int = 1000,
    conf_level: float = 0.95,
) -> SelectionStability:
    """Repeat a choice of covariates in bootstrap samples.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a patient.
    select : callable
        From a frame of the same columns to the names it chooses, such as a `UnivariateRule`.
    candidates : sequence of str
        Names from which it chooses.
    seed : int
        Seed of the random numbers; the same seed gives the same result.
    n_boot : int
        Bootstrap samples: patients drawn with replacement, as many as there are.
    conf_level : float
        Two-sided level of the limits.

    Returns
    -------
    SelectionStability
        Inclusion frequencies [1]_. A factor found by chance in one cohort is chosen in few samples;
        one with a strong effect in nearly all. Since a sample repeats patients, a P value below a
        limit comes about more often than in a new cohort: compare frequencies with each other
        rather than with the limit.

    Raises
    ------
    ValueError
        If the frame is empty, no candidate is named, ``n_boot`` is not a whole number above 0, or
        ``select`` returns a name that is not a candidate.

    References
    ----------
    .. [1] Sauerbrei W, Schumacher M (1992). A bootstrap resampling procedure for model building:
       application to the Cox regression model. Stat Med 11:2093-2109.

    Examples
    --------
    A rule that asks for one certain patient finds that one in 1 - (3/4)^4 = 68 % of the samples:

    >>> import pandas as pd
    >>> from nissc1.stats import selection_stability
    >>> def has_first(sample):
    ...     return ["x"] if (sample["x"] == 1).any() else []
    >>> frame = pd.DataFrame({"x": [1, 0, 0, 0]})
    >>> result = selection_stability(frame, has_first, candidates=["x"], seed=1, n_boot=2000)
    >>> result.table()["estimate"].round(1).to_dict()
    {'x': 0.7}
    """
    names = tuple(candidates)
    if not names:
        raise ValueError("candidates is empty; at least one name is needed. Name one.")
    if len(frame) == 0:
        raise ValueError("the frame has no row; at least one patient is needed. Widen it.")
    if isinstance(n_boot, bool) or int(n_boot) != n_boot or n_boot < 1:
        raise ValueError(
            f"n_boot is {n_boot!r}; a whole number above 0 is allowed. Give the number of samples."
        )
    check_conf_level(conf_level)
    rng = np.random.default_rng(seed)
    place = {name: k for k, name in enumerate(names)}
    chosen = np.zeros((n_boot, len(names)), dtype=np.int64)
    for sample in range(n_boot):
        rows = rng.integers(0, len(frame), len(frame))
        for name in _choice(select, frame.iloc[rows], place):
            chosen[sample, place[name]] = 1
    sets = Counter(
        tuple(name for name, one in zip(names, row, strict=True) if one) for row in chosen
    )
    return SelectionStability(
        candidates=names,
        selected=tuple(_choice(select, frame, place)),
        n=len(frame),
        n_boot=int(n_boot),
        n_both=chosen.T @ chosen,
        sets=tuple(sorted(sets.items(), key=lambda each: (-each[1], each[0]))),
        conf_level=conf_level,
    )


def _choice(select: Select, frame: pd.DataFrame, allowed: dict[str, int]) -> list[str]:
    names = list(select(frame))
    unknown = [name for name in names if name not in allowed]
    if unknown:
        raise ValueError(
            f"the rule chooses {unknown}; only the candidates {list(allowed)} are allowed. Name "
            "all candidates."
        )
    return names
