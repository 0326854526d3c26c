"""The tables of a cohort, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd


class Tables(Mapping[str, pd.DataFrame]):
    """Give tables by name; who does not ask for one does not wait for it, nor depend on it.

    Parameters
    ----------
    makers : mapping of str to callable
        Maker of each table; called once at most.
    """

    def __init__(self, makers: Mapping[str, Callable[[], pd.DataFrame]]) -> None:
        self._makers = dict(makers)
        self._made: dict[str, pd.DataFrame] = {}

    @classmethod
    def of(cls, frames: Mapping[str, pd.DataFrame]) -> Tables:
        """Hold frames that are there already.

        Parameters
        ----------
        frames : mapping of str to DataFrame
            By name.

        Returns
        -------
        Tables
            The frames themselves, not copies.
        """
        made = cls(dict.fromkeys(frames, pd.DataFrame))
        made._made = dict(frames)
        return made

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table."""
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Run through the names."""
        return iter(self._makers)

    def __len__(self) -> int:
        """Count the tables."""
        return len(self._makers)

    def each(self, change: Callable[[str], pd.DataFrame]) -> Tables:
        """Give tables of the same names that are made otherwise.

        Parameters
        ----------
        change : callable
            Makes the new table of a name.

        Returns
        -------
        Tables
            Nothing is made yet.
        """

        def maker(name: str) -> Callable[[], pd.DataFrame]:
            return lambda: change(name)

        return Tables({name: maker(name) for name in self})
