"""Which visits are missing: after the last one seen, or in between."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nissc1.stats.by_subject import by_subject

SEEN, UNSEEN = "X", "."
KINDS = ("complete", "monotone", "intermittent", "none")


@dataclass(frozen=True, eq=False)
class MissingPatterns:
    """Hold which subjects have a value at which level.

    Attributes
    ----------
    levels : tuple
        Levels, ascending.
    seen : ndarray of bool, shape (n, k)
        Whether a subject has a value at a level.
    """

    levels: tuple[Hashable, ...]
    seen: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Make the array read-only."""
        self.seen.setflags(write=False)

    @property
    def n(self) -> int:
        """Number of subjects."""
        return len(self.seen)

    def kinds(self) -> pd.Series[int]:
        """Count the subjects by kind of pattern.

        Returns
        -------
        pandas.Series of int
            Indexed ``"complete"`` (a value at every level), ``"monotone"`` (at all levels up to
            one, at none after it), ``"intermittent"`` (a value after a missing one) and ``"none"``
            (no value).
        """
        kinds = [_kind(row) for row in self.seen]
        return pd.Series({kind: kinds.count(kind) for kind in KINDS}, name="n", dtype=np.int64)

    def table(self) -> pd.DataFrame:
        """Return the patterns.

        Returns
        -------
        pandas.DataFrame
            Indexed by pattern, one letter a level: ``X`` seen, ``.`` missing; the most frequent
            first. Columns ``n`` (subjects), ``n_values`` (levels with a value), ``kind``.
        """
        rows = pd.DataFrame(
            {
                "pattern": ["".join(SEEN if x else UNSEEN for x in row) for row in self.seen],
                "n_values": self.seen.sum(axis=1),
                "kind": [_kind(row) for row in self.seen],
            }
        )
        table = rows.groupby("pattern").agg(
            n=("kind", "size"), n_values=("n_values", "first"), kind=("kind", "first")
        )
        order = ["n", "n_values", "pattern"]
        return table.reset_index().sort_values(order, ascending=[False] * 3).set_index("pattern")

    def by_level(self) -> pd.DataFrame:
        """Return what is missing at each level.

        Returns
        -------
        pandas.DataFrame
            Indexed by level: ``n_seen``; ``n_dropped_out`` (no value here or later);
            ``n_intermittent`` (none here, but one later). They add up to the subjects.
        """
        later = np.cumsum(self.seen[:, ::-1], axis=1)[:, ::-1] > 0
        return pd.DataFrame(
            {
                "n_seen": self.seen.sum(axis=0),
                "n_dropped_out": (~later).sum(axis=0),
                "n_intermittent": (later & ~self.seen).sum(axis=0),
            },
            index=pd.Index(self.levels, name="level"),
        )


def missing_patterns(
    frame: pd.DataFrame,
    *,
    outcome: str,
    subject: str,
    within: str,
    levels: Sequence[Hashable] | None = None,
    subjects: Sequence[Hashable] | None = None,
) -> MissingPatterns:
    """Tell which subjects have a value at which level.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a subject and level; a missing measurement may be an empty cell or an absent row.
        Leave out levels that were not due, such as visits after a death or after the cut-off.
    outcome, subject, within : str
        Columns with the measurement, the subject and the level (as a rule the month).
    levels : sequence, optional
        Scheduled levels; by default those in the frame.
    subjects : sequence, optional
        All subjects, also those without a row; by default those in the frame.

    Returns
    -------
    MissingPatterns
        Monotone and intermittent patterns [1]_ in ``.table()``, counts by level in ``.by_level()``.

    Raises
    ------
    ValueError
        If the frame is not allowed (see `by_subject`) or has no row, or a level or subject in it is
        not among those given.

    References
    ----------
    .. [1] Little RJA, Rubin DB (2002). Statistical Analysis with Missing Data. 2nd edition. Wiley,
       Hoboken.

    Examples
    --------
    >>> import pandas as pd
    >>> from nissc1.stats import missing_patterns
    >>> frame = pd.DataFrame(
    ...     {
    ...         "who": [1, 1, 1, 2, 2, 3, 3],
    ...         "month": [0, 6, 12, 0, 6, 0, 12],
    ...         "mrss": [30, 20, 18, 25, 19, 28, 14],
    ...     }
    ... )
    >>> patterns = missing_patterns(frame, outcome="mrss", subject="who", within="month")
    >>> patterns.table()["kind"].to_dict()
    {'XXX': 'complete', 'XX.': 'monotone', 'X.X': 'intermittent'}
    """
    wide = by_subject(frame, subject, within, outcome)
    for what, given, found in (
        ("levels", levels, wide.columns),
        ("subjects", subjects, wide.index),
    ):
        unknown = [] if given is None else [each for each in found if each not in given]
        if unknown:
            raise ValueError(
                f"{what} lacks {unknown[:5]}, which the frame has; all are needed. Add them or "
                "leave out their rows."
            )
    wide = wide.reindex(
        index=wide.index if subjects is None else list(subjects),
        columns=wide.columns if levels is None else list(levels),
    )
    if wide.size == 0:
        raise ValueError(
            f"the frame has {len(wide)} subject(s) and {wide.shape[1]} level(s); at least one of "
            "each is needed. Widen the population."
        )
    return MissingPatterns(tuple(wide.columns.tolist()), wide.notna().to_numpy())


def _kind(seen: NDArray[np.bool_]) -> str:
    if seen.all():
        return "complete"
    if not seen.any():
        return "none"
    gap = int(np.argmin(seen))
    return "intermittent" if seen[gap:].any() else "monotone"
